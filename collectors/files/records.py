"""The rows of a CSV, JSON or NDJSON text, one by one, whatever they hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import NamedTuple, TextIO

import orjson

from collectors.files.plan import Format, Plan
from collectors.files.reading import MAX_ROW_CHARS, Lines
from collectors.files.times import Cell
from slo.errors import InputError

MAX_COLUMNS = 1_000
_CHUNK_CHARS = 65_536


class Record(NamedTuple):
    """One row: where it begins (a line, or the how-manieth object) and its cells by column."""

    place: int
    cells: dict[str, Cell]


class Columns(NamedTuple):
    """The header of a table: it comes before the rows, and even where there are none."""

    names: list[str]


class Flaw(NamedTuple):
    """A row that cannot be read, why, and how many lines it took."""

    place: int
    why: str
    rows: int = 1


def records(
    text: TextIO, plan: Plan, written: Format, where: str
) -> Iterator[Columns | Record | Flaw]:
    """The rows of the text in order; a broken row is a `Flaw`, a broken file an error.

    Raises:
        InputError: the text is not of that format at all, ends too early, or holds a row or a
            header beyond the limits.
    """
    if written is Format.CSV:
        return _csv(Lines(text, where), plan.delimiter, where)
    if written is Format.NDJSON:
        return _ndjson(Lines(text, where))
    return _Objects(text, where).records()


def _csv(lines: Lines, delimiter: str, where: str) -> Iterator[Columns | Record | Flaw]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = _header(reader, where)
    width = len(header)
    yield Columns(header)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Flaw(lines.first, str(error), lines.spanned)
            continue
        if len(cells) == width:
            yield Record(lines.first, dict(zip(header, cells, strict=True)))
        elif cells:
            why = f"{len(cells)} columns where the header has {width}"
            yield Flaw(lines.first, why, lines.spanned)


def _header(reader: Iterator[list[str]], where: str) -> list[str]:
    try:
        header = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise _broken("the file has no header line", f"{where}:1", "name its columns") from error
    if len(header) > MAX_COLUMNS:
        raise _broken(
            f"the header names {len(header):,} columns; at most {MAX_COLUMNS:,} are read",
            f"{where}:1",
            "export only the columns that are needed",
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise _broken(
            f"the header names the column {twice[0]!r} twice", f"{where}:1", "rename one of them"
        )
    return header


def _ndjson(lines: Lines) -> Iterator[Record | Flaw]:
    for line in lines:
        if line.strip():
            yield _object(lines.number, line)
        lines.begin_row()


def _object(place: int, line: str) -> Record | Flaw:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Flaw(place, f"no JSON: {error.msg}")
    if not isinstance(found, dict):
        return Flaw(place, "no JSON object")
    return Record(place, found)


class _Objects:
    """The objects of a JSON list, decoded one at a time from a sliding piece of the text."""

    def __init__(self, text: TextIO, where: str) -> None:
        self._text, self._where = text, where
        self._piece, self._at, self._ended, self._place = "", 0, False, 0
        self._decode = json.JSONDecoder().raw_decode

    def records(self) -> Iterator[Record | Flaw]:
        """Every object of the list, which must be the whole text."""
        if self._next_char() != "[":
            raise _broken(
                "the JSON is no list of objects",
                self._where,
                "take the list out: jq '.incidents' FILE > list.json, or write one object a line",
            )
        self._at += 1
        if self._next_char() != "]":
            yield from self._members()
        self._at += 1
        if self._next_char():
            raise self._refused("something follows the end of the list")

    def _members(self) -> Iterator[Record | Flaw]:
        while True:
            self._place += 1
            if self._next_char() != "{":
                raise self._refused("no object where one must begin")
            yield Record(self._place, self._value())
            char = self._next_char()
            if char == "]":
                return
            if char != ",":
                raise self._refused("no comma after it" if char else "the list is cut off")
            self._at += 1

    def _next_char(self) -> str:
        """The next character that is no blank, not taken yet; empty at the end."""
        while True:
            while self._at < len(self._piece) and self._piece[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._piece):
                return self._piece[self._at]
            if not self._more():
                return ""

    def _value(self) -> dict[str, Cell]:
        while True:
            try:
                found, self._at = self._decode(self._piece, self._at)
            except RecursionError as error:
                raise self._refused("it is nested too deeply") from error
            except json.JSONDecodeError as error:
                if len(self._piece) - self._at > MAX_ROW_CHARS:
                    raise self._refused("it is longer than 1 MB, or never ends") from error
                if not self._more():
                    raise self._refused(f"it is cut off or broken: {error.msg}") from error
            except ValueError as error:
                raise self._refused("it holds a number of thousands of digits") from error
            else:
                assert isinstance(found, dict)
                return found

    def _more(self) -> bool:
        """Read on; more each time, so that a long object is not tried again too often."""
        kept = self._piece[self._at :]
        added = "" if self._ended else self._text.read(max(_CHUNK_CHARS, len(kept)))
        self._piece, self._at, self._ended = kept + added, 0, not added
        return not self._ended

    def _refused(self, why: str) -> InputError:
        return _broken(
            f"the JSON cannot be read: {why}",
            f"{self._where}, object {self._place}",
            "mend the file there, or export it again",
        )


def _broken(what: str, where: str, mend: str) -> InputError:
    return InputError(what, where=where, mend=mend)
