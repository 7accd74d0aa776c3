"""Policies by name and by their rows: others' numbers, and texts that mean nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import DAY_S

from slo.burn import default_policy, factor
from slo.known_policies import KNOWN, candidate
from slo.objective import Objective
from slo.policy import Policy, Severity

TARGET = Objective.from_percent("99.9")


def factors(policy: Policy, window_s: int) -> list[float]:
    return [float(factor(row, window_s)) for row in policy]


@pytest.mark.parametrize(
    "text",
    [
        "", "sloth", "page", "page 2% 1h", "page 2% 1h/5m,", "page 0% 1h/5m", "page 200% 1h/5m",
        "mail 2% 1h/5m", "page 2% 5m/1h", "page 2% 1h/30s", "page x% 1h/5m", "page 1/0 1h/5m",
        "page 2% 1h/5m ticket", "page nan 1h/5m", "page 2% -1h/5m", "page 2% 1h/1h",
    ],
)  # fmt: skip
def test_a_text_that_is_no_policy_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(ValueError, match="page 2% 1h/5m, ticket 10% 3d/6h"):
        candidate(text)


@pytest.mark.parametrize("share", ["nan%", "200%", "100.1%", "0%", "-2%", "1/0", "x%"])
def test_a_share_that_is_none_is_told_as_it_was_written(share: str) -> None:
    with pytest.raises(ValueError, match="is no row such as") as refused:
        candidate(f"page {share} 1h/5m")

    assert str(refused.value) == (
        f'"page {share} 1h/5m" is no row such as "page 2% 1h/5m, ticket 10% 3d/6h":'
        f" the share of the budget is more than 0 % up to 100 %, not {share}"
    )


def test_all_of_a_budget_is_a_share_of_it() -> None:
    (row,) = candidate("page 100% 1h/5m").rows(TARGET, 30 * DAY_S)

    assert row.share == 1


def test_a_name_almost_right_is_told_the_right_one() -> None:
    with pytest.raises(ValueError, match='did you mean "pyrra"'):
        candidate("pyra")


def test_rows_are_read_as_they_are_written() -> None:
    page, ticket = candidate(" page 2% 1h/5m , ticket 0.5% 3d/6h").rows(TARGET, 30 * DAY_S)

    assert (page.severity, page.share, page.long_s) == (Severity.PAGE, Fraction(1, 50), 3_600)
    assert (ticket.share, ticket.short_s) == (Fraction(1, 200), 21_600)


def test_pyrras_windows_follow_the_slos_and_its_factors_stay() -> None:
    rows = candidate("pyrra").rows

    assert factors(rows(TARGET, 28 * DAY_S), 28 * DAY_S) == [14, 7, 2, 1]
    assert [row.long_s for row in rows(TARGET, 28 * DAY_S)] == [3_600, 21_600, 86_400, 345_600]
    # A quarter of four weeks: 15 min, 90 min, 6 h and a day; the shortest 5 min become 1.
    assert [row.long_s for row in rows(TARGET, 7 * DAY_S)] == [900, 5_400, 21_600, 86_400]
    assert [row.short_s for row in rows(TARGET, 7 * DAY_S)] == [60, 480, 1_800, 5_400]
    assert factors(rows(TARGET, 7 * DAY_S), 7 * DAY_S) == [14, 7, 2, 1]


def test_slo_generators_windows_stand_alone_and_those_longer_than_the_slos_are_left_out() -> None:
    month = candidate("slo-generator").rows(TARGET, 30 * DAY_S)
    week = candidate("slo-generator").rows(TARGET, 7 * DAY_S)

    assert factors(month, 30 * DAY_S) == [9, 3, 1.5, 1]
    assert all(row.long_s == row.short_s for row in month)
    assert factors(week, 7 * DAY_S) == [9, 3]


def test_the_workbooks_rows_are_not_fitted_to_the_objective_and_the_default_ones_are() -> None:
    loose = Objective.from_percent(95)

    assert factors(candidate("workbook").rows(loose, 30 * DAY_S), 30 * DAY_S) == [14.4, 6, 3, 1]
    assert candidate("default").rows(loose, 30 * DAY_S) == default_policy(loose, 30 * DAY_S)


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.name)
@pytest.mark.parametrize("window_s", [3_600, DAY_S, 7 * DAY_S, 365 * DAY_S])
def test_every_known_policy_has_rows_that_can_be_for_every_window(
    one: object, window_s: int
) -> None:
    assert all(row.long_s % 60 == 0 for row in candidate(one.name).rows(TARGET, window_s))  # type: ignore[attr-defined]
