"""Two counts of a document are held to chance exactly as counts of a store would be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.claims.alone import MOST_PERIODS, chance, periods_needed
from slo.evidence.comparison import Count
from slo.evidence.rates import compared_rates


@given(st.integers(0, 400), st.integers(0, 400))
def test_chance_is_what_compared_rates_says_of_equal_times(before: int, after: int) -> None:
    found = chance(Fraction(before), Fraction(after))

    if not before + after:
        assert found is None
        return
    ours = compared_rates(Count(before, 86_400.0), Count(after, 86_400.0)).p_value
    assert found == pytest.approx(ours)


@pytest.mark.parametrize(
    ("before", "after"),
    [("2.5", "1"), ("1", "2.5"), ("-1", "2"), ("2", "-1"), ("0", "0"), ("1e30", "1"), ("1", "1e6")],
)
def test_what_is_no_count_or_more_than_a_million_is_not_tested(before: str, after: str) -> None:
    assert chance(Fraction(before), Fraction(after)) is None


@pytest.mark.parametrize(
    ("before", "after", "periods"),
    [
        ("2.5", "0.5", 4),  # 5 to 1 is 0.22, 10 to 2 is 0.039
        ("0.5", "2.5", 4),
        ("0.5", "0", 12),  # 5 to 0 is 0.0625, 6 to 0 is 0.031
        ("1", "4.348125", 3),  # monthly to weekly: 3 to 13 is 0.021, 2 to 8.7 is not whole
        ("2", "2", None),
        ("1.01", "1", None),
        ("0", "0", None),
        ("1e29", "1", None),
    ],
)
def test_two_rates_need_so_many_periods_to_be_told_from_chance(
    before: str, after: str, periods: int | None
) -> None:
    assert periods_needed(Fraction(before), Fraction(after)) == periods


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_periods_needed_are_the_first_whose_counts_are_no_chance(b: int, a: int) -> None:
    tried = (
        (periods, chance(Fraction(b * periods), Fraction(a * periods)))
        for periods in range(1, MOST_PERIODS + 1)
    )
    first = next((periods for periods, p in tried if p is not None and p < 0.05), None)

    assert periods_needed(Fraction(b), Fraction(a)) == first
