"""Exact figures: sums, and text that people and machines read back as the same figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from slo.facts import Reals


def exact_text(value: Fraction) -> str:
    """The value as a decimal where it has one, else as a fraction.

    >>> exact_text(Fraction(1, 50)), exact_text(Fraction(1, 3)), exact_text(Fraction(7))
    ('0.02', '1/3', '7')
    """
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimal:f}" if Fraction(decimal) == value else str(value)


def exact_sum(counts: Reals) -> Fraction:
    """The sum of what is above nothing, which no order of adding changes.

    >>> import numpy as np
    >>> exact_sum(np.array([0.5, -1.0, 0.25])), exact_sum(np.zeros(0))
    (Fraction(3, 4), Fraction(0, 1))
    """
    return sum((Fraction(one) for one in counts[counts > 0].tolist()), Fraction(0))
