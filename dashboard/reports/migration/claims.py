"""The claims of a document in the letter of a migration: a row each, and what contradicts what."""

from __future__ import annotations

from dashboard.reports.letter import Cell, CellTone, Column, Grid, Section
from dashboard.views.claims.marked import held_against, summary
from dashboard.views.claims.model import Claim, ClaimCheck
from dashboard.views.claims.words import (
    HEADS,
    arithmetic_words,
    better_words,
    contradiction_words,
    support_words,
)

_COLUMNS = (
    Column("Claim"),
    Column("Before", True),
    Column("After", True),
    Column("Change", True),
    *(Column(head) for head in HEADS),
)


def claims_section(check: ClaimCheck) -> Section:
    """What is claimed, row by row, and below it what contradicts what and what was not read."""
    said = f"{check.name}: {summary(check)}. {held_against(check)}".rstrip()
    return Section(
        title="What is claimed",
        paragraphs=(said,),
        grid=Grid(_COLUMNS, tuple(_row(one) for one in check.claims)) if check.claims else None,
        items=(*(contradiction_words(one) for one in check.contradictions), *check.remarks),
    )


def _row(one: Claim) -> tuple[Cell, ...]:
    row, said = one.row, one.mark
    tone: CellTone = "" if said.is_fine else "bad"
    arithmetic = arithmetic_words(one).removeprefix(f"{said}: ")
    return (
        Cell(text=row.metric, small=f"line {row.line}"),
        Cell(text=row.before_text),
        Cell(text=row.after_text, is_strong=bool(row.after_text)),
        Cell(text=row.change_text),
        Cell(text=said, small=arithmetic, tone=tone, mark="×" if tone else ""),
        Cell(text=support_words(one)),
        Cell(text=better_words(one)),
    )
