"""Shares of what went wrong in words: each rounded so that it cannot be taken for less.

How much was measured is `words.share_words`, rounded down.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN
from fractions import Fraction

from dashboard.views.words import decimal_words

_TENTH = Fraction(1, 1_000)


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
