"""Long stretches of values and buckets: half-open, series by series, in bins that no edge cuts."""

from __future__ import annotations

import pytest
from builders import DAY_S, HOUR_S, NOON, quarters, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import SeriesKind
from slo.spans import Span

MIDNIGHT = NOON - 12 * HOUR_S


def tell(store: Store, *facts: object) -> None:
    store.ingest("shop", Stream("all"), Batch(facts), (), now=NOON)


def ids(store: Store, kind: SeriesKind) -> list[int]:
    return [one.id for one in store.reader.series("shop", kind)]


def test_values_of_all_series_come_without_what_lies_outside_of_the_span(store: Store) -> None:
    tell(store, samples([1.0, 2.0, 3.0], since=NOON))
    tell(store, samples([4.0], since=NOON + 60, key=series("a", SeriesKind.SAMPLE)))

    found = store.reader.measured.values(ids(store, SeriesKind.SAMPLE), Span(NOON + 60, NOON + 120))

    assert found.at.tolist() == [NOON + 60, NOON + 60]
    assert sorted(found.value.tolist()) == [2.0, 4.0]
    assert store.reader.measured.values([], Span(NOON, NOON + 60)).at.tolist() == []


def test_more_values_than_are_fetched_at_once_are_all_there(store: Store) -> None:
    for part in range(5):
        tell(store, samples(range(5_000), since=NOON + part * 5_000, every_s=1))

    found = store.reader.measured.values(ids(store, SeriesKind.SAMPLE), Span(NOON, NOON + 25_000))

    assert found.value.sum() == 5 * sum(range(5_000))
    assert len(found.at) == 25_000


@pytest.mark.parametrize(
    ("edge", "bins"), [(MIDNIGHT + DAY_S, 2), (NOON, 3), (NOON + 900, 4)], ids=str
)
def test_buckets_come_in_the_widest_bins_that_no_edge_cuts(
    store: Store, edge: int, bins: int
) -> None:
    tell(store, quarters([{(0.0, 1.0): 1.0}] * 2, since=NOON))
    tell(store, quarters([{(0.0, 1.0): 1.0}], since=NOON + 3 * HOUR_S))
    tell(store, quarters([{(0.0, 1.0): 1.0}], since=NOON + DAY_S))
    span = Span(MIDNIGHT, MIDNIGHT + 2 * DAY_S)

    found = store.reader.measured.buckets(ids(store, SeriesKind.HISTOGRAM), span, [edge])

    assert len(found.at) == bins
    assert found.count.sum() == 4.0
    assert found.count[found.at < edge].sum() == {2: 3.0, 3: 0.0, 4: 1.0}[bins]


def test_a_state_that_was_seen_after_a_moment_is_not_known_by_then(store: Store) -> None:
    tell(store, states("uud", since=NOON))
    probe, span = ids(store, SeriesKind.STATUS), Span(NOON, NOON + 180)

    (whole,) = store.reader.measured.status_intervals(probe, span)
    (then,) = store.reader.measured.status_intervals(probe, span, known_by=NOON + 120)
    (never,) = store.reader.measured.status_intervals(probe, span, known_by=NOON)

    assert (whole.since.tolist(), whole.until.tolist()) == ([NOON, NOON + 120], [NOON + 120] * 2)
    assert (then.since.tolist(), then.until.tolist()) == ([NOON], [NOON + 60])
    assert never.since.tolist() == []
