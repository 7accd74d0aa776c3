"""What happened by the look: deployments, runs, releases and incidents of the services asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from dashboard.measures.arithmetic import dated, ranged
from dashboard.measures.contract import Asked
from dashboard.measures.days import Days
from dashboard.measures.observed import Observed, observed_events, share_of, until_look
from slo.delivery.facts import (
    DeliveryRules,
    Deployment,
    Dropped,
    Incident,
    PipelineRun,
    Release,
)
from slo.delivery.failures import Failure, failures
from slo.delivery.figures import Happened, counted, felt
from slo.delivery.reading import deployments, incidents, pipeline_runs, releases
from slo.facts import EventKind, EventRow
from slo.spans import Span

_EARLIEST = -(2**62)
Thing = TypeVar("Thing", bound=Happened, covariant=True)  # noqa: PLC0105
_Owned = TypeVar("_Owned", Deployment, PipelineRun, Release, Incident)


@dataclass(frozen=True, slots=True)
class Found(Generic[Thing]):
    """The things of the services asked for; `says` is by which rules they count.

    `beside` is when what tells of them was observed: incidents, of deployments that failed.
    """

    things: tuple[Thing, ...]
    observed: Observed
    kinds: tuple[EventKind, ...] = ()
    says: str = ""
    dropped: tuple[Dropped, ...] = ()
    beside: Observed | None = None

    def coverage(self, span: Span) -> float | None:
        """The share of a span in which all that they are known by was observed; None of none."""
        known = [one for one in (self.observed, self.beside) if one is not None and one.sources]
        shares = [share_of(one.seconds(span), span) for one in known or [self.observed]]
        return min((one for one in shares if one is not None), default=None)

    def within(self, span: Span) -> tuple[Thing, ...]:
        """Those of a span, as far as it was observed: others would make no rate."""
        parts = self.observed.within(span)
        return tuple(one for one in self.things if any(p.since <= one.at < p.until for p in parts))

    def by_day(self, days: Days) -> list[list[Thing]]:
        """Those of each day."""
        mine: list[list[Thing]] = [[] for _ in range(len(days))]
        things = self.within(days.span)
        places = days.of(np.array([one.at for one in things], np.int64)).tolist()
        for one, place in zip(things, places, strict=True):
            mine[place].append(one)
        return mine


def found_deployments(asked: Asked) -> Found[Deployment]:
    """The deployments that count."""
    read = deployments(_rows(asked, EventKind.DEPLOYMENT), asked.rules, as_of=asked.as_of)
    kept = _of_services(counted(read.kept, asked.rules), asked)
    return _found(kept, read.dropped, asked, (EventKind.DEPLOYMENT,), _deployments_say(asked.rules))


def found_runs(asked: Asked) -> Found[PipelineRun]:
    """The pipeline runs, or attempts to deploy where a service reports no runs.

    Deployments that do not say how they ended are no runs: they do not show that runs were watched.
    """
    runs, deployed = (_rows(asked, each) for each in (EventKind.PIPELINE_RUN, EventKind.DEPLOYMENT))
    read = pipeline_runs([*runs, *deployed], asked.rules, as_of=asked.as_of)
    has_attempts = len(read.kept) > len(runs)
    kinds = (EventKind.PIPELINE_RUN, EventKind.DEPLOYMENT)[: 1 + has_attempts]
    says = "runs of pipelines; attempts to deploy where a service reports none"
    return _found(_of_services(read.kept, asked), read.dropped, asked, kinds, says)


def found_releases(asked: Asked) -> Found[Release]:
    """The releases."""
    read = releases(_rows(asked, EventKind.RELEASE), asked.rules, as_of=asked.as_of)
    kept = _of_services(read.kept, asked)
    return _found(kept, read.dropped, asked, (EventKind.RELEASE,), "releases; drafts are none")


def found_incidents(asked: Asked, severity: Sequence[str] = ()) -> Found[Incident]:
    """The incidents that users felt, or those of the severities; planned work is none."""
    read = incidents(_rows(asked, EventKind.INCIDENT), asked.rules, as_of=asked.as_of)
    mine = _of_services(read.kept, asked)
    if not severity:
        says = _incidents_say(asked.rules)
        return _found(felt(mine), read.dropped, asked, (EventKind.INCIDENT,), says)
    wanted = {one.casefold() for one in severity}
    kept = tuple(one for one in mine if one.severity.casefold() in wanted and not one.is_planned)
    unsaid = sum(not one.severity for one in mine)
    silent = (Dropped("do not say how severe they were", unsaid),) if unsaid else ()
    dropped = (*read.dropped, *silent)
    says = f"incidents of severity {', '.join(severity)}; planned work is none"
    return _found(kept, dropped, asked, (EventKind.INCIDENT,), says)


def all_incidents(asked: Asked) -> Found[Incident]:
    """Every incident, planned and unfelt ones among them, of the services asked for."""
    read = incidents(_rows(asked, EventKind.INCIDENT), asked.rules, as_of=asked.as_of)
    kept = _of_services(read.kept, asked)
    return _found(kept, read.dropped, asked, (EventKind.INCIDENT,), _incidents_say(asked.rules))


def found_failures(asked: Asked) -> tuple[Failure, ...]:
    """The deployments of any service that failed: an incident of one may name another's."""
    rules, as_of = asked.rules, asked.as_of
    deployed = deployments(_rows(asked, EventKind.DEPLOYMENT), rules, as_of=as_of).kept
    happened = incidents(_rows(asked, EventKind.INCIDENT), rules, as_of=as_of).kept
    return failures(deployed, happened, rules, as_of=as_of)


