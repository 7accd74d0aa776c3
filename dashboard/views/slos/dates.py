"""How moments and spans are written where a zone or the room is given: short, and never zoneless."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.views.slos.slo_view import SloView
from slo.spans import CalendarWindow, Span, moment

_UTC = ZoneInfo("UTC")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(at: int, zone: ZoneInfo = _UTC) -> str:
    """The day without its year, for where the year is said beside it.

    >>> day_words(1_795_362_000)
    '22 Nov'
    """
    day = _local(at, zone)
    return f"{day.day} {_MONTHS[day.month - 1]}"


def brief_words(at: int, zone: ZoneInfo = _UTC) -> str:
    """Day and time of day, for where year and zone are said beside them.

    >>> brief_words(1_795_362_000), brief_words(1_795_362_000, ZoneInfo("Europe/Berlin"))
    ('22 Nov 15:40', '22 Nov 16:40')
    """
    return f"{day_words(at, zone)} {_local(at, zone):%H:%M}"


def brief_span(span: Span) -> str:
    """Both ends, the day once where one day holds both.

    >>> brief_span(Span(1_795_362_000, 1_795_362_300))
    '22 Nov 15:40 to 15:45'
    """
    since, until = moment(span.since), moment(span.until)
    ended = f"{until:%H:%M}" if since.date() == until.date() else brief_words(span.until)
    return f"{brief_words(span.since)} to {ended}"


def dated_span(span: Span, zone: ZoneInfo = _UTC) -> str:
    """Both ends with the year and the zone's name; the first year only where it is another.

    >>> dated_span(Span(1_792_770_000, 1_795_362_000))
    '23 Oct 15:40 to 22 Nov 2026 15:40 UTC'
    """
    since, until = _local(span.since, zone), _local(span.until, zone)
    year = "" if since.year == until.year else f" {since.year}"
    first = f"{day_words(span.since, zone)}{year} {since:%H:%M}"
    return f"{first} to {day_words(span.until, zone)} {until.year} {until:%H:%M} {zone.key}"


def zone_of(view: SloView) -> ZoneInfo:
    """The zone in which the SLO's window begins and ends."""
    window = view.slo.window
    return window.zone if isinstance(window, CalendarWindow) else _UTC


def _local(at: int, zone: ZoneInfo) -> datetime:
    return moment(at).astimezone(zone)
