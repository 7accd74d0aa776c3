"""What the page *Migration* says of its pictures: for who cannot see them, and beside them."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.views.migration.model import MovedLine
from dashboard.views.pages.migration_course import MeasureCourse
from dashboard.views.slos.dates import day_words
from dashboard.views.words import NOTHING, percent_words
from slo.lengths import DAY_S
from slo.spans import Span

_TICKS = 4
_SETBACK = Fraction(1, 10)
# From here on a share is rounded to one percent.
_LEAST = Fraction(1, 200)
WHOLE = "all traffic"


def course_alt(course: MeasureCourse) -> str:
    """The chart for who cannot see it."""
    levels = ", ".join(one.words for one in course.levels)
    goal = [course.goal.words] if course.goal else []
    breaks = [words for _, words in course.breaks]
    cut = [f"highest {course.cut_words}"] if course.cut else []
    return "; ".join(part for part in (course.title, levels, *goal, *cut, *breaks) if part)


def share_course_words(one: MovedLine, zone_key: str) -> str:
    """Where a service's traffic began, where it went back, from when on all of it was new."""
    zone, name = ZoneInfo(zone_key), one.service or WHOLE
    known = [(at, share) for at, share in one.days if share is not None]
    if not known:
        return f"{name}: no traffic was counted"
    (first, began), (last, ended) = known[0], known[-1]
    whole = "" if one.moved_on is None else f", all of it from {day_words(one.moved_on, zone)} on"
    back = "".join(f", {words}" for _, words in setbacks(one, zone_key))
    return (
        f"{name}: {_share(began)} new on {day_words(first, zone)}{back},"
        f" {_share(ended)} on {day_words(last, zone)}{whole}"
    )


def setbacks(one: MovedLine, zone_key: str) -> tuple[tuple[int, str], ...]:
    """Where a service went back by a tenth of its traffic or more: the place, and how far back.

    A setback is one until the share is again as high as before. Its first day is told, with the
    share of the day after where that is lower, for the first is seldom a whole one.
    """
    made: list[tuple[int, Fraction]] = []
    highest, is_back = Fraction(0), False
    for place, (_, share) in enumerate(one.days):
        if share is None:
            continue
        if highest - share >= _SETBACK:
            if not is_back:
                made.append((place, share))
            elif place == made[-1][0] + 1:
                made[-1] = (place - 1, min(share, made[-1][1]))
            is_back = True
        else:
            is_back, highest = is_back and share < highest, max(highest, share)
    zone = ZoneInfo(zone_key)
    return tuple(
        (place, f"back to {_share(share)}, {day_words(one.days[place][0], zone)}")
        for place, share in made
    )


def moved_words(one: MovedLine, zone_key: str) -> str:
    """The day from which all traffic was new; the last known share and its day where it is not."""
    zone = ZoneInfo(zone_key)
    if one.moved_on is not None:
        return day_words(one.moved_on, zone)
    known = [(at, share) for at, share in one.days if share is not None]
    return f"{_share(known[-1][1])} on {day_words(known[-1][0], zone)}" if known else NOTHING


def progress_note() -> str:
    """How the picture is read."""
    return (
        "blue = new, grey = old, height = share of that service's requests; date = all of it moved"
    )


def day_ticks(span: Span, zone_key: str) -> tuple[str, ...]:
    """Days along the width of a picture, the first and the last among them."""
    last = max(span.until - DAY_S, span.since)
    step = (last - span.since) / (_TICKS - 1)
    days = [day_words(round(span.since + step * i), ZoneInfo(zone_key)) for i in range(_TICKS)]
    return tuple(dict.fromkeys(days))


def _share(share: Fraction) -> str:
    if _LEAST <= share < 2 * _LEAST:
        return "1 %"
    return percent_words(share, 0) if share >= Fraction(1, 100) or not share else "<1 %"
