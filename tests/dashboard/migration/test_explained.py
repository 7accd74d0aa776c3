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
        "two straight lines, by week"
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

    step, rest = said.removeprefix("step ").split(" (", 1)
    assert float(step.removesuffix(behind)) == pytest.approx(1.8, abs=0.05)
    assert step.endswith(behind)
    assert f"{behind}), each week 0.0" in rest or f"{behind}), each week 0.1" in rest
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

    assert said["two straight lines, by week"].startswith("step 1 s, each week")
