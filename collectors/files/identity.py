"""What a row belongs to: its service and labels, the series they make, and its own key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from collectors.files.cells import Cells, text_of
from collectors.files.times import Cell
from slo.errors import InputError
from slo.facts import SeriesKey, SeriesKind

MAX_SERIES = 10_000

Identity = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SeriesBook:
    """Every series of a file, each made once; more than can be meant are refused."""

    where: str
    mend: str = "name columns with few values as service and labels"
    known: dict[Identity, SeriesKey] = field(default_factory=dict)

    def add(self, identity: Identity, series: SeriesKey) -> SeriesKey:
        """The series, from now on known.

        Raises:
            InputError: it is one too many.
        """
        self.known[identity] = series
        if len(self.known) > MAX_SERIES:
            what = f"the rows make more than {MAX_SERIES:,} series"
            raise InputError(what, where=self.where, mend=self.mend)
        return series


@dataclass(frozen=True, slots=True)
class Owner:
    """The columns that say whose a row is; `texts` remembers what they have said before."""

    service_column: str
    service: str
    labels: tuple[tuple[str, str], ...]
    texts: dict[str, str] = field(default_factory=dict)

    def service_of(self, cells: Cells) -> str:
        """The service of the row, or that of all rows where it names none."""
        return self._text(cells.get(self.service_column), "service") or self.service

    def values(self, cells: Cells) -> list[str]:
        """The service, then the value of each label."""
        values = (self._text(cells.get(column), column) for _, column in self.labels)
        return [self.service_of(cells), *values]

    def pairs(self, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """The same values as sorted labels; an empty one is no label."""
        names = ("service", *(label for label, _ in self.labels))
        return tuple(sorted(pair for pair in zip(names, values, strict=True) if pair[1]))

    def _text(self, cell: Cell, what: str) -> str:
        """The cell as text; those of labels come again and again and are checked once."""
        known = self.texts.get(cell) if type(cell) is str else None
        if known is not None:
            return known
        text = text_of(cell, what)
        if type(cell) is str and len(self.texts) < MAX_SERIES:
            self.texts[cell] = text
        return text


@dataclass(frozen=True, slots=True)
class SeriesOf:
    """The series of one name, one for each owner."""

    source: str
    name: str
    kind: SeriesKind
    bin_s: int
    owner: Owner
    book: SeriesBook

    def of(self, cells: Cells) -> SeriesKey:
        """The one that the row belongs to."""
        values = self.owner.values(cells)
        identity = (self.name, *values)
        return self.book.known.get(identity) or self.book.add(identity, self._made(values))

    def _made(self, values: list[str]) -> SeriesKey:
        labels = self.owner.pairs(values)
        return SeriesKey(self.source, self.name, self.kind, labels, "", values[0], self.bin_s)


@dataclass(frozen=True, slots=True)
class Key:
    """The columns that make a row the same row."""

    columns: tuple[str, ...]

    def of(self, cells: Cells) -> str:
        """Their text, several as JSON so that they cannot run into each other; "" for nothing."""
        texts = [text_of(cells.get(column), column) for column in self.columns]
        if not any(texts):
            return ""
        key = texts[0] if len(texts) == 1 else orjson.dumps(texts).decode()
        return text_of(key, "the key")
