"""The report of budgets as a letter: its sentences put into sections."""

from __future__ import annotations

from dashboard.reports.letter import Cell, CellTone, Column, Grid, Letter, Section
from dashboard.views.report.model import Report
from dashboard.views.report.told import Change, Told
from dashboard.views.report.words import told

_MARKS = {"bad": "×", "warn": "▾"}
_TONES: dict[str, CellTone] = {"bad": "bad", "warn": "warn"}


def letter(report: Report) -> Letter:
    """The letter; five lines where nobody is needed."""
    said = told(report)
    return Letter(
        subject=said.subject,
        byline=said.byline,
        sections=(
            Section(title="Budget left", grid=_changes(said), remark=said.others),
            Section(title="Largest spends", items=said.spends, is_ranked=True),
            Section(title="To decide", items=said.decisions),
            Section(
                title="Incidents and deployments",
                paragraphs=(said.happened,),
                items=said.incidents,
            ),
            Section(title="Corrections", items=said.corrected),
            Section(title="Not measured", items=said.unmeasured),
        ),
        closing=said.closing,
        quiet=said.quiet_lines if said.is_quiet else (),
    )


def _changes(said: Told) -> Grid | None:
    if not said.changes:
        return None
    columns = (Column("Objective"), Column(said.since, True), Column(said.until, True), Column(""))
    return Grid(columns, tuple(_row(change) for change in said.changes))


def _row(change: Change) -> tuple[Cell, ...]:
    tone = _TONES.get(change.tone, "")
    return (
        Cell(text=change.name, title=change.promise),
        Cell(text=change.before, tone="grey"),
        Cell(text=change.after, tone=tone, is_strong=True),
        Cell(text=change.word, tone=tone or "grey", mark=_MARKS.get(tone, "")),
    )
