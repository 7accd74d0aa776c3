"""What an examination found: in words, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from slo.errors import BurnlineError, InputError


class Grade(StrEnum):
    """How a thing stands: well, worth knowing, or in need of a hand."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how to mend it where that is needed."""

    grade: Grade
    what: str
    mend: str = ""


def well(what: str) -> Finding:
    """Something is as it should be."""
    return Finding(Grade.WELL, what)


def note(what: str, mend: str = "") -> Finding:
    """Something is worth knowing, and nothing is broken."""
    return Finding(Grade.NOTE, what, mend)


def wrong(what: str, mend: str) -> Finding:
    """Something needs a hand."""
    return Finding(Grade.WRONG, what, mend)


def wrong_by(error: BurnlineError) -> Finding:
    """What an error says, on one line; of a file also which."""
    said = "; ".join(line.strip() for line in error.what.splitlines() if line)
    return wrong(f"{error.where}: {said}" if isinstance(error, InputError) else said, error.mend)
