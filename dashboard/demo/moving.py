"""The move itself: how much of each service's traffic was on the new system, and how both did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dashboard.demo.rows import (
    LATENCIES,
    MONOLITH,
    SERVICES,
    Service,
    daily,
    moments,
    texts,
    uneven,
)
from dashboard.demo.story import Story
from slo.facts import Integers, Reals
from slo.lengths import DAY_S, MINUTE_S, QUARTER_S
from slo.spans import Span

SIDES = ("old", "new")
_FAILING = {"old": 0.0021, "new": 0.0006}


@dataclass(frozen=True, slots=True)
class Move:
    """How a service moved: from which day of the quarter on which percent was on the new system."""

    service: str
    steps: tuple[tuple[int, int], ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left on the old system."""
        return self.steps[-1][1] == 100  # noqa: PLR2004 - percent

    def share(self, story: Story, at: Integers) -> Reals:
        """The share of its requests that the new system answered at each moment."""
        days = (at - story.transition.since) // DAY_S
        first_days = np.array([day for day, _ in self.steps])
        percent = np.array([0, *(share for _, share in self.steps)])
        shares: Reals = percent[np.searchsorted(first_days, days, side="right")] / 100
        return shares


MOVES = (
    Move("notifications", ((6, 5), (11, 30), (15, 70), (18, 100))),
    Move("mobile-bff", ((14, 2), (19, 10), (25, 40), (30, 75), (34, 100))),
    Move("ledger", ((24, 1), (31, 5), (38, 25), (45, 60), (52, 100))),
    Move("payments", ((35, 1), (42, 5), (49, 20), (56, 50), (66, 100))),
    Move("checkout", ((40, 1), (47, 15), (52, 1), (60, 10), (68, 35), (75, 70), (82, 100))),
    Move("statements", ((50, 20), (62, 60), (80, 97))),
)
"""Checkout went back to 1 % once; some of whoever asks for statements never moved."""


def traffic(story: Story) -> Iterator[str]:
    """`at,service,side,good,total`: every quarter hour of the move, and what goes on after it.

    Of a service that has moved whole a quarter hour a day is told afterwards, at noon.
    """
    usual = {service.name: service for service in SERVICES}
    moving, after = moments(story.transition, QUARTER_S), moments(story.after, QUARTER_S)
    noons = after[after % DAY_S == DAY_S // 2]
    told = [(move, at) for move in MOVES for at in (moving, noons if move.is_whole else after)]
    return chain.from_iterable(_lines(story, usual[move.service], move, at) for move, at in told)


def _lines(story: Story, service: Service, move: Move, at: Integers) -> Iterator[str]:
    """Quarter hours in which a side had requests; none is written where it had not."""
    expected = service.per_minute * QUARTER_S / MINUTE_S * daily(at)
    share = move.share(story, at)
    for side, part in zip(SIDES, (1 - share, share), strict=True):
        name = f"{service.name} {side}"
        total = np.floor(expected * part * (0.97 + 0.06 * story.chance.at(at, f"{name} moved")))
        drawn = story.chance.at(at, f"{name} bad moved")
        bad = np.floor(total * _FAILING[side] + drawn).clip(max=total)
        some = total > 0
        counts = zip((total - bad)[some].astype(int), total[some].astype(int), strict=True)
        for moment, (good, events) in zip(texts(at[some]), counts, strict=True):
            yield f"{moment},{service.name},{side},{good},{events}"


def latencies_by_side(story: Story) -> Iterator[str]:
    """`at,service,side,seconds` of the gateway while both systems answered."""
    begun = story.transition.since + MOVES[0].steps[0][0] * DAY_S
    both = Span(begun, story.transition.until)
    at = moments(both, QUARTER_S)
    for side, latency in zip(SIDES, (MONOLITH, LATENCIES[0]), strict=True):
        ranks = story.chance.ranks(at, QUARTER_S, f"{side} side")
        seconds = uneven(story, side, at, latency.at(ranks), ((both, latency.p95_s),))
        for moment, value in zip(texts(at), seconds.tolist(), strict=True):
            yield f"{moment},{latency.service},{side},{value:.2f}"
