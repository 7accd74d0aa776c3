"""Which days are meant by "the last 28 days", and which came before them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from dashboard.views.slos.dates import day_words
from slo.days import local_day, local_days, midnight
from slo.spans import Span, moment

LONGEST_BY_DAY = 45


def last_days(as_of: int, days: int, zone: ZoneInfo) -> Span:
    """So many local days: the last is the day of the look as far as it has come, the others whole.

    >>> last_days(1_795_362_000, 28, ZoneInfo("UTC")).length_s / 86_400
    27.65277777777778
    """
    today = local_day(as_of - 1, zone)  # at midnight, the day that has just ended
    return Span(midnight(today - timedelta(days=days - 1), zone), as_of)


def days_before(span: Span, zone: ZoneInfo) -> Span:
    """As many local days just before the span; as many seconds where it begins at no midnight."""
    days = local_days(span, zone)
    if not days or midnight(days[0], zone) != span.since:
        return Span(span.since - span.length_s, span.since)
    return Span(midnight(days[0] - timedelta(days=len(days)), zone), span.since)


def length_of(span: Span, zone: ZoneInfo) -> str:
    """The length as people say it.

    >>> length_of(last_days(1_795_362_000, 28, ZoneInfo("UTC")), ZoneInfo("UTC"))
    '28 days'
    """
    days = len(local_days(span, zone))
    return "1 day" if days == 1 else f"{days} days"


def dates(span: Span, zone: ZoneInfo) -> str:
    """The first and the last day, with the zone's name.

    >>> dates(last_days(1_795_362_000, 28, ZoneInfo("UTC")), ZoneInfo("UTC"))
    '26 Oct to 22 Nov 2026, UTC'
    """
    if not span.length_s:
        return f"no time at all, {zone.key}"
    first, last = (moment(at).astimezone(zone) for at in (span.since, span.until - 1))
    ended = f"{day_words(span.until - 1, zone)} {last.year}, {zone.key}"
    if first.date() == last.date():
        return ended
    year = "" if first.year == last.year else f" {first.year}"
    return f"{day_words(span.since, zone)}{year} to {ended}"
