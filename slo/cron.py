"""At which moments a five-field schedule such as `0 7 * * mon` comes round, in a zone of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slo.lengths import HOUR_S
from slo.spans import epoch_s, moment

_LONGEST_WAIT_DAYS = 8 * 366
"""A 29 February can be eight years after the last one."""
_SHIFT_S = 3 * HOUR_S
"""The farthest that clocks go forward within a day, as they do in Antarctica/Casey."""
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_WORDS: Mapping[str, int] = {}
_FIELDS = (
    ("minute", 0, 59, _NO_WORDS),
    ("hour", 0, 23, _NO_WORDS),
    ("day of the month", 1, 31, _NO_WORDS),
    ("month", 1, 12, {word: number for number, word in enumerate(_MONTHS, 1)}),
    ("day of the week", 0, 7, {word: number for number, word in enumerate(_DAYS)}),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule as crontab(5) has it: minute, hour, day of the month, month, day of the week.

    Sunday is 0 and 7. Where both kinds of day are restricted, either is enough.

    >>> Cron.parse("0 7 * * mon").text
    '0 7 * * mon'
    """

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    is_either_day: bool

    @classmethod
    def parse(cls, text: str) -> Cron:
        """The schedule of five fields.

        Raises:
            ValueError: it has not five fields, or one of them means nothing.
        """
        fields = text.lower().split()
        if len(fields) != len(_FIELDS):
            raise ValueError(
                'must have five fields (minute, hour, day, month, weekday) such as "0 7 * * mon"'
            )
        minutes, hours, days, months, weekdays = (
            _numbers(field, *meaning) for field, meaning in zip(fields, _FIELDS, strict=True)
        )
        return cls(
            text=" ".join(fields),
            minutes=minutes,
            hours=hours,
            days=days,
            months=months,
            weekdays=frozenset(day % 7 for day in weekdays),
            is_either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
        )

    def first_at(self, since: int, zone: ZoneInfo) -> int | None:
        """The first moment of the schedule at or after `since`; None where it never comes.

        Every wall time comes exactly once: one that a spring night leaves out comes as much
        later as the clocks moved, one that an autumn night repeats comes the first time.

        >>> berlin = ZoneInfo("Europe/Berlin")
        >>> moment(Cron.parse("30 2 * * *").first_at(epoch_s(moment(1_774_738_800)), berlin)).hour
        1
        """
        day = moment(since).astimezone(zone).date() - timedelta(days=1)
        for _ in range(_LONGEST_WAIT_DAYS):
            found = self._first_of_day(day, since, zone)
            if found is not None:
                return found
            day += timedelta(days=1)
        return None

    def _first_of_day(self, day: date, since: int, zone: ZoneInfo) -> int | None:
        """The first moment of a day at or after `since`; hours too far from it are passed over.

        Where clocks go forward a later hour may come before an earlier one that they left out.
        """
        found: int | None = None
        for hour in sorted(self.hours) if self._holds(day) else ():
            begin = epoch_s(datetime.combine(day, time(hour), zone))
            if found is not None and begin > found + _SHIFT_S:
                break
            if begin + HOUR_S <= since:
                continue
            moments = (
                epoch_s(datetime.combine(day, time(hour, minute), zone)) for minute in self.minutes
            )
            fitting = [at for at in moments if at >= since]
            found = min([*fitting, *([] if found is None else [found])], default=None)
        return found

    def _holds(self, day: date) -> bool:
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        fits = in_month or in_week if self.is_either_day else in_month and in_week
        return fits and day.month in self.months


def _numbers(
    field: str, name: str, least: int, most: int, words: Mapping[str, int]
) -> frozenset[int]:
    """The numbers that a field such as `mon-fri`, `*/15` or `1,15` means."""
    found: set[int] = set()
    for part in field.split(","):
        bounds, slash, step = part.partition("/")
        first, dash, last = bounds.partition("-")
        low = least if bounds == "*" else _number(first, name, words)
        high = most if bounds == "*" or (slash and not dash) else low
        high = _number(last, name, words) if dash else high
        if not (least <= low <= most and least <= high <= most):
            raise ValueError(f'"{part}" is no {name}: it goes from {least} to {most}')
        if low > high:
            way_out = f"{low}-{most},{least}-{high}"
            raise ValueError(f'"{part}" ends before it begins; write "{way_out}"')
        found.update(range(low, high + 1, _step(step, part, most - least) if slash else 1))
    return frozenset(found)


def _step(text: str, part: str, most: int) -> int:
    """How far apart the numbers are; one that leaves the first alone is not meant."""
    if not (_is_short(text) and 0 < int(text) <= most):
        raise ValueError(f'"{part}" goes in steps of "{text}": a step goes from 1 to {most}')
    return int(text)


def _number(text: str, name: str, words: Mapping[str, int]) -> int:
    if text in words:
        return words[text]
    if not _is_short(text):
        names = f"; its names are {', '.join(words)}" if words else ""
        raise ValueError(f'"{text}" is no {name}{names}')
    return int(text)


def _is_short(text: str) -> bool:
    """Whether it is a number of one or two digits, which are the most."""
    return text.isascii() and text.isdigit() and len(text) <= 2  # noqa: PLR2004 (as it says)
