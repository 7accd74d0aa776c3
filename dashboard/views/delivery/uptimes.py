"""How much of the time something was up: by probes and by incidents, planned work both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.measures.contract import Unit
from dashboard.measures.happened import Found
from dashboard.measures.rates import whole_span
from dashboard.measures.uptimes import by_incidents, planned_work, uptime_compared
from dashboard.views.delivery.figure import Figure, FigureDef, Note, made
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.notes import forgotten, minutes_down
from dashboard.views.delivery.outages import Watched
from slo.evidence.comparison import Comparison
from slo.evidence.terms import Better
from slo.facts import EventKind
from slo.spans import Span, united


@dataclass(frozen=True, slots=True)
class Up:
    """How much of two spans something was up: planned work left out, and counted.

    `is_seen` where probes saw it; else incidents tell.
    """

    name: str
    service: str
    excluded: Figure
    counted: Figure
    is_seen: bool = True


def uptimes(found: Gathered) -> tuple[Up, ...]:
    """The uptime of every uptime SLO, and what incidents say of all services together."""
    seen = tuple(_seen(found, one) for one in found.watched)
    return (*seen, _by_incidents(found))


def _seen(found: Gathered, one: Watched) -> Up:
    """By what the SLO's probes saw; where nothing is left out, both ways are one figure."""
    planned = planned_work(
        (each for each in found.incidents.kept if each.service in ("", one.slo.service)),
        found.as_of,
    )
    work = united((*planned, *one.corrected))
    excluded = made(_probed(one, work), found)
    counted = made(_probed(one, ()), found) if work else excluded
    return Up(one.slo.name, one.slo.service, excluded, counted)


def _probed(one: Watched, work: Sequence[Span]) -> FigureDef:
    def measure(found: Gathered) -> Comparison | None:
        if not one.is_collected:
            return None
        known = one.stretches(work)
        return uptime_compared((known, known), found.asked)

    return FigureDef(
        id=f"uptime:{one.slo.name}",
        title=_literal(f"Uptime, {one.slo.name}"),
        unit=Unit.RATIO,
        better=Better.HIGHER,
        definition="seconds up of seconds known by its probes; planned work, corrected and "
        "unknown time are neither up nor down",
        counted="outages",
        measure=measure,
        notes=(minutes_down,),
        is_uptime=True,
    )


def _by_incidents(found: Gathered) -> Up:
    """By the union of felt incidents over the time in which anybody told of incidents."""
    excluded = made(_told(planned=False, notes=(minutes_down, forgotten)), found)
    counted = made(_told(planned=True, notes=(minutes_down,)), found)
    return Up("incidents", "", excluded, counted, is_seen=False)


def _told(*, planned: bool, notes: tuple[Note, ...]) -> FigureDef:
    def measure(found: Gathered) -> Comparison | None:
        all_of_them = Found(found.incidents.kept, found.observations[EventKind.INCIDENT])
        if not all_of_them.observed.sources:
            return None
        known = by_incidents(all_of_them, whole_span(found.asked), found.as_of, planned=planned)
        return uptime_compared((known, known), found.asked)

    return FigureDef(
        id="uptime:incidents",
        title="Uptime by incidents",
        unit=Unit.RATIO,
        better=Better.HIGHER,
        definition="time without any felt incident of any service chosen, overlaps counted once; "
        "planned work is neither up nor down",
        counted="episodes",
        measure=measure,
        notes=notes,
        is_uptime=True,
    )


def _literal(text: str) -> str:
    """The text as it is, where braces would name a rule."""
    return text.replace("{", "{{").replace("}", "}}")
