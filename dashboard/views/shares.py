"""Shares of what went wrong in words, so rounded that none can be taken for less.

Which part of it was whose is rounded to the nearest: what is more of one is less of another.
How much was measured is `words.share_words`, rounded down.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN
from fractions import Fraction

from dashboard.views.words import NOTHING, decimal_words

_TENTH, _HUNDREDTH = Fraction(1, 1_000), Fraction(1, 100)


def spent_words(share: Fraction) -> str:
    """A share of the budget with a decimal below ten percent.

    >>> spent_words(Fraction(31, 100)), spent_words(Fraction(44, 1_000)), spent_words(Fraction(1, 9_999))
    ('31 %', '4.4 %', '<0.1 %')
    """
    if 0 < share < _TENTH:
        return "<0.1 %"
    decimals = 0 if share >= Fraction(1, 10) or not share else 1
    return f"{decimal_words(share * 100, decimals, ROUND_HALF_EVEN)} %"


def bad_share_words(share: Fraction | None) -> str:
    """A share of bad events with two digits, rounded up: what fails never looks smaller.

    >>> bad_share_words(Fraction(31, 1_000)), bad_share_words(Fraction(1, 3_000))
    ('3.1 %', '0.034 %')
    """
    if share is None:
        return "an unknown share"
    percent = share * 100
    bounds = ((10, 0), (1, 1), (Fraction(1, 10), 2), (Fraction(1, 100), 3))
    decimals = next((places for bound, places in bounds if percent >= bound), 4)
    return f"{decimal_words(percent, decimals, ROUND_CEILING)} %"


def whose_words(share: Fraction | None) -> str:
    """Which part of all bad events are of one value, to the nearest percent; some is never none or all.

    >>> whose_words(Fraction(916, 1_000)), whose_words(Fraction(1, 999)), whose_words(Fraction(998, 999))
    ('92 %', '<1 %', '>99 %')
    >>> whose_words(Fraction(0)), whose_words(Fraction(1)), whose_words(None)
    ('0 %', '100 %', '–')
    """
    if share is None:
        return NOTHING
    if 0 < share < _HUNDREDTH:
        return "<1 %"
    if 1 - _HUNDREDTH < share < 1:
        return ">99 %"
    return f"{decimal_words(share * 100, 0, ROUND_HALF_EVEN)} %"
