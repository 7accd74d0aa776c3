"""What the page *Migration* says of its pictures: for who cannot see them, and beside them."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.views.migration.model import MovedLine, Progress
from dashboard.views.pages.migration_course import MeasureCourse
from dashboard.views.slos.dates import day_words
from dashboard.views.words import NOTHING, count_words, percent_words
from slo.spans import Span

_DAY_S = 86_400
_TICKS = 4
_NAMED = 3


def course_alt(course: MeasureCourse) -> str:
    """The chart for who cannot see it."""
    levels = ", ".join(one.words for one in course.levels)
    goal = [course.goal.words] if course.goal else []
    breaks = [words for _, words in course.breaks]
    return "; ".join(part for part in (course.title, levels, *goal, *breaks) if part)


def share_course_words(one: MovedLine, zone_key: str) -> str:
    """Where a service's traffic began, and from when on all of it was new."""
    zone = ZoneInfo(zone_key)
    known = [(at, share) for at, share in one.days if share is not None]
    if not known:
        return f"{one.service}: no traffic was counted"
    (first, began), (last, ended) = known[0], known[-1]
    whole = "" if one.moved_on is None else f", all of it from {day_words(one.moved_on, zone)} on"
    return (
        f"{one.service}: {_share(began)} new on {day_words(first, zone)},"
        f" {_share(ended)} on {day_words(last, zone)}{whole}"
    )


def moved_words(one: MovedLine, zone_key: str) -> str:
    """The day from which all traffic was new; the share so far where it is not."""
    if one.moved_on is not None:
        return day_words(one.moved_on, ZoneInfo(zone_key))
    known = [share for _, share in one.days if share is not None]
    return f"{_share(known[-1])} so far" if known else NOTHING


def progress_note() -> str:
    """How the picture is read."""
    return (
        "blue = new, grey = old, height = share of that service's requests; date = all of it moved"
    )


def still_old_words(progress: Progress) -> str:
    """What still came to the old system in the last seven days."""
    left = sorted(
        (one for one in progress.services if one.still_old), key=lambda one: -one.still_old
    )
    if not left:
        return "Nothing came to the old system in the last 7 days."
    named = [f"{one.service} {count_words(round(one.still_old))}" for one in left[:_NAMED]]
    more = [f"{len(left) - _NAMED} more services"] if len(left) > _NAMED else []
    return f"Still on the old system, requests in the last 7 days: {', '.join(named + more)}."


def day_ticks(span: Span, zone_key: str) -> tuple[str, ...]:
    """Days along the width of a picture, the first and the last among them."""
    last = max(span.until - _DAY_S, span.since)
    step = (last - span.since) / (_TICKS - 1)
    days = [day_words(round(span.since + step * i), ZoneInfo(zone_key)) for i in range(_TICKS)]
    return tuple(dict.fromkeys(days))


def _share(share: Fraction) -> str:
    return percent_words(share, 0) if share >= Fraction(1, 100) or not share else "<1 %"
