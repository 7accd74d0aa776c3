"""Seconds in which gauges keep to a bound, or are as good as a ratio says."""

from __future__ import annotations

import numpy as np
import pytest
from builders import NOON, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.store import Store, WindowAsk
from slo.facts import SampleRows, SeriesKind
from slo.indicator import Gauge, Indicator, Op, RawRatio
from slo.spans import Span
from slo.tally import Tally

FILE = Stream("gauges.csv")
DEPTH = Gauge("depth", Op.LT, 100.0)
SHARE = RawRatio("share")


def values(  # noqa: PLR0913 - a builder: every argument has a default
    said: list[float],
    *,
    name: str = "depth",
    since: int = NOON,
    every_s: int = 60,
    valid_s: int = 300,
    observed_at: int = NOON,
    partial: bool = False,
    **labels: str,
) -> SampleRows:
    at = since + every_s * np.arange(len(said), dtype=np.int64)
    held, seen = np.full(len(said), valid_s), np.full(len(said), observed_at)
    key = series(name, SeriesKind.SAMPLE, bin_s=900 if valid_s > 900 else 60, **labels)
    return SampleRows(key, at, np.array(said), held, seen, partial=partial)


def put(store: Store, *facts: SampleRows, indicators: tuple[Indicator, ...] = (DEPTH,)) -> None:
    store.ingest("shop", FILE, Batch(facts), indicators, now=NOON)


def window(store: Store, indicator: Indicator, length_s: int = 3_600) -> Tally | None:
    picked = store.reader.pick("shop", indicator)
    ask = WindowAsk(tuple(one.id for one in picked), (Span(NOON, NOON + length_s),))
    return store.reader.windows([ask])[0][0]


@pytest.mark.parametrize(("op", "good_s"), [(Op.LT, 60), (Op.LTE, 120), (Op.GT, 60), (Op.GTE, 120)])
def test_a_value_that_keeps_to_the_bound_is_good_until_the_next(
    store: Store, op: Op, good_s: int
) -> None:
    gauge = Gauge("depth", op, 100.0)

    put(store, values([99, 100, 101, 0]), indicators=(gauge,))

    assert window(store, gauge) == Tally(good_s, 180, 180)


def test_a_value_holds_as_long_as_its_source_says_unless_the_promise_does(store: Store) -> None:
    longer, shorter = (Gauge("depth", Op.LT, 100.0, valid_s) for valid_s in (1_800, 120))

    put(store, values([1, 1], every_s=1_200), indicators=(DEPTH, longer, shorter))

    assert window(store, DEPTH) == Tally(300, 300, 300)
    assert window(store, longer) == Tally(1_200, 1_200, 1_200)
    assert window(store, shorter) == Tally(120, 120, 120)


def test_each_series_is_weighed_for_itself_and_their_seconds_add_up(store: Store) -> None:
    put(store, values([1, 1], queue="mail"), values([500, 500], queue="print"))

    assert window(store, DEPTH) == Tally(60, 120, 120)
    assert window(store, Gauge('depth{queue="mail"}', Op.LT, 100.0)) == Tally(60, 60, 60)


def test_a_ratio_weighs_its_seconds_and_what_is_none_is_unknown(store: Store) -> None:
    said = [0.5, 1.0, 1.5, -0.25, 0.25, 0.0]

    put(store, values(said, name="share"), indicators=(SHARE, RawRatio("share", is_failure=True)))

    assert window(store, SHARE) == Tally(30 + 60 + 15, 180, 180)
    assert window(store, RawRatio("share", is_failure=True)) == Tally(30 + 0 + 45, 180, 180)


def test_a_rule_asked_for_later_weighs_all_that_is_stored_and_is_followed_for_ever(
    store: Store,
) -> None:
    put(store, values([1, 500, 1]), indicators=())
    assert store.reader.pick("shop", DEPTH) == ()

    store.ensure("shop", [DEPTH])
    assert window(store, DEPTH) == Tally(60, 120, 120)

    put(store, values([1, 1], since=NOON + 120), indicators=())
    assert window(store, DEPTH) == Tally(120, 180, 180)


def test_a_value_between_two_others_changes_only_what_it_bears_on(store: Store) -> None:
    put(store, values([1, 1], every_s=120))
    put(store, values([500], since=NOON + 60))

    assert window(store, DEPTH) == Tally(60, 120, 120)


def test_of_several_values_at_once_and_of_claims_that_disagree_the_worst_counts(
    store: Store,
) -> None:
    above = Gauge("depth", Op.GT, 10.0)
    put(store, values([5, 50]), indicators=(DEPTH, above))

    put(store, values([50]), indicators=(DEPTH, above))

    assert window(store, above) == Tally(0, 60, 60, conflict_s=60)
    assert window(store, DEPTH) == Tally(60, 60, 60, conflict_s=60)


def test_of_several_values_of_one_second_the_worst_counts(store: Store) -> None:
    above, moments = Gauge("depth", Op.GT, 10.0), NOON + 60 * np.array([0, 0, 1])
    held, keys = np.full(3, 300), ("a", "b", "a")
    key = series("depth", SeriesKind.SAMPLE)
    said = SampleRows(key, moments, np.array([50.0, 5.0, 50.0]), held, moments, keys)

    put(store, said, indicators=(DEPTH, above))

    assert window(store, above) == Tally(0, 60, 60)
    assert window(store, DEPTH) == Tally(60, 60, 60)


def test_of_a_minute_no_more_is_partly_measured_than_is_known_of_it(store: Store) -> None:
    put(
        store,
        values([0.5, 7.0, 0.5, 0.5], name="share", every_s=20, partial=True),
        indicators=(SHARE,),
    )

    assert window(store, SHARE) == Tally(20, 40, 40, partial_s=40)


def test_what_was_told_in_part_is_partly_measured_as_far_as_it_holds(store: Store) -> None:
    put(store, values([1, 1, 1]), values([1, 1], since=NOON + 600, partial=True))

    found = window(store, DEPTH)

    assert found is not None
    assert (found.good, found.total, found.observed_s) == (480, 480, 480)
    assert found.partial_s == 300 + 60


def test_values_that_hold_for_hours_have_no_minutes(store: Store) -> None:
    put(store, values([1, 500, 1], every_s=3_600, valid_s=7_200))

    (found,) = store.reader.pick("shop", DEPTH)

    assert found.key.bin_s == 900
    assert window(store, DEPTH, 7_200) == Tally(3_600, 7_200, 7_200)


def test_reported_counts_of_the_same_name_are_no_part_of_a_gauge(store: Store) -> None:
    store.ingest("shop", FILE, Batch((minutes([1], [2], key=series("depth")),)), (), now=NOON)
    put(store, values([1, 1], since=NOON + 3_000))

    assert window(store, DEPTH) == Tally(60, 60, 60)
