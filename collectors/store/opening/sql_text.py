"""What it is to ask a store in SQL text that both engines read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Bounds = Mapping[str, int | str]
Rows = Sequence[Sequence[Any]]


class Ask(Protocol):
    """Asks one consistent view of a store."""

    def __call__(self, said: str, bounds: Bounds | None = None, /) -> Rows:
        """The rows of a statement; what it names `:so` stands in the bounds."""
