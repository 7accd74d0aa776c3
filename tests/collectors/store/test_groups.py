"""Probes combined by the values of their labels: whatever order they arrive in, in any store."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from builders import NOON, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import SeriesKind, StatusRows
from slo.indicator import Combine, Split, Uptime, Wanted
from slo.spans import Span

PROBE = Uptime("probe", combine=Combine.ALL)
BY_REGION = Split(PROBE, ("region",))
HOUR = Span(NOON, NOON + 3_600)

EU_1 = states("uuuddd", key=series("probe", SeriesKind.STATUS, region="eu", n="1"))
EU_2 = states("uuuuud", key=series("probe", SeriesKind.STATUS, region="eu", n="2"))
US = states("uuuuuu", key=series("probe", SeriesKind.STATUS, region="us", n="1"))


def ingest(store: Store, facts: Sequence[StatusRows], *wanted: Wanted) -> None:
    for fact in facts:
        store.ingest("shop", Stream("probes"), Batch((fact,)), wanted, now=NOON + 900)


def seconds(store: Store) -> dict[tuple[tuple[str, str], ...], tuple[float, float]]:
    """Up and known seconds of each group; nothing is known after the last of six observations."""
    found = {}
    for one in store.reader.series("shop", SeriesKind.TALLY):
        rows = store.reader.tally_rows((one.id,), 60, Span(NOON, NOON + 360))
        found[one.key.labels] = float(rows.good.sum()), float(rows.total.sum())
    return found


EXPECTED = {
    (): (180, 300),
    (("region", "eu"),): (180, 300),
    (("region", "us"),): (300, 300),
}


@pytest.mark.parametrize("order", list(itertools.permutations([EU_1, EU_2, US])))
def test_the_probes_of_a_value_are_combined_by_the_rule_in_any_order(
    store: Store, order: Sequence[StatusRows]
) -> None:
    ingest(store, order, PROBE, BY_REGION)

    assert seconds(store) == EXPECTED


def test_groups_asked_for_later_are_made_of_all_that_is_stored(store: Store) -> None:
    ingest(store, [EU_1, EU_2, US], PROBE)

    store.ensure("shop", (PROBE, BY_REGION))

    assert seconds(store) == EXPECTED


def test_a_group_once_asked_for_is_followed_whoever_asks_today(store: Store) -> None:
    ingest(store, [EU_1, US], PROBE, BY_REGION)

    ingest(store, [EU_2])

    assert seconds(store) == EXPECTED


def test_a_value_seen_for_the_first_time_makes_a_group_of_its_own(store: Store) -> None:
    ingest(store, [EU_1, EU_2], PROBE, BY_REGION)
    assert (("region", "us"),) not in seconds(store)

    ingest(store, [US], PROBE, BY_REGION)

    assert seconds(store) == EXPECTED


def test_probes_without_the_label_are_a_group_by_the_empty_value(store: Store) -> None:
    bare = states("dddddd", key=series("probe", SeriesKind.STATUS, n="3"))

    ingest(store, [US, bare], PROBE, BY_REGION)

    assert seconds(store)[("region", ""),] == (0, 300)


def test_a_breakdown_tells_probes_apart_by_each_label_on_its_own(store: Store) -> None:
    apart = Split(PROBE, ("region", "n"), is_breakdown=True)

    ingest(store, [EU_1, EU_2, US], PROBE, apart)

    assert set(seconds(store)) == {
        (),
        (("n", "1"),),
        (("n", "2"),),
        (("region", "eu"),),
        (("region", "us"),),
    }


def test_values_taken_back_end_the_groups_they_belong_to(store: Store) -> None:
    late = states(
        "uu", since=NOON + 600, key=series("probe", SeriesKind.STATUS, region="eu", n="1")
    )
    ingest(store, [EU_1, US, late], PROBE, BY_REGION)

    store.take_back("shop", since=NOON + 500, now=NOON + 900)

    ends = {one.key.labels: one.until for one in store.reader.series("shop", SeriesKind.TALLY)}
    assert ends[("region", "eu"),] == ends[("region", "us"),] == NOON + 300
