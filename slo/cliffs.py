"""Where a budget fell steeply: stretches that burnt fast, and how much of the budget each took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slo.course import Course
from slo.facts import Integers

LEAST = 0.05
"""A fall of less of the budget than this is no cliff."""
FAST, APART_STEPS = 2, 2
"""What burns so many times as fast as the budget lasts is a fall, with so many calm steps within it."""


@dataclass(frozen=True, slots=True)
class Cliff:
    """A stretch in which that share of the budget was spent, half of it by `middle`.

    `drawn` is what the line of the budget fell by, where that is another share: of the budget as
    it was then.
    """

    since: int
    until: int
    middle: int
    share: float
    drawn: float | None = None


def cliffs(course: Course, window_s: int) -> tuple[Cliff, ...]:
    """The falls of a budget that are deep enough to tell, the deepest first.

    Steps that burn more than twice as fast as the budget lasts belong to one fall when at most
    two calm steps lie between them. While a history is young every bad event makes much of a
    fall: it is judged by what it will weigh in a whole window.
    """
    steps = np.diff(course.at, prepend=course.at[:1])
    burning = course.spent * course.measured * window_s > FAST * steps
    places = np.flatnonzero(burning & (steps > 0))
    runs = np.split(places, np.flatnonzero(np.diff(places) > APART_STEPS + 1) + 1)
    deep = (run for run in runs if len(run) and _weight(course, run) >= LEAST)
    return tuple(sorted((_cliff(course, run) for run in deep), key=lambda one: -one.share))


def _weight(course: Course, run: Integers) -> float:
    """The share of the budget that the stretch takes of a whole window."""
    stretch = slice(int(run[0]), int(run[-1]) + 1)
    return float((course.spent[stretch] * course.measured[stretch]).sum())


def _cliff(course: Course, run: Integers) -> Cliff:
    first, last = int(run[0]), int(run[-1])
    gone = np.cumsum(course.spent[first : last + 1])
    share = float(gone[-1])
    middle = first + int(np.searchsorted(gone, share / 2))
    return Cliff(int(course.at[first - 1]), int(course.at[last]), int(course.at[middle]), share)
