"""How series count together: by a sum, laid over each other, or weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TypeAlias

from slo.tally import Tally

Ids: TypeAlias = tuple[int, ...]
"""Series whose counts are summed."""


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of parts of which some are no sums of series themselves."""

    parts: tuple[Together, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """Members whose slices are laid over each other: bad where any of them is."""

    parts: tuple[Ids, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of a weighted burn, its share of the whole, and how many series it was to report."""

    part: Together
    share: Fraction
    expected: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """Parts by their shares of the whole, which sum to 1, whatever window they are counted in."""

    weights: tuple[Weight, ...]

    @property
    def parts(self) -> tuple[Together, ...]:
        """The parts without their shares."""
        return tuple(one.part for one in self.weights)

    @property
    def leaves(self) -> Iterator[Weight]:
        """Each part with its share of the whole; of one that is weighed itself its own parts."""
        for one in self.weights:
            if isinstance(one.part, Weighed):
                within = one.part.leaves
                yield from (
                    Weight(leaf.part, one.share * leaf.share, leaf.expected) for leaf in within
                )
            else:
                yield one

    def as_in(self, window: Tally) -> Scaled:
        """The same, every event weighing what it weighs in a window: so bins sum to its tally.

        A bad event of a part weighs share x seconds / events of the part; a part that is weighed
        itself is taken as in the same window.
        """
        each = [one.tally for one in window.weighed]
        parts = (
            part.as_in(tally) if isinstance(part, Weighed) else part
            for part, tally in zip(self.parts, each, strict=True)
        )
        factors = (
            float(one.share) * window.total / float(tally.total) if tally.total else 0.0
            for one, tally in zip(self.weights, each, strict=True)
        )
        return Scaled(self, tuple(parts), tuple(factors))


@dataclass(frozen=True, slots=True)
class Scaled:
    """Weighed parts of which every count is taken so many times, as they weigh in one window."""

    weighed: Weighed
    parts: tuple[Together, ...]
    factors: tuple[float, ...]


Together: TypeAlias = Ids | Added | Laid | Weighed | Scaled
"""The series that answer an indicator, and how they count together: mostly by a sum."""


def ids_of(together: Together) -> Ids:
    """All series that count, each once, however they are put together."""
    if isinstance(together, tuple):
        return together
    return tuple(dict.fromkeys(chain.from_iterable(map(ids_of, together.parts))))


def plain_parts(together: Together) -> tuple[Ids, ...]:
    """The parts as sums of series: of slices laid over slices those of all of them."""
    if isinstance(together, tuple):
        return (together,)
    return tuple(chain.from_iterable(map(plain_parts, together.parts)))


def weights_of(
    parts: Iterable[Together], weights: Sequence[Fraction], expected: Iterable[int]
) -> tuple[Weight, ...]:
    """The parts by their weights as shares of the whole: 1 and 3 are a quarter and three."""
    whole = sum(weights)
    return tuple(
        Weight(part, weight / whole, count)
        for part, weight, count in zip(parts, weights, expected, strict=True)
    )
