"""What is read of counters piece by piece is what one finds who reads them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slo.counters import Counter, Deltas, deltas, per_bin, read_since, told_since
from slo.spans import Span

END = 3_600
Minutes = dict[int, tuple[float, int]]


def sampled(at_s: Iterable[float]) -> Counter:
    """A counter sampled at these moments, which counts ten between two samples."""
    at_ms = np.rint(np.array([*at_s]) * 1_000).astype(np.int64)
    return Counter(at_ms, np.arange(len(at_ms), dtype=np.float64) * 10)


def between(one: Counter, since: int, until: int) -> Counter:
    """What somebody finds of it who asks for (since, until]."""
    mine = (one.at_ms > since * 1_000) & (one.at_ms <= until * 1_000)
    near = (one.scraped_ms > since * 1_000) & (one.scraped_ms <= until * 1_000)
    return Counter(one.at_ms[mine], one.value[mine], one.scraped_ms[near])


def minutes(grown: Sequence[Deltas], since: int, until: int) -> Minutes:
    seen = per_bin(grown, Span(since, until))
    pairs = zip(seen.count.tolist(), seen.observed_ms.tolist(), strict=True)
    return dict(zip(seen.at.tolist(), pairs, strict=True))


def at_once(counters: Sequence[Counter], lookback_s: int) -> Minutes:
    return minutes([deltas(one, lookback_s) for one in counters], 0, END)


def in_pieces(counters: Sequence[Counter], lookback_s: int, cuts: Iterable[int]) -> Minutes:
    """What is kept of runs that each end at a cut: of a minute told again the later telling."""
    kept: Minutes = {}
    for since, until in pairwise(sorted({0, *(60 * cut for cut in cuts), END})):
        late = (since - lookback_s) // 60 * 60
        found = [between(one, read_since(late, lookback_s), until) for one in counters]
        grown = [deltas(one, lookback_s) for one in found]
        kept |= minutes(grown, max(0, told_since(grown, since)), until)
    return kept


@st.composite
def histories(draw: st.DrawFn) -> Counter:
    """A counter scraped at any distances, absent or restarted at times, or at moments of its own."""
    usual_s = draw(st.sampled_from([7, 15, 45, 60, 61, 90, 100, 120, 180, 299, 300]))
    gaps = draw(st.lists(st.integers(1, 320_000), max_size=6)) if draw(st.booleans()) else []
    at_ms, walk, restarts = draw(st.integers(0, 400_000)), [], draw(st.sets(st.integers(0, 60)))
    while at_ms <= END * 1_000:
        walk.append(at_ms)
        at_ms += gaps.pop() if gaps else usual_s * 1_000
    absent = draw(st.sets(st.integers(0, 40), max_size=12))
    present = [number for number in range(len(walk)) if number not in absent]
    value = np.array([number % 7 if number in restarts else 7 * number for number in present])
    scraped = np.array(walk if draw(st.booleans()) else [], dtype=np.int64)
    own = draw(st.sets(st.integers(0, 40), max_size=12))
    times = np.array([walk[n] + (1 if n in own else 0) for n in present], dtype=np.int64)
    return Counter(times, value.astype(np.float64), scraped)


EVERY_MINUTE = tuple(range(60))
TWO_MINUTES = sampled(range(35, END, 120))


@settings(max_examples=150)
@given(
    st.lists(histories(), min_size=1, max_size=3),
    st.sampled_from([60, 90, 300]),
    st.one_of(st.just(EVERY_MINUTE), st.lists(st.integers(1, 59)).map(tuple)),
)
@example([TWO_MINUTES], 300, EVERY_MINUTE)
@example([sampled(range(1, END, 300))], 300, EVERY_MINUTE)
def test_a_history_told_minute_by_minute_is_that_which_is_told_at_once(
    counters: list[Counter], lookback_s: int, cuts: tuple[int, ...]
) -> None:
    assert in_pieces(counters, lookback_s, cuts) == at_once(counters, lookback_s)


@settings(max_examples=150)
@given(histories(), st.sampled_from([60, 90, 300]), st.integers(0, 59))
def test_bins_are_exact_for_who_reads_a_look_back_and_a_bin_before_them(
    one: Counter, lookback_s: int, first: int
) -> None:
    since = 60 * first
    read = between(one, read_since(since, lookback_s), END)
    whole = minutes([deltas(one, lookback_s)], since, END)

    assert minutes([deltas(read, lookback_s)], since, END) == whole


@settings(max_examples=60)
@given(
    st.floats(1, 300).map(lambda every_s: round(every_s, 3)),
    st.integers(0, 299),
    st.lists(st.integers(1, 59)),
)
def test_every_minute_of_an_even_scrape_is_observed_whole_once_it_has_begun(
    every_s: float, offset_s: int, cuts: list[int]
) -> None:
    """So a burn is what it is, not the half of it, however rarely its counters are scraped."""
    one = sampled(np.arange(offset_s, END + 300, every_s))
    begun = int(-(-(offset_s + every_s) // 60)) * 60
    ended = END - 300

    kept = in_pieces([one], 300, [*cuts, *range(50, 60)])

    assert {kept[at][1] for at in range(begun + 60, ended, 60)} == {60_000}


@settings(max_examples=60)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(1, 120))
def test_a_stretch_is_observed_for_as_long_as_it_lasted_to_within_a_minute(
    gaps: list[int], first: int
) -> None:
    at_s = np.cumsum([first, *gaps])
    seen = per_bin([deltas(sampled(at_s), 300)], Span(0, 60 * 300))

    assert abs(seen.observed_ms.sum() / 1_000 - sum(gaps)) < 60


def test_who_reads_a_two_minute_scrape_live_learns_of_each_minute_with_the_next_sample() -> None:
    """Samples at 0:35, 2:35 and 4:35: the second minute lies between the first two of them."""
    read = [deltas(between(TWO_MINUTES, -360, 180), 300)]

    assert minutes([deltas(between(TWO_MINUTES, -360, 120), 300)], 0, 120) == {
        0: (0, 0),
        60: (0, 0),
    }
    assert told_since(read, 120) == 60
    assert minutes(read, 60, 180) == {60: (0, 60_000), 120: (10, 60_000)}


def test_a_minute_in_which_a_pair_begins_is_not_observed_by_it() -> None:
    seen = minutes([deltas(sampled([1, 179]), 300)], 0, 180)

    assert seen == {0: (0, 0), 60: (0, 60_000), 120: (10, 60_000)}


def test_a_pair_shorter_than_a_minute_observes_no_more_than_it_lasted() -> None:
    assert minutes([deltas(sampled([50, 65]), 300)], 0, 120) == {0: (0, 0), 60: (10, 15_000)}


@pytest.mark.parametrize("every_s", [7, 40, 45, 50, 90, 100])
def test_samples_out_of_step_with_minutes_leave_none_of_them_partly_observed(every_s: int) -> None:
    seen = minutes([deltas(sampled(range(0, END, every_s)), 300)], 120, END - 120)

    assert {observed_ms for _, observed_ms in seen.values()} == {60_000}


def test_a_slow_counter_beside_a_quick_one_changes_no_minute_that_was_told() -> None:
    """The quick one knows 15 s up to 1:05, the slow one learns of that minute at 2:35."""
    both = [sampled([50, 65]), sampled(range(35, END, 120))]

    whole = at_once(both, 300)

    assert [observed_ms for _, observed_ms in whole.values()][:3] == [0, 15_000, 60_000]
    assert whole == in_pieces(both, 300, EVERY_MINUTE)


def test_no_pair_further_apart_than_the_look_back_is_told_late() -> None:
    assert told_since([deltas(sampled([10, 311]), 300)], 240) == 240
    assert told_since([deltas(sampled([10, 310]), 300)], 240) == 60
