"""A Prometheus that says two things about one moment: the worse is kept, and both are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from components.hostile import Hostile, matrix, reply
from prometheus_source import HOUR, NOW, SINCE, collector

from collectors.contract import Counts
from collectors.store.store import Store, WindowAsk
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.tally import Tally

Samples = list[list[object]]
TOTAL, ERRORS = {"__name__": "x_total"}, {"__name__": "x_total", "code": "500"}
RATIO = Ratio("x_total", bad='x_total{code="500"}')


def told(
    store: Store, indicator: Indicator, *series: tuple[dict[str, str], Samples]
) -> tuple[Tally, Counts]:
    """What the store makes of an answer of these series, and what was counted."""
    counts = Counts()
    with Hostile(reply(matrix(*series))) as server:
        source = collector(server.url, indicator, max_raw_series=10**9)
        for batch in source.collect(source.streams[0], HOUR, NOW):
            store.ingest("hostile", source.streams[0], batch, (indicator,), now=NOW)
            counts += batch.counts
    ids = tuple(one.id for one in store.reader.pick("hostile", indicator))
    found = store.reader.windows([WindowAsk(ids, (HOUR,))])[0][0]
    assert found is not None
    return found, counts


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW)


def each_minute(*said: str, count: int = 50) -> Samples:
    """All of it said about each minute."""
    return [[SINCE + 60 * i, value] for i in range(count) for value in said]


def counting(rate: int, **at: str) -> Samples:
    """A counter from a minute before the hour on; `at_3` says what else of its third minute."""
    samples: Samples = [[SINCE + 60 * i, str(1_000 + rate * i)] for i in range(-5, 11)]
    return samples + [[SINCE + 60 * int(key[3:]), value] for key, value in at.items()]


@pytest.mark.parametrize("said", [("0.1", "9.0"), ("9.0", "0.1"), ("0.1", "9.0", "0.1")])
def test_a_moment_both_fast_and_slow_counts_as_slow_and_in_conflict(
    store: Store, said: tuple[str, ...]
) -> None:
    series = {"__name__": "took"}, each_minute(*said)

    found, counts = told(store, Latency(0.5, samples="took"), series)

    assert (found.good, found.total, found.conflict_s) == (0, 50, 3_000)
    assert counts.duplicates == 50 * (len(said) - 2)
    conflict = store.reader.conflicts()[0]
    assert [value["value"] for value in conflict.values] == [0.1, 9.0]


@pytest.mark.parametrize("said", [("0", "1"), ("1", "0")])
def test_a_moment_both_up_and_down_is_down_and_in_conflict(
    store: Store, said: tuple[str, ...]
) -> None:
    found, _ = told(store, Uptime("up"), ({"__name__": "up"}, each_minute(*said)))

    assert (found.good, found.total, found.conflict_s) == (0, 2_940, 2_940)
    assert {value["state"] for value in store.reader.conflicts()[0].values} == {"up", "down"}


def test_the_same_said_twice_is_a_duplicate_and_no_conflict(store: Store) -> None:
    found, counts = told(store, Uptime("up"), ({"__name__": "up"}, each_minute("1", "1")))

    assert found == Tally(2_940, 2_940, 2_940)
    assert counts.duplicates == 50
    assert store.reader.conflicts() == ()


def test_two_counts_at_one_moment_keep_the_larger_total_of_equal_good_and_are_in_conflict(
    store: Store,
) -> None:
    # 10 errors of 100 requests a minute; of the third minute's end a second count says 5 more,
    # which would then be 5 fewer in the fourth.
    errors = ERRORS, counting(10, at_3="1035")

    found, counts = told(store, RATIO, (TOTAL, counting(90)), errors)

    assert (found.good, found.total, found.conflict_s) == (900, 8 * 100 + 105 + 100, 120)
    assert counts.duplicates == 0
    shown = [{value["total"] for value in one.values} for one in store.reader.conflicts()]
    assert shown == [{100, 105}, {95, 100}]


def test_two_counts_of_one_bucket_keep_the_smaller_good_and_are_in_conflict(
    store: Store,
) -> None:
    fast = {"__name__": "h_bucket", "le": "0.5"}, counting(60, at_3="1178")
    every = {"__name__": "h_bucket", "le": "+Inf"}, counting(100)

    found, _ = told(store, Latency(0.5, histogram="h_bucket"), fast, every)

    assert (found.total, found.good, found.conflict_s) == (1_000, 8 * 60 + 58 + 60, 120)


def test_asking_again_leaves_the_contradiction_as_it_was(store: Store) -> None:
    answer = {"__name__": "up"}, each_minute("0", "1")
    before, _ = told(store, Uptime("up"), answer)
    digest = store.reader.figures_digest()

    after, _ = told(store, Uptime("up"), answer)

    assert after == before
    assert store.reader.figures_digest() == digest
