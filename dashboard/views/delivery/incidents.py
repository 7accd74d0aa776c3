"""The figures of incidents: how many, how long, noticed and taken when, and the uptime left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from dashboard.views.delivery.delivered import with_open
from dashboard.views.delivery.figure import Figure, Unit, lasted, rate, with_sides
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.outages import Watched
from dashboard.views.words import count_words, cut_words
from slo.delivery.episodes import impact, united, user_minutes, without
from slo.delivery.facts import Incident
from slo.delivery.figures import acknowledge_times, detect_times, felt, restore_times, within
from slo.evidence.comparison import Downtime
from slo.evidence.terms import Better
from slo.evidence.uptime import compared_uptime
from slo.facts import EventKind
from slo.spans import Span

_NAMED, _LONGEST = 4, 60
_INCIDENT = (EventKind.INCIDENT,)
_GRAVE = frozenset({"1", "sev1", "s1", "p1", "severity1", "critical", "blocker"})


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


def incident_figures(found: Gathered) -> tuple[Figure, ...]:
    """Every figure of incidents, those without data among them."""
    return (
        _often(found),
        _restore(found),
        _detect(found),
        _acknowledge(found),
    )


def begun(found: Gathered, span: Span) -> tuple[Incident, ...]:
    """The felt, unplanned incidents that began in the span."""
    return within(felt(found.incidents.kept), span)


def is_grave(incident: Incident) -> bool:
    """Whether it is of the gravest severity, whatever its source calls that."""
    return "".join(filter(str.isalnum, incident.severity)).casefold() in _GRAVE


def uptimes(found: Gathered) -> tuple[Up, ...]:
    """The uptime of every uptime SLO, and what incidents say of all services together."""
    seen = tuple(_seen(found, one) for one in found.watched)
    return (*seen, _by_incidents(found))


def _often(found: Gathered) -> Figure:
    severities = ", ".join(found.rules.severities)
    figure = Figure(
        id="incidents",
        title="Incidents",
        unit=Unit.PER_MONTH,
        better=Better.LOWER,
        definition="incidents that users felt and nobody had planned, counted where they began"
        + (f"; severities {severities}" if severities else ""),
        dropped=found.incidents.dropped,
        counted="incidents",
    )
    figure = rate(figure, found, EventKind.INCIDENT, felt(found.incidents.kept))
    return figure if figure.now is None else replace(figure, notes=(*_kinds(found), *figure.notes))


def _kinds(found: Gathered) -> tuple[str, ...]:
    """How many of which severity, how many users for how long."""
    mine = begun(found, found.span)
    by_severity = Counter(one.severity for one in mine if one.severity)
    each = [f"{count:,} of severity {name}" for name, count in sorted(by_severity.items())]
    told = [", ".join(each[:_NAMED])] if each else []
    still = sum(one.ended_at is None for one in mine)
    minutes = user_minutes(felt(found.incidents.kept), found.span, as_of=found.as_of)
    said = sum(one.users is not None for one in mine)
    users = (
        ""
        if minutes is None or not said
        else f"{count_words(float(round(minutes)))} user-minutes ({said:,} of {len(mine):,} say)"
    )
    return tuple(filter(None, [*told, f"{still:,} still open" if still else "", users]))


def _restore(found: Gathered) -> Figure:
    figure = Figure(
        id="time-to-restore",
        title="Time to restore",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from the beginning of the impact to its end; open ones count as lasting "
        "so long",
        counted="incidents",
    )
    figure = lasted(
        figure,
        found,
        _INCIDENT,
        lambda span: restore_times(begun(found, span), as_of=found.as_of),
    )
    return with_open(figure)


def _detect(found: Gathered) -> Figure:
    figure = Figure(
        id="time-to-detect",
        title="Time to detect",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from the beginning of the impact to its detection, where that is noted",
        counted="incidents",
    )
    if all(one.detected_at is None for one in found.incidents.kept):
        return figure
    return _of_noted(
        lasted(figure, found, _INCIDENT, lambda span: detect_times(begun(found, span))),
        found,
    )


def _acknowledge(found: Gathered) -> Figure:
    figure = Figure(
        id="time-to-acknowledge",
        title="Time to acknowledge",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from an incident's creation (its beginning, where none is noted) to the "
        "first acknowledgement, where that is noted; one still waiting counts as lasting so long",
        counted="incidents",
    )
    if all(one.acknowledged_at is None for one in found.incidents.kept):
        return figure
    figure = lasted(
        figure,
        found,
        _INCIDENT,
        lambda span: acknowledge_times(begun(found, span), as_of=found.as_of),
    )
    return _of_noted(figure, found)


def _of_noted(figure: Figure, found: Gathered) -> Figure:
    """The figure with how many of the incidents noted it."""
    figure = with_open(figure)
    if figure.now is None:
        return figure
    missing = len(begun(found, found.span)) - figure.now.n
    note = f"{missing:,} did not note it" if missing > 0 else ""
    return replace(figure, notes=tuple(filter(None, [*figure.notes, note])))


def _seen(found: Gathered, one: Watched) -> Up:
    """By what the SLO's probes saw."""
    figure = Figure(
        id=f"uptime:{one.slo.name}",
        title=f"Uptime, {one.slo.name}",
        unit=Unit.UP,
        better=Better.HIGHER,
        definition="seconds up of seconds known by its probes; planned work and unknown time are "
        "neither up nor down",
        counted="outages",
    )
    if not one.is_collected:
        return Up(one.slo.name, one.slo.service, figure, figure)
    work = united(
        _whole(each, found.as_of)
        for each in found.incidents.kept
        if each.is_planned and each.service in ("", one.slo.service)
    )
    spans = (found.before, found.span)
    excluded = _compared(figure, found, [one.downtime(span, work) for span in spans])
    if not work:
        return Up(one.slo.name, one.slo.service, excluded, excluded)
    counted = _compared(figure, found, [one.downtime(span) for span in spans])
    return Up(one.slo.name, one.slo.service, excluded, counted)


