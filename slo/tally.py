"""How many events were good, out of how many, over how much observed time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Treatment(StrEnum):
    """What becomes of counts under a correction.

    REMOVED takes them out of good and total: the rest of the window weighs more. AS_GOOD leaves
    the window as long as it is and calls them good: the budget keeps its size.

    Source: Datadog, SLO status corrections: metric and monitor SLOs, and time slices.
    """

    REMOVED = "removed"
    AS_GOOD = "as-good"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a span that add up: good and total events beside observed seconds.

    For uptime the events are seconds: good = up, total = up + down. Excluded
    counts are those under a correction; they are part of `good`, `total` and
    `observed_s` and are taken off by `corrected`. `partial_s`, `estimated_s` and
    `conflict_s` say how much of the observed time is of lesser quality.
    Counts are whole numbers except where a server extrapolated them.
    """

    good: float = 0
    total: float = 0
    observed_s: int = 0
    excluded_good: float = 0
    excluded_total: float = 0
    excluded_s: int = 0
    partial_s: int = 0
    estimated_s: int = 0
    conflict_s: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Join two disjoint spans, or two members; counts add, ratios never do.

        >>> (Tally(good=1, total=2) + Tally(good=3, total=3)).good
        4
        """
        return Tally(
            self.good + other.good,
            self.total + other.total,
            self.observed_s + other.observed_s,
            self.excluded_good + other.excluded_good,
            self.excluded_total + other.excluded_total,
            self.excluded_s + other.excluded_s,
            self.partial_s + other.partial_s,
            self.estimated_s + other.estimated_s,
            self.conflict_s + other.conflict_s,
        )

    @property
    def bad(self) -> float:
        """Events that were not good."""
        return self.total - self.good

    @property
    def corrected(self) -> Tally:
        """The same counts without what corrections exclude."""
        return Tally(
            good=self.good - self.excluded_good,
            total=self.total - self.excluded_total,
            observed_s=self.observed_s - self.excluded_s,
            partial_s=self.partial_s,
            estimated_s=self.estimated_s,
            conflict_s=self.conflict_s,
        )

    def under(self, treatment: Treatment) -> Tally:
        """The counts with what corrections exclude taken off, or called good.

        >>> ten = Tally(good=8, total=10, observed_s=600, excluded_total=1, excluded_s=60)
        >>> ten.under(Treatment.AS_GOOD).good, ten.under(Treatment.REMOVED).total
        (9, 9)
        """
        if treatment is Treatment.REMOVED:
            return self.corrected
        return Tally(
            good=self.good + self.excluded_total - self.excluded_good,
            total=self.total,
            observed_s=self.observed_s,
            partial_s=self.partial_s,
            estimated_s=self.estimated_s,
            conflict_s=self.conflict_s,
        )

    @property
    def sli(self) -> Fraction | None:
        """Good over total, exactly, from 0 to 1; None when there were no events.

        >>> Tally(good=999, total=1000).sli
        Fraction(999, 1000)
        >>> Tally(observed_s=60).sli is None
        True
        """
        if not self.total:
            return None
        good, good_parts = self.good.as_integer_ratio()
        total, total_parts = self.total.as_integer_ratio()
        return Fraction(good * total_parts, good_parts * total)
