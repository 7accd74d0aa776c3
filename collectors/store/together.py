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
    """Parts by their shares of the whole; `expected` is how many series each was to report.

    With `factors` every count of a part is taken so many times: so bins add up to what they
    weigh in one window, whatever they weighed in another.
    """

    shares: tuple[Fraction, ...]
    expected: tuple[int, ...]
    factors: tuple[float, ...]

    @classmethod
    def of(
        cls, parts: Iterable[Ids], shares: Iterable[Fraction], expected: Iterable[int]
    ) -> Weighed:
        """The parts by their shares, which sum to 1."""
        made = cls(parts)
        made.shares, made.expected, made.factors = tuple(shares), tuple(expected), ()
        return made

    @property
    def unscaled(self) -> Weighed:
        """The same for any window: each member has its whole share in it."""
        parts = (one.unscaled if isinstance(one, Weighed) else one for one in self.parts)
        return Weighed.of(parts, self.shares, self.expected)

    @property
    def leaves(self) -> Iterator[tuple[Ids, Fraction, int]]:
        """Each part with its share and its series; of one that is weighed itself its own parts."""
        for part, share, expected in zip(self.parts, self.shares, self.expected, strict=True):
            if isinstance(part, Weighed):
                yield from ((ids, share * of, each) for ids, of, each in part.leaves)
            else:
                yield part, share, expected

    def as_in(self, window: Tally) -> Weighed:
        """The same, every event weighing what it weighs in a window: so bins sum to its tally.

        A bad event of a part weighs share x seconds / events of the part; a part that is weighed
        itself is taken as in the same window.
        """
        parts = (
            part.as_in(one.tally) if isinstance(part, Weighed) else part
            for part, one in zip(self.parts, window.weighed, strict=True)
        )
        made = Weighed.of(parts, self.shares, self.expected)
        totals = (float(one.tally.total) for one in window.weighed)
        made.factors = tuple(
            float(share) * window.total / total if total else 0.0
            for share, total in zip(self.shares, totals, strict=True)
        )
        return made

    @property
    def _way(self) -> tuple[object, ...]:
        return type(self), self.parts, self.shares, self.expected, self.factors


def plain_parts(ids: Ids) -> tuple[Ids, ...]:
    """The parts as sums of series: of slices laid over slices those of all of them."""
    if not isinstance(ids, Together):
        return (ids,)
    return tuple(chain.from_iterable(plain_parts(part) for part in ids.parts))


def shared(weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The weights as shares of the whole: 1 and 3 are a quarter and three."""
    return tuple(weight / sum(weights) for weight in weights)
