"""Which complete calendar period a report is about: the day, week, month or quarter before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from slo.days import local_day, midnight
from slo.spans import CalendarWindow, Period, Span, moment


class ReportPeriod(StrEnum):
    """The lengths that a report may be about, in a zone; weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """One calendar period: its name such as `2026-W47`, and its span."""

    kind: ReportPeriod
    label: str
    span: Span
    zone: ZoneInfo

    @property
    def before(self) -> NamedPeriod:
        """The period that ends where this one begins."""
        return last_complete(self.kind, self.zone, self.span.since)

    @property
    def following(self) -> NamedPeriod:
        """The period that begins where this one ends."""
        return _named(self.kind, self.zone, self.span.until)


def last_complete(kind: ReportPeriod, zone: ZoneInfo, at: int) -> NamedPeriod:
    """The last period that had ended at `at`.

    >>> last_complete(ReportPeriod.WEEK, ZoneInfo("UTC"), 1_795_392_000).label
    '2026-W47'
    """
    running = _span(kind, zone, at)
    return _named(kind, zone, running.since - 1)


def _named(kind: ReportPeriod, zone: ZoneInfo, at: int) -> NamedPeriod:
    span = _span(kind, zone, at)
    local = moment(span.since).astimezone(zone)
    week = local.isocalendar()
    label = {
        ReportPeriod.DAY: f"{local:%Y-%m-%d}",
        ReportPeriod.WEEK: f"{week.year}-W{week.week:02}",
        ReportPeriod.MONTH: f"{local:%Y-%m}",
        ReportPeriod.QUARTER: f"{local.year}-Q{(local.month + 2) // 3}",
    }[kind]
    return NamedPeriod(kind, label, span, zone)


def _span(kind: ReportPeriod, zone: ZoneInfo, at: int) -> Span:
    """The period that holds `at`, from local midnight to local midnight."""
    if kind is not ReportPeriod.DAY:
        return CalendarWindow(Period(kind.value), zone).whole(at)
    day = local_day(at, zone)
    since, until = (midnight(each, zone) for each in (day, day + timedelta(days=1)))
    return Span(since, until)


def kind_of(label: str) -> ReportPeriod:
    """The length of the period that has this name.

    >>> [kind_of(label).value for label in ("2026-11-22", "2026-W47", "2026-11", "2026-Q4")]
    ['day', 'week', 'month', 'quarter']
    """
    if "W" in label:
        return ReportPeriod.WEEK
    if "Q" in label:
        return ReportPeriod.QUARTER
    return ReportPeriod.DAY if label.count("-") > 1 else ReportPeriod.MONTH
