"""The words in a measure's picture: each where nothing else stands, the two levels first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import plot
from dashboard.charts.plot import Figure
from dashboard.views.pages.migration_course import Level, MeasureCourse
from dashboard.views.pages.migration_scale import Drawn
from dashboard.views.words import cut_words
from slo.spans import Span

HEIGHT_PX, TOP_PX, FOOT_PX = 264, 22, 40
_PLOT_PX = HEIGHT_PX - TOP_PX - FOOT_PX
# So far from their lines stand the words of a level and of a goal; a line of words is so high.
_LEVEL_PX, _GOAL_PX, _LINE_PX = 20, 12, 17
# A label is no longer than this many letters, and as wide as this part of the picture.
_LONGEST, _WIDE = 48, 0.3


@dataclass(frozen=True, slots=True)
class _Placed:
    """Words at one end of the picture, so many pixels above its foot."""

    is_left: bool
    stands_px: float


def course_labels(course: MeasureCourse, top: float) -> list[Figure]:
    """The levels, what is left out, the goal, breaks, and the outlier that the axis cuts."""
    sides = [_level_place(course, one, top) for one in (course.before, course.after)]
    said = [
        _level_label(course, one, place, top)
        for one, place in zip((course.before, course.after), sides, strict=True)
    ]
    if course.left_out is not None:
        middle = (course.left_out.since + course.left_out.until) // 2
        said.append(_above(course.axis, middle, course.left_words))
    said += _goal_label(course, [one for one in sides if one], top)
    said += [_above(course.axis, at, words) for at, words in course.breaks]
    return [*said, *_cut_label(course, top)]


def _cut_label(course: MeasureCourse, top: float) -> list[Figure]:
    """What stands beyond the upper edge, and its day, beside its mark."""
    if not course.cut:
        return []
    at = max(course.cut, key=lambda one: one[1])[0]
    if course.left_out is None or not _is_near(course, course.left_out, at):
        made = _above(course.axis, at, course.cut_words)
        return [{**made, "yshift": 4}]
    is_right = at - course.axis.since > course.axis.length_s / 2
    made = plot.label(at, top, course.cut_words, right=not is_right, below=None)
    return [{**made, "yshift": -6, "xshift": -9 if is_right else 9}]


def _is_near(course: MeasureCourse, left_out: Span, at: int) -> bool:
    """Whether words above this moment would run into those above what is left out."""
    middle = (left_out.since + left_out.until) // 2
    return abs(at - middle) < course.axis.length_s * _WIDE


def _level_place(course: MeasureCourse, one: Level | None, top: float) -> _Placed | None:
    """Above the level's line, and above bars and dots; below where that is the lower line."""
    if one is None:
        return None
    is_left = one is course.before
    stands = one.value / top * _PLOT_PX
    if course.shape is Drawn.LINE and not course.medians:
        return _Placed(is_left, stands + _shift_px(course, one, stands))
    beneath = max([one.value, *_beside(course, is_left=is_left)])
    return _Placed(is_left, min(beneath / top * _PLOT_PX + _LINE_PX * 0.7, _PLOT_PX - _LINE_PX / 2))


def _shift_px(course: MeasureCourse, one: Level, stands: float) -> int:
    other = course.after if one is course.before else course.before
    is_lower = other is not None and one.value < other.value
    return -_LEVEL_PX if is_lower and stands > _PLOT_PX / 4 else _LEVEL_PX


def _beside(course: MeasureCourse, *, is_left: bool) -> list[float]:
    """The values below the words at one end of the picture."""
    wide_s = course.axis.length_s * _WIDE
    return [
        min(value, course.most)
        for at, value in course.points
        if value is not None
        and ((at - course.axis.since if is_left else course.axis.until - at) < wide_s)
    ]


def _level_label(
    course: MeasureCourse, one: Level | None, place: _Placed | None, top: float
) -> Figure:
    """The words of a level at its outer end; empty where it is unknown, to keep their places."""
    if one is None or place is None:
        return {**plot.label(course.axis.since, 0.0, "", right=None, below=None), "text": ""}
    at = one.span.since if place.is_left else one.span.until
    made = plot.label(
        at, place.stands_px / _PLOT_PX * top, one.words, right=place.is_left, below=None
    )
    return {**made, "text": f"<b>{plot.safe(cut_words(one.words, _LONGEST))}</b>"}


def _goal_label(course: MeasureCourse, taken: Sequence[_Placed], top: float) -> list[Figure]:
    """The goal's words at the end of its line that is free, above the line before below it.

    Where all of these are taken they stand in the middle.
    """
    if course.goal is None:
        return []
    line_px = course.goal.value / top * _PLOT_PX
    words = cut_words(course.goal.words, _LONGEST)
    for shift in (_GOAL_PX, -_GOAL_PX):
        stands = line_px + shift
        if not _LINE_PX / 2 <= stands <= _PLOT_PX:
            continue
        for is_left in (True, False):
            if all(
                one.is_left is not is_left or abs(one.stands_px - stands) > _LINE_PX
                for one in taken
            ):
                at = course.axis.since if is_left else course.axis.until
                made = plot.label(at, course.goal.value, words, right=is_left, below=None)
                return [{**made, "yshift": shift}]
    middle = (course.axis.since + course.axis.until) // 2
    made = plot.label(middle, course.goal.value, words, right=None, below=None)
    return [{**made, "xanchor": "center", "yshift": _GOAL_PX}]


def _above(axis: Span, at: int, words: str) -> Figure:
    """A label above the drawing, turned inwards near an edge."""
    place = (at - axis.since) / max(axis.length_s, 1)
    made = plot.label(at, 1, cut_words(words, _LONGEST), right=None, below=None)
    anchor = "left" if place < 1 / 6 else "right" if place > 5 / 6 else "center"
    return {**made, "yref": "paper", "yanchor": "bottom", "xanchor": anchor}
