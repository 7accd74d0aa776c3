"""How much longer one must look before a verdict is possible."""

from __future__ import annotations

import math

_DAY_S = 86_400
_MOST_EVENTS = 100_000


def days_without_event(n_before: int, days_before: float, alpha: float = 0.05) -> float | None:
    """Days after in which even no event at all would be needed to tell a change; None without events.

    >>> [math.ceil(days_without_event(n, days)) for n, days in ((5, 61), (15, 182), (3, 182))]
    [67, 51, 441]

    Source: twice the lower tail of the exact conditional test with nothing after,
    2 * (t1 / (t1 + t2))^n1 = alpha, solved for t2.
    """
    if n_before <= 0 or days_before <= 0:
        return None
    return float(days_before * ((2 / alpha) ** (1 / n_before) - 1))


def events_needed(share_after: float, alpha: float = 0.05) -> int:
    """Events in both periods together below which no division of them can tell a change.

    >>> events_needed(0.5)
    6
    """
    rarest = min(share_after, 1 - share_after)
    if rarest <= 0:
        return _MOST_EVENTS
    needed = max(1, math.ceil(math.log(alpha / 2) / math.log(rarest)) - 1)
    while 2 * rarest**needed >= alpha:
        needed += 1
    return needed
