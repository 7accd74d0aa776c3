"""Days and periods as they are written, and the moments that they begin and end at in a zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, InstanceOf, WithJsonSchema

from slo.days import midnight
from slo.spans import Span

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST, _LATEST = date(1971, 1, 1), date(2199, 12, 31)
_LONGEST_DAYS = 20 * 366
_PAIR = 2
DAY = {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}


def _day(value: object) -> date:
    if isinstance(value, datetime):
        raise ValueError(f"is a moment; write the day alone, such as {value:%Y-%m-%d}")  # noqa: TRY004 (pydantic)
    day = _read(value) if isinstance(value, str) else value
    if not isinstance(day, date):
        raise ValueError("must be a day such as 2025-01-31")  # noqa: TRY004 (pydantic)
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError("must be a day of the years 1971 to 2199")
    return day


def _read(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError('must be a day such as 2025-01-31 or "2025-01-31"')
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not in the calendar") from None


def _pair(value: object) -> object:
    if not isinstance(value, list) or len(value) != _PAIR:
        raise ValueError("must be two days: the first, and the one after the last")
    return tuple(value)


def _in_order(days: tuple[date, date]) -> tuple[date, date]:
    since, until = days
    if until == since:
        raise ValueError("is empty: the second day is the one after the last, so it comes later")
    if until < since:
        raise ValueError(f"ends before it begins; write [{until}, {since}]")
    if (until - since).days > _LONGEST_DAYS:
        raise ValueError("must not be longer than 20 years")
    return days


Day = Annotated[InstanceOf[date], BeforeValidator(_day), WithJsonSchema(DAY)]
Days = Annotated[
    tuple[Day, Day],
    BeforeValidator(_pair),
    AfterValidator(_in_order),
    WithJsonSchema({"type": "array", "items": DAY, "minItems": 2, "maxItems": 2}),
]
"""Half-open: the first day, and the one after the last."""


def span_of(days: tuple[date, date], zone: ZoneInfo) -> Span:
    """From the midnight before the first day to that before the second.

    A day that a zone left out (Apia, 30 December 2011) holds no time: its span is empty.
    """
    since, until = (midnight(day, zone) for day in days)
    return Span(since, until)
