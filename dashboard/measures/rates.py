"""Counts of events over the time in which they would have been told of: the rate of each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.measures.arithmetic import figure, lasted
from dashboard.measures.contract import Asked, Curve, Measured, Steps, Unit
from dashboard.measures.days import Days, days_of
from dashboard.measures.goals import PERIODS_S
from dashboard.measures.happened import Found, query_of, sources_say
from dashboard.measures.observed import covered, share_of, until_look
from slo.delivery.figures import Happened
from slo.evidence.comparison import Comparison, Count
from slo.evidence.rates import compared_rates, dispersion
from slo.lengths import DAY_S, WEEK_S
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class _Period:
    """The events of one period: their moments, the time observed, and whole weeks' counts."""

    span: Span
    moments: tuple[int, ...]
    observed_s: int
    weeks: tuple[int, ...]

    @property
    def count(self) -> Count:
        return Count(len(self.moments), float(self.observed_s))


def rate_compared(found: Found[Happened], asked: Asked, unit: Unit) -> Comparison:
    """How often the things came in either period, a `unit`; counts in clusters are divided first."""
    before, after = (_period(found, span, asked) for span in (asked.before, asked.after))
    return _compared(before, after, asked, unit)


def rate_measured(found: Found[Happened], asked: Asked, unit: Unit, name: str) -> Measured:
    """How often the things came in either period, a `unit`, and day by day."""
    before, after = (_period(found, span, asked) for span in (asked.before, asked.after))
    compared = _compared(before, after, asked, unit)
    per_s = float(PERIODS_S[unit])
    return Measured(
        comparison=compared,
        unit=unit,
        counted=name,
        days=_days(found, asked, per_s),
        weeks_before=tuple(count * per_s / WEEK_S for count in before.weeks),
        weeks_after=tuple(count * per_s / WEEK_S for count in after.weeks),
        counts_before=before.weeks,
        steps=(*_steps(before, after, unit), *sources_say(found, asked)),
        remarks=found.observed.remarks,
        query=query_of(found, asked),
    )


def _compared(before: _Period, after: _Period, asked: Asked, unit: Unit) -> Comparison:
    compared = compared_rates(
        before.count,
        after.count,
        confidence=asked.confidence,
        clusters=dispersion(before.weeks, after.weeks),
        per_s=float(PERIODS_S[unit]),
    )
    return covered(compared, *(share_of(each.observed_s, each.span) for each in (before, after)))


def _period(found: Found[Happened], whole: Span, asked: Asked) -> _Period:
    span = until_look(whole, asked.as_of)
    moments = tuple(sorted(one.at for one in found.within(span)))
    days = days_of(span, asked.zone)
    counts = counts_by_day(moments, days)
    seen = [each.length_s - found.observed.seconds(each) == 0 for each in days.spans]
    weeks = tuple(sum(counts[week]) for week in days.weeks() if all(seen[week]))
    return _Period(span, moments, found.observed.seconds(span), weeks)


def counts_by_day(moments: Sequence[int], days: Days) -> list[int]:
    """How many of the moments, all within the days, fall on each."""
    places = days.of(np.array(moments, np.int64))
    found: list[int] = np.bincount(places, minlength=len(days)).tolist()
    return found


def whole_span(asked: Asked) -> Span:
    """From the first period to the end of the second, what lies between them included."""
    since = min(asked.before.since, asked.after.since)
    return until_look(Span(since, max(asked.before.until, asked.after.until)), asked.as_of)


def _days(found: Found[Happened], asked: Asked, per_s: float) -> Curve:
    """The rate of each day; a day of 23 or 25 hours counts as one."""
    span = whole_span(asked)
    days = days_of(span, asked.zone)
    counts = counts_by_day([one.at for one in found.within(span)], days)
    return tuple(
        (at, count * per_s / DAY_S if found.observed.seconds(day) else None)
        for at, count, day in zip(days.begins, counts, days.spans, strict=True)
    )


def _steps(before: _Period, after: _Period, unit: Unit) -> Steps:
    per_s = float(PERIODS_S[unit])
    said = [("formula", f"events ÷ time observed × {lasted(per_s)}; change = after ÷ before")]
    for name, each in (("before", before), ("after", after)):
        of = f"{lasted(each.observed_s)} observed of {lasted(each.span.length_s)}"
        said.append((f"counted {name}", f"{len(each.moments):,} in {of}"))
        if each.observed_s:
            rate = len(each.moments) * per_s / each.observed_s
            sum_ = f"{len(each.moments):,} ÷ {lasted(each.observed_s)} × {lasted(per_s)}"
            said.append((f"rate {name}", f"{sum_} = {figure(rate)} {unit.value}"))
    return tuple(said)
