"""A document held against its own arithmetic, against itself, and against a migration report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dashboard.views.claims.alone import alone_words, objective_of
from dashboard.views.claims.matching import matched
from dashboard.views.claims.model import Claim, ClaimCheck, Support
from dashboard.views.claims.reading import ClaimedRow, Document
from dashboard.views.claims.support import support
from dashboard.views.migration.model import MigrationReport
from slo.evidence.claims.arithmetic import checked
from slo.evidence.claims.changes import change
from slo.evidence.claims.crossing import contradictions
from slo.evidence.claims.quantities import quantity
from slo.evidence.claims.statements import Role, Statement, statements
from slo.evidence.claims.subjects import subject

_MOST_STATED = 1_000
_NO_CLAIMS = "No table with columns of before and after was found."


def claims_of(
    document: Document, report: MigrationReport | None = None, *, name: str = ""
) -> ClaimCheck:
    """The whole check; without a report the arithmetic and the document itself alone.

    `name` is what the document is called.
    """
    stated = [*_of_rows(document.rows), *islice(statements(document.sentences), _MOST_STATED)]
    remarks = document.remarks if document.rows else (_NO_CLAIMS, *document.remarks)
    goals = [one for one in stated if one.role is Role.GOAL]
    return ClaimCheck(
        name=name,
        claims=tuple(_claim(row, report, goals) for row in document.rows),
        contradictions=contradictions(stated, document.sentences),
        remarks=remarks,
        migration="" if report is None else report.migration.title,
    )


def _claim(row: ClaimedRow, report: MigrationReport | None, goals: Sequence[Statement]) -> Claim:
    match = matched(row, () if report is None else report.rows)
    held, before, after = support(row, match.measure)
    is_alone = held is Support.NO_DATA
    return Claim(
        row=row,
        checked=checked(row.before, row.after, change(row.change_text)),
        support=held,
        measure=match.measure,
        matched_by=match.known_by,
        rivals=match.rivals,
        before=before,
        after=after,
        alone=alone_words(row, objective_of(row, match.measure, goals)) if is_alone else "",
    )


def _of_rows(rows: tuple[ClaimedRow, ...]) -> Iterator[Statement]:
    """What each row states: before, after, its goal, and its change."""
    for row in rows:
        about, quote = subject(row.metric), quoted(row)
        claimed = change(row.change_text)
        values = (
            (Role.BEFORE, row.before),
            (Role.AFTER, row.after),
            (Role.GOAL, quantity(row.goal_text.lstrip("<>≤≥= "))),
        )
        for role, value in values:
            if value is not None:
                yield Statement(about, role, quote, row.line, value)
        if claimed is not None:
            yield Statement(about, Role.SOME, quote, row.line, change=claimed)


def quoted(row: ClaimedRow) -> str:
    """The row as one line, as it stands in the document."""
    cells = (row.metric, row.before_text, row.after_text, row.change_text, row.goal_text)
    return " | ".join(cell for cell in cells if cell)
