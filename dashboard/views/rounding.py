"""Numbers as people read them: rounded last, never onto the other side of what they are held to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP
from fractions import Fraction

from dashboard.views.words import NOTHING, decimal_words
from slo.lengths import HOUR_S

MOST_DECIMALS = 6
"""More tell nobody anything."""
_FARTHEST = 1e15
"""From here on digits are counted, not read."""
_SECONDS = ((1.0, 0.001, "ms"), (120.0, 1.0, "s"), (7_200.0, 60.0, "min"))
_FIGURES = 3


def rounded(value: float, decimals: int, apart: Iterable[float] = ()) -> str:
    """The number with so many decimals, or more where it would read as one it is held to.

    Half is rounded away from zero; a true minus, commas between thousands.

    >>> rounded(489.6, 0, [490.0]), rounded(489.6, 0), rounded(-0.03, 0, [0.0])
    ('489.6', '490', '−0.03')
    >>> rounded(1e308, 0), rounded(-2.5e16, 1)
    ('1.0 × 10^308', '−2.5 × 10^16')
    """
    if abs(value) >= _FARTHEST:
        mantissa, _, power = f"{abs(value):.1e}".partition("e")
        return f"{'−' if value < 0 else ''}{mantissa} × 10^{int(power)}"
    return decimal_words(exact(value), fitting(value, decimals, apart), ROUND_HALF_UP)


def fitting(value: float, decimals: int, apart: Iterable[float] = ()) -> int:
    """How many decimals keep the number on its own side of what it is held to.

    >>> fitting(0.4996, 1, [0.5]), fitting(0.5, 1, [0.5])
    (4, 1)
    """
    if abs(value) >= _FARTHEST:
        return decimals
    held = [exact(one) for one in apart if math.isfinite(one)]
    whole = exact(value)
    while decimals < MOST_DECIMALS and not all(_is_apart(whole, decimals, one) for one in held):
        decimals += 1
    return decimals


def exact(value: float) -> Fraction:
    """The number that people mean by a float: the shortest one that reads as it.

    >>> exact(99.95)
    Fraction(1999, 20)
    """
    return Fraction(repr(float(value)))


def signed(value: float, decimals: int, apart: Iterable[float] = (0.0,)) -> str:
    """The number with its sign, a plus too; a zero has none.

    >>> signed(0.17, 2), signed(-40.24, 0), signed(0.0, 1)
    ('+0.17', '−40', '0.0')
    """
    text = rounded(value, decimals, apart)
    return f"+{text}" if value > 0 else text


def times(ratio: float) -> str:
    """A ratio as a factor, without its sign; two decimals below one.

    >>> times(4.333), times(0.2), times(12.87), times(160.2), times(1.04), times(0.0042)
    ('4.3', '0.20', '12.9', '160', '1.04', '0.004')
    """
    decimals = 2 if ratio < 1 else 1 if ratio < 100 else 0  # noqa: PLR2004
    return "0" if ratio == 0 else rounded(ratio, decimals, (0.0, 1.0))


def ranged(low: str | None, high: str | None, unit: str) -> str:
    """Two ends as a range in one unit; one that is open to a side says so.

    >>> ranged("1.7", "12.9", "x"), ranged(None, "0.85", "x"), ranged("+3", None, " %")
    ('1.7 to 12.9x', 'at most 0.85x', 'at least +3 %')
    """
    if low is None or high is None:
        said = f"at most {high}" if high is not None else f"at least {low}"
        return "" if low is high else f"{said}{unit}"
    return f"{low} to {high}{unit}"


def pair(
    values: Sequence[float | None], decimals: Sequence[int], apart: Iterable[float] = ()
) -> tuple[str, ...]:
    """Both sides of a row; zeros after the point go where the other side shows none.

    >>> pair([4.0, 12.0], [1, 0]), pair([1.0, 4.3], [1, 1]), pair([None, 0.5], [0, 1])
    (('4', '12'), ('1.0', '4.3'), ('–', '0.5'))
    """
    held = tuple(apart)
    said = [
        NOTHING if value is None else rounded(value, places, held)
        for value, places in zip(values, decimals, strict=True)
    ]
    if any(text != NOTHING and "." not in text for text in said):
        said = [_trimmed(text) for text in said]
    return tuple(said)


def significant(value: float, digits: int) -> int:
    """How many decimals show so many digits of the number, zeros at its end left out.

    >>> significant(41.2, 3), significant(94.0, 3), significant(0.0123, 2), significant(3.9, 3)
    (1, 0, 3, 1)
    """
    if value == 0 or abs(value) >= _FARTHEST:
        return 0
    most = min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), MOST_DECIMALS)
    text = decimal_words(exact(value), most, ROUND_HALF_UP)
    return len(text.rstrip("0").partition(".")[2]) if "." in text else 0


def seconds_words(value: float) -> str:
    """A length in the unit that people use for one of its size.

    >>> seconds_words(0.82), seconds_words(0), seconds_words(90), seconds_words(29_000)
    ('820 ms', '0 s', '90 s', '8.06 h')
    """
    if not value:
        return "0 s"
    for below, unit_s, unit in _SECONDS:
        if value < below:
            return f"{short_words(value / unit_s)} {unit}"
    return f"{short_words(value / HOUR_S)} h"


def short_words(value: float) -> str:
    """The number with three figures at most, whole where it is large.

    >>> short_words(4.3333), short_words(1234.4), short_words(0.25)
    ('4.33', '1,234', '0.25')
    """
    return rounded(value, significant(value, _FIGURES))


def _trimmed(text: str) -> str:
    whole, _, rest = text.partition(".")
    return whole if not rest.strip("0") else text


def _is_apart(value: Fraction, decimals: int, other: Fraction) -> bool:
    """Whether the rounded number lies to the other as the exact one does."""
    if value == other:
        return True
    scale = 10**decimals
    shown = math.floor(abs(value) * scale + Fraction(1, 2)) * (1 if value >= 0 else -1)
    return bool(shown > other * scale if value > other else shown < other * scale)
