"""Percentiles: of all values of a period, exact by rank, by whole local days, in bounded memory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from builders import DAY_S, series
from delivery_builders import at, span
from measure_builders import BERLIN, UTC, asked, decimal, measured, told, values

from collectors.store.columns import BucketColumns, ValueColumns
from collectors.store.store import Store
from dashboard.measures import registry, spreads
from dashboard.measures.days import days_of
from dashboard.measures.spreads import of_buckets, of_values
from slo.evidence.quantiles import compared_quantiles, pooled_quantile, share_at_most
from slo.facts import HistogramRows, SeriesKind
from slo.spans import Span

BEFORE, AFTER = span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-04")


def daily(of: Span, per_day: list[float]) -> list[tuple[int, float]]:
    """The same values on each day, a minute apart."""
    days = range(of.since, of.until, DAY_S)
    return [(day + 60 * place, value) for day in days for place, value in enumerate(per_day)]


def test_a_percentile_is_a_value_that_was_measured(store: Store) -> None:
    slow = [place / 100 for place in range(1, 21)]
    told(store, [values([*daily(BEFORE, slow), *daily(AFTER, [one / 2 for one in slow])])])

    found = measured(
        "latency_quantile", asked(store, BEFORE, AFTER), samples="seconds", goal="< 100ms"
    )

    compared = found.comparison
    assert (compared.before.estimate, compared.after.estimate) == (0.19, 0.095)
    assert compared.change == pytest.approx(0.5)
    assert (compared.before.n, compared.before.coverage, found.counted) == (31, 1, "days")
    # Four weeks of one value and four of another: 2 of 70 divisions, and no range that is known.
    assert compared.p_value == pytest.approx(2 / 70)
    assert (compared.after.interval, found.goal_is_certain) == (None, None)
    assert found.under_goal is not None
    assert (found.under_goal.estimate, found.under_goal.interval) == (1, None)
    assert found.remarks == (
        "all weeks before and after gave the same value, so its range is not known",
    )
    assert {value for _, value in found.days} == {0.19, 0.095}
    assert (found.weeks_before, found.weeks_after) == ((0.19,) * 4, (0.095,) * 4)
    steps = dict(found.steps)
    assert steps["at or under 100 ms after"].startswith("100 % (the same in all weeks")
    assert dict(found.steps)["values before"] == "620 on 31 of 31 local days"


def test_the_goal_is_certain_only_if_enough_requests_surely_are_under_it(store: Store) -> None:
    good, bad = [0.1] * 20, [0.1] * 18 + [0.9] * 2
    days = [bad if day % 4 == 0 else good for day in range(31)]
    pairs = [
        (AFTER.since + day * DAY_S + 60 * place, value)
        for day, each in enumerate(days)
        for place, value in enumerate(each)
    ]
    told(store, [values([*daily(BEFORE, good), *pairs])])

    found = measured(
        "latency_quantile", asked(store, BEFORE, AFTER), samples="seconds", goal="< 500ms"
    )

    # 16 of 620 are slow: 97.4 % under half a second, but a week may hold more.
    assert found.comparison.after.estimate == 0.1
    steps = dict(found.steps)["at or under 500 ms after"]
    assert steps.startswith("97.4194 %")
    assert found.goal_is_certain is (float(steps.split("(")[1].split(" ")[0]) >= 95)


def test_fewer_than_two_weeks_of_days_are_refused_and_what_would_be_enough_is_said(
    store: Store,
) -> None:
    week = Span(BEFORE.since, BEFORE.since + 13 * DAY_S)
    told(store, [values([*daily(week, [0.5]), *daily(AFTER, [0.1])])])

    compared = measured(
        "latency_quantile", asked(store, BEFORE, AFTER), samples="seconds"
    ).comparison

    assert (compared.before.n, compared.before.coverage) == (13, pytest.approx(13 / 31))
    assert compared.best_p == 1.0
    assert "14 days" in compared.enough


def test_all_series_that_match_are_one_and_others_are_not(store: Store) -> None:
    told(
        store,
        [values(daily(BEFORE, [0.1]), service="a"), values(daily(BEFORE, [0.3]), service="b")],
    )
    told(store, [values(daily(BEFORE, [9.0]), "other")])
    look = asked(store, BEFORE, AFTER)

    def median(selector: str) -> float | None:
        found = measured("latency_quantile", look, samples=selector, quantile=50)
        return found.comparison.before.estimate

    assert median("seconds") == 0.1
    assert median('seconds{service="b"}') == 0.3
    assert median('seconds{service=~"a|b"}') == 0.1
    assert median('seconds{service="c"}') is None


def test_any_percentile_may_be_asked_for(store: Store) -> None:
    told(store, [values(daily(BEFORE, [place / 1000 for place in range(1, 1_001)])[:4_000])])

    found = measured(
        "latency_quantile",
        asked(store, BEFORE, AFTER),
        samples="seconds",
        quantile=decimal("99.9"),
    )

    assert found.comparison.before.estimate == 0.999
    assert "p99.9 of all values" in dict(found.steps)["formula"]


def test_a_day_is_a_local_day_also_when_clocks_change(store: Store) -> None:
    hours = range(at("2026-03-28T00:00"), at("2026-03-31T00:00"), 3_600)
    told(store, [values([(hour, 1.0) for hour in hours])])
    look = asked(
        store,
        span("2026-03-28T23:00", "2026-03-29T22:00"),
        span("2026-03-29T22:00", "2026-03-30T22:00"),
    )

    found = measured("latency_quantile", replace(look, zone=BERLIN), samples="seconds")

    assert [begin for begin, _ in found.days] == [look.before.since, look.after.since]
    assert dict(found.steps)["values before"] == "23 on 1 of 1 local days"


def test_a_series_that_ran_beside_another_is_compared_with_it_on_the_same_days(
    store: Store,
) -> None:
    told(
        store, [values(daily(BEFORE, [0.4]), side="old"), values(daily(BEFORE, [0.1]), side="new")]
    )
    old = registry.load("latency_quantile").options.model_validate(
        {"samples": 'seconds{side="old"}'}
    )

    found = measured(
        "latency_quantile",
        replace(asked(store, BEFORE, BEFORE), old=old),
        samples='seconds{side="new"}',
    )

    assert (found.comparison.before.estimate, found.comparison.after.estimate) == (0.4, 0.1)
    assert ({v for _, v in found.days_old}, {v for _, v in found.days}) == ({0.4}, {0.1})


def buckets(of: Span, count: dict[tuple[float, float], float], at_hour: int = 12) -> HistogramRows:
    """The same buckets once a day."""
    days = np.arange(of.since + at_hour * 3_600, of.until, DAY_S)
    gt, le = (np.tile(np.array([pair[end] for pair in count]), len(days)) for end in (0, 1))
    key = series("seconds_bucket", SeriesKind.HISTOGRAM, bin_s=900)
    counts = np.tile(np.array([*count.values()]), len(days))
    return HistogramRows(key, np.repeat(days, len(count)), gt, le, counts, of.until)


def test_buckets_tell_a_percentile_that_is_linear_inside_of_one(store: Store) -> None:
    slow = {(0.0, 0.2): 90.0, (0.2, 0.4): 10.0}
    fast = {(0.0, 0.1): 90.0, (0.1, 0.2): 10.0, (0.2, math.inf): 0.0}
    told(store, [buckets(BEFORE, slow), buckets(AFTER, fast)])

    found = measured(
        "latency_quantile", asked(store, BEFORE, AFTER), histogram="seconds_bucket", goal="< 200ms"
    )

    assert found.comparison.before.estimate == pytest.approx(0.3)
    assert found.comparison.after.estimate == pytest.approx(0.15)
    # All weeks were the same: 100 % at or under 200 ms, and nobody knows how far that may move.
    assert (found.comparison.before.n, found.goal_is_certain) == (31, None)
    assert found.days[0] == (BEFORE.since, pytest.approx(0.3))
    assert dict(found.steps)["values after"] == "3,100 on 31 of 31 local days"


def test_buckets_of_a_local_day_are_those_of_its_own_quarter_hours(store: Store) -> None:
    told(store, [buckets(Span(BEFORE.since, BEFORE.since + DAY_S), {(0.0, 1.0): 4.0}, at_hour=23)])
    look = asked(
        store,
        span("2025-12-31T23:00", "2026-01-01T23:00"),
        span("2026-01-01T23:00", "2026-01-02T23:00"),
    )

    found = measured("latency_quantile", replace(look, zone=BERLIN), histogram="seconds_bucket")

    assert [value is None for _, value in found.days] == [True, False]


def test_edges_that_changed_are_compared_where_they_agree_and_the_reader_is_told(
    store: Store,
) -> None:
    told(store, [buckets(BEFORE, {(0.0, 0.2): 50.0, (0.2, 1.0): 50.0})])
    told(store, [buckets(AFTER, {(0.0, 0.2): 50.0, (0.2, 1.0): 50.0})])
    told(store, [buckets(AFTER, {(0.0, 0.3): 10.0, (0.3, 1.0): 90.0}, at_hour=13)])

    found = measured(
        "latency_quantile", asked(store, BEFORE, AFTER), histogram="seconds_bucket", quantile=50
    )

    assert found.comparison.after.estimate == pytest.approx(0.5)
    assert "the edges of the buckets changed" in found.remarks[-1]


@pytest.mark.parametrize("limit", [None, 0.3, 2.0, 1e-9, 1e9])
@pytest.mark.parametrize("q", [0.5, 0.95, 0.999])
def test_taking_far_values_together_moves_neither_percentile_nor_share(
    monkeypatch: pytest.MonkeyPatch, q: float, limit: float | None
) -> None:
    chance = np.random.default_rng(5)
    days = days_of(Span(0, 30 * DAY_S), UTC)
    moments = np.sort(chance.integers(0, 30 * DAY_S, 20_000))
    columns = ValueColumns(moments, chance.lognormal(-1, 1, 20_000))

    whole = of_values(columns, days, q, limit)
    monkeypatch.setattr(spreads, "_MOST_CELLS", 30 * 1_024)
    less = of_values(columns, days, q, limit)

    assert less.spreads.counts.shape[1] <= 1_100 < whole.spreads.counts.shape[1]
    assert pooled_quantile(less.spreads, q) == pooled_quantile(whole.spreads, q)
    assert less.daily == whole.daily
    if limit is not None:
        shares = [share_at_most(each.spreads, limit).estimate for each in (less, whole)]
        assert shares[0] == shares[1]
    ranges = [compared_quantiles(each.spreads, each.spreads, q=q) for each in (less, whole)]
    assert ranges[0].before.interval is not None
    assert ranges[1].before.interval is not None
    assert ranges[0].before.interval.low == pytest.approx(ranges[1].before.interval.low, rel=0.02)


def test_nothing_measured_is_no_spread_at_all() -> None:
    days = days_of(Span(0, 2 * DAY_S), UTC)
    none = np.empty(0)

    raw = of_values(ValueColumns(none.astype(np.int64), none), days, 0.95, 0.5)
    held = of_buckets(BucketColumns(none.astype(np.int64), none, none, none), days, 0.95)

    for each in (raw, held):
        assert (each.daily, each.weekly, each.count) == ((None, None), (), 0)
        assert pooled_quantile(each.spreads, 0.95) is None
