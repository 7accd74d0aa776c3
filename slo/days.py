"""Days of a time zone: which one a moment is in, which ones a span touches, when each begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slo.spans import Span, epoch_s, moment


def local_day(at: int, zone: ZoneInfo) -> date:
    """The date of a moment there.

    >>> local_day(1_795_389_000, ZoneInfo("Europe/Berlin"))
    datetime.date(2026, 11, 23)
    """
    return moment(at).astimezone(zone).date()


def local_days(period: Span, zone: ZoneInfo) -> tuple[date, ...]:
    """The dates that the period touches there; none of an empty one."""
    if not period.length_s:
        return ()
    first, last = local_day(period.since, zone), local_day(period.until - 1, zone)
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def midnight(day: date, zone: ZoneInfo) -> int:
    """The UTC second at which the day begins there.

    Where clocks skip midnight it is the first second after it; where they show it twice, the
    first of the two.

    >>> midnight(date(2025, 7, 1), ZoneInfo("Europe/Berlin")) - midnight(
    ...     date(2025, 1, 1), ZoneInfo("Europe/Berlin")
    ... ) == 181 * 86_400 - 3_600
    True
    """
    return epoch_s(datetime.combine(day, time(), zone))


def midnight_of(at: int, zone: ZoneInfo, *, days: int = 0) -> int:
    """The midnight that begins the day of a moment there, or the one so many days later."""
    return midnight(local_day(at, zone) + timedelta(days=days), zone)
