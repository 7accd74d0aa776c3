"""On which line of a TOML text each key stands; tomllib says what, not where.

Only called with text that tomllib has accepted, so the scanner need not judge: it follows
tables, arrays of tables, dotted and quoted keys, inline tables, arrays and both kinds of
multi-line string, and notes the line of every key and element.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


class Lines:
    """The line of each place; an unwritten place has the line of the table it misses in."""

    def __init__(self, found: Mapping[Place, int]) -> None:
        """Keep the lines that a scan found."""
        self._found = found

    @classmethod
    def of(cls, text: str) -> Lines:
        """Find the lines of a text that tomllib accepts."""
        scan = _Scan(text)
        scan.document()
        return cls(scan.found)

    def at(self, *place: str | int) -> int:
        r"""The line of a key such as `("slo", 2, "objective")`, the first line being 1.

        >>> Lines.of("[a]\nb = 1").at("a", "b"), Lines.of("[a]\nb = 1").at("a", "c")
        (2, 1)
        """
        while place and place not in self._found:
            place = place[:-1]
        return self._found.get(place, 1)

    @property
    def places(self) -> frozenset[Place]:
        """Every place that is written."""
        return frozenset(self._found)


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted_to, self._line = 0, 1
        self._elements: dict[Place, int] = {}
        self.found: dict[Place, int] = {}

    def document(self) -> None:
        table: Place = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Place:
        many = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if many else 1
        keys = self._keys()
        self._at += 2 if many else 1
        table = self._resolve(keys[:-1])
        self._note_parents((), table, line)
        last: Place = (*table, keys[-1])
        if many:
            self.found.setdefault(last, line)
            self._elements[last] = self._elements.get(last, -1) + 1
        table = self._resolve_last(last)
        self.found[table] = line
        return table

    def _pair(self, table: Place) -> None:
        line = self._here()
        keys = self._keys()
        place: Place = (*table, *keys)
        self._note_parents(table, place, line)
        self.found[place] = line
        self._at += 1
        self._skip(_SPACE)
        self._value(place)

    def _value(self, place: Place) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(place)
        elif opening == "{":
            self._inline(place)
        else:
            self._skip(_STRING if opening in "\"'" else _SCALAR)

    def _array(self, place: Place) -> None:
        self._at += 1
        index = 0
        while self._more("]"):
            self.found[(*place, index)] = self._here()
            self._value((*place, index))
            index += 1

    def _inline(self, place: Place) -> None:
        self._at += 1
        while self._more("}"):
            self._pair(place)

    def _more(self, closing: str) -> bool:
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _key(self) -> str:
        quoted = self._text[self._at] in "\"'"
        begin = self._at
        self._skip(_STRING if quoted else _BARE)
        written = self._text[begin : self._at]
        return str(tomllib.loads(f"x = {written}")["x"]) if quoted else written

    def _resolve(self, keys: list[str]) -> Place:
        place: Place = ()
        for key in keys:
            place = self._resolve_last((*place, key))
        return place

    def _resolve_last(self, place: Place) -> Place:
        """The newest element where the place is an array of tables, else the place itself."""
        return (*place, self._elements[place]) if place in self._elements else place

    def _note_parents(self, above: Place, place: Place, line: int) -> None:
        for length in range(len(above) + 1, len(place) + 1):
            self.found.setdefault(place[:length], line)

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        assert match is not None, f"scanned past valid TOML at offset {self._at}"
        self._at = match.end()
