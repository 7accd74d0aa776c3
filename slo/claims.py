"""What each suspect claims of the bad events of each bin.

claim      the bad events of a bin above the share that was bad before the suspect began
burns on   a change that came while the one before it burnt claims what is above that level alone,
           until it has halved; the rest of it is still claimed by the one that lit it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.facts import Integers, Reals
from slo.lengths import DAY_S, HOUR_S, QUARTER_S
from slo.spans import Span

Usual = Mapping[str, Fraction | None]
"""The share of events that was bad before each suspect began, by its key; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that may have spent budget: while it lasted, or until the next of its kind.

    `is_incident` tells it from a change; `at` is its own beginning, `span` what it is held
    responsible for, `after` the key of the change before it, of the same service.
    """

    key: str
    at: int
    span: Span
    is_incident: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Counts of bins by time, from `at` to `until` of each; bins without a row are absent."""

    at: Integers
    until: Integers
    bad: Reals
    total: Reals

    def within(self, span: Span) -> slice:
        """The places of the bins that begin in the span."""
        since, until = np.searchsorted(self.at, [span.since, span.until])
        return slice(int(since), int(until))

    def share_of(self, span: Span) -> Fraction | None:
        """The share of events of the bins wholly in the span that was bad; None of none."""
        place = self._whole(span)
        total = Fraction(float(self.total[place].sum()))
        return Fraction(float(self.bad[place].sum())) / total if total else None

    def median_share_of(self, span: Span) -> Fraction | None:
        """The share that was bad in the median quarter hour of the span with any event.

        Of one that is cut the parts that lie wholly in the span are summed.
        """
        place = self._whole(span)
        begins = np.flatnonzero(np.diff(self.at[place] // QUARTER_S, prepend=-1))
        bad, total = (
            np.add.reduceat(counts[place], begins) if len(begins) else counts[:0]
            for counts in (self.bad, self.total)
        )
        happened = total > 0
        if not happened.any():
            return None
        bad, total = bad[happened], total[happened]
        # Floats order the shares, exact ones are the median: to sort thousands of fractions takes
        # a thousand times as long, and shares that floats confuse differ by nothing that counts.
        order = np.argsort(bad / total, kind="stable")
        middle = order[[(len(order) - 1) // 2, len(order) // 2]]
        low, high = (Fraction(float(bad[one])) / Fraction(float(total[one])) for one in middle)
        return (low + high) / 2

    def touched(self, span: Span) -> slice:
        """The places of the bin in which the span begins and of those that begin in it."""
        inside = self.within(span)
        before = inside.start - 1
        holds = before >= 0 and self.until[before] > span.since
        return slice(before if holds else inside.start, inside.stop)

    def _whole(self, span: Span) -> slice:
        first = np.searchsorted(self.at, span.since)
        last = np.searchsorted(self.until, span.until, side="right")
        return slice(int(first), int(max(first, last)))


@dataclass(frozen=True, slots=True)
class Claim:
    """The bad events of a bin that a suspect claims, and those above which they are: `usual` x all.

    `held` is both together: what was bad there, without what burns on of another.
    """

    key: str
    excess: Fraction
    held: Fraction


Stack = tuple[Claim, ...]
"""Claims that lie above each other: they are of different events, and are not shared."""


def usual_before(counted: Counted, suspect: Suspect) -> Fraction | None:
    """The greater of what was bad in the hour before it, and of the median quarter hour of the day.

    The greater, so that a change that came while it burned is not held to have lit it; the
    median, so that an outage of yesterday hides nobody.
    """
    hour = counted.share_of(Span(suspect.at - HOUR_S, suspect.at))
    day = counted.median_share_of(Span(suspect.at - DAY_S, suspect.at))
    return max((one for one in (hour, day) if one is not None), default=None)


def claims(
    counted: Counted, inside: slice, suspects: Sequence[Suspect], usual: Usual
) -> dict[int, list[Stack]]:
    """By the place of each bin what the suspects claim of it, where that is anything."""
    burning = _burning_on(counted, suspects, usual)
    found: dict[int, list[Stack]] = {}
    for one in suspects:
        mine = counted.touched(one.span)
        first, last = max(mine.start, inside.start), min(mine.stop, inside.stop)
        for place in (first + np.flatnonzero(counted.bad[first:last] > 0)).tolist():
            stack = tuple(_claimed(counted, place, one, burning.get(one.key), usual))
            if stack:
                found.setdefault(place, []).append(stack)
    return found


@dataclass(frozen=True, slots=True)
class _BurningOn:
    """What burnt at that level when a change came, and in which bins it burns on, by whom it was lit."""

    lit_by: str
    level: Fraction
    places: range


def _claimed(
    counted: Counted, place: int, one: Suspect, burning: _BurningOn | None, usual: Usual
) -> Iterator[Claim]:
    """The claim of a suspect to a bin, on that of the one whose burning it came into."""
    bad, total = (Fraction(float(column[place])) for column in (counted.bad, counted.total))
    level = Fraction(0)
    if burning is not None and place in burning.places:
        level = burning.level
        yield from _above(usual[burning.lit_by], min(bad, level * total), total, burning.lit_by)
    before = usual[one.key]
    if before is not None and (excess := bad - max(before, level) * total) > 0:
        yield Claim(one.key, excess, excess + before * total)


def _above(before: Fraction | None, bad: Fraction, total: Fraction, key: str) -> Iterator[Claim]:
    if before is not None and bad > before * total:
        yield Claim(key, bad - before * total, bad)


def _burning_on(
    counted: Counted, suspects: Sequence[Suspect], usual: Usual
) -> dict[str, _BurningOn]:
    """By its key what burnt when a change came after another, above what was usual before that one.

    Where it burnt on through several it is still that of the first.
    """
    found: dict[str, _BurningOn] = {}
    for one in sorted(suspects, key=lambda suspect: suspect.at):
        first = counted.touched(one.span).start
        before = found.get(one.after)
        lit_by = before.lit_by if before is not None and before.places.stop == first else one.after
        base, level = usual.get(lit_by), counted.share_of(Span(one.at - QUARTER_S, one.at))
        if base is not None and level is not None and level > base:
            places = range(first, _halved(counted, one, level))
            found[one.key] = _BurningOn(lit_by, level, places)
    return found


def _halved(counted: Counted, one: Suspect, level: Fraction) -> int:
    """The first bin from the beginning of a change on of which less than half as much was bad."""
    mine = counted.touched(one.span)
    first, end = int(mine.start), int(mine.stop)
    for place in range(first, end):
        is_next = place == first or counted.at[place] == counted.until[place - 1]
        if not is_next or 2 * float(counted.bad[place]) <= level * float(counted.total[place]):
            return place
    return end
