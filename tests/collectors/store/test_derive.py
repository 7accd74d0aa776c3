from __future__ import annotations

import math

import numpy as np
import pytest
from builders import NOON, QUARTER_S, minutes, quarters, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store, StoredSeries, WindowAsk
from slo.errors import InputError
from slo.facts import Fact, SampleRows, SeriesKind, StatusRows
from slo.indicator import Combine, Indicator, Latency, Uptime
from slo.spans import Span
from slo.tally import Tally

FILE = Stream("probes.csv")
PROBES = Uptime('probe{service="checkout"}')
FAST = Latency(0.5, samples="probe_latency_seconds")
BUCKETS = "latency_bucket"


def put(store: Store, *facts: Fact, indicators: tuple[Indicator, ...] = (PROBES, FAST)) -> None:
    store.ingest("shop", FILE, Batch(facts), indicators, now=NOON)


def window(store: Store, indicator: Indicator, since: int, until: int) -> Tally | None:
    picked = store.reader.pick("shop", indicator)
    ask = WindowAsk(tuple(one.id for one in picked), (Span(NOON + since, NOON + until),))
    return store.reader.windows([ask])[0][0]


def only(store: Store, indicator: Indicator) -> StoredSeries:
    (found,) = store.reader.pick("shop", indicator)
    return found


def test_a_state_holds_until_the_next_observation_and_counts_its_seconds(store: Store) -> None:
    put(store, states("uudduu"))

    assert window(store, PROBES, 0, 3_600) == Tally(180, 300, 300)
    assert only(store, PROBES).until == NOON + 300


def test_a_hole_longer_than_the_validity_is_unknown_neither_up_nor_down(store: Store) -> None:
    put(store, states("u" + " " * 59 + "u", valid_s=300))

    assert window(store, PROBES, 0, 3_600) == Tally(300, 300, 300)


def test_an_observation_between_two_others_changes_only_what_it_bears_on(store: Store) -> None:
    put(store, states("u    u    u"))
    before = window(store, PROBES, 0, 3_600)

    put(store, states("d", since=NOON + 120))

    assert before == Tally(600, 600, 600)
    assert window(store, PROBES, 0, 3_600) == Tally(420, 600, 600)


def test_live_ticks_give_the_same_figures_as_one_import(store: Store) -> None:
    history = "uuduuuuu  uddu" * 5
    for minute, seen in enumerate(history):
        if seen != " ":
            put(store, states(seen, since=NOON + 60 * minute))
    live = [
        store.reader.tally_rows((only(store, PROBES).id,), s, Span(0, 2**40)) for s in (60, 900)
    ]
    ticks = [(rows.at.tolist(), rows.good.tolist(), rows.total.tolist()) for rows in live]

    whole = series("probe", SeriesKind.STATUS, service="whole")
    other = Uptime('probe{service="whole"}')
    put(store, states(history, key=whole), indicators=(other,))

    for level_s, seen in zip((60, 900), ticks, strict=True):
        rows = store.reader.tally_rows((only(store, other).id,), level_s, Span(0, 2**40))
        assert (rows.at.tolist(), rows.good.tolist(), rows.total.tolist()) == seen


@pytest.mark.parametrize(
    ("rule", "up_s"), [(Combine.ANY, 300), (Combine.MAJORITY, 180), (Combine.ALL, 60)]
)
def test_several_probes_combine_by_the_named_rule(store: Store, rule: Combine, up_s: int) -> None:
    together = Uptime('probe{service="checkout"}', combine=rule)
    seen = {"berlin": "uuduuu", "oslo": "uududu", "rome": "ududdu"}
    for region, text in seen.items():
        key = series("probe", SeriesKind.STATUS, region=region, service="checkout")
        put(store, states(text, key=key), indicators=(together,))

    assert window(store, together, 0, 3_600) == Tally(up_s, 300, 300)


def test_samples_count_under_each_threshold_and_hold_for_their_validity(store: Store) -> None:
    put(store, samples([0.1, 0.5, 0.6], every_s=120))

    assert window(store, FAST, 0, 3_600) == Tally(2, 3, 300)


def test_several_samples_of_one_second_all_count(store: Store) -> None:
    at = np.array([NOON, NOON, NOON + 60])
    value, valid_s = np.array([0.1, 0.9, 0.1]), np.zeros(3, np.int64)
    key = series("probe_latency_seconds", SeriesKind.SAMPLE)
    put(store, SampleRows(key, at, value, valid_s, at, key=["a", "b", "c"]))

    assert window(store, FAST, 0, 3_600) == Tally(2, 3, 120)


