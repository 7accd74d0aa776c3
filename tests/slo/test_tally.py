"""Counts add, ratios do not; what is excluded is kept beside what remains."""

from __future__ import annotations

from dataclasses import astuple
from fractions import Fraction

from hypothesis import given
from strategies import doubtful_tallies, tallies

from slo.tally import Tally


@given(doubtful_tallies(), doubtful_tallies(), doubtful_tallies())
def test_tallies_add_up_in_any_order_and_grouping(one: Tally, two: Tally, three: Tally) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Tally() == one


@given(doubtful_tallies(), doubtful_tallies())
def test_every_column_adds_up_on_its_own(one: Tally, other: Tally) -> None:
    sums = tuple(a + b for a, b in zip(astuple(one), astuple(other), strict=True))

    assert astuple(one + other) == sums


@given(doubtful_tallies(), doubtful_tallies())
def test_correcting_a_sum_is_summing_the_corrected(one: Tally, other: Tally) -> None:
    assert (one + other).corrected == one.corrected + other.corrected


@given(doubtful_tallies())
def test_correcting_takes_off_what_is_excluded_once(tally: Tally) -> None:
    corrected = tally.corrected

    assert corrected.total + tally.excluded_total == tally.total
    assert corrected.good + tally.excluded_good == tally.good
    assert corrected.observed_s + tally.excluded_s == tally.observed_s
    assert corrected.corrected == corrected


@given(tallies(least=1), tallies(least=1))
def test_a_joint_sli_is_weighted_by_traffic(one: Tally, other: Tally) -> None:
    joint = (one + other).sli

    assert joint == Fraction(one.good + other.good, one.total + other.total)


@given(tallies())
def test_good_and_bad_make_the_total(tally: Tally) -> None:
    assert tally.good + tally.bad == tally.total


def test_a_ratio_is_exact_where_rounding_would_make_it_perfect() -> None:
    assert Tally(9_999_996, 10_000_000).sli == 1 - Fraction(4, 10_000_000)


def test_without_events_there_is_no_ratio() -> None:
    assert Tally(observed_s=3_600).sli is None
