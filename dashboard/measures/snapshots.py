"""What a gauge stood at in either period: one value each, beside each other and without a test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Literal

import numpy as np

from dashboard.measures.arithmetic import dated, figure
from dashboard.measures.contract import Asked, Curve, Measured, Steps, Unit
from dashboard.measures.days import Days, days_of
from dashboard.measures.observed import covered, until_look
from dashboard.measures.picked import picked, query_of, series_say
from dashboard.measures.rates import whole_span
from slo.evidence.comparison import Comparison, Scale, Side
from slo.facts import Integers, Reals, SeriesKind
from slo.spans import Span, moment

Take = Literal["last", "median", "mean", "monthly-mean"]
_SAYS = {
    "last": "the last value of the period; of several series the mean of their last ones",
    "median": "the median of all values of the period",
    "mean": "the mean of all values of the period",
    "monthly-mean": "the mean of the means of the calendar months of the period",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """The values of a span, a series after the other; `series` tells which each is of."""

    span: Span
    at: Integers
    value: Reals
    series: Integers


def snapshot_measured(gauge: str, old: str, take: Take, change: Scale, asked: Asked) -> Measured:
    """The values of both periods; a side without one has no estimate, and there is no change."""
    spans = [until_look(each, asked.as_of) for each in (asked.before, asked.after)]
    before, after = (
        _values(which, span, asked) for which, span in zip((old, gauge), spans, strict=True)
    )
    sides = [_side(each, take, asked) for each in (before, after)]
    compared = Comparison(
        before=sides[0],
        after=sides[1],
        scale=change,
        change=_change(sides[0].estimate, sides[1].estimate, change),
        method="none: single values are not tested",
    )
    whole = _values(gauge, whole_span(asked), asked)
    return Measured(
        comparison=covered(compared, None, None),
        unit=Unit.NUMBER,
        counted="values",
        days=_curve(whole, asked),
        days_old=() if old == gauge else _curve(before, asked),
        weeks_before=_weeks(before, asked),
        weeks_after=_weeks(after, asked),
        steps=(
            ("taken", _SAYS[take]),
            *_steps(before, after, asked),
            *series_say(picked(asked, gauge, SeriesKind.SAMPLE), asked),
        ),
        query=query_of(asked, gauge, old),
    )


def as_ratio(found: Comparison) -> Comparison:
    """The same change as after over before, where there was something before; else as it is."""
    before, after = found.before.estimate, found.after.estimate
    if before is None or after is None or before <= 0:
        return found
    return replace(found, scale=Scale.RATIO, change=after / before)


def _values(gauge: str, span: Span, asked: Asked) -> _Values:
    series = picked(asked, gauge, SeriesKind.SAMPLE)
    found = [asked.reader.measured.values([one.id], span) for one in series]
    none = np.empty(0, np.int64)
    numbers = [np.full(len(each.at), number) for number, each in enumerate(found)]
    return _Values(
        span,
        np.concatenate([none, *(each.at for each in found)]),
        np.concatenate([np.empty(0), *(each.value for each in found)]),
        np.concatenate([none, *numbers]),
    )


def _side(values: _Values, take: Take, asked: Asked) -> Side:
    count = len(values.value)
    return Side(estimate=_taken(values, take, asked) if count else None, n=count)


def _taken(values: _Values, take: Take, asked: Asked) -> float:
    match take:
        case "last":
            return fmean(_last_ones(values).values())
        case "median":
            return float(median(values.value.tolist()))
        case "mean":
            return fmean(values.value.tolist())
        case "monthly-mean":
            return fmean(_monthly(values, asked).values())


def _last_ones(values: _Values) -> Mapping[int, float]:
    order = np.argsort(values.at, kind="stable")
    return dict(zip(values.series[order].tolist(), values.value[order].tolist(), strict=True))


def _monthly(values: _Values, asked: Asked) -> Mapping[tuple[int, int], float]:
    """The mean of each calendar month that has values."""
    months: dict[tuple[int, int], list[float]] = {}
    for at, value in zip(values.at.tolist(), values.value.tolist(), strict=True):
        local = moment(at).astimezone(asked.zone)
        months.setdefault((local.year, local.month), []).append(value)
    return {month: fmean(each) for month, each in sorted(months.items())}


def _change(before: float | None, after: float | None, how: Scale) -> float | None:
    if before is None or after is None:
        return None
    if how is Scale.DIFFERENCE:
        return after - before
    if before == 0:
        return None if after == 0 else math.copysign(math.inf, after)
    return after / before


def _by_day(values: _Values, days: Days) -> list[tuple[float, int]]:
    """The sum and the number of the values of each day."""
    places = days.of(values.at)
    sums = np.bincount(places, weights=values.value, minlength=len(days))
    counts = np.bincount(places, minlength=len(days))
    return list(zip(sums.tolist(), counts.tolist(), strict=True))


def _curve(values: _Values, asked: Asked) -> Curve:
    """The mean of each day."""
    days = days_of(values.span, asked.zone)
    means = (total / count if count else None for total, count in _by_day(values, days))
    return tuple(zip(days.begins, means, strict=True))


def _weeks(values: _Values, asked: Asked) -> tuple[float, ...]:
    """The mean of each whole week that has values."""
    days = days_of(values.span, asked.zone)
    daily = _by_day(values, days)
    sums = [tuple(map(sum, zip(*daily[week], strict=True))) for week in days.weeks()]
    return tuple(total / count for total, count in sums if count)


def _steps(before: _Values, after: _Values, asked: Asked) -> Steps:
    said: list[tuple[str, str]] = []
    for name, each in (("before", before), ("after", after)):
        count = len(each.value)
        if not count:
            said.append((f"values {name}", "none"))
            continue
        low, high = (figure(float(end)) for end in (each.value.min(), each.value.max()))
        last = dated(int(each.at.max()), asked.zone)
        said.append((f"values {name}", f"{count:,} from {low} to {high}, the last of {last}"))
    return tuple(said)
