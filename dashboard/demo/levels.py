"""What is noted now and then: app rating, Lighthouse, cost, sessions a day, test coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.demo.story import Story, months
from slo.lengths import DAY_S
from slo.spans import Span

_WEEKLY = (0, 7, 14, 21)
_WOBBLE = (0, 1, -1, 0)


@dataclass(frozen=True, slots=True)
class Level:
    """A gauge of the company: what it was before, what it is after, and how it is noted.

    `wobble` goes as often up as down, so that the mean of a period is the level. `before` is
    None where nobody noted it then.
    """

    name: str
    before: float | None
    after: float
    wobble: float
    digits: int
    rhythm: str


LEVELS = (
    Level("app_rating", 3.9, 4.7, 0.0, 1, "weekly"),
    Level("lighthouse_score", 42, 94, 1, 0, "weekly"),
    Level("test_coverage_percent", None, 92, 0.4, 1, "weekly"),
    Level("infrastructure_cost_eur", 41_200, 47_380, 380, 0, "monthly"),
    Level("sessions_a_day", 180_000, 219_600, 14_000, 0, "daily"),
)


def noted(story: Story, level: Level, until: int) -> Iterator[tuple[int, float]]:
    """When it was noted, and how high it stood."""
    present = Span(story.after.until, max(until, story.after.until))
    periods = (story.before, story.transition, story.after, present)
    for at, turn in _turns(story, level, periods):
        value = _usual(story, level, at)
        if at < until and value is not None:
            yield at, round(value + turn * level.wobble, level.digits)


def _usual(story: Story, level: Level, at: int) -> float | None:
    moved = float(story.moved(np.array([at], np.int64))[0])
    if level.before is None:
        return level.after if moved == 1 else None
    return level.before + (level.after - level.before) * moved


def _turns(story: Story, level: Level, periods: tuple[Span, ...]) -> Iterator[tuple[int, float]]:
    """The moments of noting, and how far up or down it goes there: 0 in sum over a period."""
    for period in periods:
        if level.rhythm == "daily":
            yield from _in_pairs(story, level, range(period.since, period.until, DAY_S))
        elif level.rhythm == "monthly":
            yield from _in_pairs(story, level, [month.since for month in months(period)])
        else:
            for month in months(period):
                days = zip(_WEEKLY, _WOBBLE, strict=True)
                yield from ((month.since + day * DAY_S, turn) for day, turn in days)


def _in_pairs(story: Story, level: Level, moments: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Up and down by turns and equally far; what a period of the past has over stays in place."""
    for k, at in enumerate(moments):
        drawn = story.chance.one(moments[0] + k // 2, level.name)
        is_over = at < story.after.until
        is_alone = is_over and k == len(moments) - 1 and k % 2 == 0
        yield at, 0.0 if is_alone else drawn if k % 2 else -drawn
