"""How long a written duration such as `500ms`, `5m` or `30d` is; a bare number has no unit."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from slo.lengths import DAY_S, HOUR_S, MINUTE_S, WEEK_S

_UNITS_S = {
    "w": Fraction(WEEK_S),
    "d": Fraction(DAY_S),
    "h": Fraction(HOUR_S),
    "m": Fraction(MINUTE_S),
    "s": Fraction(1),
    "ms": Fraction(1, 1_000),
}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[wdhms])")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")
_LONGEST_TEXT = 40


@lru_cache(maxsize=1_024)  # a configuration writes a few lengths thousands of times
def exact_seconds(text: str) -> Fraction:
    """The length in seconds, exactly; compound texts run from the larger unit to the smaller.

    >>> exact_seconds("500ms")
    Fraction(1, 2)
    >>> exact_seconds("1h30m")
    Fraction(5400, 1)

    Raises:
        ValueError: no unit, an unknown unit, a sign, or units in another order.
    """
    if len(text) > _LONGEST_TEXT or not _WHOLE.fullmatch(text):
        raise ValueError(_reason(text))
    parts = _PART.findall(text)
    order = [list(_UNITS_S).index(unit) for _, unit in parts]
    if order != sorted(set(order)):
        raise ValueError(f'{text!r} repeats or shuffles its units; write them as in "1h30m"')
    return sum((Fraction(number) * _UNITS_S[unit] for number, unit in parts), Fraction(0))


def seconds(text: str) -> int:
    """The length in whole seconds.

    >>> seconds("5m"), seconds("30d")
    (300, 2592000)

    Raises:
        ValueError: it is no duration, or holds a fraction of a second.
    """
    exact = exact_seconds(text)
    if exact.denominator != 1:
        raise ValueError(f"{text!r} is not a whole number of seconds")
    return exact.numerator


def _reason(text: str) -> str:
    shown = repr(text[:_LONGEST_TEXT])
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return f'{shown} has no unit; write for example "{text}s" or "{text}ms"'
    return f'{shown} is not a duration such as "500ms", "5m", "1h30m" or "30d"'
