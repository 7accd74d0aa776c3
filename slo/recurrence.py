"""Stretches of time that come round: a rule of RFC 5545 in the wall time of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from slo.errors import InputError
from slo.lengths import DAY_S
from slo.spans import Span, epoch_s, moment

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+\-]+)")
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_REFUSED = ("BYSECOND", "BYEASTER")
_WALL = "%Y%m%dT%H%M%S"
_NUMBERED = ("YEARLY", "MONTHLY")
_MOST_A_DAY = 24
_DAY = timedelta(days=1)
_YEARS = range(2000, 2101)
# By then every day of the year has been every day of the week, 29 February too.
_SIGHT = timedelta(days=29 * 366)
_LONGEST_S = 31 * DAY_S
_LONGEST_RULE = 500
_LARGEST = 1_000
_MEND = 'write a rule such as "FREQ=WEEKLY;BYDAY=SU", with the first time and the length beside it'


@dataclass(frozen=True, slots=True)
class Recurrence:
    """From `start` on, `length_s` at each moment of the rule.

    The rule is followed in wall time, then each moment is placed in the zone: 02:00 stays 02:00
    all year. A wall time that a spring night leaves out comes as much later as the clocks moved,
    one that an autumn night repeats comes the first time. The length is time as it passes.

    Source: RFC 5545, sections 3.3.5 and 3.3.10.

    >>> start, berlin = datetime(2026, 3, 28, 2, 30), ZoneInfo("Europe/Berlin")
    >>> night = Recurrence("FREQ=DAILY;COUNT=2", start, 1_800, berlin)
    >>> [str(moment(one.since)) for one in night.occurrences(Span(0, 2**31))]
    ['2026-03-28 01:30:00+00:00', '2026-03-29 01:30:00+00:00']
    """

    rule: str
    start: datetime
    length_s: int
    zone: ZoneInfo

    def __post_init__(self) -> None:
        """Refuse a rule that means nothing, never comes, or comes all the time.

        Raises:
            InputError: it is such a one.
        """
        if self.start.tzinfo is not None:
            raise _refused("the first time is wall time and carries no zone of its own")
        if self.start.year not in _YEARS:
            raise _refused(f"the first time lies between {_YEARS[0]} and {_YEARS[-1]}")
        if not 0 < self.length_s <= _LONGEST_S:
            raise _refused("each time lasts more than nothing and at most 31 days")
        _parsed(self.rule, self.start, self.zone)  # refused as it is written, before it is cut
        seen = _parsed(_in_sight(self.rule, self.start, self.zone), self.start, self.zone)
        first = list(islice(seen, _MOST_A_DAY + 1))
        if not first:
            raise _refused(f'"{self.rule}" never comes round')
        if len(first) > _MOST_A_DAY and first[-1] - first[0] < _DAY:
            raise _refused(f'"{self.rule}" comes round more than {_MOST_A_DAY} times a day')

    @property
    def since(self) -> int:
        """The first second that can be covered."""
        return self._placed(self.start)

    def occurrences(self, span: Span) -> Iterator[Span]:
        """The stretches that meet the span, whole, by their begin in wall time."""
        rule = _parsed(self.rule, self.start, self.zone)
        first, last = self._wall(span.since - self.length_s) - _DAY, self._wall(span.until) + _DAY
        for local in rule.between(first, last, inc=True):
            since = self._placed(local)
            if since < span.until and since + self.length_s > span.since:
                yield Span(since, since + self.length_s)

    def _placed(self, local: datetime) -> int:
        return epoch_s(local.replace(tzinfo=self.zone))

    def _wall(self, at: int) -> datetime:
        return moment(at).astimezone(self.zone).replace(tzinfo=None)


@lru_cache(maxsize=256)
def _parsed(rule: str, start: datetime, zone: ZoneInfo) -> rrule:
    """The rule as dateutil follows it: from `start`, in wall time.

    Raises:
        InputError: it cannot be read.
    """
    from dateutil.rrule import rrule, rrulestr  # noqa: PLC0415 - few runs have a rule

    try:
        made = rrulestr(_written(_checked(rule, zone)), dtstart=start, cache=True)
    except (ValueError, OverflowError, TypeError) as error:
        raise _refused(f'"{rule}" is no rule: {error}') from error
    assert isinstance(made, rrule)
    return made


def _in_sight(rule: str, start: datetime, zone: ZoneInfo) -> str:
    """The rule cut to the next decades: one that never comes is looked for till the year 9999."""
    values = _checked(rule, zone)
    values.pop("COUNT", None)
    far = (start + _SIGHT).strftime(_WALL)
    return _written(values | {"UNTIL": min(values.get("UNTIL", far), far)})


def _written(values: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in values.items())


def _checked(rule: str, zone: ZoneInfo) -> dict[str, str]:
    """The parts of the rule, its end in wall time, where nothing would be followed for ever."""
    parts = rule.split(";")
    read = [_PART.fullmatch(part) for part in parts]
    if len(rule) > _LONGEST_RULE or None in read:
        raise _refused(f'"{rule[:60]}" is no rule')
    values = {found[1]: found[2] for found in read if found}
    if len(values) < len(parts):
        raise _refused(f'"{rule}" says one thing twice')
    _refuse_odd(values)
    if "UNTIL" in values:
        values["UNTIL"] = _until(values["UNTIL"], zone)
    return values


def _refuse_odd(values: Mapping[str, str]) -> None:
    """Refuse what is not followed, and what RFC 5545 forbids and dateutil would read otherwise."""
    if values.get("FREQ") not in _FREQUENCIES:
        raise _refused(f"FREQ is one of {', '.join(_FREQUENCIES)}; name hours by BYHOUR")
    for name in _REFUSED:
        if name in values:
            raise _refused(f"{name} is not followed")
    for name in ("INTERVAL", "COUNT"):
        if not 0 < _number(values.get(name, "1")) <= _LARGEST:
            raise _refused(f"{name} goes from 1 to {_LARGEST:,}")
    if {"COUNT", "UNTIL"} <= values.keys():
        raise _refused("COUNT and UNTIL are two ways to end: write one")
    if values["FREQ"] not in _NUMBERED and any(c.isdigit() for c in values.get("BYDAY", "")):
        raise _refused("a number before a day, such as 2SU, goes with FREQ=MONTHLY or YEARLY")


def _until(text: str, zone: ZoneInfo) -> str:
    """The end in wall time; calendars write it in UTC, with a Z."""
    for form in (f"{_WALL}Z", _WALL):
        try:
            read = datetime.strptime(text, form)  # noqa: DTZ007 - wall time, or UTC by its Z
        except ValueError:
            continue
        local = read.replace(tzinfo=UTC).astimezone(zone) if form.endswith("Z") else read
        return local.strftime(_WALL)
    raise _refused(f"UNTIL={text} is no moment: write UNTIL=20261231T235959")


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) <= len(str(_LARGEST)) else 0


def _refused(what: str) -> InputError:
    return InputError(what, where="rrule", mend=_MEND)
