"""Days and periods of a migration in words, in its own zone; both ends are days that count."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dashboard.views.migration.windows import local_days
from dashboard.views.slos.dates import day_words
from slo.spans import Span, moment


def dated_day(at: int, zone: ZoneInfo) -> str:
    """The local day with its year.

    >>> dated_day(1_743_199_200, ZoneInfo("Europe/Berlin"))
    '28 Mar 2025'
    """
    return f"{day_words(at, zone)} {_year(at, zone)}"


def day_range(span: Span, zone: ZoneInfo, *, with_year: bool = True) -> str:
    """First and last day; the first year only where it is another.

    >>> day_range(Span(1_759_708_800, 1_775_433_600), ZoneInfo("UTC"))
    '6 Oct 2025 to 5 Apr 2026'
    >>> day_range(Span(1_775_433_600, 1_779_580_800), ZoneInfo("UTC"), with_year=False)
    '6 Apr to 23 May'
    """
    last = max(span.until - 1, span.since)
    if day_words(span.since, zone) == day_words(last, zone) and span.length_s <= 90_000:  # noqa: PLR2004
        return dated_day(last, zone) if with_year else day_words(last, zone)
    is_other = _year(span.since, zone) != _year(last, zone)
    first = dated_day(span.since, zone) if is_other else day_words(span.since, zone)
    ended = dated_day(last, zone) if with_year or is_other else day_words(last, zone)
    return f"{first} to {ended}"


def period_words(span: Span, zone: ZoneInfo) -> str:
    """The days of a period and how many they are.

    >>> period_words(Span(1_759_708_800, 1_775_433_600), ZoneInfo("UTC"))
    '6 Oct 2025 to 5 Apr 2026 (182 d)'
    """
    return f"{day_range(span, zone)} ({local_days(span, zone):,} d)"


def _year(at: int, zone: ZoneInfo) -> int:
    return moment(at).astimezone(zone).year
