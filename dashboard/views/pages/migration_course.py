"""What the chart of one measure shows: values by day or week, levels, goal, breaks, in its own unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from zoneinfo import ZoneInfo

from dashboard.config.migration_def import BreakDef, MigrationDef
from dashboard.views.migration.aims import goal_words
from dashboard.views.migration.model import Row
from dashboard.views.migration.told import ToldRow
from dashboard.views.pages.migration_scale import Drawn, Scale, Ticks
from dashboard.views.slos.dates import day_words
from slo.evidence.comparison import Side
from slo.lengths import DAY_S, WEEK_S
from slo.spans import Span, moment

_WEEK_DAYS = 7
# Days that differ so much from each other, as a share of their level, are noise to an eye.
_NOISY, _LEAST_WEEKS = 0.1, 8
# The highest value that an axis holds, as a multiple of what is usual.
_MOST_TIMES, _CUT = 2.5, 1.25
_USUAL = {Drawn.BARS: 0.9, Drawn.LINE: 0.99, Drawn.DOTS: 0.9}

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
    `ticks` are the marks of an axis up to a value, `worded` says one value, `note` what is drawn.
    `bar_s` is how long each value's bar is, 0 where there are none; `medians` are the middles of
    the weeks where the days are too noisy for an eye.
    """

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
    ticks: Callable[[float], Ticks]
    worded: Callable[[float], str]
    shape: Drawn
    bar_s: int = 0
    medians: tuple[Point, ...] = ()

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

    @property
    def most(self) -> float:
        """The highest value that is drawn; an outlier far above all else is cut there.

        So one bad day leaves room for what the picture is of: the levels and the goal.
        """
        known = sorted(value for _, value in self.points if value is not None)
        held = [one.value for one in (*self.levels, *([self.goal] if self.goal else []))]
        telling = [value for value in known if value] or [0.0]
        usual = telling[math.ceil(len(telling) * _USUAL[self.shape]) - 1]
        bearable = max(usual if len(telling) > 1 else 0.0, *held, 0.0) * _MOST_TIMES
        highest = max(known, default=0.0)
        is_cut = bearable and highest > bearable
        return max(bearable / _MOST_TIMES * _CUT if is_cut else highest, *held, 0.0)

    @property
    def cut(self) -> tuple[tuple[int, float], ...]:
        """The values above what the axis holds."""
        most = self.most
        return tuple((at, value) for at, value in self.points if value is not None and value > most)

    @property
    def cut_words(self) -> str:
        """The highest of what the axis cuts, and its day; "" where it holds everything."""
        if not self.cut:
            return ""
        at, value = max(self.cut, key=lambda one: one[1])
        more = f", {len(self.cut) - 1} more above" if len(self.cut) > 1 else ""
        return f"{self.worded(value)}, {day_words(at)}{more}"


def course_of(row: Row, told: ToldRow, migration: MigrationDef) -> MeasureCourse | None:
    """The course of a measure that has values by day; None of one that has none."""
    found = row.measured
    if found is None or not any(value is not None for _, value in found.days):
        return None
    scale, zone = Scale(found, row.metric.kind), migration.zone
    whole = Span(min(row.before.since, found.days[0][0]), row.after.until)
    between = Span(row.before.until, max(row.after.since, row.before.until))
    moved = next((s for s in migration.services if s.name == row.metric.service), None)
    cutover = moved.cutover if moved else None
    points = _points(found.days, scale, zone)
    medians = _medians(points) if scale.shape is Drawn.LINE else ()
    return MeasureCourse(
        title=f"{row.metric.title}, {_by(scale)}",
        note=_note(scale, has_medians=bool(medians)),
        axis=_local_span(whole, zone),
        points=points,
        before=_level(found.comparison.before, row.before, told.before, ("before", scale, zone)),
        after=_level(found.comparison.after, row.after, told.after, ("after", scale, zone)),
        goal=_goal(row, scale, _local_span(whole, zone)),
        left_out=_local_span(between, zone) if between.length_s else None,
        left_words="cutover, left out",
        cutover=None if cutover is None else _local(cutover, zone),
        breaks=tuple(_break(one, zone) for one in migration.breaks if _is_of(one, row, whole)),
        ticks=scale.ticks,
        worded=scale.said,
        shape=scale.shape,
        bar_s=scale.bar_s,
        medians=medians,
    )


