"""The known words that are most like a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LIKE, _MANY = 0.5, 3


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The nearest known word as a question in brackets; empty when none is near.

    >>> did_you_mean("objectve", ["objective", "window"])
    ' (did you mean "objective"?)'
    """
    near = difflib.get_close_matches(wrong, sorted(known), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def nearest(wrong: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words most like it whatever their case, the nearest first; none where none is.

    >>> nearest("CHECKOUT", ["checkout", "checkout-latency", "search"])
    ('checkout', 'checkout-latency')
    """
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(wrong.casefold(), folded, n=_MANY, cutoff=_LIKE)
    return tuple(folded[each] for each in near)
