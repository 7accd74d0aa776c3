"""The date of the one best break: by hand and against another engine.

Oracles: ruptures 1.1.10, Binseg(model="l2", jump=1, min_size=2).fit(y).predict(n_bkps=1)[0].
"""

from __future__ import annotations

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.checks.change_point import best_break, break_at

SERIES = [
    (
        [
            *(7.5, 8.1, 10.6, 11.5, 9.5, 9.4, 13.6, 13.0, 8.4, 11.2),
            *(11.6, 8.3, 12.2, 8.9, 14.4, 12.0, 11.7, 9.7, 11.1, 5.5),
        ],
        2,
    ),
    (
        [
            *(3.6, 12.5, 4.8, 12.3, 7.5, 12.3, 15.4, 10.4, 18.8, 19.4),
            *(14.8, 14.2, 14.5, 12.1, 18.3, 13.4, 14.9, 12.6, 13.2, 11.2),
        ],
        5,
    ),
    (
        [
            *(9.5, 12.9, 10.0, 7.9, 9.0, 8.3, 10.0, 8.9, 9.1, 5.9),
            *(7.6, 15.0, 8.0, 6.7, 10.9, 14.1, 5.5, 9.3, 8.0, 4.6),
        ],
        16,
    ),
    (
        [
            *(10.2, 7.7, 11.4, 8.4, 9.6, 6.7, 6.4, 14.0, 8.5, 8.6),
            *(7.6, 6.4, 6.2, 9.6, 6.8, 7.3, 7.8, 11.3, 9.8, 8.9),
        ],
        17,
    ),
    (
        [
            *(5.9, 12.8, 12.9, 9.6, 11.6, 12.3, 12.5, 16.1, 12.0, 17.9),
            *(9.6, 15.9, 14.8, 16.0, 19.0, 17.8, 9.9, 8.3, 15.8, 10.3),
        ],
        7,
    ),
]


@pytest.mark.parametrize(("values", "expected"), SERIES)
def test_the_best_break_is_where_the_other_engine_finds_it(
    values: list[float], expected: int
) -> None:
    assert best_break(values) == expected


def test_a_pure_trend_has_a_best_break_too_so_it_says_when_and_never_whether() -> None:
    assert best_break([820 - 6 * week for week in range(52)]) == 26


def test_one_outlier_at_either_end_is_not_a_break() -> None:
    assert best_break([90, 5, 5, 5, 5, 5, 5, 5]) == 2
    assert best_break([5, 5, 5, 5, 5, 5, 5, 90]) == 6


@pytest.mark.parametrize("values", [[], [1], [1, 2, 3], [7, 7, 7, 7, 7]])
def test_too_few_values_and_values_all_alike_have_no_break(values: list[float]) -> None:
    assert best_break(values) is None


def test_a_step_on_a_level_of_a_trillion_is_still_found() -> None:
    assert best_break([1e12] * 6 + [1e12 + 1] * 5) == 6


def test_the_break_is_dated_by_the_day_on_which_it_begins_whatever_days_are_missing() -> None:
    values = [5.0, 5.0, None, 6.0, 5.0, None, 1.0, 2.0, 1.0, 1.0]

    assert break_at([(day * DAY_S, each) for day, each in enumerate(values)]) == 6 * DAY_S
    assert break_at([]) is None
    assert break_at([(day * DAY_S, None) for day in range(9)]) is None


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        best_break([1, 2, float("nan"), 3, 4])


def cost(values: list[int]) -> float:
    mean = sum(values) / len(values)
    return sum((each - mean) ** 2 for each in values)


@given(st.lists(st.integers(0, 50), min_size=4, max_size=30).filter(lambda v: len(set(v)) > 1))
def test_no_other_break_leaves_a_smaller_squared_error(values: list[int]) -> None:
    found = best_break(values)

    assert found is not None
    left = cost(values[:found]) + cost(values[found:])
    others = (cost(values[:at]) + cost(values[at:]) for at in range(2, len(values) - 1))
    assert left <= min(others) + 1e-9
