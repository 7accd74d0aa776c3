"""Text of a source as it is shown: one line, nothing that steers a terminal, not too long."""

from __future__ import annotations

_TAIL = 3
_LONGEST = 90
_SHA_DIGITS, _SHOWN_DIGITS = (40, 64), 7


def shown(said: str, longest: int) -> str:
    """The first line, its controls replaced; of a long one the middle is cut.

    Two long names often differ at their ends alone, so both ends stay.

    >>> shown("Google Cloud Composer", 20), shown("Google Cloud Console", 20)
    ('Google Cloud …mposer', 'Google Cloud Console')
    """
    first = said.splitlines()[0] if said.strip() else ""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in first)
    if len(clean) <= longest:
        return clean
    tail = longest // _TAIL
    return f"{clean[: longest - tail - 1]}…{clean[-tail:]}" if tail else clean[:longest]


def shown_version(version: str) -> str:
    """A hash in its first digits, anything else cut where it is long.

    >>> shown_version("7f3c2a1d5514ce3f2a1b0c9d8e7f6a5b4c3d2e1f"), shown_version("v1.2")
    ('7f3c2a1', 'v1.2')
    """
    is_hash = len(version) in _SHA_DIGITS and all(c in "0123456789abcdef" for c in version.lower())
    return version[:_SHOWN_DIGITS] if is_hash else shown(version, _LONGEST)
