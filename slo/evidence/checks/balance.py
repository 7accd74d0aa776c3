"""Whether the two periods are alike in what the migration did not make: load, mix, days, season."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEAST_TRAFFIC, MOST_TRAFFIC = 3 / 4, 4 / 3
MOST_MIX_MOVED = 0.10
MOST_WEEKDAY_MOVED = 0.02
LEAST_MONTHS_SHARED = 0.90
_YEAR_D = 365
_LAST_BITS = 1e-12
_WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests a day after over before, and whether that is too uneven to compare unwarned."""

    ratio: float
    is_uneven: bool


@dataclass(frozen=True, slots=True)
class Mix:
    """The part of the traffic whose share moved most (0 to 1), and whether by over 10 points."""

    name: str
    before: float
    after: float
    is_moved: bool


@dataclass(frozen=True, slots=True)
class Weekdays:
    """The weekday (0 Monday) whose share of the days moved most, and whether by over 2 points."""

    weekday: int
    before: float
    after: float
    is_uneven: bool


@dataclass(frozen=True, slots=True)
class Season:
    """The months of the year (1 to 12) of each period, and the share of their days in common."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    shared: float
    is_seasonal: bool


def traffic(before_a_day: float, after_a_day: float) -> Traffic | None:
    """How much more came after; None where one of them is zero: nothing can be told.

    Uneven below 3/4 and above 4/3, so that the periods can be exchanged.

    >>> traffic(100, 122)
    Traffic(ratio=1.22, is_uneven=False)
    """
    if before_a_day <= 0 or after_a_day <= 0:
        return None
    ratio = after_a_day / before_a_day
    return Traffic(ratio, not LEAST_TRAFFIC <= ratio <= MOST_TRAFFIC)


def mix(before: Mapping[str, float], after: Mapping[str, float]) -> Mix | None:
    """The service (or region) whose share of all requests moved most; None without requests.

    A name that one side lacks has none of its requests.

    >>> mix({"a": 80, "b": 20}, {"a": 50, "b": 50})
    Mix(name='a', before=0.8, after=0.5, is_moved=True)
    """
    all_before, all_after = sum(before.values()), sum(after.values())
    if all_before <= 0 or all_after <= 0:
        return None
    shares = {
        name: (before.get(name, 0) / all_before, after.get(name, 0) / all_after)
        for name in sorted({*before, *after})
    }
    name, (was, came) = max(shares.items(), key=lambda each: abs(each[1][1] - each[1][0]))
    return Mix(name, was, came, _moved(was, came) > MOST_MIX_MOVED)


def weekdays(before: Iterable[date], after: Iterable[date]) -> Weekdays | None:
    """The weekday that weighs more on one side, of the days that were measured; None without.

    Whole weeks weigh alike. Two points are what 50 days of any beginning keep within.
    """
    was, came = Counter(day.weekday() for day in before), Counter(day.weekday() for day in after)
    if not was or not came:
        return None
    shares = [
        (was[each] / was.total(), came[each] / came.total(), each) for each in range(_WEEKDAYS)
    ]
    first, second, weekday = max(shares, key=lambda each: abs(each[1] - each[0]))
    return Weekdays(weekday, first, second, _moved(first, second) > MOST_WEEKDAY_MOVED)


def season(before: tuple[date, date], after: tuple[date, date]) -> Season | None:
    """Whether the periods (first day, day after the last) lie in different months of the year.

    Seasonal where under 90 % of the days fall alike on months, unless both last a year at least.
    A year against a quarter is seasonal: one of them has no summer. None for an empty period.
    """
    was, came = _months(before), _months(after)
    if not was or not came:
        return None
    shared = sum(
        min(was[month] / was.total(), came[month] / came.total()) for month in was.keys() & came
    )
    both_a_year = min(was.total(), came.total()) >= _YEAR_D
    return Season(
        tuple(sorted(was)),
        tuple(sorted(came)),
        shared,
        not both_a_year and shared < LEAST_MONTHS_SHARED,
    )


def _months(period: tuple[date, date]) -> Counter[int]:
    first, until = period
    return Counter((first + timedelta(day)).month for day in range((until - first).days))


def _moved(before: float, after: float) -> float:
    """How far a share moved, less the last bits: 0.4 - 0.3 lies above 0.1 in them."""
    return abs(after - before) - _LAST_BITS
