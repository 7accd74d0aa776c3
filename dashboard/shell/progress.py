"""How far a long command has come: a bar on stderr where a person is watching, else nothing."""

from __future__ import annotations

import sys
from threading import Lock
from types import TracebackType
from typing import Self

import click


class Bar:
    """A bar over an amount that is only known piece by piece, from several threads if need be."""

    def __init__(self, label: str) -> None:
        """Show nothing yet."""
        is_watched = sys.stderr.isatty()
        self._turn = Lock()
        self._bar = click.progressbar(length=0, label=label, file=sys.stderr, hidden=not is_watched)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave the bar as it stands and go to the next line."""
        self._bar.__exit__(kind, error, at)

    def expect(self, amount: int) -> None:
        """So much more is to come."""
        with self._turn:
            self._bar.length = (self._bar.length or 0) + amount

    def advance(self, amount: int) -> None:
        """So much more is done."""
        with self._turn:
            self._bar.update(amount)
