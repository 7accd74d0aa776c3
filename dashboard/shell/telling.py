"""Words to people on a terminal: complaints on stderr, nothing that could move its cursor."""

from __future__ import annotations

import click


def complain(text: str) -> None:
    """Print to stderr; a control character, which a hostile answer may hold, is made visible."""
    click.echo(harmless(text), err=True)


def harmless(text: str) -> str:
    r"""The text with everything that is neither printable nor a line end replaced.

    >>> harmless("down\x1b[2J")
    'down\ufffd[2J'
    """
    kept = (c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return "".join(kept)
