"""What speaks against a verdict, measure by measure: a trend, clusters, one outage, other days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard.measures.contract import RATES, Measured
from dashboard.views.migration.model import Row
from slo.evidence.checks.balance import Season, Weekdays, season, weekdays
from slo.evidence.checks.placebo import Placebo, counted_placebo, weekly_placebo
from slo.evidence.comparison import Comparison
from slo.evidence.terms import TESTED, Flag, Verdict
from slo.spans import Span, moment

_LEAST_WEEKS = 4
CHANGED = frozenset({Verdict.IMPROVED, Verdict.WORSE})
"""Verdicts that say that something moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What the checks said of one row; None where a check could not be made."""

    row: Row
    placebo: Placebo | None
    season: Season | None
    weekdays: Weekdays | None
    alpha: float

    @property
    def has_changed(self) -> bool:
        """Whether there is a change to be doubted."""
        return self.row.verdict in CHANGED

    @property
    def is_trend(self) -> bool:
        """Whether the change had begun before: the halves of before moved the same way."""
        if self.placebo is None or not self.placebo.is_trend or not self.has_changed:
            return False
        return _are_one_way(self.placebo.comparison, self.row.comparison)

    @property
    def placebo_can_tell(self) -> bool:
        """Whether the halves of before hold enough for any trend to be found."""
        best = None if self.placebo is None else self.placebo.comparison.best_p
        return best is not None and best < self.alpha

    @property
    def without_largest(self) -> Comparison | None:
        """The comparison without the largest outage, where there was one to leave out."""
        return None if self.row.measured is None else self.row.measured.without_largest

    @property
    def rests_on_one(self) -> bool:
        """Whether the verdict is gone without the largest outage, or turns round."""
        left = self.without_largest
        if not self.has_changed or left is None:
            return False
        is_gone = left.p_value is None or left.p_value >= self.alpha
        return is_gone or not _are_one_way(left, self.row.comparison)

    @property
    def clusters(self) -> float | None:
        """By how much counts scatter more than chance, where they do."""
        found = self.row.comparison
        return found.clusters if found is not None and found.clusters > 1 else None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of the checks that are about the row alone."""
        said = (
            (Flag.TREND, self.is_trend),
            (Flag.CLUSTERS, self.clusters is not None),
            (Flag.SEASONAL, self.season is not None and self.season.is_seasonal),
            (Flag.WEEKDAYS, self.weekdays is not None and self.weekdays.is_uneven),
            (Flag.LARGEST_OUTAGE, self.rests_on_one),
        )
        return tuple(flag for flag, is_so in said if is_so)


def doubt(row: Row, zone: ZoneInfo, alpha: float) -> Doubt:
    """What the checks say of one measure; nothing of one that was not tested."""
    measured = row.measured if row.verdict in TESTED else None
    return Doubt(
        row=row,
        placebo=None if measured is None else _placebo(measured, alpha),
        season=None
        if measured is None
        else season(_ends(row.before, zone), _ends(row.after, zone)),
        weekdays=None if measured is None else _weekdays(row, measured, zone),
        alpha=alpha,
    )


def _placebo(measured: Measured, alpha: float) -> Placebo | None:
    """Half of before against the other half: events as counts, all else by weeks."""
    if measured.unit in RATES:
        weeks, clusters = measured.counts_before, measured.comparison.clusters
        if len(weeks) < _LEAST_WEEKS:
            return None
        return counted_placebo(weeks, clusters=clusters, alpha=alpha)
    if len(measured.weeks_before) < _LEAST_WEEKS:
        return None
    return weekly_placebo(measured.weeks_before, alpha=alpha)


def _weekdays(row: Row, measured: Measured, zone: ZoneInfo) -> Weekdays | None:
    """Which weekday weighs more on one side, where the values are those of days."""
    if measured.counted != "days":
        return None
    known = [at for at, value in measured.days if value is not None]
    sides = [
        [_date(at, zone) for at in known if span.since <= at < span.until]
        for span in (row.before, row.after)
    ]
    return weekdays(sides[0], sides[1])


def _are_one_way(one: Comparison, other: Comparison | None) -> bool:
    return other is not None and one.is_rising is other.is_rising


def _ends(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    return _date(span.since, zone), _date(span.until, zone)


def _date(at: int, zone: ZoneInfo) -> date:
    return moment(at).astimezone(zone).date()
