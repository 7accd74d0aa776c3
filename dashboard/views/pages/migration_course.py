"""What the chart of one measure shows: values by day or week, levels, goal, breaks, in its own unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from dashboard.config.migration_def import BreakDef, MigrationDef
from dashboard.measures.contract import RATES, Measured, Unit
from dashboard.views.migration.model import Row
from dashboard.views.migration.told import ToldRow
from dashboard.views.rounding import seconds_words, short_words
from dashboard.views.words import duration_words
from slo.evidence.comparison import Side
from slo.spans import Span, moment

_WEEK_DAYS = 7
_DAY_S, _WEEK_S = 86_400, 7 * 86_400
_MINUTES_A_DAY = 1_440

Point = tuple[int, float | None]


@dataclass(frozen=True, slots=True)
class Level:
    """One value that is drawn along a period, and its words."""

    span: Span
    value: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCourse:
    """One measure over both periods and what lies between.

    Times are those of the local calendar written as UTC, for an axis of days knows no zone.
    `ticked` and `worded` say a value of the axis and one of the line; `note` what is drawn.
    `bar_s` is how long each value's bar is, 0 where the values are a line.
    """

    measure: str
    title: str
    note: str
    axis: Span
    points: tuple[Point, ...]
    before: Level | None
    after: Level | None
    goal: Level | None
    left_out: Span | None
    left_words: str
    cutover: int | None
    breaks: tuple[tuple[int, str], ...]
    ticked: Callable[[float], str]
    worded: Callable[[float], str]
    bar_s: int = 0

    @property
    def holes(self) -> tuple[Span, ...]:
        """Where nothing was measured, as far as no gap of a line shows it: between bars."""
        unknown = [at for at, value in self.points if value is None and self.bar_s]
        half_s = self.bar_s // 2
        return tuple(Span(at - half_s, at + half_s) for at in unknown)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that are known."""
        return tuple(one for one in (self.before, self.after) if one is not None)


@dataclass(frozen=True, slots=True)
class _Scale:
    """How a measure's values are drawn: uptime as the minutes down that it leaves."""

    measured: Measured
    kind: str

    @property
    def is_down(self) -> bool:
        return self.kind == "uptime"

    @property
    def is_weekly(self) -> bool:
        return self.measured.unit in RATES

    def drawn(self, value: float) -> float:
        """Minutes down a day for uptime; all else as it is."""
        return max(1.0 - value, 0.0) * _MINUTES_A_DAY if self.is_down else value

    def said(self, value: float) -> str:
        """A drawn value in words."""
        unit = self.measured.unit
        if self.is_down:
            return "0 min" if not value else duration_words(max(round(value * 60), 1))
        if unit is Unit.SECONDS:
            return seconds_words(value)
        if unit is Unit.RATIO:
            return f"{short_words(value * 100)} %"
        behind = unit.value if unit in RATES else self.measured.label
        return f"{short_words(value)} {behind}".rstrip()

    def ticked(self, value: float) -> str:
        """A value of the axis: rates and numbers without their unit, which the title names."""
        if self.is_down or self.measured.unit in (Unit.SECONDS, Unit.RATIO):
            return self.said(value)
        return short_words(value)


def course_of(row: Row, told: ToldRow, migration: MigrationDef) -> MeasureCourse | None:
    """The course of a measure that has values by day; None of one that has none."""
    found = row.measured
    if found is None or not any(value is not None for _, value in found.days):
        return None
    scale, zone = _Scale(found, row.metric.kind), migration.zone
    whole = Span(min(row.before.since, found.days[0][0]), row.after.until)
    between = Span(row.before.until, max(row.after.since, row.before.until))
    goal = row.metric.goal
    moved = next((s for s in migration.services if s.name == row.metric.service), None)
    cutover = moved.cutover if moved else None
    return MeasureCourse(
        measure=row.metric.title,
        title=f"{row.metric.title}, {_by(scale)}",
        note=_note(scale),
        axis=_local_span(whole, zone),
        points=_points(found.days, scale, zone),
        before=_level(found.comparison.before, row.before, told.before, ("before", scale, zone)),
        after=_level(found.comparison.after, row.after, told.after, ("after", scale, zone)),
        goal=None
        if goal is None
        else Level(_local_span(whole, zone), scale.drawn(goal.value), f"goal {told.goal[1]}"),
        left_out=_local_span(between, zone) if between.length_s else None,
        left_words=f"{'cutover' if cutover else 'transition'}, left out",
        cutover=None if cutover is None else _local(cutover, zone),
        breaks=tuple(_break(one, zone) for one in migration.breaks if _is_of(one, row, whole)),
        ticked=scale.ticked,
        worded=scale.said,
        bar_s=_WEEK_S if scale.is_weekly else _DAY_S if scale.is_down else 0,
    )


def _by(scale: _Scale) -> str:
    if scale.is_down:
        return "time down by day"
    return f"{scale.measured.unit.value}, by week" if scale.is_weekly else "by day"


def _note(scale: _Scale) -> str:
    if scale.is_down:
        return "lower is better; shaded = left out or not measured"
    if scale.is_weekly:
        return "each bar is a week; shaded = left out or not measured"
    return "levels are those of the whole periods; what is left out is shaded"


def _points(days: Sequence[Point], scale: _Scale, zone: ZoneInfo) -> tuple[Point, ...]:
    local = [(_local(at, zone), value) for at, value in days]
    kept = _weeks(local) if scale.is_weekly else _with_gaps(local)
    return tuple((at, None if value is None else scale.drawn(value)) for at, value in kept)


def _with_gaps(days: Sequence[Point]) -> list[Point]:
    """The days, with an unknown one where some are left out."""
    made: list[Point] = []
    for at, value in days:
        if made and at - made[-1][0] > _DAY_S:
            made.append((made[-1][0] + _DAY_S, None))
        made.append((at, value))
    return made


def _weeks(days: Sequence[Point]) -> list[Point]:
    """Whole weeks from the first day on: the mean of their known days, for events add up."""
    first = days[0][0]
    made: list[Point] = []
    for week, members in groupby(days, key=lambda day: (day[0] - first) // _WEEK_S):
        values = [value for _, value in members]
        known = [value for value in values if value is not None]
        mean = sum(known) / len(known) if known else None
        # What has begun and is no week yet would stand out for being short.
        if len(values) == _WEEK_DAYS or not made:
            made.append((first + week * _WEEK_S + _WEEK_S // 2, mean))
    return made


def _level(
    side: Side, span: Span, told: tuple[str, str], drawn: tuple[str, _Scale, ZoneInfo]
) -> Level | None:
    name, scale, zone = drawn
    if side.estimate is None:
        return None
    words = " ".join(part for part in (name, *told) if part)
    return Level(_local_span(span, zone), scale.drawn(side.estimate), words)


def _is_of(one: BreakDef, row: Row, whole: Span) -> bool:
    return whole.since <= one.at < whole.until and (not one.metrics or row.metric.id in one.metrics)


def _break(one: BreakDef, zone: ZoneInfo) -> tuple[int, str]:
    return _local(one.at, zone), f"measured anew: {one.text}"


def _local_span(span: Span, zone: ZoneInfo) -> Span:
    return Span(_local(span.since, zone), _local(span.until, zone))


def _local(at: int, zone: ZoneInfo) -> int:
    """The reading of the local calendar, as if it were UTC."""
    ahead = moment(at).astimezone(zone).utcoffset()
    assert ahead is not None  # the moment knows its zone
    return at + int(ahead.total_seconds())
