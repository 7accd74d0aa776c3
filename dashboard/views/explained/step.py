"""One line of an explanation: the name of a figure, and how it came about."""

from __future__ import annotations

from fractions import Fraction

from dashboard.views.words import digits_words

Step = tuple[str, str]


def digits(count: float | Fraction) -> str:
    """A count with every digit it has."""
    return digits_words(Fraction(count))