def sources_say(found: Found[Thing], asked: Asked) -> tuple[tuple[str, str], ...]:
    """Who was asked, from when to when it can have told, and which rows were left out."""
    spans = found.observed.spans
    seen = "; ".join(f"{dated(s.since, asked.zone)} to {dated(s.until, asked.zone)}" for s in spans)
    left_out = "; ".join(f"{one.count:,}: {one.why}" for one in found.dropped)
    return (
        ("counts as one", found.says),
        ("services", ", ".join(asked.services) or "all"),
        ("source", ", ".join(found.observed.sources) or asked.source or "none"),
        ("source read", seen or "never"),
        ("rows left out", left_out or "none"),
    )


def query_of(found: Found[Thing], asked: Asked) -> str:
    """Which rows of the store were read."""
    kinds = ", ".join(one.value for one in found.kinds)
    sources = ", ".join(found.observed.sources) or "any source"
    spans = (until_look(each, asked.as_of) for each in (asked.before, asked.after))
    return "\n".join(f"events {kinds} of {sources}, {ranged(s, asked.zone)}" for s in spans)


def _rows(asked: Asked, *kinds: EventKind) -> list[EventRow]:
    known = Span(_EARLIEST, asked.as_of)
    return [
        row
        for kind in kinds
        for row in asked.reader.events(kind=kind, source=asked.source, span=known)
    ]


def _of_services(things: Iterable[_Owned], asked: Asked) -> tuple[_Owned, ...]:
    if not asked.services:
        return tuple(things)
    return tuple(one for one in things if one.service in asked.services)


def _found(
    kept: tuple[_Owned, ...],
    dropped: tuple[Dropped, ...],
    asked: Asked,
    kinds: tuple[EventKind, ...],
    says: str,
) -> Found[_Owned]:
    return Found(kept, observed_events(asked, kinds), kinds, says, dropped)


def _deployments_say(rules: DeliveryRules) -> str:
    back = "rollbacks count too" if rules.count_rollbacks else "rollbacks are none"
    where = ", ".join(rules.environments)
    return f"versions that reached success in {where} (or said no environment), each once; {back}"


def _incidents_say(rules: DeliveryRules) -> str:
    of = f" of severity {', '.join(rules.severities)}" if rules.severities else ""
    return f"incidents{of} that users felt; planned work is none"
