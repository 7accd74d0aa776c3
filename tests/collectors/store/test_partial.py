"""What a server tells in part, through everything that is derived from it, on both engines."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from builders import NOON, QUARTER_S, minutes, quarters, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Ingested, Store, WindowAsk
from slo.facts import Fact, HistogramRows, SeriesKind
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.spans import Span
from slo.tally import Tally

FILE = Stream("probes.csv")
PROBES = Uptime('probe{service="checkout"}')
FAST = Latency(0.5, samples="probe_latency_seconds")
SUCCESSES = Ratio("success")
BUCKETS = "latency_bucket"
FEW, MORE = {(0.0, 0.5): 3.0, (0.5, math.inf): 1.0}, {(0.0, 0.5): 8.0, (0.5, math.inf): 2.0}


def put(store: Store, *facts: Fact, indicators: tuple[Indicator, ...] = ()) -> Ingested:
    asked = indicators or (PROBES, FAST, SUCCESSES)
    return store.ingest("shop", FILE, Batch(facts), asked, now=NOON)


def window(store: Store, indicator: Indicator, since: int = 0, until: int = 3_600) -> Tally | None:
    picked = store.reader.pick("shop", indicator)
    ask = WindowAsk(tuple(one.id for one in picked), (Span(NOON + since, NOON + until),))
    return store.reader.windows([ask])[0][0]


def quarter(events: dict[tuple[float, float], float], seen: int, *, partial: bool) -> HistogramRows:
    return replace(quarters([events], observed_at=seen), partial=partial)


def events(store: Store, kind: str = BUCKETS) -> float:
    ids = [
        one.id for one in store.reader.series(None, SeriesKind.HISTOGRAM) if one.key.name == kind
    ]
    found = store.reader.measured.histogram(ids, Span(NOON, NOON + 3_600))
    return 0.0 if found is None else float(found.count.sum())


def test_uptime_that_rests_on_a_partial_answer_is_partial_to_the_second(store: Store) -> None:
    put(store, states("uuuuuuu"))
    put(store, replace(states("uduu", since=NOON + 420), partial=True))

    # From the last complete observation on something may be missing.
    assert window(store, PROBES) == Tally(540, 600, 600, partial_s=240)


def test_a_complete_observation_beats_a_later_partial_one(store: Store) -> None:
    whole = states("uuuu")

    put(store, whole)
    put(store, replace(states("dddd"), observed_at=whole.observed_at + 60, partial=True))

    assert window(store, PROBES) == Tally(180, 180, 180)


def test_a_complete_observation_takes_the_mark_away_whatever_it_says(store: Store) -> None:
    put(store, replace(states("uuuu"), partial=True))
    before = window(store, PROBES)

    done = put(store, replace(states("uuuu"), observed_at=states("uuuu").observed_at - 60))

    assert before == Tally(180, 180, 180, partial_s=180)
    assert window(store, PROBES) == Tally(180, 180, 180)
    assert done.revised == 4


def test_one_partly_measured_probe_of_several_makes_their_combination_partial(
    store: Store,
) -> None:
    there = series("probe", SeriesKind.STATUS, service="checkout", region="eu")
    put(store, states("uuuu"), replace(states("uuuu", key=there), partial=True))

    assert window(store, PROBES) == Tally(180, 180, 180, partial_s=180)


def test_minutes_of_partly_reported_samples_are_partial_and_others_are_not(store: Store) -> None:
    put(store, samples([0.1, 0.9, 0.2]))
    put(store, replace(samples([0.1, 0.9], since=NOON + 600), partial=True))

    # The third minute's sample holds for 300 s, into which one that is missing may fall.
    assert window(store, FAST, 0, 120) == Tally(1, 2, 120)
    assert window(store, FAST, 120, 420) == Tally(1, 1, 300, partial_s=300)
    assert window(store, FAST, 540, 720) == Tally(1, 2, 120, partial_s=120)


def test_buckets_of_partly_reported_samples_are_partial_until_complete_ones_come(
    store: Store,
) -> None:
    values = samples([0.1] * 4)
    put(store, replace(values, partial=True))
    before = window(store, FAST)

    put(store, replace(values, observed_at=values.observed_at - 60))

    assert before is not None
    assert before.partial_s == before.observed_s
    after = window(store, FAST)
    assert after is not None
    assert (after.total, after.partial_s) == (4, 0)


def test_requests_counted_from_a_partial_answer_are_partial(store: Store) -> None:
    key = series("success", SeriesKind.SAMPLE)

    put(store, replace(samples([1, 0, 1], key=key), partial=True))

    found = window(store, SUCCESSES)
    assert found is not None
    assert (found.good, found.total) == (2, 3)
    assert found.partial_s == found.observed_s > 0


def test_a_complete_histogram_beats_a_later_partial_one(store: Store) -> None:
    put(store, quarter(MORE, 1, partial=False))

    done = put(store, quarter(FEW, 9, partial=True))

    assert events(store) == 10
    assert (done.unchanged, done.revised, done.conflicts) == (1, 0, 0)


def test_a_partial_histogram_gives_way_to_an_earlier_complete_one(store: Store) -> None:
    put(store, quarter(FEW, 9, partial=True))

    done = put(store, quarter(MORE, 1, partial=False))

    assert events(store) == 10
    assert done.revised == 1


@pytest.mark.parametrize(("first", "then"), [((FEW, 1), (MORE, 9)), ((MORE, 9), (FEW, 1))])
@pytest.mark.parametrize("partial", [False, True])
def test_of_two_equally_complete_histograms_the_later_observed_wins_in_any_order(
    store: Store,
    first: tuple[dict[tuple[float, float], float], int],
    then: tuple[dict[tuple[float, float], float], int],
    *,
    partial: bool,
) -> None:
    for buckets, seen in (first, then):
        put(store, quarter(buckets, seen, partial=partial))

    assert events(store) == 10


def test_a_threshold_answered_from_a_partial_histogram_is_partial(store: Store) -> None:
    slow = Latency(0.5, histogram=BUCKETS)
    put(store, quarter(FEW, 1, partial=True), indicators=(slow,))

    store.ensure("shop", (slow,))

    assert window(store, slow) == Tally(3, 4, QUARTER_S, partial_s=QUARTER_S)


def test_facts_told_in_part_give_the_same_store_in_any_order(store: Store) -> None:
    whole, part = states("uuuu"), replace(states("dd", since=NOON + 60), partial=True)
    values, some = samples([0.1] * 3), replace(samples([0.9] * 6), partial=True)
    facts = [whole, part, values, some, quarter(MORE, 1, partial=False), minutes([1], [2])]
    put(store, *facts, quarter(FEW, 9, partial=True))
    digest = store.reader.figures_digest()
    put(store, quarter(FEW, 9, partial=True), *reversed(facts))

    assert store.reader.figures_digest() == digest
