"""How a budget went: every moment judged by hand, holes kept, falls found, extremes drawn."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.budget import Budget
from slo.cliffs import cliffs
from slo.course import Course, Sliding, Steps, course
from slo.objective import Objective
from slo.tally import Tally
from slo.thinning import thinned

STEP = 60
WINDOW = 600
TARGET = Objective.from_percent(90)


def bins(counts: dict[int, tuple[int, int]]) -> Steps:
    """Bins by their number: (bad, total)."""
    at = sorted(counts)
    bad, total = zip(*(counts[one] for one in at), strict=True) if at else ((), ())
    totals = np.array(total, np.float64)
    starts = np.array(at, np.int64) * STEP
    return Steps(STEP, starts, totals - np.array(bad, np.float64), totals)


def rolling(counts: dict[int, tuple[int, int]], moments: range, held_s: int = STEP) -> Course:
    """The course of a window of ten bins over all that was counted."""
    everything = bins(counts)
    at = np.array(moments, np.int64) * STEP
    return course(TARGET, at, Sliding(0, 0, WINDOW), everything, everything, held_s)


def by_hand(counts: dict[int, tuple[int, int]], moment: int) -> Fraction | None:
    """The budget left of the ten bins before the moment, summed one by one."""
    inside = [counts[one] for one in range(moment - 10, moment) if one in counts]
    bad, total = (sum(column) for column in zip(*inside, strict=True)) if inside else (0, 0)
    return Budget(TARGET, Tally(total - bad, total)).remaining


some_counts = st.dictionaries(
    st.integers(0, 40),
    st.integers(0, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)


@given(some_counts)
def test_each_measured_moment_is_what_the_window_before_it_adds_up_to(
    counts: dict[int, tuple[int, int]],
) -> None:
    found = rolling(counts, range(1, 42), held_s=0)

    for moment, left in zip(range(1, 42), found.points, strict=True):
        expected = by_hand(counts, moment)
        if moment - 1 not in counts or expected is None:
            assert left is None
        else:
            assert left == pytest.approx(float(expected), abs=1e-9)


def test_a_budget_stands_as_long_as_a_figure_is_fresh_and_is_unknown_after_that() -> None:
    counts = dict.fromkeys([*range(5), *range(9, 12)], (1, 20))

    found = rolling(counts, range(1, 12), held_s=2 * STEP)

    assert found.points[:7] == pytest.approx([0.5] * 7)
    assert found.points[7:9] == (None, None)
    assert found.points[9] == pytest.approx(0.5)


def test_bad_events_that_leave_the_window_give_their_budget_back() -> None:
    counts = {number: (10 if number == 3 else 0, 100) for number in range(30)}

    found = rolling(counts, range(10, 30))

    assert found.points[0] == pytest.approx(0.9)
    assert found.points[3] == pytest.approx(0.9)
    assert found.points[4] == 1.0


def test_a_calendar_budget_begins_whole_and_a_quarter_of_it_goes_in_a_quarter_of_the_period() -> (
    None
):
    whole_s = 40 * STEP
    counts = dict.fromkeys(range(10), (10, 100))
    at = np.arange(STEP, 11 * STEP, STEP, dtype=np.int64)

    sliding = Sliding(0, 0, since=0, whole_s=whole_s)
    found = course(TARGET, at, sliding, bins(counts), bins({}), STEP)

    assert found.points[-1] == pytest.approx(0.75)
    assert list(found.points) == sorted(map(float, filter(None, found.points)), reverse=True)


def test_what_was_counted_before_the_course_begins_is_part_of_its_first_moment() -> None:
    early = bins(dict.fromkeys(range(10), (1, 10)))
    late = bins(dict.fromkeys(range(10, 20), (0, 10)))
    at = np.array([15 * STEP], np.int64)

    found = course(TARGET, at, Sliding(10, 100, WINDOW), late, early, STEP)

    assert found.points == (pytest.approx(0.5),)


def test_a_fall_is_one_stretch_that_takes_what_it_spent() -> None:
    counts = {number: (30 if number in {20, 21, 23} else 0, 100) for number in range(40)}
    found = rolling(counts, range(10, 40))

    (fall,) = cliffs(found, WINDOW)

    assert (fall.since, fall.until) == (20 * STEP, 24 * STEP)
    assert fall.share == pytest.approx(0.9)
    assert fall.middle == 22 * STEP


def test_falls_far_apart_are_two_and_the_deeper_comes_first() -> None:
    bad = {15: 30, 30: 60}
    counts = {number: (bad.get(number, 0), 100) for number in range(40)}

    found = cliffs(rolling(counts, range(10, 40)), WINDOW)

    assert [fall.since for fall in found] == [30 * STEP, 15 * STEP]


def test_the_first_bad_event_of_a_young_history_is_no_fall() -> None:
    counts = {number: (int(number == 0), 10) for number in range(40)}

    found = rolling(counts, range(41))

    assert found.left[1] == pytest.approx(0.0)
    assert found.measured[1] == pytest.approx(0.1)
    assert cliffs(found, WINDOW) == ()


def test_an_even_burn_is_no_fall() -> None:
    counts = dict.fromkeys(range(40), (10, 100))

    assert cliffs(rolling(counts, range(10, 40)), WINDOW) == ()


@given(
    st.lists(st.none() | st.floats(-10, 1), min_size=1, max_size=900),
    st.integers(60, 200),
)
def test_what_is_drawn_keeps_every_extreme_gap_and_end(
    values: list[float | None], most: int
) -> None:
    kept = thinned(values, most).tolist()

    drawn = [values[place] for place in kept]
    known = [value for value in values if value is not None]
    assert len(kept) <= most
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    assert (None in drawn) is (None in values)
    if known:
        drawn_known = [value for value in drawn if value is not None]
        assert (min(drawn_known), max(drawn_known)) == (min(known), max(known))


def test_each_stretch_of_a_long_line_keeps_its_own_spike() -> None:
    values: list[float | None] = [1.0] * 9_000
    for spike in range(500, 9_000, 1_000):
        values[spike] = -1.0

    kept = set(thinned(values).tolist())

    assert set(range(500, 9_000, 1_000)) <= kept
    assert len(kept) <= 1_500


def test_a_budget_stands_as_it_stood_though_its_window_has_emptied_since() -> None:
    # Two of forty bad, of a tenth allowed: half is left, and stands for 12 minutes from 2 on.
    found = rolling({0: (1, 20), 1: (1, 20)}, range(1, 16), held_s=12 * STEP)

    assert found.points[:14] == pytest.approx([0.5] * 14)
    assert found.points[14] is None


def test_a_budget_of_minutes_in_which_nothing_happened_is_not_known() -> None:
    found = rolling(dict.fromkeys(range(5), (0, 0)), range(1, 7), held_s=2 * STEP)

    assert found.points == (None,) * 6


def test_bins_measured_in_part_never_take_more_from_a_window_than_it_held() -> None:
    # Of the first bin 30 s had been observed; it leaves as 60 s, and nothing enters.
    left = bins({0: (0, 10)})
    at = np.array([WINDOW + STEP], np.int64)

    found = course(TARGET, at, Sliding(0, 10, WINDOW, observed_s=30), bins({}), left, STEP)

    assert found.measured.tolist() == [0.0]


def test_a_course_goes_on_to_one_moment_more_as_well_measured_as_its_last() -> None:
    at, half = np.array([60]), np.array([0.5])

    found = Course(at, half, half, half, np.array([True])).to(90, 0.25, 0.75)

    assert (found.at.tolist(), found.points) == ([60, 90], (0.5, 0.25))
    assert (found.spent.tolist(), found.measured.tolist()) == ([0.5, 0.75], [0.5, 0.5])
