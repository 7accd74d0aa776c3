"""How many seconds of each bin a gauge was good, or how good: its values hold until the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

import numpy as np
from sqlalchemy import Connection

from collectors.store.derived.uptime import chunks, resting, unsure
from collectors.store.disputes import claimed_values, disputed_times
from collectors.store.points import Points, points_around
from collectors.store.stored import StoredSeries
from collectors.store.tables import samples
from collectors.store.tallies import replace_tallies
from slo.facts import Integers, Reals, SeriesKey, SeriesKind
from slo.indicator import Gauge, Op, RawRatio, Wanted
from slo.rules import tally_pick, time_indicator, time_rule
from slo.slices import GoodSeconds, weighed
from slo.spans import Span

_COMPARED = {Op.LT: np.less, Op.LTE: np.less_equal, Op.GT: np.greater, Op.GTE: np.greater_equal}


def tally_key(base: SeriesKey, rule: str) -> SeriesKey:
    """The identity of the seconds of a series of samples under a rule."""
    return replace(base, kind=SeriesKind.TALLY, rule=rule)


def rules_asked(base: SeriesKey, wanted: Iterable[Wanted]) -> set[str]:
    """The rules under which somebody wants the seconds of that series of samples."""
    found = set()
    for one in wanted:
        if isinstance(one, Gauge | RawRatio):
            selector = tally_pick(one).selector
            if selector is not None and selector.matches(base.name, dict(base.labels)):
                found.add(time_rule(one))
    return found


def rules_held(base: SeriesKey, known: Iterable[SeriesKey]) -> set[str]:
    """The rules under which its seconds were derived before."""
    same = (base.name, base.labels)
    mine = (key.rule for key in known if (key.name, key.labels) == same)
    return {rule for rule in mine if time_indicator(base.name, rule) is not None}


def derive(
    connection: Connection, base: StoredSeries, target: StoredSeries, span: tuple[int, int]
) -> bool:
    """Make the target's tallies in the span what the samples of `base` say under its rule.

    Returns whether some of it is partly measured or disputed.
    """
    indicator = time_indicator(target.key.name, target.key.rule)
    assert indicator is not None, "the rule was made for it"
    lesser = False
    for since, until in chunks(*span):
        points = _held(points_around(connection, samples, base.id, since, until), indicator)
        moments, weight = _weights(points, indicator)
        disputed = _settle(connection, base, (moments, weight), indicator)
        valid_s = points.valid_s[np.searchsorted(points.at, moments)]
        bin_s = target.key.bin_s
        found = weighed(moments, weight, valid_s, bin_s, Span(since, until))
        marks = _marks(points, disputed, found, bin_s)
        lesser = lesser or bool(marks)
        columns = _columns(target.id, found) | marks
        replace_tallies(connection, target.id, bin_s, (since, until), columns)
    return lesser


def _held(points: Points, indicator: Gauge | RawRatio) -> Points:
    """The points with how long each holds, where the promise says it."""
    if indicator.valid_s is None:
        return points
    return replace(points, valid_s=np.full(len(points.at), indicator.valid_s, np.int64))


def _weights(points: Points, indicator: Gauge | RawRatio) -> tuple[Integers, Reals]:
    """Each moment with how good its value is; of several values at once the worst counts."""
    moments, first = np.unique(points.at, return_index=True)
    if not len(moments):
        return moments, np.empty(0)
    return moments, np.fmin.reduceat(_goodness(points.said, indicator), first)


def _goodness(values: Reals, indicator: Gauge | RawRatio) -> Reals:
    """From 0 to 1 how good each value is; NaN where it is no ratio although it is to be one."""
    match indicator:
        case Gauge(op=op, value=bound):
            return _COMPARED[op](values, bound).astype(np.float64)
        case RawRatio(is_failure=is_failure):
            good = 1 - values if is_failure else values
            return np.where((values >= 0) & (values <= 1), good, np.nan)
        case _:
            assert_never(indicator)


def _settle(
    connection: Connection,
    base: StoredSeries,
    weights: tuple[Integers, Reals],
    indicator: Gauge | RawRatio,
) -> Integers:
    """The moments about which claims disagree, the worst claim put in place of what is stored."""
    moments, weight = weights
    if not len(moments):
        return moments
    first, last = int(moments[0]), int(moments[-1])
    disputed = disputed_times(connection, base.key, first, last + 1)
    if len(disputed):
        for at, said in claimed_values(connection, base.key, first, last + 1):
            claimed = _goodness(np.array(said), indicator)
            mine = moments == at
            weight[mine] = np.fmin(weight[mine], np.fmin.reduce(claimed))
    return disputed


def _marks(
    points: Points, disputed: Integers, found: GoodSeconds, bin_s: int
) -> dict[str, Integers]:
    """The seconds of each bin that rest on points of lesser quality."""
    moments, first = np.unique(points.at, return_index=True)
    partial = np.isin(moments, points.at[points.partial])
    once = Points(moments, points.said[first], points.valid_s[first], partial)
    marks = {"partial_s": unsure(once), "conflict_s": np.isin(moments, disputed)}
    rests = {name: resting(once, mark, found.at, bin_s) for name, mark in marks.items()}
    total = found.total_s.astype(np.int64)
    return {name: np.minimum(total, rest) for name, rest in rests.items() if rest.any()}


def _columns(series_id: int, found: GoodSeconds) -> dict[str, Integers | Reals]:
    return {
        "series_id": np.full(len(found.at), series_id, np.int64),
        "at": found.at,
        "good": found.good_s,
        "total": found.total_s,
        "observed_s": found.total_s.astype(np.int64),
    }
