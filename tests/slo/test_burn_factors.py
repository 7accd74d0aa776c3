"""The factors of the default policy are the book's, and never more than can fail."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st
from strategies import objectives

from slo.burn import default_policy, factor
from slo.objective import Objective


def factors(percent: str | int, window_s: int) -> list[Fraction]:
    policy = default_policy(Objective.from_percent(percent), window_s)
    return [factor(row, window_s) for row in policy]


@pytest.mark.parametrize(
    ("percent", "days", "expected"),
    [
        ("99.9", 30, ["14.4", "6", "3", "1"]),
        ("99.9", 28, ["13.44", "5.6", "2.8", "14/15"]),
        ("95", 30, ["10", "6", "3", "1"]),
        ("90", 30, ["5", "5", "3", "1"]),
        ("50", 30, ["1", "1", "1", "1"]),
        ("99.9", 31, ["14.88", "6.2", "3.1", "31/30"]),
    ],
)
def test_default_factors_are_those_of_the_book_and_never_need_more_than_half_to_fail(
    percent: str, days: int, expected: list[str]
) -> None:
    assert factors(percent, days * DAY_S) == [Fraction(text) for text in expected]


def test_a_default_row_of_a_week_never_fires_on_a_burn_that_the_budget_can_afford() -> None:
    assert factors("99.9", 7 * DAY_S) == [
        Fraction("3.36"), Fraction("1.4"), Fraction(1), Fraction(14, 15),
    ]  # fmt: skip


@given(objectives(), st.integers(3 * DAY_S, 400 * DAY_S))
def test_no_default_row_needs_more_than_half_of_all_events_to_be_bad(
    objective: Objective, window_s: int
) -> None:
    for row in default_policy(objective, window_s):
        assert factor(row, window_s) * objective.error_budget <= Fraction(1, 2)
