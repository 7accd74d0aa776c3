"""How a block looks: its heading, its sentences, its table; a phone shows label above value."""

from __future__ import annotations

from dashboard.charts.markup import Markup, element, join, marked
from dashboard.charts.table import Column, cell, name_cell, row, table, titled
from dashboard.views.blocks import Block, Cell, Heading

_FEW = 2


def block(made: Block) -> Markup:
    """The whole of it."""
    words = (element("p", words, class_="s") for words in made.words)
    below = (element("p", words, class_="g s") for words in made.below)
    drawn = _table(made) if made.rows else None
    return join(
        titled(made.title, made.note, "bl leaf titled"),
        element("div", *words, drawn, *below, class_="bl leaf block"),
    )


def _table(made: Block) -> Markup:
    columns = [Column(one.words, _kind(one)) for one in made.headings]
    rows = (_row(made.headings, cells) for cells in made.rows)
    kind = "tight block slim" if _is_slim(made.headings) else "tight block"
    return table(made.title, columns, rows, kind)


def _is_slim(headings: tuple[Heading, ...]) -> bool:
    """Whether its rows fit a phone side by side: three columns, or four of which three are figures."""
    others = headings[1:]
    return len(others) <= _FEW or (len(others) == _FEW + 1 and all(one.is_figure for one in others))


def _kind(heading: Heading) -> str | None:
    return "n" if heading.is_figure else None


def _row(headings: tuple[Heading, ...], cells: tuple[Cell, ...]) -> Markup:
    name, *others = cells
    return row(
        name_cell(_said(name)),
        *(
            cell(_said(one), kind=_kind(heading), label=heading.words)
            for heading, one in zip(headings[1:], others, strict=True)
        ),
    )


def _said(one: Cell) -> Markup:
    """The words with their sign, as a link where they lead somewhere, the note behind them."""
    words = join(one.words)
    if one.address:
        is_ours = one.address.startswith("/")
        outward = {} if is_ours else {"rel": "noopener noreferrer"}
        target = "_self" if is_ours else "_blank"
        words = element("a", one.words, href=one.address, target=target, **outward)
    if one.mark is not None:
        words = marked(words, one.mark, one.tone)
    elif one.tone:
        words = element("span", words, class_=f"st {one.tone}")
    note = element("small", one.note, class_="g") if one.note else None
    return join(words, " " if note else None, note)
