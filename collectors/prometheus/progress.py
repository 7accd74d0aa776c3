"""How far the minutes of counters are known, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from collectors.prometheus.pages import SHORTEST_S
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to where the minutes are counted while pages are read of a span that is `asked` for.

    Samples in the span may tell of minutes before it, from `late` on: these are held back until
    the span is reached, so that it is decided of all of them at once which are told.
    """

    asked: Span
    lookback_s: int
    done: int

    @classmethod
    def begun(cls, asked: Span, lookback_s: int, begin: int | None) -> Self:
        """Nothing is counted yet; it begins with the late minutes, or at `begin` if that is earlier."""
        late = late_since(asked.since, lookback_s)
        return cls(asked, lookback_s, late if begin is None else min(late, begin))

    @property
    def late(self) -> int:
        """The first minute that samples in the span may tell of."""
        return late_since(self.asked.since, self.lookback_s)

    def counted(self, read_until: int) -> Span:
        """The minutes that are known once all is read up to there, and were not before.

        The end of what is asked for tells all there is to tell, else a look-back must follow.

        >>> progress = Progress.begun(Span(3_600, 7_200), 300, None)
        >>> progress.counted(3_840), progress.counted(4_200), progress.counted(7_200)
        (Span(since=3300, until=3300), Span(since=3300, until=3900), Span(since=3300, until=7200))
        """
        if read_until >= self.asked.until:
            known = self.asked.until
        else:
            known = minute_of(read_until - self.lookback_s)
        until = known if known > self.asked.since else min(known, self.late)
        return Span(self.done, max(self.done, until))


def late_since(since: int, lookback_s: int) -> int:
    """The first minute that samples after `since` may tell of."""
    return minute_of(since - lookback_s)


def minute_of(at: int) -> int:
    """The first second of the minute that holds `at`."""
    return at // SHORTEST_S * SHORTEST_S
