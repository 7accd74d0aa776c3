"""A model of the store in a few lines: minutes, folded quarters, points and what is complete."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from builders import QUARTER_S

from slo.facts import Status
from slo.spans import Span

VALID_S = 300


@dataclass(frozen=True)
class Claim:
    good: float
    total: float
    observed_at: int
    complete: bool
    disputed: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        return self.complete, self.observed_at


WORST_FIRST = (Status.DOWN, Status.UNKNOWN, Status.DEGRADED, Status.UP)


@dataclass
class Points:
    """What was observed at each moment: the latest claim, of equals the smallest."""

    held: dict[int, tuple[int, float]] = field(default_factory=dict)

    def take(self, at: int, observed_at: int, said: float) -> None:
        last = self.held.get(at)
        if last is None or (-observed_at, said) < (-last[0], last[1]):
            self.held[at] = (observed_at, said)

    def said(self) -> dict[int, float]:
        return {at: said for at, (_, said) in sorted(self.held.items())}


class Model:
    """Minutes by their begin, and quarter hours whose minutes were taken away; points; buckets."""

    def __init__(self) -> None:
        self.minutes: dict[int, Claim] = {}
        self.folded: dict[int, tuple[float, float]] = {}
        self.states, self.values, self.buckets = Points(), Points(), Points()
        self.complete: Span | None = None

    def claim(self, span: Span) -> None:
        held = self.complete or span
        self.complete = Span(min(held.since, span.since), max(held.until, span.until))

    def uptime(self) -> tuple[float, float]:
        """Seconds up and seconds known: a state holds to the next, at most its five minutes."""
        up = known = 0
        for (at, place), (following, _) in pairwise(self.states.said().items()):
            lasted, state = min(following - at, VALID_S), WORST_FIRST[int(place)]
            up += lasted * (state in {Status.UP, Status.DEGRADED})
            known += lasted * (state is not Status.UNKNOWN)
        return up, known

    def take(self, at: int, claim: Claim) -> None:
        if at - at % QUARTER_S in self.folded:
            return
        held = self.minutes.get(at)
        if held is None or claim.rank > held.rank:
            self.minutes[at] = claim
        elif claim.rank == held.rank and (claim.good, claim.total) != (held.good, held.total):
            worse = min(held, claim, key=lambda one: (one.good, -one.total))
            self.minutes[at] = replace(worse, disputed=True)

    def fold(self, before: int) -> None:
        sums = self.level(QUARTER_S)
        gone = [at for at in self.minutes if at < before]
        for at in gone:
            quarter = at - at % QUARTER_S
            self.folded[quarter] = sums[quarter]
            del self.minutes[at]

    def level(self, level_s: int) -> dict[int, tuple[float, float]]:
        rows = [(at, (claim.good, claim.total)) for at, claim in self.minutes.items()]
        sums: dict[int, tuple[float, float]] = {}
        for at, (good, total) in [*rows, *self.folded.items()]:
            bin_at = at - at % level_s
            held = sums.get(bin_at, (0.0, 0.0))
            sums[bin_at] = (held[0] + good, held[1] + total)
        return sums
