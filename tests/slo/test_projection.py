"""What leaves a rolling window, and when the budget is above nothing again: by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from builders import DAY_S, QUARTER_S

from slo.objective import Objective
from slo.projection import Leaving, above_zero_at, left_at

UNTIL = 100 * DAY_S
TARGET = Objective.from_percent(99)


def leaving(bad: dict[int, float], total: int = 10_000, days: int = 30) -> Leaving:
    """The bad events by how many days ago their quarter hour began."""
    pairs = sorted((UNTIL - ago * DAY_S, count) for ago, count in bad.items())
    at = np.array([one for one, _ in pairs], np.int64)
    counts = np.array([count for _, count in pairs], np.float64)
    return Leaving(at, counts, QUARTER_S, Fraction(total), UNTIL, days * DAY_S)


def test_a_spent_budget_is_above_nothing_when_enough_bad_events_have_left() -> None:
    made = leaving({29: 30.0, 10: 80.0, 2: 10.0})  # 120 of the 100 that are allowed

    assert above_zero_at(TARGET, made) == UNTIL + DAY_S + QUARTER_S
    assert left_at(TARGET, made, UNTIL) == Fraction(-20, 100)
    assert left_at(TARGET, made, UNTIL + DAY_S + QUARTER_S) == Fraction(10, 100)


def test_exactly_as_many_as_allowed_is_still_spent() -> None:
    made = leaving({29: 20.0, 10: 100.0})

    assert left_at(TARGET, made, UNTIL + DAY_S + QUARTER_S) == 0
    assert above_zero_at(TARGET, made) == UNTIL + 20 * DAY_S + QUARTER_S


def test_a_budget_of_which_nothing_is_left_is_spent_and_comes_back() -> None:
    assert above_zero_at(TARGET, leaving({10: 100.0})) == UNTIL + 20 * DAY_S + QUARTER_S


def test_a_bin_leaves_whole_and_not_a_second_early() -> None:
    made = leaving({29: 20.0})
    gone = UNTIL + DAY_S + QUARTER_S

    assert (made.gone_by(gone - 1), made.gone_by(gone)) == (0, 20)


@pytest.mark.parametrize("bad", [{}, {5: 99.0}])
def test_a_budget_that_is_not_spent_need_not_come_back(bad: dict[int, float]) -> None:
    assert above_zero_at(TARGET, leaving(bad)) is None


def test_without_events_nothing_is_known_of_what_is_left() -> None:
    none = leaving({}, total=0)

    assert left_at(TARGET, none, UNTIL + DAY_S) is None
    assert above_zero_at(TARGET, none) is None
