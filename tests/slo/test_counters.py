"""Laws of counter deltas: exact sums, honest gaps, births and resets from zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.counters import Counter, Increments, deltas, per_bin, resets_ms
from slo.spans import Span

LOOKBACK_S = 300


def counter(samples: dict[int, float], scraped_s: list[int] | None = None) -> Counter:
    """A counter sampled at whole seconds."""
    return Counter(
        np.array([at * 1_000 for at in samples], dtype=np.int64),
        np.array(list(samples.values()), dtype=np.float64),
        np.array([at * 1_000 for at in scraped_s or []], dtype=np.int64),
    )


def total(one: Counter) -> float:
    return float(deltas(one, LOOKBACK_S).count.sum())


def bins(*many: Counter, until: int = 600) -> Increments:
    return per_bin([deltas(one, LOOKBACK_S) for one in many], Span(0, until))


def test_a_reset_counts_the_value_after_it_and_never_a_negative() -> None:
    assert total(counter({0: 100, 60: 110, 120: 9})) == 19


def test_a_delta_belongs_to_the_minute_before_its_later_sample() -> None:
    seen = bins(counter({0: 0, 60: 5, 120: 7}), until=120)

    assert seen.at.tolist() == [0, 60]
    assert seen.count.tolist() == [5, 2]
    assert seen.observed_ms.tolist() == [60_000, 60_000]


def test_a_pair_further_apart_than_the_look_back_is_unknown() -> None:
    seen = bins(counter({0: 0, 60: 5, 361: 500, 420: 501}))

    assert seen.count.sum() == 6
    assert seen.observed_ms.sum() == (60 + 59) * 1_000


def test_a_pair_exactly_one_look_back_apart_still_counts() -> None:
    assert total(counter({0: 1, 300: 5})) == 4


def test_the_first_sample_of_an_unscraped_target_counts_nothing() -> None:
    assert total(counter({60: 7})) == 0
    assert total(counter({60: 7}, scraped_s=[60])) == 0


def test_a_series_born_at_seven_on_a_scraped_target_counts_seven() -> None:
    assert total(counter({60: 7, 120: 9}, scraped_s=[0, 60, 120])) == 9


def test_a_birth_is_observed_since_the_last_successful_scrape_before_it() -> None:
    seen = bins(counter({60: 7}, scraped_s=[15, 30, 45, 60]))

    assert seen.observed_ms.tolist()[0] == 15_000


def test_a_target_not_scraped_within_the_look_back_proves_no_birth() -> None:
    assert total(counter({400: 7}, scraped_s=[0, 400])) == 0


def test_a_series_absent_at_a_successful_scrape_was_reborn_from_zero() -> None:
    scraped = [0, 15, 30, 45]

    assert total(counter({0: 100, 15: 110, 45: 120}, scraped_s=scraped)) == 10 + 120


def test_a_series_that_was_gone_for_longer_than_a_look_back_was_reborn_whatever_came_before() -> (
    None
):
    scraped = list(range(0, 361, 15))

    assert total(counter({0: 100, 360: 7}, scraped_s=scraped)) == 7
    assert total(counter({3: 100, 360: 7}, scraped_s=scraped)) == 7


def test_failed_scrapes_between_two_samples_prove_nothing() -> None:
    assert total(counter({0: 100, 15: 110, 45: 120}, scraped_s=[0, 15, 45])) == 20


def test_samples_with_their_own_timestamps_are_never_taken_for_births() -> None:
    recorded = counter({3: 100, 33: 110, 63: 120}, scraped_s=[0, 15, 30, 45, 60])

    assert total(recorded) == 20


def test_a_known_restart_counts_from_zero_though_the_value_grew() -> None:
    grown = deltas(counter({0: 3, 60: 5}), LOOKBACK_S, np.array([60_000]))

    assert grown.count.tolist() == [5]


def test_the_moments_of_resets_are_those_of_the_smaller_samples() -> None:
    reset = counter({0: 3, 60: 1, 120: 1, 180: 0, 481: -1})

    assert resets_ms(reset, LOOKBACK_S).tolist() == [60_000, 180_000]


def test_replicas_add_up_and_their_observed_time_does_not() -> None:
    seen = bins(counter({0: 0, 60: 5}), counter({15: 0, 45: 5}), until=60)

    assert seen.count.tolist() == [10]
    assert seen.observed_ms.tolist() == [60_000]


def test_a_minute_without_events_is_observed_and_a_hole_is_not() -> None:
    seen = bins(counter({0: 5, 60: 5, 600: 5}))

    assert seen.observed_ms.tolist() == [60_000] + [0] * 9


def test_only_whole_bins_inside_the_span_are_returned() -> None:
    grown = deltas(counter({0: 0, 60: 1, 120: 2, 180: 3}), LOOKBACK_S)

    assert per_bin([grown], Span(30, 170)).at.tolist() == [60]
    assert per_bin([grown], Span(30, 80)).at.tolist() == []


def test_nothing_seen_is_no_increment_and_no_observed_time() -> None:
    seen = bins(counter({}), until=120)

    assert seen.count.tolist() == [0, 0]
    assert seen.observed_ms.tolist() == [0, 0]


steps = st.lists(
    st.tuples(st.integers(1, 200_000), st.integers(0, 1_000), st.booleans()),
    min_size=1,
    max_size=80,
)


@given(steps)
def test_deltas_sum_to_what_the_process_counted_across_any_restarts(
    walk: list[tuple[int, int, bool]],
) -> None:
    at_ms, values, truth = [0], [0.0], 0
    for gap_ms, events, restarted in walk:
        shows = restarted and events < values[-1]
        at_ms.append(at_ms[-1] + gap_ms)
        values.append(float(events) if shows else values[-1] + events)
        truth += events
    one = Counter(np.array(at_ms), np.array(values))

    assert deltas(one, LOOKBACK_S).count.sum() == truth


@given(steps, st.integers(1, 40))
def test_bins_are_the_same_however_the_span_is_cut(
    walk: list[tuple[int, int, bool]], cut_minute: int
) -> None:
    at_ms = np.cumsum([gap for gap, _, _ in walk])
    value = np.cumsum([float(events) for _, events, _ in walk])
    grown = [deltas(Counter(at_ms, value), LOOKBACK_S)]
    whole = per_bin(grown, Span(0, 7_200))
    parts = [per_bin(grown, Span(0, cut_minute * 60)), per_bin(grown, Span(cut_minute * 60, 7_200))]

    assert np.concatenate([part.count for part in parts]).tolist() == whole.count.tolist()
    assert np.concatenate([part.observed_ms for part in parts]).tolist() == (
        whole.observed_ms.tolist()
    )


@given(steps)
def test_no_bin_is_observed_longer_than_it_lasts(walk: list[tuple[int, int, bool]]) -> None:
    at_ms = np.cumsum([gap for gap, _, _ in walk])
    grown = deltas(Counter(at_ms, np.ones(len(at_ms))), LOOKBACK_S)
    seen = per_bin([grown, grown], Span(0, 7_200))

    assert seen.observed_ms.min() >= 0
    assert seen.observed_ms.max() <= 60_000


@given(
    every_s=st.sampled_from([5, 15, 30, 45, 60]),
    offset_s=st.integers(0, 59),
    missed=st.sets(st.integers(0, 60), max_size=25),
    other=st.integers(0, 59),
)
def test_a_minute_is_known_when_it_ends_and_not_only_with_the_next_sample(
    every_s: int, offset_s: int, missed: set[int], other: int
) -> None:
    """What a collector stores minute by minute is what one finds who reads it all at once."""
    first = [n * every_s + offset_s + 1 for n in range(60) if n not in missed]
    second = [n * 60 + other + 1 for n in range(30)]
    counters = [
        (np.array(times, np.int64) * 1_000, np.arange(len(times), dtype=np.float64))
        for times in (first, second)
    ]

    def seen(since: int, until: int) -> Increments:
        read = [
            Counter(at_ms[mine], value[mine])
            for at_ms, value in counters
            for mine in [(at_ms > (since - 300) * 1_000) & (at_ms <= until * 1_000)]
        ]
        return per_bin([deltas(one, 300) for one in read], Span(since, until))

    whole = seen(0, 900)
    # The first sample of a counter ends no delta: of its minute only the next one tells.
    ended = {(at - 1) // 60 for at in (*first[1:], *second[1:])}
    for number in range(15):
        if number in ended:
            alone = seen(number * 60, number * 60 + 60)
            assert alone.observed_ms[0] == whole.observed_ms[number]
            assert alone.count[0] == whole.count[number]


@pytest.mark.parametrize("every_s", [5, 15, 60])
def test_a_minute_that_was_scraped_as_ever_is_observed_whole_wherever_its_samples_lie(
    every_s: int,
) -> None:
    at_ms = (np.arange(0, 900, every_s, dtype=np.int64) + 5) * 1_000
    read = Counter(at_ms, np.arange(len(at_ms), dtype=np.float64))
    seen = per_bin([deltas(read, 300)], Span(60, 840))

    assert seen.observed_ms.tolist() == [60_000] * 13


def test_what_is_scraped_every_two_minutes_was_observed_in_those_between() -> None:
    at_ms = np.arange(5, 900, 120, dtype=np.int64) * 1_000
    seen = per_bin([deltas(Counter(at_ms, at_ms / 1_000.0), 300)], Span(120, 720))

    assert seen.observed_ms.tolist() == [60_000] * 10
    assert seen.count.tolist() == [120.0, 0.0] * 5
