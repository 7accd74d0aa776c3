"""Exact figures as text that people and machines read back as the same figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def exact_text(value: Fraction) -> str:
    """The value as a decimal where it has one, else as a fraction.

    >>> exact_text(Fraction(1, 50)), exact_text(Fraction(1, 3)), exact_text(Fraction(7))
    ('0.02', '1/3', '7')
    """
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimal:f}" if Fraction(decimal) == value else str(value)
