"""One line of an explanation: the name of a figure, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.words import digits_words

Step = tuple[str, str]


def step_lines(steps: Sequence[Step]) -> tuple[str, ...]:
    """The steps for a terminal, their names and texts in two columns."""
    width = max((len(name) for name, _ in steps), default=0)
    return tuple(f"{name:<{width}}  {text}" for name, text in steps)


def digits(count: float | Fraction) -> str:
    """A count with every digit it has."""
    return digits_words(Fraction(count))
