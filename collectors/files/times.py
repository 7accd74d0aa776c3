"""Which second a written time means: ISO 8601 or a number, in a named zone when it has none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from slo.spans import Span

EARLIEST = 946_684_800
"""2000-01-01: before it lies no history, only a wrong unit or an empty clock."""
AHEAD_S = 300
"""How far a source's clock may run ahead of ours."""
_LONGEST_TEXT = 64

Cell = str | int | float | bool | None | list[object] | dict[str, object]


class NotATimeError(ValueError):
    """The text or number is no time: this row cannot be used."""


class NaiveTimeError(ValueError):
    """The time has no zone and the configuration names none: no row can be used."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of one file are written.

    Local times follow `zone`; one that the clocks showed twice means the first of the two, one
    that they skipped is read as if they had not been put forward. `second` is how many units of
    a number make a second.

    >>> Clock(ZoneInfo("Europe/Berlin")).second_of("2026-03-29 02:30:00")
    1774747800
    """

    zone: ZoneInfo | None = None
    second: int = 1

    def second_of(self, cell: Cell) -> int:
        """Whole UTC epoch seconds of a written time, fractions cut off.

        >>> Clock().second_of("2026-11-22T12:00:00+05:30")
        1795329000
        >>> Clock(second=1000).second_of("1795329000250")
        1795329000

        Raises:
            NotATimeError: it is neither ISO 8601 nor a finite number.
            NaiveTimeError: it has no zone and none is configured.
        """
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise NotATimeError(f"{cell!r} is no time")
        if isinstance(cell, str):
            return self._read(cell.strip())
        return self._scaled(cell)

    def doubtful(self, cell: Cell) -> bool:
        """Whether the clocks of the zone showed this local time twice, or never."""
        if self.zone is None or not isinstance(cell, str) or ":" not in cell:
            return False
        local = datetime.fromisoformat(cell.strip())
        if local.tzinfo is not None:
            return False
        early, late = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        return early.utcoffset() != late.utcoffset()

    def _read(self, text: str) -> int:
        if len(text) > _LONGEST_TEXT:
            raise NotATimeError(f"{text[:20]!r}… is no time")
        try:
            if "-" in text or ":" in text:
                return self._zoned(datetime.fromisoformat(text))
            return self._scaled(int(text) if text.isdecimal() else float(text))
        except (NaiveTimeError, NotATimeError):
            raise
        except (ValueError, OverflowError) as error:
            raise NotATimeError(f"{text!r} is no time") from error

    def _zoned(self, local: datetime) -> int:
        if local.tzinfo is None:
            if self.zone is None:
                raise NaiveTimeError(f"the time {local.isoformat(' ')} has no zone")
            local = local.replace(tzinfo=self.zone)
        # A microsecond is wider than what a float of this size rounds away.
        return math.floor(local.timestamp())

    def _scaled(self, number: float) -> int:
        if isinstance(number, int):
            return number // self.second
        if not math.isfinite(number):
            raise NotATimeError(f"{number} is no time")
        return math.floor(number / self.second)


def known_times(now: int) -> Span:
    """The seconds that a row may speak of: from the year 2000 to five minutes from now."""
    return Span(min(EARLIEST, now), now + AHEAD_S + 1)


def likely_unit(at: int, known: Span) -> str | None:
    """The `time_unit` under which an impossible time would be possible, if there is one.

    >>> likely_unit(1_795_329_000_250, known_times(1_795_329_600))
    'ms'
    """
    for unit, second in (("ms", 10**3), ("us", 10**6), ("ns", 10**9)):
        if known.since <= at // second < known.until:
            return unit
    return None
