"""What alerts are held against: incidents that people noted, or outages that probes saw."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.views.delivery.outages import watched_of
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import duration_words
from slo.backtest import Recorded
from slo.delivery.facts import Incident
from slo.delivery.reading import incidents
from slo.facts import EventKind
from slo.indicator import Uptime
from slo.objective import Slo
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Records:
    """What was recorded of a service over a span, and by whom, as a phrase."""

    found: tuple[Recorded, ...]
    noun: str
    says: str


def records(scene: Scene, slo: Slo, span: Span) -> Records:
    """The incidents of the SLO's service that users felt; without any the outages of its probes.

    Planned work is no incident. An SLO without a service is held against those of all.
    """
    found = incidents_of(scene, slo.service, span)
    if found or not isinstance(slo.indicator, Uptime):
        return Records(found, "incident", says(len(found), slo.service))
    outages = tuple(
        Recorded(f"outage {number}", _of(one.span), one.span, is_open=one.is_open)
        for number, one in enumerate(watched_of(scene, slo, span).outages, start=1)
    )
    counted = f"{len(outages):,} {'outage' if len(outages) == 1 else 'outages'}"
    return Records(outages, "outage", f"{counted} that its probes saw; no incident is recorded")


def incidents_of(scene: Scene, service: str, span: Span) -> tuple[Recorded, ...]:
    """The felt incidents of a service, or of all, that were going on in the span."""
    rows = scene.reader.events(kind=EventKind.INCIDENT, span=span)
    read = incidents(rows, scene.config.delivery, as_of=scene.as_of)
    return tuple(
        _recorded(one, span)
        for one in read.kept
        if one.is_felt and not one.is_planned and (not service or one.service in ("", service))
    )


def _recorded(one: Incident, span: Span) -> Recorded:
    until = max(span.until, one.at) if one.ended_at is None else one.ended_at
    return Recorded(one.key, one.title, Span(one.at, until), is_open=one.ended_at is None)


def _of(span: Span) -> str:
    return f"({duration_words(span.length_s)})"


def says(count: int, service: str) -> str:
    """How many incidents are recorded, as a phrase."""
    of = f" of {service}" if service else ""
    if not count:
        return f"no incident{of} is recorded, so no page is called right or wrong"
    return f"{count:,} recorded {'incident' if count == 1 else 'incidents'}{of}"
