"""Since when it burns: by hand, and against every other beginning."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.bins import Bins
from slo.objective import Objective
from slo.onset import Since, burns_since
from slo.tally import Tally

TARGET = Objective.from_percent(99)
GOOD, BAD, HOLE = Tally(100, 100, 60), Tally(70, 100, 60), None


def bins(*parts: Sequence[Tally | None]) -> Bins:
    return Bins.of(6_000, 60, [one for part in parts for one in part])


def test_the_onset_is_the_first_of_the_bad_minutes() -> None:
    found = burns_since(bins([GOOD] * 60, [BAD] * 22), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


def test_a_good_minute_among_bad_ones_begins_nothing_anew() -> None:
    # Allowed are 14 x 1 % = 14 of 100; a bad minute is 16 too many, a good one 14 too few.
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [GOOD], [BAD] * 5), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


def test_a_good_stretch_that_outweighs_the_bad_before_it_begins_it_anew() -> None:
    # Five bad minutes are 80 too many; six good ones 84 too few.
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [GOOD] * 6, [BAD] * 5), TARGET, Fraction(14))

    assert found == Since(6_000 + 71 * 60)


def test_nothing_burns_where_the_last_minutes_are_good() -> None:
    assert burns_since(bins([BAD] * 3, [GOOD] * 60), TARGET, Fraction(14)) is None
    assert burns_since(bins(), TARGET, Fraction(14)) is None


def test_an_onset_after_a_hole_may_lie_in_the_hole() -> None:
    after_hole = burns_since(bins([GOOD] * 60, [HOLE] * 9, [BAD] * 5), TARGET, Fraction(14))
    at_the_edge = burns_since(bins([BAD] * 5), TARGET, Fraction(14))

    assert after_hole == Since(6_000 + 69 * 60, is_open=True)
    assert at_the_edge == Since(6_000, is_open=True)


def test_a_hole_within_the_bad_minutes_weighs_nothing() -> None:
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [HOLE] * 30, [BAD]), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


minute = st.sampled_from([GOOD, GOOD, BAD, BAD, HOLE, Tally(observed_s=60), Tally(40, 50, 60)])


@pytest.mark.parametrize("factor", [1, 14])
@given(seen=st.lists(minute, max_size=40))
def test_no_other_beginning_has_a_greater_excess(factor: int, seen: list[Tally | None]) -> None:
    allowed = factor * TARGET.error_budget

    def excess(first: int) -> Fraction:
        later = (one for one in seen[first:] if one is not None)
        return sum((Fraction(one.bad) - allowed * Fraction(one.total) for one in later), Fraction())

    found = burns_since(Bins.of(0, 60, seen), TARGET, Fraction(factor))

    best = max(range(len(seen) + 1), key=lambda first: (excess(first), first))
    assert (len(seen) if found is None else found.at // 60) == best
