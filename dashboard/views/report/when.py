"""How a report writes moments: in its own zone, whose offset is always said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.views.slos.dates import day_words
from slo.spans import Span, moment

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(at: int, zone: ZoneInfo) -> str:
    """The weekday and the date.

    >>> day(1_795_392_000, ZoneInfo("UTC"))
    'Mon 23 Nov'
    """
    return f"{_DAYS[_local(at, zone).weekday()]} {day_words(at, zone)}"


def days(span: Span, zone: ZoneInfo) -> str:
    """The days of a period, both named.

    >>> days(Span(1_794_787_200, 1_795_392_000), ZoneInfo("UTC"))
    'Mon 16 to Sun 22 Nov 2026'
    """
    first, last = _local(span.since, zone), _local(span.until - 1, zone)
    ended = f"{day(span.until - 1, zone)} {last.year}"
    if first.date() == last.date():
        return ended
    began = day(span.since, zone)
    if first.year != last.year:
        return f"{began} {first.year} to {ended}"
    return f"{began if first.month != last.month else began.rpartition(' ')[0]} to {ended}"


def instant(at: int, zone: ZoneInfo) -> str:
    """The day, the time of day and the zone's short name.

    >>> instant(1_795_362_000, ZoneInfo("Europe/Berlin"))
    '22 Nov 16:40 CET'
    """
    return f"{day_words(at, zone)} {_local(at, zone):%H:%M %Z}"


def stretch(span: Span, zone: ZoneInfo) -> str:
    """Both ends, the day once where one day holds both.

    >>> stretch(Span(1_795_362_000, 1_795_365_600), ZoneInfo("UTC"))
    '22 Nov 15:40 to 16:40 UTC'
    """
    since, until = _local(span.since, zone), _local(span.until, zone)
    ended = f"{until:%H:%M %Z}" if since.date() == until.date() else instant(span.until, zone)
    begun = f"{since:%H:%M}" if since.tzname() == until.tzname() else f"{since:%H:%M %Z}"
    return f"{day_words(span.since, zone)} {begun} to {ended}"


def _local(at: int, zone: ZoneInfo) -> datetime:
    return moment(at).astimezone(zone)
