"""The letter of a migration says evidence and goals in a word and in the sign of the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from told_builders import mock_up

from dashboard.reports.contract import Edition, Sheet
from dashboard.reports.formats import html_, markdown
from dashboard.reports.letter import Cell
from dashboard.reports.migration.letter import letter
from dashboard.views.migration.telling import told
from dashboard.views.migration.told import ToldRow
from slo.evidence.terms import GoalResult, Verdict

TOLD = told(mock_up())


def _cells(row: ToldRow) -> tuple[Cell, Cell]:
    """The evidence and the goal of a letter about one measure."""
    grid = letter("move", replace(TOLD, rows=(row,))).said[0].grid
    assert grid is not None
    return grid.rows[0][4], grid.rows[0][5]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_carries_a_sign_and_only_what_is_worse_a_tone(verdict: Verdict) -> None:
    evidence, _ = _cells(replace(TOLD.rows[0], verdict=verdict))
    signs = {
        Verdict.IMPROVED: "✓",
        Verdict.WORSE: "✕",
        Verdict.BEYOND: "✕",
        Verdict.NO_EVIDENCE: "–",
        Verdict.SAME: "=",
        Verdict.NOT_ENOUGH: "○",
    }

    assert evidence.mark == signs.get(verdict, "◇")
    assert evidence.tone == ("bad" if evidence.mark == "✕" else "")


@pytest.mark.parametrize(
    ("result", "sign"),
    [
        (GoalResult.MET, "●"),
        (GoalResult.NOT_CERTAIN, "◐"),
        (GoalResult.MISSED, "✕"),
        (GoalResult.UNKNOWN, "○"),
        (None, ""),
    ],
)
def test_a_goal_carries_a_sign_and_none_where_there_is_no_goal(
    result: GoalResult | None, sign: str
) -> None:
    _, goal = _cells(replace(TOLD.rows[0], goal_result=result))

    assert (goal.mark, goal.tone) == (sign, "bad" if result is GoalResult.MISSED else "")


def test_the_first_line_says_that_it_is_a_report_and_which() -> None:
    made = Edition(
        stem="move", letter=letter("move", TOLD), sheet=Sheet((), ()), document={"schema": "x"}
    )

    page = html_.written(made).decode()
    assert '<p class="small">Report move · final look, as planned</p>' in page
    assert "✓ improved" in page
    assert "◐ met, not certain" in page
    assert "\nReport move · final look" in markdown.written(made).decode()
