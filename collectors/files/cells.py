"""What a single cell says: a text that can be stored, a finite number, or why it is neither."""

from __future__ import annotations

import json
import math
import re
from enum import Enum, auto

from collectors.files.times import Cell

MAX_TEXT_BYTES = 1_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LARGEST_WHOLE = 2**53

Field = str | float | int | bool | None
Cells = dict[str, Cell]
"""The cells of one row by column."""


class Reason(Enum):
    """Why a row is not passed on; each is counted apart."""

    MALFORMED = auto()
    NO_NUMBER = auto()
    FUTURE = auto()


class UnusableRowError(Exception):
    """The row says nothing that can be stored; the file's reader counts it and goes on."""

    def __init__(self, why: str, reason: Reason = Reason.MALFORMED) -> None:
        """Keep the reason for counting beside the sentence for people."""
        super().__init__(why)
        self.reason = reason


class MisreadFileError(Exception):
    """The row shows that the file is not what it is said to be: none of its rows can be used."""

    def __init__(self, why: str, mend: str) -> None:
        """Keep what people can do about it beside what is wrong."""
        super().__init__(why)
        self.mend = mend


def is_empty(cell: Cell) -> bool:
    """Whether there is nothing in the cell: it says neither zero nor no."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell, what: str) -> str:
    """The cell as text, blanks around it removed; "" when there is nothing in it.

    >>> text_of(200.0, "code"), text_of(True, "ok"), text_of(None, "note")
    ('200', 'true', '')

    Raises:
        UnusableRowError: it is a list or an object, longer than 1 kB, or holds bytes that are no
            text.
    """
    match cell:
        case str():
            text = _storable(cell.strip(), what)
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return str(int(cell)) if _is_whole(cell) else repr(cell)
        case _:
            raise UnusableRowError(f"{what} is a list or an object")
    if len(text) > MAX_TEXT_BYTES or len(text.encode()) > MAX_TEXT_BYTES:
        raise UnusableRowError(f"{what} is longer than 1 kB")
    return text


def number_of(cell: Cell, what: str) -> float:
    """The cell as a finite number.

    Raises:
        UnusableRowError: it is empty, not finite (both counted apart), or no number.
    """
    try:
        number = float(cell)  # type: ignore[arg-type]  # told apart below
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_number(cell, what) from error
    if not math.isfinite(number):
        raise UnusableRowError(f"{what} is {number}", Reason.NO_NUMBER)
    return number


def _no_number(cell: Cell, what: str) -> UnusableRowError:
    if is_empty(cell):
        return UnusableRowError(f"{what} is empty", Reason.NO_NUMBER)
    if isinstance(cell, list | dict):
        return UnusableRowError(f"{what} is a list or an object")
    return UnusableRowError(f"{what} is {str(cell)[:40]!r}, no number")


def field_of(cell: Cell, what: str) -> Field:
    """The cell as a value kept beside an event; nothing is None, a structure is its JSON text.

    Raises:
        UnusableRowError: it holds bytes that are no text.
    """
    match cell:
        case str():
            return _storable(cell, what) or None
        case list() | dict():
            return _storable(_json_of(cell, what), what)
        case float():
            return cell if math.isfinite(cell) else None
        case int() if abs(cell) > _LARGEST_WHOLE:
            return str(cell)
        case _:
            return cell


def _json_of(cell: list[object] | dict[str, object], what: str) -> str:
    try:
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except RecursionError as error:
        raise UnusableRowError(f"{what} is nested too deeply") from error


def _storable(text: str, what: str) -> str:
    if not text.isascii() or "\x00" in text:
        found = _UNSTORABLE.search(text)
        if found is not None:
            raise UnusableRowError(f"{what} holds a byte that is no UTF-8 text")
    return text


def _is_whole(number: float) -> bool:
    return math.isfinite(number) and number == int(number)
