"""The time up of either period: from what probes saw, or from the incidents that users felt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from dashboard.measures import happened
from dashboard.measures.arithmetic import lasted, numbered, percent
from dashboard.measures.contract import Asked, Curve, Measured, Steps, Unit
from dashboard.measures.days import Days, days_of
from dashboard.measures.observed import covered, share_of, until_look
from dashboard.measures.picked import picked, query_of, series_say
from dashboard.measures.rates import whole_span
from dashboard.measures.stretches import Stretches, joined, of_spans
from slo.delivery.episodes import impact, without
from slo.delivery.facts import Incident
from slo.evidence.comparison import Comparison, Downtime, Side
from slo.evidence.terms import GoalResult
from slo.evidence.uptime import compared_uptime, downtime_interval, without_largest
from slo.evidence.verdict import goal_result
from slo.facts import SeriesKind
from slo.indicator import Uptime
from slo.lengths import DAY_S, down_minutes
from slo.spans import Span, united
from slo.status import Intervals, combine

_PIECE_S = 60 * DAY_S


@dataclass(frozen=True, slots=True)
class Told:
    """Where the times come from, and what a reader must know of it."""

    steps: Steps
    query: str
    remarks: tuple[str, ...] = ()


def probes_measured(now: Uptime, old: Uptime, asked: Asked) -> Measured:
    """The shares of known time in which probes saw it up; `old` tells of the first period."""
    series = {each: picked(asked, each.probe, SeriesKind.STATUS) for each in {now, old}}
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]

    def known(which: Uptime, span: Span) -> Stretches:
        ids = [one.id for one in series[which]]
        return joined(_pieces(asked, ids, which, span))

    whole = known(now, whole_span(asked))
    first = whole if old == now else known(old, spans[0])
    told = Told(
        steps=(
            ("probes", f"{now.combine.value} of them up counts as up; degraded is up"),
            *series_say(series[now], asked),
        ),
        query=query_of(asked, now.probe, old.probe),
    )
    curves = (
        _curve(whole, days_of(whole_span(asked), asked.zone)),
        () if old == now else _curve(first, days_of(spans[0], asked.zone)),
    )
    return _measured((first, whole), asked, told, curves)


def incidents_measured(asked: Asked) -> Measured:
    """The shares of observed time in which no incident lasted that users felt."""
    found = happened.all_incidents(asked)
    whole = by_incidents(found, whole_span(asked), asked.as_of)
    told = Told(
        steps=(
            ("down", "while any such incident lasted: overlapping ones count once"),
            *happened.sources_say(found, asked),
        ),
        query=happened.query_of(found, asked),
        remarks=found.observed.remarks,
    )
    curve = _curve(whole, days_of(whole_span(asked), asked.zone))
    return _measured((whole, whole), asked, told, (curve, ()))


def _pieces(
    asked: Asked, ids: list[int], which: Uptime, span: Span
) -> Iterator[tuple[Span, Intervals]]:
    """The combined status piece by piece: years of minutes would not fit into memory at once."""
    for since in range(span.since, span.until, _PIECE_S):
        piece = Span(since, min(since + _PIECE_S, span.until))
        members = asked.reader.measured.status_intervals(ids, piece, known_by=asked.as_of)
        yield piece, combine(members, which.combine)


def by_incidents(
    found: happened.Found[Incident], span: Span, as_of: int, *, planned: bool = False
) -> Stretches:
    """Up wherever it was observed, down in episodes; planned work is neither unless `planned`."""
    taken = impact(
        found.things,
        span,
        as_of=as_of,
        planned=planned,
        unobserved=found.observed.missing(span),
    )
    work = () if planned else planned_work(found.things, as_of)
    watched = without(found.observed.within(span), work)
    return of_spans(without(watched, taken), taken)


def planned_work(incidents: Iterable[Incident], as_of: int) -> tuple[Span, ...]:
    """The time of planned work that users felt; what has not ended lasts until the look."""
    return united(
        Span(one.at, max(one.at, as_of if one.ended_at is None else one.ended_at))
        for one in incidents
        if one.is_planned and one.is_felt
    )


def uptime_compared(sides: tuple[Stretches, Stretches], asked: Asked) -> Comparison:
    """The shares of known time up in either period."""
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    downs = [each.downtime(span) for each, span in zip(sides, spans, strict=True)]
    compared = compared_uptime(*downs, confidence=asked.confidence, seed=asked.seed)
    shares = (share_of(d.observed_s, span) for d, span in zip(downs, spans, strict=True))
    return covered(compared, *shares)


def _measured(
    sides: tuple[Stretches, Stretches], asked: Asked, told: Told, curves: tuple[Curve, Curve]
) -> Measured:
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (each.downtime(span) for each, span in zip(sides, spans, strict=True))
    left = None
    if before.outages_s or after.outages_s:
        left = compared_uptime(
            *without_largest(before, after), confidence=asked.confidence, seed=asked.seed
        )
    weeks = [
        _weeks(each, days_of(span, asked.zone)) for each, span in zip(sides, spans, strict=True)
    ]
    return Measured(
        comparison=uptime_compared(sides, asked),
        unit=Unit.RATIO,
        is_uptime=True,
        counted="outages",
        days=curves[0],
        days_old=curves[1],
        weeks_before=weeks[0],
        weeks_after=weeks[1],
        without_largest=left,
        goal_is_certain=_is_certain(before, after, asked),
        steps=(*_steps(before, after), *told.steps),
        remarks=told.remarks,
        query=told.query,
    )


def _is_certain(before: Downtime, after: Downtime, asked: Asked) -> bool | None:
    """Whether the goal is surely met without an outage after; None where there were some.

    The range has to assume how long one would last: here as the longest before, the worst known.
    """
    if asked.goal is None or any(after.outages_s):
        return None
    longest = max(before.outages_s, default=None)
    down = downtime_interval(after, confidence=asked.confidence, typical_s=longest)
    if down is None or down.high is None:
        return False
    side = Side(estimate=1 - down.high, n=0)
    return goal_result(side, asked.goal) is GoalResult.MET


def _curve(known: Stretches, days: Days) -> Curve:
    up_s, down_s = known.by_day(days.edges)
    shares = (
        up / (up + down) if up + down else None for up, down in zip(up_s, down_s, strict=True)
    )
    return tuple(zip(days.begins, shares, strict=True))


def _weeks(known: Stretches, days: Days) -> tuple[float, ...]:
    """The share of time up of each whole week of which anything is known."""
    up_s, down_s = known.by_day(days.edges)
    sums = [(float(up_s[week].sum()), float(down_s[week].sum())) for week in days.weeks()]
    return tuple(up / (up + down) for up, down in sums if up + down)


def _steps(before: Downtime, after: Downtime) -> Steps:
    said = [("formula", "1 − time down ÷ time known; change = after − before, in points")]
    for name, each in (("before", before), ("after", after)):
        if not each.observed_s:
            said.append((f"time up {name}", "nothing was observed"))
            continue
        down_s = sum(each.outages_s)
        ratio = down_s / each.observed_s
        sum_ = f"1 − {lasted(down_s)} ÷ {lasted(each.observed_s)} = {percent(1 - ratio)}"
        said.append((f"time up {name}", f"{sum_}, {numbered(len(each.outages_s), 'outage')}"))
        said.append((f"minutes down per 30 days {name}", f"{down_minutes(ratio):.3g}"))
    longest = max((*before.outages_s, *after.outages_s), default=None)
    lasted_s = [each for each in before.outages_s if each]
    if lasted_s and after.observed_s and not any(after.outages_s):
        assumed = (
            f"{lasted(median(lasted_s))}, the median before; of the goal as long as the longest"
        )
        said.append(("an outage after, of which there was none, would last", assumed))
    if longest is not None:
        side = "before" if longest in before.outages_s else "after"
        said.append(("largest outage", f"{lasted(longest)}, {side}"))
    return tuple(said)
