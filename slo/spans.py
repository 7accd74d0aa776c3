"""Over which time a figure is made: half-open spans, rolling and calendar windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from slo.lengths import DAY_S, HOUR_S, MINUTE_S, WEEK_S


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The seconds since <= t < until, as whole UTC epoch seconds.

    >>> Span(0, 60).length_s
    60
    """

    since: int
    until: int

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins; an empty one is allowed."""
        if self.until < self.since:
            raise ValueError(f"a span cannot end ({self.until}) before it begins ({self.since})")

    @property
    def length_s(self) -> int:
        """How many seconds the span holds."""
        return self.until - self.since

    def clipped_to(self, other: Span) -> Span:
        """The part inside `other`; an empty span at the nearer edge when they do not meet."""
        since = min(max(self.since, other.since), other.until)
        return Span(since, max(since, min(self.until, other.until)))


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The time that any of the spans holds, as disjoint spans; touching ones become one.

    >>> united([Span(30, 40), Span(0, 10), Span(5, 20), Span(20, 25), Span(50, 50)])
    (Span(since=0, until=25), Span(since=30, until=40))
    """
    joined: list[Span] = []
    for one in sorted(span for span in spans if span.length_s):
        if joined and one.since <= joined[-1].until:
            joined[-1] = Span(joined[-1].since, max(joined[-1].until, one.until))
        else:
            joined.append(one)
    return tuple(joined)


def shared(first: Sequence[Span], second: Sequence[Span]) -> tuple[Span, ...]:
    """The time that both hold; each is ascending and disjoint.

    >>> shared([Span(0, 10), Span(20, 30)], [Span(5, 22), Span(28, 40)])
    (Span(since=5, until=10), Span(since=20, until=22), Span(since=28, until=30))
    """
    found, one, other = [], 0, 0
    while one < len(first) and other < len(second):
        since = max(first[one].since, second[other].since)
        until = min(first[one].until, second[other].until)
        if since < until:
            found.append(Span(since, until))
        if first[one].until <= second[other].until:
            one += 1
        else:
            other += 1
    return tuple(found)


def epoch_s(moment: datetime) -> int:
    """Whole UTC seconds of an aware datetime, fractions cut off.

    Raises:
        ValueError: the datetime carries no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


EARLIEST_S = epoch_s(datetime(2000, 1, 1, tzinfo=UTC))
LATEST_S = epoch_s(datetime(2101, 1, 1, tzinfo=UTC))
"""The moments that somebody can mean: those of the years 2000 to 2100."""


def known_s(moment: datetime) -> int:
    """Whole UTC seconds of an aware moment that somebody can mean.

    Raises:
        ValueError: it lies before 2000 or beyond the year 2100, or carries no time zone.
    """
    at = epoch_s(moment)
    if at < EARLIEST_S:
        raise ValueError("lies before 2000")
    if at >= LATEST_S:
        raise ValueError("lies beyond the year 2100")
    return at


def length_label(length_s: int) -> str:
    """A length of time as people write it in a config, in the largest unit that divides it.

    >>> length_label(300), length_label(30 * 86_400), length_label(90)
    ('5m', '30d', '90s')
    """
    for unit_s, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "m")):
        if length_s % unit_s == 0:
            return f"{length_s // unit_s}{unit}"
    return f"{length_s}s"


def moment(at: int) -> datetime:
    """The aware UTC datetime of epoch seconds."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)


def rfc3339(at: int) -> str:
    """A moment as machines write it.

    >>> rfc3339(1_795_362_000)
    '2026-11-22T15:40:00Z'

    Source: RFC 3339, section 5.6.
    """
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"


class Window(Protocol):
    """A rule that says which span an objective is judged over at a moment."""

    @property
    def kind(self) -> str:
        """The window as people write it: `30d`, `month`."""

    def whole(self, at: int) -> Span:
        """The whole period in force at `at`; for a calendar window its end lies ahead."""

    def elapsed(self, at: int) -> Span:
        """The part of the period before `at`: what can have been measured."""


@dataclass(frozen=True, slots=True)
class RollingWindow:
    """The last `length_s` seconds, whatever the calendar says.

    >>> RollingWindow(30 * 86_400).elapsed(2_592_000)
    Span(since=0, until=2592000)
    """

    length_s: int

    def __post_init__(self) -> None:
        """Refuse a window without length."""
        if self.length_s <= 0:
            raise ValueError(f"a rolling window must be longer than 0 s, not {self.length_s}")

    @property
    def kind(self) -> str:
        """The length as people write it, in the largest unit that divides it.

        >>> RollingWindow(7200).kind
        '2h'
        """
        return length_label(self.length_s)

    def whole(self, at: int) -> Span:
        """The same as what has elapsed: nothing of a rolling window lies ahead."""
        return self.elapsed(at)

    def elapsed(self, at: int) -> Span:
        """The `length_s` seconds before `at`."""
        return Span(at - self.length_s, at)


class Period(StrEnum):
    """The calendar periods, in their local zone; weeks begin on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """The calendar period around a moment, from local midnight to local midnight.

    A March in Berlin is one hour shorter than thirty-one days:

    >>> berlin = CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))
    >>> berlin.whole(epoch_s(datetime(2026, 3, 15, tzinfo=UTC))).length_s == 31 * 86_400 - 3_600
    True
    """

    period: Period
    zone: ZoneInfo

    @property
    def kind(self) -> str:
        """The period's name."""
        return self.period.value

    def whole(self, at: int) -> Span:
        """The whole period that holds `at`."""
        local = moment(at).astimezone(self.zone)
        year, month, day = _first_day(self.period, local)
        until = _following(self.period, year, month, day)
        return Span(self._midnight(year, month, day), self._midnight(*until))

    def elapsed(self, at: int) -> Span:
        """The period so far."""
        return Span(self.whole(at).since, at)

    def _midnight(self, year: int, month: int, day: int) -> int:
        return epoch_s(datetime(year, month, day, tzinfo=self.zone))


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def _first_day(period: Period, local: datetime) -> tuple[int, int, int]:
    if period is Period.WEEK:
        monday = local.date() - timedelta(days=local.weekday())
        return monday.year, monday.month, monday.day
    months = _MONTHS[period]
    return local.year, local.month - (local.month - 1) % months, 1


def _following(period: Period, year: int, month: int, day: int) -> tuple[int, int, int]:
    if period is Period.WEEK:
        after = datetime(year, month, day, tzinfo=UTC) + timedelta(days=7)
        return after.year, after.month, after.day
    months = _MONTHS[period]
    return year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1, 1


_LONGEST_S = {
    Period.WEEK: WEEK_S,
    Period.MONTH: 31 * DAY_S,
    Period.QUARTER: 92 * DAY_S,
    Period.YEAR: 366 * DAY_S,
}


def longest_s(window: Window) -> int:
    """The longest that a window can be, whichever month or year it is.

    >>> longest_s(RollingWindow(7_200)), longest_s(CalendarWindow(Period.WEEK, ZoneInfo("UTC")))
    (7200, 604800)
    """
    return window.length_s if isinstance(window, RollingWindow) else _LONGEST_S[Period(window.kind)]
