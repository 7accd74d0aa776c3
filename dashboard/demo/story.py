"""When the story begins, its three periods, and what goes wrong around each start of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from dashboard.demo.chance import Chance
from slo.facts import Integers, Reals
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.spans import Span, epoch_s, moment

BEFORE_MONTHS, TRANSITION_MONTHS, AFTER_MONTHS = 12, 3, 8
"""Twelve months are every season and thirty incidents; eight are the least that make four."""
DAYS = 62
"""How far back minutes reach: a window of 30 days, and as much again for its course."""
ONSET_AGO_S = 27 * MINUTE_S
DEPLOYED_BEFORE_S = 11 * MINUTE_S
_MENDED_AFTER_S = 75 * MINUTE_S
MAINTAINED = "ledger"
MAINTAINED_HOUR, MAINTAINED_S, MAINTAINED_ZONE = 4, 25 * MINUTE_S, "Europe/Berlin"
"""The ledger is taken down every Sunday at 4 in the morning, and everybody knows it."""
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stretch in which a share of one service's requests fails, is slow, or it is down."""

    service: str
    what: str
    ago_s: int
    lasts_s: int
    share: float = 1.0


TROUBLES = (
    Trouble("checkout", "failing", ONSET_AGO_S, _MENDED_AFTER_S, 0.06),
    Trouble("checkout", "failing", 10 * DAY_S, 34 * MINUTE_S, 0.05),
    Trouble("payments", "failing", 23 * HOUR_S, 30 * HOUR_S, 0.00145),
    Trouble("login", "slow", 9 * DAY_S, 6 * HOUR_S, 0.30),
    Trouble("login", "slow", 20 * DAY_S, 8 * HOUR_S, 0.28),
    Trouble("mobile-bff", "failing", 5 * DAY_S, 2 * HOUR_S, 0.035),
    Trouble("notifications", "failing", 14 * DAY_S, 3 * HOUR_S, 0.07),
    Trouble("ledger", "down", 12 * DAY_S, 10 * MINUTE_S),
)
"""What goes wrong, told from the start of the demo."""


@dataclass(frozen=True, slots=True)
class Start:
    """A start of the demo; nothing before `free_since` may change, it was written already."""

    at: int
    free_since: int = 0

    @property
    def onset(self) -> int | None:
        """When the checkout begins to fail; None where that is written otherwise already."""
        onset = self.at - ONSET_AGO_S
        return onset if onset - DEPLOYED_BEFORE_S >= self.free_since else None

    @property
    def mended(self) -> int:
        """When the checkout no longer fails."""
        return self.at - ONSET_AGO_S + _MENDED_AFTER_S


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the figures depend on besides their time."""

    seed: int
    starts: tuple[Start, ...]
    days: int = DAYS

    @classmethod
    def begin(cls, now: int, *, seed: int, days: int = DAYS) -> Story:
        """A story that begins at this minute."""
        return cls(seed, (Start(now - now % MINUTE_S),), days)

    @property
    def anchor(self) -> int:
        """The minute of the first start: what lies before is history, what follows is appended."""
        return self.starts[0].at

    @property
    def chance(self) -> Chance:
        """The draws of this story."""
        return Chance(self.seed)

    @property
    def recent(self) -> Span:
        """What is written in minutes once and for all: whole quarter hours up to the anchor."""
        today = self.anchor - self.anchor % DAY_S
        return Span(today - self.days * DAY_S, self.anchor - self.anchor % (15 * MINUTE_S))

    @property
    def before(self) -> Span:
        """The year of the monolith."""
        since = AFTER_MONTHS + TRANSITION_MONTHS + BEFORE_MONTHS
        return Span(self._months_ago(since), self.transition.since)

    @property
    def transition(self) -> Span:
        """The quarter of the move, part of neither side."""
        return Span(self._months_ago(AFTER_MONTHS + TRANSITION_MONTHS), self.after.since)

    @property
    def after(self) -> Span:
        """The months since, up to the last that was over when the demo was first started."""
        return Span(self._months_ago(AFTER_MONTHS), self._months_ago(0))

    @property
    def stricter_since(self) -> int:
        """From when on more is promised of the API: the month of the first start."""
        return self.after.until

    @property
    def told(self) -> Span:
        """All three periods."""
        return Span(self.before.since, self.after.until)

    def moved(self, at: Integers) -> Reals:
        """How much of the move is done at each moment: 0 before it, 1 after it."""
        moving = self.transition
        return np.clip((at - moving.since) / moving.length_s, 0.0, 1.0)

    def troubles(self, service: str, what: str) -> Iterator[tuple[Span, float]]:
        """When this goes wrong with the service, and how badly."""
        for start in self.starts:
            for trouble in TROUBLES:
                since = start.at - trouble.ago_s
                is_meant = (trouble.service, trouble.what) == (service, what)
                if is_meant and since >= start.free_since:
                    yield Span(since, since + trouble.lasts_s), trouble.share

    def _months_ago(self, count: int) -> int:
        # What led to the first start's trouble belongs to the present, not to the last month.
        return _month_before(self.anchor - HOUR_S, count)


@lru_cache
def _month_before(at: int, count: int) -> int:
    """The first second of the month so many before that of the moment."""
    first = moment(at).replace(day=1, hour=0, minute=0, second=0)
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
    return epoch_s(first)


def months(span: Span) -> Iterator[Span]:
    """The calendar months of a span that begins and ends with one."""
    first = moment(span.since)
    while epoch_s(first) < span.until:
        following = (first + timedelta(days=32)).replace(day=1)
        yield Span(epoch_s(first), epoch_s(following))
        first = following


def maintenance(span: Span) -> Iterator[Span]:
    """Every Sunday's planned maintenance that meets the span, at one wall time all year."""
    zone = ZoneInfo(MAINTAINED_ZONE)
    day = moment(span.since - DAY_S).date()
    while day <= moment(span.until).date():
        if day.weekday() == _SUNDAY:
            begun = epoch_s(datetime(day.year, day.month, day.day, MAINTAINED_HOUR, tzinfo=zone))
            down = Span(begun, begun + MAINTAINED_S)
            if down.since < span.until and span.since < down.until:
                yield down
        day += timedelta(days=1)
