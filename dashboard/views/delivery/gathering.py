"""Everything that figures of delivery and incidents are made from, read once for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from collectors.store.reaches import Reach
from dashboard.measures.contract import Asked
from dashboard.measures.observed import Observed
from dashboard.views.delivery.days import days_before
from dashboard.views.delivery.model import Choice
from dashboard.views.delivery.outages import Watched, watched
from dashboard.views.upkeep.scene import Scene
from slo.delivery.facts import (
    DeliveryRules,
    Deployment,
    Incident,
    PipelineRun,
    Read,
    Release,
)
from slo.delivery.failures import Failure, failures
from slo.delivery.figures import counted, felt, within
from slo.delivery.reading import deployments, incidents, pipeline_runs, releases
from slo.facts import EventKind, EventRow
from slo.spans import Span, united

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
    any was never collected. `observations` are those times, `asked` is what a measure is asked
    for the two spans. `services` are all that anything was told of, chosen or not.
    """

    as_of: int
    zone: ZoneInfo
    rules: DeliveryRules
    span: Span
    before: Span
    reaches: Mapping[EventKind, tuple[Reach, ...]]
    observations: Mapping[EventKind, Observed]
    asked: Asked
    deployments: Read[Deployment]
    runs: Read[PipelineRun]
    releases: Read[Release]
    incidents: Read[Incident]
    failures: tuple[Failure, ...]
    watched: tuple[Watched, ...]
    services: tuple[str, ...]

    def is_collected(self, kind: EventKind) -> bool:
        """Whether anybody ever told of the kind; deployments that say so stand for runs."""
        return bool(self.observations[kind].sources)

    def deployed(self, span: Span) -> tuple[Deployment, ...]:
        """The deployments of a span that count."""
        return within(counted(self.deployments.kept, self.rules), span)

    def begun(self, span: Span) -> tuple[Incident, ...]:
        """The felt, unplanned incidents that began in the span."""
        return within(felt(self.incidents.kept), span)

    def open_earlier(self) -> tuple[Incident, ...]:
        """The felt, unplanned incidents that began before the span and have not ended."""
        mine = felt(self.incidents.kept)
        return tuple(one for one in mine if one.ended_at is None and one.at < self.span.since)


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
    runs = _read(pipeline_runs, (*rows[EventKind.PIPELINE_RUN], *rows[EventKind.DEPLOYMENT]), scene)
    reaches = {
        kind: tuple(one for one in scene.reader.reaches(kind) if one.first_at < scene.as_of)
        for kind in KINDS
    }
    return Gathered(
        as_of=scene.as_of,
        zone=zone,
        rules=scene.config.delivery,
        span=span,
        before=before,
        reaches=reaches,
        observations={
            **{kind: _observed(reaches[kind]) for kind in KINDS},
            EventKind.PIPELINE_RUN: _observed(_of_runs(reaches, rows, runs)),
        },
        asked=Asked(
            reader=scene.reader,
            before=before,
            after=span,
            as_of=scene.as_of,
            zone=zone,
            rules=scene.config.delivery,
        ),
        deployments=_read(deployments, rows[EventKind.DEPLOYMENT], scene),
        runs=runs,
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


def _of_runs(
    reaches: Mapping[EventKind, tuple[Reach, ...]],
    rows: Mapping[EventKind, Sequence[EventRow]],
    runs: Read[PipelineRun],
) -> tuple[Reach, ...]:
    """Who tells of runs: those of deployments too where attempts to deploy stand for runs."""
    if not runs.kept:
        return ()
    told = reaches[EventKind.PIPELINE_RUN]
    has_attempts = len(runs.kept) > len(rows[EventKind.PIPELINE_RUN])
    return (*told, *reaches[EventKind.DEPLOYMENT]) if has_attempts else told


def _observed(told: Iterable[Reach]) -> Observed:
    """When any of the sources can have told; silence before a first event is believed here."""
    told = [*told]
    spans = united(Span(one.since, max(one.since, one.until)) for one in told)
    return Observed(spans, tuple(dict.fromkeys(one.source for one in told)))