def test_a_threshold_added_later_is_counted_over_all_that_is_stored(store: Store) -> None:
    put(store, samples([0.1, 0.3, 0.6] * 40))
    slower = Latency(0.25, samples="probe_latency_seconds")
    assert store.reader.pick("shop", slower) == ()

    store.ensure("shop", [slower, FAST])

    assert window(store, slower, 0, 86_400) == Tally(40, 120, 7_200)
    assert window(store, FAST, 0, 86_400) == Tally(80, 120, 7_200)


def test_the_order_of_configuring_and_collecting_does_not_matter(store: Store) -> None:
    put(store, samples([0.1, 0.3, 0.6] * 40), states("uud" * 40), indicators=())
    store.ensure("shop", [FAST, PROBES])
    late = store.reader.figures_digest()
    store.ensure("shop", [FAST, PROBES])
    assert store.reader.figures_digest() == late

    put(store, samples([0.1, 0.3, 0.6] * 40), states("uud" * 40))

    assert store.reader.figures_digest() == late


def test_raw_latencies_become_buckets_whose_quantiles_are_within_one_percent(
    store: Store,
) -> None:
    values = np.random.default_rng(7).lognormal(-1.5, 0.6, 2_000)
    put(store, samples(values))
    (buckets,) = store.reader.series("shop", SeriesKind.HISTOGRAM)

    found = store.reader.measured.histogram([buckets.id], Span(NOON, NOON + 200_000))

    assert found is not None
    for q in (0.5, 0.95, 0.99):
        estimate = found.quantile(q)
        assert estimate is not None
        assert math.isclose(estimate.estimate, float(np.quantile(values, q)), rel_tol=0.01)


def test_a_threshold_on_an_edge_of_stored_buckets_is_exact(store: Store) -> None:
    bins = [{(0.0, 0.25): 7.0, (0.25, 0.5): 2.0, (0.5, math.inf): 1.0}] * 8
    put(store, quarters(bins), indicators=())
    on_edge = Latency(0.5, histogram=BUCKETS)

    store.ensure("shop", [on_edge])

    assert window(store, on_edge, 0, 7_200) == Tally(72, 80, 7_200)


def test_a_threshold_between_edges_is_estimated_with_both_bounds(store: Store) -> None:
    bins = [{(0.0, 0.25): 7.0, (0.25, 0.5): 2.0, (0.5, math.inf): 1.0}] * 8
    put(store, quarters(bins), indicators=())
    between = Latency(0.375, histogram=BUCKETS)

    store.ensure("shop", [between])

    assert window(store, between, 0, 7_200) == Tally(64, 80, 7_200, estimated_s=7_200)
    rules = {one.key.rule for one in store.reader.series("shop", SeriesKind.TALLY)}
    assert rules == {"<=0.375", "<=0.375|low", "<=0.375|high"}


def test_minutes_that_come_later_take_the_place_of_what_buckets_told(store: Store) -> None:
    put(store, quarters([{(0.0, 0.5): 9.0, (0.5, math.inf): 1.0}] * 4), indicators=())
    on_edge = Latency(0.5, histogram=BUCKETS)
    store.ensure("shop", [on_edge])
    key = only(store, on_edge).key
    put(store, minutes([1] * 15, [2] * 15, since=NOON + QUARTER_S, key=key))

    assert window(store, on_edge, 0, 3_600) == Tally(3 * 9 + 15, 3 * 10 + 30, 3_600)


def test_seconds_that_rest_on_a_disputed_observation_are_in_conflict_until_it_is_settled(
    store: Store,
) -> None:
    put(store, states("uuuu"))
    put(store, states("d", since=NOON + 60))
    disputed = window(store, PROBES, 0, 3_600)

    again = states("u", since=NOON + 60)
    put(store, StatusRows(again.series, again.at, again.state, again.valid_s, again.at + 1))

    assert disputed == Tally(120, 180, 180, conflict_s=60)
    assert window(store, PROBES, 0, 3_600) == Tally(180, 180, 180)


def test_a_minute_with_a_disputed_sample_is_in_conflict_and_keeps_the_slower_one(
    store: Store,
) -> None:
    put(store, samples([0.1, 0.1, 0.1]))
    put(store, samples([0.9], since=NOON + 60))

    assert window(store, FAST, 0, 180) == Tally(2, 3, 180, conflict_s=60)


def test_text_that_is_no_text_is_refused_in_a_sentence(store: Store) -> None:
    key = series("probe", SeriesKind.STATUS, service="half \ud800 pair")

    with pytest.raises(InputError, match="a name, label or field cannot be stored"):
        put(store, states("u", key=key))
