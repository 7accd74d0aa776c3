"""Numbers with the digits they have, so that a formula can be redone by hand."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

_MINUS = "−"
_WHOLE = 20  # an objective of 12 digits has a budget of 14 at most, its rows a few more
_CUT = 9
_LEFT_OF_TINY = 4
_MOST = 30
_EXACT_ENOUGH = Context(prec=400)


def digits_words(value: Fraction) -> str:
    """The number with every digit it has: up to twenty after the point, else the first nine.

    One so small that those were nothing is cut after the first four that are not 0.

    >>> digits_words(Fraction(68, 100)), digits_words(Fraction(-1, 3)), digits_words(Fraction(96_600))
    ('0.68', '−0.333333333', '96,600')
    >>> digits_words(Fraction(1, 10**11)), digits_words(Fraction(2, 3 * 10**9))
    ('0.00000000001', '0.0000000006667')
    """
    shown = _shown(value)
    digits = f"{abs(shown):,f}".rstrip("0").rstrip(".")
    return f"{_MINUS if shown < 0 else ''}{digits}"


def equals_words(value: Fraction) -> str:
    """The number behind an equals sign, or behind the sign that says that digits are left out.

    >>> equals_words(Fraction(68, 100)), equals_words(Fraction(1, 3))
    ('= 0.68', '≈ 0.333333333')
    """
    sign = "=" if Fraction(_shown(value)) == value else "≈"
    return f"{sign} {digits_words(value)}"


def filled_words(expression: str, *values: Fraction | float) -> str:
    """An expression of these values behind the sign that says whether each is shown whole.

    >>> filled_words("1 / 4", Fraction(1, 4)), filled_words("0.333333333 × 3", Fraction(1, 3))
    ('= 1 / 4', '≈ 0.333333333 × 3')
    """
    whole = all(Fraction(_shown(Fraction(value))) == value for value in values)
    return f"{'=' if whole else '≈'} {expression}"


def _shown(value: Fraction) -> Decimal:
    divided = _EXACT_ENOUGH.divide(Decimal(value.numerator), Decimal(value.denominator))
    if (value * 10**_WHOLE).denominator == 1:
        places = _WHOLE
    else:
        places = min(_MOST, max(_CUT, _LEFT_OF_TINY - 1 - divided.adjusted()))
    return divided.quantize(Decimal(1).scaleb(-places), context=_EXACT_ENOUGH)
