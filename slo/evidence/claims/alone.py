"""What the two counts of a claim could show on their own, seen for equally long before and after."""

from __future__ import annotations

from fractions import Fraction

from slo.evidence.exact import doubled_tail

ALPHA = 0.05
MOST_PERIODS = 120
_MOST_COUNTED = 1_000_000
_WHOLE_ISH = Fraction(1, 4)
_HOPELESS = 3
"""Below this squared distance from chance no exact test of two counts reaches 0.05."""


def chance(before: Fraction, after: Fraction) -> float | None:
    """The p-value of two counts over equal times; None where they are no counts to be tested.

    Counts are whole numbers, not both zero, and no more than a million together.

    >>> round(chance(Fraction(4), Fraction(12)), 3), chance(Fraction(5, 2), Fraction(1))
    (0.077, None)

    Source: Przyborowski and Wilenski, Biometrika 31, 1940, as in `slo.evidence.rates`.
    """
    is_counted = min(before, after) >= 0 and before.denominator == after.denominator == 1
    if not is_counted or not 0 < before + after <= _MOST_COUNTED:
        return None
    return doubled_tail(int(after), int(before + after), 0.5)


def periods_needed(before: Fraction, after: Fraction) -> int | None:
    """For how many periods a side two rates must hold to be told from chance; None for over 120.

    The rates are in events a period. Only numbers of periods in which both counts come to within
    a quarter of a whole number are tried, for nobody counts half an event.

    >>> periods_needed(Fraction(5, 2), Fraction(1, 2)), periods_needed(Fraction(1), Fraction(1))
    (4, None)
    """
    for periods in range(1, MOST_PERIODS + 1):
        counts = (before * periods, after * periods)
        whole = [Fraction(round(count)) for count in counts]
        off = max(abs(count - near) for count, near in zip(counts, whole, strict=True))
        if off > _WHOLE_ISH or (whole[0] - whole[1]) ** 2 < _HOPELESS * sum(whole):
            continue
        found = chance(*whole)
        if found is not None and found < ALPHA:
            return periods
    return None
