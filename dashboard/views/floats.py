"""Exact figures as JSON and tables hold them."""

from __future__ import annotations

from fractions import Fraction


def as_float(figure: Fraction | None) -> float | None:
    """The nearest float to an exact figure; None stays None.

    >>> as_float(Fraction(1, 4)), as_float(None)
    (0.25, None)
    """
    return None if figure is None else float(figure)


def as_count(count: float) -> float:
    """A count as a whole number where it is one.

    >>> as_count(3.0), as_count(0.25)
    (3, 0.25)
    """
    return int(count) if count == int(count) else count
