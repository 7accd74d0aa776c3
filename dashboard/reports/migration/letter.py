"""The report of a migration as a letter: the verdict, the table, what a sceptic asks."""

from __future__ import annotations

from types import MappingProxyType

from dashboard.reports.letter import Cell, CellTone, Column, Grid, Letter, Section
from dashboard.reports.migration.claims import claims_section
from dashboard.views.claims.model import ClaimCheck
from dashboard.views.migration.told import Told, ToldBeside, ToldRow
from slo.evidence.terms import GoalResult, Verdict

_COLUMNS = (
    Column("Measure"),
    Column("Before", True),
    Column("After", True),
    Column("Change, range", True),
    Column("Evidence"),
    Column("Goal"),
    Column("Coverage", True),
)
_BAD = frozenset({Verdict.WORSE, Verdict.BEYOND})
_VERDICTS = MappingProxyType(
    {
        Verdict.IMPROVED: "✓",
        Verdict.WORSE: "✕",
        Verdict.SAME: "=",
        Verdict.NO_EVIDENCE: "–",
        Verdict.NOT_ENOUGH: "○",
        Verdict.NOT_COMPARABLE: "◇",
        Verdict.INSIDE: "◇",
        Verdict.BEYOND: "✕",
        Verdict.NOT_TESTED: "◇",
    }
)
_GOALS = MappingProxyType(
    {
        GoalResult.MET: "●",
        GoalResult.NOT_CERTAIN: "◐",
        GoalResult.MISSED: "✕",
        GoalResult.UNKNOWN: "○",
    }
)
"""The signs of the page, which say without colour what each word says."""


def letter(name: str, told: Told, claimed: ClaimCheck | None = None) -> Letter:
    """The letter; `name` is what the report is called, `claimed` the check of its document."""
    made_up = [told.generated] if told.generated else []
    return Letter(
        subject=told.headline,
        byline=" · ".join([name, told.look, *made_up]),
        sections=(
            *(_beside(one) for one in told.besides),
            Section(
                title="Before and after",
                paragraphs=tuple(said for said in (told.goals, told.periods) if said),
                grid=_measures(told),
            ),
            Section(title="What a sceptic asks", items=told.notes),
            Section(title="Why there is no verdict", items=tuple(_reasons(told))),
            *(() if claimed is None else (claims_section(claimed),)),
        ),
        closing="The arithmetic of every figure stands on the page Migration.",
        is_wide=True,
    )


def _measures(told: Told) -> Grid | None:
    return Grid(_COLUMNS, tuple(_row(row) for row in told.rows)) if told.rows else None


def _row(row: ToldRow) -> tuple[Cell, ...]:
    return (
        _cell(row.name),
        _cell(row.before),
        _cell(row.after, is_strong=True),
        _cell(row.change),
        _cell(row.evidence, mark=_VERDICTS[row.verdict], tone="bad" if row.verdict in _BAD else ""),
        _goal(row),
        Cell(text=row.coverage),
    )


def _goal(row: ToldRow) -> Cell:
    """Whether the goal was reached; a guardrail's limit has no sign of its own."""
    if row.goal_result is None:
        return _cell(row.goal)
    tone: CellTone = "bad" if row.goal_result is GoalResult.MISSED else ""
    return _cell(row.goal, mark=_GOALS[row.goal_result], tone=tone)


def _cell(
    lines: tuple[str, str], *, tone: CellTone = "", mark: str = "", is_strong: bool = False
) -> Cell:
    text, small = lines
    return Cell(text=text, small=small, tone=tone, mark=mark, is_strong=is_strong and bool(text))


def _beside(one: ToldBeside) -> Section:
    columns = (
        Column(""),
        Column(one.old_name, True),
        Column(one.new_name, True),
        Column("Change, range", True),
    )
    rows = tuple(
        (
            Cell(text=name),
            Cell(text=old),
            Cell(text=new, is_strong=True),
            Cell(text=change, small=interval),
        )
        for name, old, new, change, interval in one.rows
    )
    return Section(title=one.title, grid=Grid(columns, rows), remark=one.note)


def _reasons(told: Told) -> list[str]:
    return [f"{row.name[0]}: {reason}" for row in told.rows for reason in row.reasons]
