"""Everything that figures of delivery and incidents are made from, read once for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from collectors.store.reaches import Reach
from dashboard.views.delivery.days import days_before
from dashboard.views.delivery.model import Choice
from dashboard.views.delivery.outages import Watched, watched
from dashboard.views.upkeep.scene import Scene
from slo.delivery.episodes import united
from slo.delivery.facts import (
    DeliveryRules,
    Deployment,
    Incident,
    PipelineRun,
    Read,
    Release,
)
from slo.delivery.failures import Failure, failures
from slo.delivery.reading import deployments, incidents, pipeline_runs, releases
from slo.facts import EventKind, EventRow
from slo.spans import Span

T = TypeVar("T", Deployment, PipelineRun, Release, Incident)
KINDS = (
    EventKind.DEPLOYMENT,
    EventKind.PIPELINE_RUN,
    EventKind.RELEASE,
    EventKind.INCIDENT,
)


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """What is known at a moment of the chosen services; `span` is cut at it, `before` as long.

    `reaches` say of each kind from when to when its sources can have told of it; a kind without
    any was never collected. `services` are all that anything was told of, chosen or not.
    """

    as_of: int
    zone: ZoneInfo
    rules: DeliveryRules
    span: Span
    before: Span
    reaches: Mapping[EventKind, tuple[Reach, ...]]
    deployments: Read[Deployment]
    runs: Read[PipelineRun]
    releases: Read[Release]
    incidents: Read[Incident]
    failures: tuple[Failure, ...]
    watched: tuple[Watched, ...]
    services: tuple[str, ...]

    def is_collected(self, kind: EventKind) -> bool:
        """Whether anybody ever told of the kind; deployments that say so stand for runs."""
        if kind is EventKind.PIPELINE_RUN:
            return bool(self.runs.kept)
        return bool(self.reaches[kind])

    def observed(self, kind: EventKind, span: Span) -> tuple[Span, ...]:
        """The parts of a span in which some source can have told of the kind."""
        told = self.reaches[kind]
        if kind is EventKind.PIPELINE_RUN and not told:
            told = self.reaches[EventKind.DEPLOYMENT]
        parts = (_inside(Span(one.since, max(one.since, one.until)), span) for one in told)
        return united(parts)


def gathered(scene: Scene, choice: Choice) -> Gathered:
    """What the store knows at the scene's moment of the services that are meant."""
    zone = zone_of(scene, choice)
    span = Span(choice.span.since, max(choice.span.since, min(choice.span.until, scene.as_of)))
    before = days_before(span, zone)
    rows = {kind: scene.reader.events(kind, span=Span(0, scene.as_of)) for kind in KINDS}
    every = tuple(sorted({row.service for kind in KINDS for row in rows[kind] if row.service}))
    meant = meant_services(scene, choice)
    failed = _failed(scene, rows, meant)
    rows = {kind: _of(found, meant) for kind, found in rows.items()}
    runs = (*rows[EventKind.PIPELINE_RUN], *rows[EventKind.DEPLOYMENT])
    return Gathered(
        as_of=scene.as_of,
        zone=zone,
        rules=scene.config.delivery,
        span=span,
        before=before,
        reaches={
            kind: tuple(one for one in scene.reader.reaches(kind) if one.first_at < scene.as_of)
            for kind in KINDS
        },
        deployments=_read(deployments, rows[EventKind.DEPLOYMENT], scene),
        runs=_read(pipeline_runs, runs, scene),
        releases=_read(releases, rows[EventKind.RELEASE], scene),
        incidents=_read(incidents, rows[EventKind.INCIDENT], scene),
        failures=failed,
        watched=tuple(
            one
            for one in watched(scene, Span(before.since, span.until))
            if meant is None or one.slo.service in meant
        ),
        services=every,
    )


def _failed(
    scene: Scene, rows: Mapping[EventKind, Iterable[EventRow]], meant: frozenset[str] | None
) -> tuple[Failure, ...]:
    """The failures of the services that are meant: incidents of any may be linked to them."""
    served = _read(deployments, rows[EventKind.DEPLOYMENT], scene).kept
    broken = _read(incidents, rows[EventKind.INCIDENT], scene).kept
    found = failures(served, broken, scene.config.delivery, as_of=scene.as_of)
    return tuple(one for one in found if meant is None or one.deployment.service in meant)


def zone_of(scene: Scene, choice: Choice) -> ZoneInfo:
    """The zone whose days are meant: the one chosen, else the configuration's."""
    return ZoneInfo(choice.zone) if choice.zone else scene.config.timezone


def meant_services(scene: Scene, choice: Choice) -> frozenset[str] | None:
    """The names of the services that are meant; None for all, and what names no service."""
    if not (choice.service or choice.team):
        return None
    owned = {one.name for one in scene.config.services if one.team == choice.team}
    if not choice.service:
        return frozenset(owned)
    return frozenset({choice.service} & owned if choice.team else {choice.service})


def _of(rows: Iterable[EventRow], meant: frozenset[str] | None) -> tuple[EventRow, ...]:
    return tuple(row for row in rows if meant is None or row.service in meant)


def _read(reading: Callable[..., Read[T]], rows: Iterable[EventRow], scene: Scene) -> Read[T]:
    return reading(rows, scene.config.delivery, as_of=scene.as_of)


def _inside(part: Span, span: Span) -> Span:
    """The part inside the span, an empty one where they do not meet."""
    since, until = max(part.since, span.since), min(part.until, span.until)
    return Span(since, max(since, until))
