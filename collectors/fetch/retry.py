"""Whether and when to ask again: at most two more times, further apart, never in step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

MAX_TRIES = 3
FIRST_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Retry:
    """How to wait between tries; pause n, from 0 on, is random up to 0.5 s x 2^n.

    `longest_s` is the longest wait a server may ask for: one interval of the source. Where a
    person waits for the answer, `tries` is 1.
    """

    sleep: Callable[[float], None]
    uniform: Callable[[float, float], float]
    longest_s: float = 60.0
    tries: int = MAX_TRIES

    def pause_s(self, tried: int, asked_s: float | None) -> float | None:
        """Seconds to wait before the next try; None when there is none.

        A server that asks for more patience than one interval is asked again at the next.
        """
        if tried >= self.tries:
            return None
        if asked_s is None:
            return self.uniform(0, FIRST_PAUSE_S * 2 ** (tried - 1))
        return asked_s if asked_s <= self.longest_s else None


def asked_pause_s(retry_after: str | None, date: str | None) -> float | None:
    """The seconds that `Retry-After` asks for; None when it is absent or unreadable.

    A date is held against the answer's own `Date`: both come from the server's clock.

    >>> asked_pause_s("120", None)
    120.0
    """
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    until, since = moment_of(retry_after), moment_of(date)
    if until is None or since is None:
        return None
    return max(0.0, (until - since).total_seconds())


def moment_of(text: str | None) -> datetime | None:
    """The moment that a header such as `Date` says; None when it is absent or unreadable."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
