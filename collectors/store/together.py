"""Series that count together in another way than by a sum: laid over each other, or weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import Self

from slo.tally import Tally

Ids = tuple[int, ...]
"""The series that answer an indicator: summed, or `Together` where they are not."""


class Together(tuple[int, ...]):  # noqa: SLOT001 - a tuple can hold no slots beside its items
    """The ids of all series of some parts, each once, that also says what the parts are.

    Whoever only asks which series count reads it as the tuple it is; the reader of the store
    puts the parts together as the class says.
    """

    parts: tuple[Ids, ...]

    def __new__(cls, parts: Iterable[Ids]) -> Self:
        """All ids of the parts."""
        each = tuple(parts)
        made = super().__new__(cls, dict.fromkeys(chain.from_iterable(each)))
        made.parts = each
        return made

    def __eq__(self, other: object) -> bool:
        """Whether it is made of equal parts in the same way; never equal to a plain sum."""
        return isinstance(other, Together) and self._way == other._way

    def __ne__(self, other: object) -> bool:
        """The contrary, which a tuple would answer by its items."""
        return not self == other

    def __hash__(self) -> int:
        """As it compares."""
        return hash(self._way)

    @property
    def _way(self) -> tuple[object, ...]:
        return type(self), self.parts


class Added(Together):
    """The sum of parts of which some are no sums of series themselves."""


class Laid(Together):
    """Parts whose slices are laid over each other: bad where any of them is."""


class Weighed(Together):
    """Parts by their shares of the whole, whatever window they are counted in.

    `expected` is how many series each part was to report.
    """

    shares: tuple[Fraction, ...]
    expected: tuple[int, ...]

    @classmethod
    def of(cls, parts: Iterable[Ids], shares: Iterable[Fraction], expected: Iterable[int]) -> Self:
        """The parts by their shares, which sum to 1."""
        made = cls(parts)
        made.shares, made.expected = tuple(shares), tuple(expected)
        return made

    @property
    def leaves(self) -> Iterator[tuple[Ids, Fraction, int]]:
        """Each part with its share and its series; of one that is weighed itself its own parts."""
        for part, share, expected in zip(self.parts, self.shares, self.expected, strict=True):
            if isinstance(part, Weighed):
                yield from ((ids, share * of, each) for ids, of, each in part.leaves)
            else:
                yield part, share, expected

    def as_in(self, window: Tally) -> Scaled:
        """The same, every event weighing what it weighs in a window: so bins sum to its tally.

        A bad event of a part weighs share x seconds / events of the part; a part that is weighed
        itself is taken as in the same window.
        """
        each = [one.tally for one in window.weighed]
        made = Scaled(
            part.as_in(tally) if isinstance(part, Weighed) else part
            for part, tally in zip(self.parts, each, strict=True)
        )
        made.weighed = self
        made.factors = tuple(
            float(share) * window.total / float(tally.total) if tally.total else 0.0
            for share, tally in zip(self.shares, each, strict=True)
        )
        return made

    @property
    def _way(self) -> tuple[object, ...]:
        return type(self), self.parts, self.shares, self.expected


class Scaled(Together):
    """Weighed parts of which every count is taken so many times, as they weigh in one window."""

    weighed: Weighed
    factors: tuple[float, ...]

    @property
    def _way(self) -> tuple[object, ...]:
        return type(self), self.parts, self.weighed, self.factors


def plain_parts(ids: Ids) -> tuple[Ids, ...]:
    """The parts as sums of series: of slices laid over slices those of all of them."""
    if not isinstance(ids, Together):
        return (ids,)
    return tuple(chain.from_iterable(plain_parts(part) for part in ids.parts))


def shared(weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The weights as shares of the whole: 1 and 3 are a quarter and three."""
    return tuple(weight / sum(weights) for weight in weights)
