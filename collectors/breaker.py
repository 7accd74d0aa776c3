"""When a source that fails is asked again: after five failures in a row it is given time.

closed     asked at every interval
open       left alone for 1, 2, 4, 8, then 15 minutes
half open  asked once: it is closed when that goes well, else open for longer
"""

from __future__ import annotations

from dataclasses import dataclass

OPENS_AT = 5
FIRST_REST_S, LONGEST_REST_S = 60, 900


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of a source's failures: `tries` in a row, not asked again before `until`.

    >>> shop = Breaker()
    >>> for _ in range(5):
    ...     shop = shop.failed(0, "connection refused")
    >>> shop.until, shop.rests(59), shop.rests(60)
    (60, True, False)
    """

    tries: int = 0
    until: int | None = None
    reason: str = ""

    def rests(self, now: int) -> bool:
        """Whether the source is left alone at this moment; a clock set back prolongs nothing."""
        return self.until is not None and now < self.until <= now + LONGEST_REST_S

    def failed(self, now: int, reason: str, *, asked_s: float = 0) -> Breaker:
        """After one more failure; `asked_s` is how long the source asked to be left alone."""
        tries = self.tries + 1
        rest_s = max(_rest_s(tries), min(int(-(-asked_s // 1)), LONGEST_REST_S))
        return Breaker(tries, now + rest_s if rest_s else None, reason)


def _rest_s(tries: int) -> int:
    if tries < OPENS_AT:
        return 0
    return min(FIRST_REST_S << min(tries - OPENS_AT, 4), LONGEST_REST_S)