def _by_incidents(found: Gathered) -> Up:
    """By the union of felt incidents over the time in which anybody told of incidents."""
    figure = Figure(
        id="uptime:incidents",
        title="Uptime by incidents",
        unit=Unit.UP,
        better=Better.HIGHER,
        definition="time without any felt incident of any service chosen, overlaps counted once; "
        "planned work is neither up nor down",
        counted="episodes",
    )
    if not found.is_collected(EventKind.INCIDENT):
        return Up("incidents", "", figure, figure, is_seen=False)
    sides = [
        _compared(
            figure,
            found,
            [_down(found, span, planned=planned) for span in (found.before, found.span)],
        )
        for planned in (False, True)
    ]
    return Up("incidents", "", _with_forgotten(sides[0], found), sides[1], is_seen=False)


def _with_forgotten(figure: Figure, found: Gathered) -> Figure:
    """The figure with those that were open when the span began and still are: perhaps forgotten."""
    still = [
        one.key
        for one in felt(found.incidents.kept)
        if one.ended_at is None and one.at < found.span.since
    ]
    if not still:
        return figure
    named = f"{cut_words(still[0], _LONGEST)}{f' and {len(still) - 1} more' if still[1:] else ''}"
    return replace(figure, notes=(*figure.notes, f"open all the time: {named}"))


def _down(found: Gathered, span: Span, *, planned: bool) -> Downtime:
    blind = without((span,) if span.length_s else (), found.observed(EventKind.INCIDENT, span))
    taken = impact(found.incidents.kept, span, as_of=found.as_of, planned=planned, unobserved=blind)
    return taken.downtime


def _compared(figure: Figure, found: Gathered, downs: list[Downtime]) -> Figure:
    spans = (found.before, found.span)
    covers = [
        down.observed_s / span.length_s if span.length_s else 0.0
        for down, span in zip(downs, spans, strict=True)
    ]
    figure = with_sides(figure, compared_uptime(downs[0], downs[1]), (covers[0], covers[1]))
    lost_s = sum(downs[1].outages_s)
    if not downs[1].observed_s:
        return figure
    minutes = lost_s / downs[1].observed_s * 43_200
    note = f"{minutes:,.1f} min down per 30 d"
    return replace(figure, notes=(note,))


def _whole(incident: Incident, as_of: int) -> Span:
    return Span(incident.at, as_of if incident.ended_at is None else incident.ended_at)
