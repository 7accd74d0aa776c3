"""Tables of text for a terminal: columns as wide as their widest cell, figures to the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from textwrap import wrap

WIDTH = 100
INDENT = "    "


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> tuple[str, ...]:
    """The rows as lines; the columns numbered in `right` end where their heads end.

    >>> aligned([("A", "N"), ("longer", "7")], right=[1])
    ('A       N', 'longer  7')
    """
    if not rows:
        return ()
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return tuple("  ".join(_cells(row, widths, right)).rstrip() for row in rows)


def folded(words: str, width: int = WIDTH) -> tuple[str, ...]:
    """Words below a row, in lines that a terminal holds and people like to read.

    >>> folded("no evidence of change"), folded("")
    (('    no evidence of change',), ())
    """
    return tuple(
        wrap(
            words,
            min(width, WIDTH),
            initial_indent=INDENT,
            subsequent_indent=INDENT,
            break_on_hyphens=False,
        )
    )


def _cells(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    return [
        cell.rjust(width) if column in right else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
