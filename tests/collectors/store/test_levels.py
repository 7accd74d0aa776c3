from __future__ import annotations

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, QUARTER_S, minutes, quarters, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store, WindowAsk
from slo.errors import InputError
from slo.facts import SeriesKey, SeriesKind, TallyRows
from slo.indicator import Ratio
from slo.spans import Span
from slo.tally import Tally

LIVE = Stream("requests")
EVER = Span(0, 4_000_000_000)
HARD = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def put(store: Store, *facts: TallyRows) -> None:
    store.ingest("shop", LIVE, Batch(facts), (), now=NOON)


def ids(reader: Reader) -> tuple[int, ...]:
    return tuple(one.id for one in reader.pick("shop", Ratio("requests")))


def naive(fact: TallyRows, span: Span) -> Tally | None:
    inside = (fact.at >= span.since) & (fact.at < span.until)
    if not inside.any():
        return None
    return Tally(
        float(fact.good[inside].sum()),
        float(fact.total[inside].sum()),
        int(fact.observed_s[inside].sum()),
    )


def scattered(key: SeriesKey, offsets: list[int]) -> TallyRows:
    at = NOON + 60 * np.array(sorted(offsets), dtype=np.int64)
    total = np.arange(len(at)) + 3.0
    return TallyRows(key, at, total - 1, total, np.full(len(at), 60), NOON)


@HARD
@given(
    offsets=st.sets(st.integers(0, 4_000), min_size=1, max_size=60),
    edges=st.lists(st.integers(-100, 4_200), min_size=2, max_size=8, unique=True),
)
def test_every_window_equals_the_plain_sum_of_its_minutes(
    store_url: str, offsets: set[int], edges: list[int]
) -> None:
    key = series(source=f"shop-{sorted(offsets)}-{edges}")
    fact = scattered(key, list(offsets))
    moments = [NOON + 60 * edge for edge in sorted(edges)]
    spans = tuple(Span(a, b) for a in moments for b in moments if a < b)

    with Store.open(store_url, now=NOON) as store:
        store.ingest(key.source, LIVE, Batch((fact,)), (), now=NOON)
        picked = store.reader.pick(key.source, Ratio("requests"))
        (answers,) = store.reader.windows([WindowAsk(tuple(one.id for one in picked), spans)])

    assert answers == [naive(fact, span) for span in spans]


@pytest.mark.parametrize("level_s", [60, QUARTER_S, HOUR_S, DAY_S])
def test_every_level_holds_the_sums_of_the_minutes_below_it(store: Store, level_s: int) -> None:
    fact = scattered(series(), [0, 1, 14, 15, 59, 60, 719, 720, 721, 3_000])
    put(store, fact)

    rows = store.reader.tally_rows(ids(store.reader), level_s, EVER)

    bins = fact.at - fact.at % level_s
    expected = {int(at): float(fact.total[bins == at].sum()) for at in bins}
    assert dict(zip(rows.at.tolist(), rows.total.tolist(), strict=True)) == expected
    assert rows.good.sum() == fact.good.sum()


def test_a_window_without_rows_is_not_measured_and_one_without_events_has_no_traffic(
    store: Store,
) -> None:
    put(store, minutes([0, 0], [0, 0]))
    spans = (Span(NOON, NOON + 120), Span(NOON + 120, NOON + 240))

    (answers,) = store.reader.windows([WindowAsk(ids(store.reader), spans)])

    assert answers == [Tally(0, 0, 120), None]


def test_asks_with_other_spans_and_other_members_answer_together(store: Store) -> None:
    put(store, minutes([1, 2], [2, 4]), minutes([10, 20], [20, 40], key=series("jobs")))
    one, other = (store.reader.pick("shop", Ratio(name))[0].id for name in ("requests", "jobs"))
    first, both = Span(NOON, NOON + 60), Span(NOON, NOON + 120)

    answers = store.reader.windows(
        [WindowAsk((one,), (first, both)), WindowAsk((one, other), (both,)), WindowAsk((), (both,))]
    )

    assert answers == [
        [Tally(1, 2, 60), Tally(3, 6, 120)],
        [Tally(33, 66, 240)],
        [None],
    ]


def test_a_series_of_quarter_hours_has_no_minutes_and_moves_windows_down(store: Store) -> None:
    key = series(bin_s=QUARTER_S)
    at = NOON + QUARTER_S * np.arange(4)
    put(store, TallyRows(key, at, np.full(4, 9.0), np.full(4, 10.0), np.full(4, 900), NOON))
    span = Span(NOON + 60, NOON + QUARTER_S + 60)

    (answers,) = store.reader.windows([WindowAsk(ids(store.reader), (span,))])

    assert answers == [Tally(9, 10, 900)]
    assert len(store.reader.tally_rows(ids(store.reader), 60, EVER).at) == 0


def test_a_histogram_of_any_span_holds_all_buckets_of_its_quarter_hours(store: Store) -> None:
    bins = [{(0.0, 0.5): 9.0, (0.5, float("inf")): 1.0}] * 200
    store.ingest("shop", LIVE, Batch((quarters(bins),)), (), now=NOON)
    (kept,) = store.reader.series("shop", SeriesKind.HISTOGRAM)

    for first, last in ((0, 200), (1, 199), (3, 4), (5, 105)):
        span = Span(NOON + QUARTER_S * first, NOON + QUARTER_S * last)
        found = store.reader.measured.histogram([kept.id], span)

        assert found is not None
        assert found.count.tolist() == [9.0 * (last - first), 1.0 * (last - first)]
    assert store.reader.measured.histogram([kept.id], Span(0, NOON)) is None


def test_bins_off_the_grid_are_refused_and_leave_nothing_behind(store: Store) -> None:
    good = minutes([1], [1], key=series("fine"))
    off = minutes([1], [1], since=NOON + 1)

    with pytest.raises(InputError, match="whole multiples of 60 s"):
        put(store, good, off)

    assert store.reader.series() == ()
