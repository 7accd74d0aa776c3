"""An edition as Markdown: what mail, chat and wikis show; everything from data is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, repeat

from dashboard.reports.contract import Edition, Format
from dashboard.reports.letter import Cell, Grid, Letter, Section
from dashboard.views.literal import escaped


def written(edition: Edition) -> bytes:
    """The letter; a quiet one is five lines."""
    letter = edition.letter
    lines = _quiet(letter.quiet) if letter.quiet else _whole(letter)
    return ("\n".join(lines) + "\n").encode()


def _quiet(lines: tuple[str, ...]) -> Iterator[str]:
    """A paragraph each; the two blanks at an end keep the lines apart."""
    first, *rest = lines
    yield f"# {escaped(first)}"
    yield from (f"{escaped(line)}  " for line in rest[:-1])
    yield escaped(rest[-1])


def _whole(letter: Letter) -> Iterator[str]:
    yield f"# {escaped(letter.subject)}"
    yield from ("", escaped(f"Report {letter.byline}"))
    for section in letter.said:
        yield from ("", f"## {escaped(section.title)}")
        yield from _section(section)
    yield from ("", escaped(letter.closing))


def _section(section: Section) -> Iterator[str]:
    for paragraph in section.paragraphs:
        yield from ("", escaped(paragraph))
    if section.grid is not None:
        yield from ("", *_table(section.grid))
    if section.items:
        marks = (f"{place}." for place in count(1)) if section.is_ranked else repeat("-")
        shown = zip(marks, section.items, strict=False)
        yield from ("", *(f"{mark} {escaped(item)}" for mark, item in shown))
    if section.remark:
        yield from ("", escaped(section.remark))


def _table(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(escaped(column.head) for column in grid.columns)} |".replace(
        "|  |", "| |"
    )
    yield f"|{'|'.join('--:' if column.is_number else '---' for column in grid.columns)}|"
    for row in grid.rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    """The text, and the smaller line in brackets."""
    return escaped(f"{cell.text} ({cell.small})" if cell.small else cell.text)


FORMAT = Format(extension="md", written=written)
