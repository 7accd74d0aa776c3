"""Requests reported one by one are counted where an SLO asks for them by `total` alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import MINUTE_S, NOON, minutes, samples, series

from collectors.contract import Batch, Stream
from collectors.store.store import Store, WindowAsk
from slo.errors import InputError
from slo.facts import Fact, SampleRows, SeriesKey, SeriesKind
from slo.indicator import Indicator, Ratio
from slo.spans import Span
from slo.tally import Tally

ANSWERED = Ratio('request_success{service="checkout"}')
EVER = Span(NOON - 86_400, NOON + 86_400)


def outcomes(text: str, *, since: int = NOON, every_s: int = 20, service: str = "checkout") -> Fact:
    """One request each `every_s` seconds, from a line of 1 (good) and 0."""
    key = series("request_success", SeriesKind.SAMPLE, service=service)
    return samples(map(float, text), since=since, every_s=every_s, valid_s=0, key=key)


def put(store: Store, *facts: Fact, indicators: tuple[Indicator, ...] = (ANSWERED,)) -> None:
    store.ingest("shop", Stream("requests.csv"), Batch(facts), indicators, now=NOON)


def counted(store: Store, indicator: Indicator = ANSWERED, span: Span = EVER) -> Tally | None:
    ids = tuple(one.id for one in store.reader.pick("shop", indicator))
    return store.reader.windows([WindowAsk(ids, (span,))])[0][0]


def test_good_requests_are_those_of_value_1_out_of_all_of_the_minute(store: Store) -> None:
    put(store, outcomes("110101"))

    assert counted(store) == Tally(4, 6, 120)
    assert counted(store, span=Span(NOON, NOON + MINUTE_S)) == Tally(2, 3, 60)
    (kept,) = store.reader.pick("shop", ANSWERED)
    assert kept.key == series("request_success", service="checkout")


def test_a_minute_without_requests_is_not_measured(store: Store) -> None:
    put(store, outcomes("11", every_s=10 * MINUTE_S))

    assert counted(store) == Tally(2, 2, 120)


def test_samples_that_no_ratio_asks_for_are_not_counted(store: Store) -> None:
    put(store, outcomes("110", service="search"), indicators=(ANSWERED, Ratio("all", good="fine")))

    assert store.reader.pick("shop", Ratio("request_success")) == ()


def test_every_matching_series_is_a_member_of_the_sum(store: Store) -> None:
    both = Ratio("request_success")
    put(store, outcomes("110"), outcomes("10", service="search"), indicators=(both,))

    assert counted(store, both) == Tally(3, 5, 120)


def test_a_promise_made_later_is_answered_from_all_that_is_stored(store: Store) -> None:
    put(store, outcomes("10" * 50), indicators=())
    assert counted(store) is None

    store.ensure("shop", [ANSWERED])
    before = store.reader.figures_digest()
    store.ensure("shop", [ANSWERED])

    assert counted(store) == Tally(50, 100, 34 * 60)
    assert store.reader.figures_digest() == before


def test_counts_once_asked_for_are_followed_without_being_asked_for_again(store: Store) -> None:
    put(store, outcomes("11"))
    put(store, outcomes("00", since=NOON + 600), indicators=())

    assert counted(store) == Tally(2, 4, 120)


def test_any_order_and_any_repetition_of_requests_count_the_same(store: Store) -> None:
    parts = [outcomes("1101", since=NOON + 70 * i) for i in range(3)]
    seen = set()
    for number, order in enumerate(itertools.permutations(parts)):
        key = series("request_success", SeriesKind.SAMPLE, service=f"s{number}")
        for one in (*order, order[0]):
            assert isinstance(one, SampleRows)
            put(
                store,
                SampleRows(key, one.at, one.value, one.valid_s, one.observed_at),
                indicators=(Ratio("request_success"),),
            )
        mine = Ratio(f'request_success{{service="s{number}"}}')
        rows = [counted(store, mine, Span(NOON + 60 * i, NOON + 60 * i + 60)) for i in range(5)]
        seen.add(tuple(rows))

    assert seen == {(*[Tally(2, 3, 60), Tally(3, 4, 60)], *next(iter(seen))[2:])}


def test_a_disputed_request_counts_as_bad_and_its_minute_is_in_conflict(store: Store) -> None:
    put(store, outcomes("111"))
    put(store, outcomes("0", since=NOON + 20))

    assert counted(store) == Tally(2, 3, 60, conflict_s=60)


def test_a_value_that_is_neither_0_nor_1_is_refused_and_nothing_of_it_stored(
    store: Store,
) -> None:
    key = series("request_success", SeriesKind.SAMPLE, service="checkout")

    with pytest.raises(InputError, match=r"a sample is 0\.5, but requests count as 1 where good"):
        put(store, samples([1.0, 0.5], key=key))

    assert store.reader.series("shop") == ()


def test_a_promise_on_stored_values_that_are_no_outcomes_is_refused(store: Store) -> None:
    key = series("request_success", SeriesKind.SAMPLE, service="checkout")
    put(store, samples([4.5], key=key), indicators=())

    with pytest.raises(InputError, match=r"a sample is 4\.5, but requests count as 1 where good"):
        store.ensure("shop", [ANSWERED])

    assert counted(store) is None


@pytest.mark.parametrize("counts_first", [True, False])
def test_counts_and_single_requests_of_one_name_and_time_are_refused_whichever_comes_first(
    store: Store, counts_first: bool
) -> None:
    key = series("request_success", service="checkout")
    both = [minutes([5], [5], key=key), outcomes("110")]
    first, second = both if counts_first else reversed(both)
    put(store, first)
    before = store.reader.figures_digest()

    with pytest.raises(InputError, match="counts and single requests of one name"):
        put(store, second)

    assert store.reader.figures_digest() == before


def test_requests_of_one_second_all_count_once_each_by_their_id(store: Store) -> None:
    key = SeriesKey("shop", "request_success", SeriesKind.SAMPLE, (("service", "checkout"),))
    at, none = np.full(3, NOON), np.zeros(3, np.int64)
    fact = SampleRows(key, at, np.array([1.0, 0.0, 1.0]), none, at, key=["a", "b", "c"])
    put(store, fact)
    put(store, fact)

    assert counted(store) == Tally(2, 3, 60)
