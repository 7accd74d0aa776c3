"""Text of a source as it is shown: one line, nothing that steers a terminal, not too long."""

from __future__ import annotations

_TAIL = 3


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
