"""A threshold that is configured later: what its tally claims to have observed, on both engines."""

from __future__ import annotations

import math
from dataclasses import replace

from builders import NOON, QUARTER_S, minutes, quarters, series

from collectors.contract import Batch, Stream
from collectors.store.store import Store, WindowAsk
from slo.facts import Fact, HistogramRows, SeriesKind, TallyRows
from slo.indicator import Latency
from slo.spans import Span
from slo.tally import Tally

EARLIER, LATER = Latency(0.25, histogram="h_bucket"), Latency(0.5, histogram="h_bucket")
BETWEEN = Latency(0.375, histogram="h_bucket")
LIVE = Stream("latency h_bucket")


def buckets(*counts: float, since: int = NOON) -> HistogramRows:
    """Quarter hours of so many events each, one in ten of them slower than half a second."""
    bins = [{(0.25, 0.5): 0.9 * count, (0.5, math.inf): 0.1 * count} for count in counts]
    return quarters(bins, since=since, key=series("h_bucket", SeriesKind.HISTOGRAM))


def sibling(total: list[float], since: int, rule: str = "<=0.25") -> TallyRows:
    """Minutes of another threshold, none of their events under it."""
    return minutes([0] * len(total), total, since=since, key=series("h_bucket", rule=rule))


def per_quarter(store: Store, latency: Latency, count: int = 4) -> list[Tally | None]:
    ids = tuple(one.id for one in store.reader.pick("shop", latency))
    begins = [NOON + QUARTER_S * place for place in range(count)]
    spans = tuple(Span(begin, begin + QUARTER_S) for begin in begins)
    return store.reader.windows([WindowAsk(ids, spans)])[0]


def asked_later(store: Store, *facts: Fact, latency: Latency = LATER) -> list[Tally | None]:
    """The quarter hours of a threshold that was configured once the facts had been stored."""
    store.ingest("shop", LIVE, Batch(facts), (EARLIER,), now=NOON)
    store.ensure("shop", [latency])
    return per_quarter(store, latency)


def test_a_later_threshold_was_observed_for_as_long_as_the_earlier_one(store: Store) -> None:
    found = asked_later(store, buckets(50), sibling([10] * 5, NOON))

    assert found == [Tally(45, 50, 300), None, None, None]


def test_a_quarter_hour_without_traffic_is_nothing_out_of_nothing_as_long_as_it_was_observed(
    store: Store,
) -> None:
    idle = sibling([0] * 25, NOON + 2 * QUARTER_S)
    later = sibling([0] * 5, NOON + 4 * QUARTER_S)

    found = asked_later(store, buckets(50), sibling([10] * 5, NOON), idle, later)

    assert found == [Tally(45, 50, 300), None, Tally(0, 0, 900), Tally(0, 0, 600)]


def test_a_quarter_hour_that_has_not_ended_is_left_to_its_minutes(store: Store) -> None:
    begun = sibling([0] * 5, NOON + QUARTER_S)

    found = asked_later(store, buckets(150), sibling([10] * 15, NOON), begun)

    assert found == [Tally(135, 150, 900), None, None, None]


def test_counts_without_buckets_are_not_taken_for_an_idle_quarter_hour(store: Store) -> None:
    found = asked_later(store, buckets(150), sibling([10] * 30, NOON))

    assert found == [Tally(135, 150, 900), None, None, None]


def test_of_several_earlier_thresholds_the_one_that_saw_most_tells_how_long(store: Store) -> None:
    found = asked_later(
        store, buckets(50), sibling([10] * 5, NOON), sibling([10] * 9, NOON, rule="<=0.125")
    )

    assert found[0] == Tally(45, 50, 540)


def test_an_idle_quarter_hour_is_exact_where_the_others_are_estimated(store: Store) -> None:
    facts = buckets(50), sibling([10] * 5 + [0] * 25, NOON)

    found = asked_later(store, *facts, latency=BETWEEN)

    assert found[:2] == [Tally(22.5, 50, 900, estimated_s=900), Tally(0, 0, 900)]


def test_an_idle_quarter_hour_that_was_told_in_part_stays_partial(store: Store) -> None:
    idle = replace(sibling([0] * 15, NOON + QUARTER_S), partial=True)

    found = asked_later(store, buckets(50), sibling([10] * 5, NOON), idle)

    assert found[:2] == [Tally(45, 50, 300), Tally(0, 0, 900, partial_s=900)]


def test_another_histogram_tells_nothing_of_this_one(store: Store) -> None:
    other = minutes([0] * 30, [0] * 30, key=series("other_bucket", rule="<=0.25"))

    assert asked_later(store, buckets(50), other)[:2] == [Tally(45, 50, 900), None]
