"""A claim check as a Markdown document: the table marked up, what contradicts what, what to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.views.claims.model import Claim, ClaimCheck
from dashboard.views.claims.words import (
    HEADS,
    arithmetic_words,
    better_words,
    contradiction_words,
    support_words,
)
from dashboard.views.literal import escaped

_HEAD = ("Mark", "Line", "Claim", "Before", "After", "Change", *HEADS)


def lines(check: ClaimCheck) -> tuple[str, ...]:
    """The whole document; everything that was read is escaped."""
    return tuple(_lines(check))


def summary(check: ClaimCheck) -> str:
    """How many claims got which mark, and how many pairs contradict each other.

    >>> summary(ClaimCheck(name="a.md", claims=(), contradictions=()))
    'no claims'
    """
    if not check.is_read:
        return "not read"
    marks = [claim.mark for claim in check.claims]
    said = [f"{marks.count(one)} {one}" for one in dict.fromkeys(sorted(marks))]
    if check.contradictions:
        many = len(check.contradictions)
        said.append(f"{many} contradiction{'s' if many > 1 else ''} inside the document")
    return ", ".join(said) or "no claims"


def held_against(check: ClaimCheck) -> str:
    """What the claims were held against, in a sentence; "" where nothing was read."""
    if not check.is_read:
        return ""
    if not check.migration:
        return "Arithmetic and the document itself alone: no migration report was at hand."
    return f"Held against the report “{check.migration}”."


def _lines(check: ClaimCheck) -> Iterator[str]:
    yield f"# Claims of {escaped(check.name)}"
    yield from ("", f"{summary(check).capitalize()}. {escaped(held_against(check))}")
    if check.claims:
        yield ""
        yield from _table([_HEAD, *(_cells(claim) for claim in check.claims)])
    if check.contradictions:
        yield from ("", "## What contradicts what", "")
        yield from (f"- {escaped(contradiction_words(one))}" for one in check.contradictions)
    if check.remarks:
        yield ""
        yield from (f"- {escaped(remark)}" for remark in check.remarks)


def _cells(claim: Claim) -> tuple[str, ...]:
    row = claim.row
    known_by = f" (by {claim.matched_by})" if claim.matched_by else ""
    return (
        claim.mark,
        f"{row.line}",
        row.metric,
        row.before_text,
        row.after_text,
        row.change_text,
        arithmetic_words(claim),
        f"{support_words(claim)}{known_by}",
        better_words(claim),
    )


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    head, *rest = rows
    yield _row(head)
    yield _row(tuple("---" for _ in head))
    yield from (_row(tuple(escaped(cell) for cell in row)) for row in rest)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
