"""A percentile of either period, of raw values or of buckets, by the local days they came on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.measures.arithmetic import figure, lasted, p_words, percent, weeks_alike
from dashboard.measures.contract import Asked, Curve, Measured, Steps, Unit
from dashboard.measures.days import days_of
from dashboard.measures.observed import covered, until_look
from dashboard.measures.picked import picked, query_of, series_say
from dashboard.measures.spreads import Spread, of_buckets, of_values
from slo.evidence.checks.placebo import compared_weeks
from slo.evidence.comparison import Side
from slo.evidence.quantiles import compared_quantiles, share_at_most
from slo.evidence.terms import Op
from slo.facts import SeriesKind
from slo.lengths import QUARTER_S
from slo.selector import Selector
from slo.spans import Span

if TYPE_CHECKING:
    from collectors.store.stored import StoredSeries


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: raw samples, or buckets, of one selector."""

    selector: str
    is_raw: bool

    def series(self, asked: Asked) -> tuple[StoredSeries, ...]:
        """The series that are meant."""
        if self.is_raw:
            return picked(asked, self.selector, SeriesKind.SAMPLE)
        name = str(Selector.parse(self.selector))
        found = asked.reader.series(asked.source, SeriesKind.HISTOGRAM)
        return tuple(one for one in found if one.key.name == name and not one.key.rule)


def quantiles_measured(now: Reading, old: Reading, q: float, asked: Asked) -> Measured:
    """The percentiles of both periods, whole weeks drawn anew; `old` tells of the first period."""
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (
        _spread(which, span, q, asked) for which, span in zip((old, now), spans, strict=True)
    )
    compared = compared_quantiles(
        before.spreads, after.spreads, q=q, confidence=asked.confidence, seed=asked.seed
    )
    under = _share_under(after, asked)
    return Measured(
        comparison=covered(compared, _coverage(before), _coverage(after)),
        unit=Unit.SECONDS,
        counted="days",
        days=_course(now, old, (before, after), q, asked),
        days_old=() if old == now else _curve(before),
        weeks_before=before.weekly,
        weeks_after=after.weekly,
        under_goal=under,
        goal_is_certain=_is_certain(under, q, asked),
        steps=(
            *_steps(before, after, q),
            *_goal_step(under, asked),
            *series_say(now.series(asked), asked),
        ),
        remarks=(*weeks_alike(compared), *_remarks(before, after)),
        query=query_of(asked, now.selector, old.selector),
    )


def _spread(which: Reading, span: Span, q: float, asked: Asked) -> Spread:
    ids = [one.id for one in which.series(asked)]
    days = days_of(span, asked.zone)
    if which.is_raw:
        limit = None if asked.goal is None else asked.goal.value
        return of_values(asked.reader.measured.values(ids, span), days, q, limit)
    whole = Span(_down(span.since), _down(span.until))
    edges = [_down(each) for each in days.edges.tolist()[1:-1]]
    return of_buckets(asked.reader.measured.buckets(ids, whole, edges), days, q)


def _down(at: int) -> int:
    return at - at % QUARTER_S


def _coverage(found: Spread) -> float | None:
    """The share of the days on which anything was measured."""
    return sum(one is not None for one in found.daily) / len(found.daily) if found.daily else None


def _course(
    now: Reading, old: Reading, sides: tuple[Spread, Spread], q: float, asked: Asked
) -> Curve:
    """Day by day from the first period to the second, what lies between them included."""
    before, after = sides
    if old != now:
        return _curve(after)
    gap = until_look(
        Span(asked.before.until, max(asked.before.until, asked.after.since)), asked.as_of
    )
    between = _curve(_spread(now, gap, q, asked)) if gap.length_s else ()
    every = dict(_curve(before)) | dict(between) | dict(_curve(after))
    return tuple(sorted(every.items(), key=lambda each: each[0]))


def _curve(found: Spread) -> Curve:
    return tuple(zip(found.days.begins, found.daily, strict=True))


def _share_under(after: Spread, asked: Asked) -> Side | None:
    if asked.goal is None:
        return None
    return share_at_most(
        after.spreads, asked.goal.value, confidence=asked.confidence, seed=asked.seed
    )


def _is_certain(under: Side | None, q: float, asked: Asked) -> bool | None:
    """Whether even the low end of the share at or under the limit is as large as was aimed at."""
    if asked.goal is None or under is None or under.interval is None:
        return None
    if asked.goal.op in {Op.LT, Op.LTE}:
        return under.interval.low is not None and under.interval.low >= q
    return under.interval.high is not None and under.interval.high <= q


def _goal_step(under: Side | None, asked: Asked) -> Steps:
    if asked.goal is None or under is None or under.estimate is None:
        return ()
    between = "the same in all weeks, so its range is not known"
    if under.interval is not None:
        between = f"{percent(under.interval.low)} to {percent(under.interval.high)}"
    name = f"at or under {lasted(asked.goal.value)} after"
    return ((name, f"{percent(under.estimate)} ({between})"),)


def _steps(before: Spread, after: Spread, q: float) -> Steps:
    said = [("formula", f"p{figure(q * 100)} of all values of the period; change = after ÷ before")]
    for name, each in (("before", before), ("after", after)):
        known = sum(one is not None for one in each.daily)
        days = f"on {known:,} of {len(each.daily):,} local days"
        said.append((f"values {name}", f"{figure(each.count)} {days}"))
    weekly = compared_weeks(before.weekly, after.weekly)
    if weekly.p_value is not None:
        said.append(("cross-check by whole weeks", f"{weekly.method}, p {p_words(weekly.p_value)}"))
    return tuple(said)


def _remarks(before: Spread, after: Spread) -> tuple[str, ...]:
    if not (before.coarsened or after.coarsened):
        return ()
    return ("the edges of the buckets changed: they are compared on the edges in common",)
