"""A part of a page as a value: a heading, sentences, and a table of words with signs.

One shape for screen, shell and report, so that a new figure needs no drawing of its own:
`dashboard/charts/blocks.py` draws it, `dashboard/views/machines/blocks.py` prints it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.views.slos.marks import Mark, Tone


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table; `note` is small and grey below it."""

    words: str
    mark: Mark | None = None
    tone: Tone = Tone.PLAIN
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column; figures stand to the right."""

    words: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with a note beside it, sentences, and a table whose first column names the rows.

    Without rows the sentences say why there are none. `words` are above the table, `below` under
    it.
    """

    title: str
    note: str = ""
    words: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    below: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rows that do not fit under the headings."""
        if any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError(f"a row of {self.title!r} has not {len(self.headings)} cells")
