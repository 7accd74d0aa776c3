"""A report as people read it, whatever it is about: sections of paragraphs, tables and lists.

Every format that is read writes this; a subject only fills it. All texts are plain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellTone = Literal["", "bad", "warn", "grey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its text, a smaller line below it, and whether someone must act on it.

    `tone` is "" for none; `mark` is a sign that says the tone without colour,
    `title` what it promises.
    """

    text: str
    small: str = ""
    tone: CellTone = ""
    mark: str = ""
    title: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column; numbers stand at its right."""

    head: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first cell of each row is its name."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part under a title, in this order: its paragraphs, its table, its items, its remark."""

    title: str
    paragraphs: tuple[str, ...] = ()
    grid: Grid | None = None
    items: tuple[str, ...] = ()
    is_ranked: bool = False
    remark: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.paragraphs or self.grid or self.items or self.remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The whole: a verdict as its subject, whose it is and of when, the sections, a last line.

    `byline` begins with the name of the report; formats write the word "Report" before it. `quiet`
    are the lines that say it all where nobody is needed: nothing else is then written.
    `is_wide` asks for more room than a mail on a phone, whose tables are then stacked there.
    """

    subject: str
    byline: str
    sections: tuple[Section, ...]
    closing: str
    quiet: tuple[str, ...] = ()
    is_wide: bool = False

    @property
    def said(self) -> tuple[Section, ...]:
        """The sections that say something."""
        return tuple(section for section in self.sections if not section.is_empty)
