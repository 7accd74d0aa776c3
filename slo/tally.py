"""How many events were good, out of how many, over how much observed time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil


class Treatment(StrEnum):
    """What becomes of counts under a correction.

    REMOVED takes them out of good and total: the rest of the window weighs more. AS_GOOD leaves
    the window as long as it is and calls them good: the budget keeps its size.

    Source: Datadog, SLO status corrections: metric and monitor SLOs, and time slices.
    """

    REMOVED = "removed"
    AS_GOOD = "as-good"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The counts of a member, its share of the whole, and how many series were to report them."""

    share: Fraction
    expected: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a span that add up: good and total events beside observed seconds.

    For uptime the events are seconds: good = up, total = up + down. Excluded
    counts are those under a correction; they are part of `good`, `total` and
    `observed_s` and are taken off by `corrected`. `partial_s`, `estimated_s` and
    `conflict_s` say how much of the observed time is of lesser quality.
    Counts are whole numbers except where a server extrapolated them.

    `weighed` are the members of a weighted burn, of which the SLI is made exactly; its counts are
    observed seconds, as good as that SLI says, and are only as exact as floats are.
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
    weighed: tuple[Weighed, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        """Join two disjoint spans, or two members; counts add, ratios never do.

        Of weighed members the sum knows no more: its SLI is that of the seconds alone.

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
        if self.weighed:
            return weighed(replace(one, tally=one.tally.corrected) for one in self.weighed)
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
        if self.weighed:
            return weighed(replace(one, tally=one.tally.under(treatment)) for one in self.weighed)
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
        if self.weighed:
            return _weighed_sli(self.weighed)
        good, good_parts = self.good.as_integer_ratio()
        total, total_parts = self.total.as_integer_ratio()
        return Fraction(good * total_parts, good_parts * total)


def weighed(members: Iterable[Weighed]) -> Tally:
    """Members by their weights as one: its SLI is the sum of share x SLI, so its burn that of burns.

    The shares sum to 1. A member that was measured and had no events burns nothing. The counts are
    seconds: those observed of each member, by its share, as good as the SLI says.

    Source: OpenSLO, composites with budgetingMethod Occurrences: the burn of each objective times
    its weight burns the budget of the whole.

    >>> calm, busy = Tally(good=90, total=100, observed_s=60), Tally(good=1_000, total=1_000)
    >>> half = Fraction(1, 2)
    >>> found = weighed([Weighed(half, 1, calm), Weighed(half, 1, replace(busy, observed_s=60))])
    >>> found.sli, found.total
    (Fraction(19, 20), 60)
    """
    each = tuple(members)
    observed_s = int(_seconds(each, "observed_s"))
    total = observed_s if any(one.tally.total for one in each) else 0
    excluded_s = _rounded_up(each, "excluded_s")
    return Tally(
        good=float(_weighed_sli(each) * total),
        total=total,
        observed_s=observed_s,
        excluded_good=float(_excluded_good_s(each)),
        excluded_total=excluded_s,
        excluded_s=excluded_s,
        partial_s=_rounded_up(each, "partial_s"),
        estimated_s=_rounded_up(each, "estimated_s"),
        conflict_s=_rounded_up(each, "conflict_s"),
        weighed=each,
    )


def _weighed_sli(members: Sequence[Weighed]) -> Fraction:
    slis = ((one.share, one.tally.sli) for one in members)
    return sum((share * (1 if sli is None else sli) for share, sli in slis), Fraction(0))


def _seconds(members: Sequence[Weighed], name: str) -> Fraction:
    """So many seconds of one moment after the other, however many series each member has."""
    return sum(
        (one.share * Fraction(getattr(one.tally, name), one.expected) for one in members),
        Fraction(0),
    )


def _rounded_up(members: Sequence[Weighed], name: str) -> int:
    return ceil(_seconds(members, name))


def _excluded_good_s(members: Sequence[Weighed]) -> Fraction:
    """The seconds under corrections, of each member as good as its events there were."""
    return sum(
        (
            one.share
            * Fraction(one.tally.excluded_s, one.expected)
            * Fraction(one.tally.excluded_good)
            / Fraction(one.tally.excluded_total)
            for one in members
            if one.tally.excluded_total
        ),
        Fraction(0),
    )


def bad_within(part: Tally, window: Tally) -> Fraction:
    """The bad events of a part of a window, as they weigh in the window.

    Of weighed members each by its share of the window's seconds / its events in the window; else
    they are the bad events of the part.
    """
    if not window.weighed:
        return Fraction(part.bad)
    return sum(
        (
            of.share
            * Fraction(window.total)
            / Fraction(of.tally.total)
            * bad_within(one.tally, of.tally)
            for one, of in zip(part.weighed, window.weighed, strict=True)
            if of.tally.total
        ),
        Fraction(0),
    )
