"""A block as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from dashboard.views.blocks import Block, Cell
from dashboard.views.machines.aligned import INDENT, WIDTH, folded
from dashboard.views.machines.fitted import fitted


def lines(blocks: Iterable[Block], width: int = WIDTH) -> tuple[str, ...]:
    """Every block below the other, an empty line between them, none wider than `width` columns."""
    found: list[str] = []
    for made in blocks:
        found += [""] if found else []
        found += _lines(made, width)
    return tuple(found)


def _lines(made: Block, width: int) -> list[str]:
    title = f"{made.title} ({made.note})" if made.note else made.title
    rows = [tuple(one.words.upper() for one in made.headings), *(_row(r) for r in made.rows)]
    figures = [place for place, one in enumerate(made.headings) if one.is_figure]
    drawn = fitted(rows, figures, width) if made.rows else ()
    said = [line for words in made.words for line in folded(words, width)]
    named = wrap(title, width, subsequent_indent=INDENT, break_on_hyphens=False)
    return [*named, *said, *drawn, *(line for words in made.below for line in folded(words, width))]


def _row(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(_said(one) for one in cells)


def _said(one: Cell) -> str:
    marked = f"{one.mark.sign} {one.words}" if one.mark is not None else one.words
    return f"{marked} ({one.note})" if one.note else marked
