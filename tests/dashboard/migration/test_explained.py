"""The arithmetic of a row: what supports a verdict is told in the measure's own unit."""

from __future__ import annotations

import pytest
from told_builders import compared, measured, metric, migration, row

from dashboard.measures.contract import Unit
from dashboard.views.migration.explained import explained
from slo.evidence.comparison import Scale
from slo.evidence.terms import Verdict

# 1.0, 1.1, ... leads to 2.8 over the transition of six whole weeks; after begins at 4.6 and stays.
# Another 0.02 up and down tilts the lines a little and gives them a range.
BEFORE = [1 + 0.1 * week + 0.02 * (-1) ** (week // 2) for week in range(12)]
AFTER = [4.6 + 0.02 * (-1) ** (week // 2) for week in range(12)]


def lines(unit: Unit, label: str = "", *, factor: float = 1.0) -> str:
    made = measured(
        compared(1.0, 2.0, scale=Scale.DIFFERENCE),
        unit,
        label=label,
        weeks_before=tuple(value * factor for value in BEFORE),
        weeks_after=tuple(value * factor for value in AFTER),
    )
    of = metric()
    return dict(explained(migration(of), row(of, made, Verdict.IMPROVED)))[
        "step at the move, by week"
    ]


@pytest.mark.parametrize(
    ("unit", "label", "behind"),
    [
        (Unit.PER_MONTH, "", " a month"),
        (Unit.PER_WEEK, "", " a week"),
        (Unit.SECONDS, "", " s"),
        (Unit.NUMBER, "points", " points"),
        (Unit.NUMBER, "", ""),
    ],
)
def test_the_step_between_two_lines_and_their_slopes_carry_the_unit(
    unit: Unit, label: str, behind: str
) -> None:
    said = lines(unit, label)

    step, rest = said.split(" (", 1)
    assert float(step.removesuffix(behind)) == pytest.approx(1.8, abs=0.05)
    assert step.endswith(behind)
    assert f"{behind}) from where the straight line of before was leading; each week 0." in rest
    assert f"{behind} before and " in rest
    assert f"{behind} after; support, no verdict" in rest


def test_shares_step_in_points() -> None:
    assert " pp (" in lines(Unit.RATIO, factor=0.1)


def test_lines_that_fit_without_error_have_no_range_that_would_look_certain() -> None:
    made = measured(
        compared(1.0, 2.0), Unit.SECONDS, weeks_before=(1.0,) * 10, weeks_after=(2.0,) * 10
    )
    of = metric()

    said = dict(explained(migration(of), row(of, made, Verdict.IMPROVED)))

    assert said["step at the move, by week"].startswith("1 s from where")


def test_the_step_stands_in_the_unit_of_its_row() -> None:
    made = measured(
        compared(259_200.0, 10_800.0),
        Unit.SECONDS,
        weeks_before=tuple(259_200.0 + 3_600 * (week % 2) for week in range(12)),
        weeks_after=tuple(10_800.0 + 3_600 * (week % 2) for week in range(12)),
    )
    of = metric()

    said = dict(explained(migration(of), row(of, made, Verdict.IMPROVED)))

    # 72 h before and 3 h after.
    assert said["step at the move, by week"].startswith("−69")
    assert " h from where" in said["step at the move, by week"].replace(" h) from", " h from")