def _by(scale: Scale) -> str:
    if scale.is_down:
        return "time down by day"
    if scale.is_weekly:
        return "count a week"
    label = scale.measured.label
    return f"{label}, by day" if label and label != "%" else "by day"


def _note(scale: Scale, *, has_medians: bool) -> str:
    left_out = "shaded = left out or not measured"
    if scale.is_down:
        return f"lower is better; {left_out}"
    if scale.is_weekly:
        return f"each bar is a week; {left_out}"
    if scale.shape is Drawn.DOTS:
        each = (
            "each dot is the median of a day" if scale.kind == "duration" else "each dot is a day"
        )
        return f"{each}; levels are those of the whole periods"
    weekly = "thin = each day, thick = the median of each week; " if has_medians else ""
    return f"{weekly}levels are those of the whole periods; what is left out is shaded"


def _goal(row: Row, scale: Scale, whole: Span) -> Level | None:
    if row.metric.goal is None:
        return None
    value = scale.drawn(row.metric.goal.value)
    return Level(whole, value, scale.level_words("goal", value, goal_words(row.metric.goal_text)))


def _points(days: Sequence[Point], scale: Scale, zone: ZoneInfo) -> tuple[Point, ...]:
    local = [(_local(at, zone), value) for at, value in days]
    kept = _weeks(local) if scale.is_weekly else _with_gaps(local)
    return tuple((at, None if value is None else scale.drawn(value)) for at, value in kept)


def _with_gaps(days: Sequence[Point]) -> list[Point]:
    """The days, with an unknown one where some are left out."""
    made: list[Point] = []
    for at, value in days:
        if made and at - made[-1][0] > DAY_S:
            made.append((made[-1][0] + DAY_S, None))
        made.append((at, value))
    return made


def _weeks(days: Sequence[Point]) -> list[Point]:
    """Whole weeks from the first day on: the mean of their known days, for events add up."""
    # What has begun and is no week yet would stand out for being short.
    return [
        (at, sum(known) / len(known) if known else None)
        for at, known, is_whole in _by_week(days)
        if is_whole
    ]


def _medians(days: Sequence[Point]) -> tuple[Point, ...]:
    """The median of each week, at its middle, of days that are too noisy for an eye; else nothing."""
    known = [value for _, value in days if value is not None]
    steps = [abs(later - one) for one, later in pairwise(known)]
    made = tuple((at, median(values) if values else None) for at, values, _ in _by_week(days))
    is_noisy = steps and sum(steps) > _NOISY * len(steps) * median(known)
    return made if is_noisy and len(made) >= _LEAST_WEEKS else ()


def _by_week(days: Sequence[Point]) -> list[tuple[int, list[float], bool]]:
    """The middle of each week from the first day on, its known values, whether it is whole."""
    first = days[0][0]
    made: list[tuple[int, list[float], bool]] = []
    for week, members in groupby(days, key=lambda day: (day[0] - first) // WEEK_S):
        values = [value for _, value in members]
        known = [value for value in values if value is not None]
        is_whole = len(values) == _WEEK_DAYS or not made
        made.append((first + week * WEEK_S + WEEK_S // 2, known, is_whole))
    return made


def _level(
    side: Side, span: Span, told: tuple[str, str], drawn: tuple[str, Scale, ZoneInfo]
) -> Level | None:
    name, scale, zone = drawn
    if side.estimate is None:
        return None
    value = scale.drawn(side.estimate)
    words = scale.level_words(name, value, " ".join(part for part in told if part))
    return Level(_local_span(span, zone), value, words)


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
