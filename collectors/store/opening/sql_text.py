"""What it is to ask a store in SQL text that both engines read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Bounds = Mapping[str, int | str]
Rows = Sequence[Sequence[Any]]
Ask = Callable[..., Rows]
"""Gives the rows of a statement; what it names `:so` stands in the bounds after it."""
