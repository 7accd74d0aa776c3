"""Rows of a store as deployments, pipeline runs, releases and incidents, under stated rules.

What is not counted is counted apart, with the reason. The rules are those of DevOps Research and
Assessment where it has any.

Source: dora.dev/guides/dora-metrics; the mistakes avoided are the names of the tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from slo.delivery.attempts import attempts
from slo.delivery.facts import (
    DeliveryRules,
    Deployment,
    Flaw,
    Incident,
    PipelineRun,
    Read,
    Release,
)
from slo.delivery.fields import Told
from slo.delivery.happenings import incident_of, run_of
from slo.delivery.served import Serving
from slo.facts import EventKind, EventRow

T = TypeVar("T")


def deployments(
    events: Iterable[EventRow], rules: DeliveryRules, *, as_of: int | None = None
) -> Read[Deployment]:
    """One deployment per service and version that reached success, rollbacks among them.

    A version that a service served before is a rollback when it comes back, and marks the one
    before it as failed. Failed attempts never served anybody: they are attempts of the pipeline.
    The whole history should be given: a rollback is only known by what was there before.
    """
    flaws: list[Flaw] = []
    services: dict[str, Serving] = {}
    for attempt in attempts(events, rules, flaws, as_of):
        services.setdefault(attempt.service, Serving()).take(attempt, flaws)
    kept = sorted(
        (one for service in services.values() for one in service.deployments()),
        key=lambda one: (one.at, one.service, one.key),
    )
    return _read(kept, flaws)


def pipeline_runs(
    events: Iterable[EventRow], rules: DeliveryRules, *, as_of: int | None = None
) -> Read[PipelineRun]:
    """The runs; for a service that reports none, its attempts to deploy that say how they ended.

    Such an attempt of which only one time is known has no length: it tells how it ended alone.
    """
    events, flaws = [*events], list[Flaw]()
    rows = [one for one in _known(events, as_of) if one.kind is EventKind.PIPELINE_RUN]
    runs = [run_of(one, Told.of(one, flaws), as_of) for one in rows]
    have_runs = {one.service for one in runs}
    tried = [
        PipelineRun(
            at=one.begun_at,
            key=one.key,
            service=one.service,
            ended_at=one.at if one.at > one.begun_at else None,
            has_passed=one.has_succeeded,
        )
        for one in attempts(events, rules, [], as_of)
        if one.says_result and one.service not in have_runs
    ]
    return _read(sorted([*runs, *tried], key=lambda one: (one.at, one.service, one.key)), flaws)


def releases(
    events: Iterable[EventRow],
    rules: DeliveryRules,  # noqa: ARG001 - the four readings are called alike
    *,
    as_of: int | None = None,
) -> Read[Release]:
    """What customers were given; drafts, which nobody was, are left out."""
    flaws, kept = list[Flaw](), []
    for one in _known(events, as_of):
        if one.kind is not EventKind.RELEASE:
            continue
        told = Told.of(one, flaws)
        if told.flag("draft"):
            told.leave_out("a draft that was never published")
            continue
        kept.append(Release(at=one.at, key=one.key, service=one.service, title=told.text("title")))
    return _read(kept, flaws)


def incidents(
    events: Iterable[EventRow], rules: DeliveryRules, *, as_of: int | None = None
) -> Read[Incident]:
    """The incidents, planned and unfelt ones among them and marked; open ones have no end.

    Nothing after `as_of` is used: one that ended later was still open then.
    """
    flaws: list[Flaw] = []
    rows = (one for one in _known(events, as_of) if one.kind is EventKind.INCIDENT)
    found = (incident_of(one, Told.of(one, flaws), rules, as_of) for one in rows)
    return _read([one for one in found if one is not None], flaws)


def _known(events: Iterable[EventRow], as_of: int | None) -> list[EventRow]:
    """The events that had begun, by time."""
    known = (one for one in events if as_of is None or one.at < as_of)
    return sorted(known, key=lambda one: (one.at, one.service, one.key))


def _read(kept: Iterable[T], flaws: Iterable[Flaw]) -> Read[T]:
    return Read(tuple(kept), tuple(flaws))
