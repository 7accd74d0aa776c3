"""Which deploys and incidents spent a budget: bad events above what was usual before each.

claim     the bad events of a bin above the share that was bad before the event began
split     where several claim one bin, the largest claim is shared in proportion to all
the rest  what nobody claims is unattributed, so that all of it sums to what was spent
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.facts import Integers, Reals
from slo.spans import Span

HOUR_S, DAY_S = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that may have spent budget: while it lasted, or until the next of its kind.

    `is_incident` tells it from a change; `at` is its own beginning, `span` what it is held
    responsible for.
    """

    key: str
    at: int
    span: Span
    is_incident: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What a suspect is held to have spent, in bad events (or seconds), exactly.

    `claimed` reaches from the first to the last bin of which it claims anything, None of nothing.
    `usual` is the share of events that was bad before it began; None where nothing had happened
    in the day before, so that nothing can be held against it. `bad_there` and `total_there` are
    all events of the bins of which it claims anything; `parts` is what it spent of each of them,
    by their first second.
    """

    suspect: Suspect
    bad: Fraction
    usual: Fraction | None
    claimed: Span | None = None
    bad_there: Fraction = Fraction(0)
    total_there: Fraction = Fraction(0)
    parts: tuple[tuple[int, Fraction], ...] = ()

    def within(self, span: Span) -> Fraction:
        """What it spent in the bins that begin in the span."""
        inside = (part for at, part in self.parts if span.since <= at < span.until)
        return sum(inside, Fraction(0))

    @property
    def claim(self) -> Fraction:
        """What it claims before others share it: the bad events above the usual in those bins."""
        return Fraction(0) if self.usual is None else self.bad_there - self.usual * self.total_there


@dataclass(frozen=True, slots=True)
class Attribution:
    """All bad events of a window, by whom: `spent` and `unattributed` sum to `bad` exactly."""

    spent: tuple[Spent, ...]
    bad: Fraction
    total: Fraction

    @property
    def unattributed(self) -> Fraction:
        """What no suspect claims."""
        return self.bad - sum((one.bad for one in self.spent), Fraction(0))

    def budget_share(self, bad: Fraction, error_budget: Fraction) -> Fraction | None:
        """The share of the window's budget that so many bad events are; None without events.

        >>> whole = Attribution((), Fraction(5), Fraction(1_000))
        >>> whole.budget_share(Fraction(5), Fraction(1, 100))
        Fraction(1, 2)
        """
        return bad / self.total / error_budget if self.total else None


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Counts of bins by time, `at` the first second of each; bins without a row are absent."""

    step_s: int
    at: Integers
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
        """The share that was bad in the median of the bins wholly in the span with any event."""
        place = self._whole(span)
        bad, total = self.bad[place], self.total[place]
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

    def _whole(self, span: Span) -> slice:
        return self.within(Span(span.since, max(span.since, span.until - self.step_s + 1)))


def attributed(counted: Counted, window: Span, suspects: Sequence[Suspect]) -> Attribution:
    """What each suspect spent of the window's bad events, and what nobody did.

    `counted` reaches a day further back than the window, to know what was usual.

    Source: docs/decisions.md, "Attribution"; the sum law is that of the store: counts add.
    """
    inside = counted.within(window)
    usual = {one.key: _usual(counted, one) for one in suspects}
    claims = _claims(counted, inside, suspects, usual)
    parts: dict[str, list[tuple[int, Fraction]]] = {one.key: [] for one in suspects}
    there = {one.key: (Fraction(0), Fraction(0)) for one in suspects}
    for place, claimed in sorted(claims.items()):
        begun = int(counted.at[place])
        for key, part in _split(claimed):
            parts[key].append((begun, part))
            there[key] = _plus(there[key], counted, place)
    spent = (
        Spent(
            one,
            sum((part for _, part in parts[one.key]), Fraction(0)),
            usual[one.key],
            _reach(parts[one.key], counted.step_s),
            *there[one.key],
            tuple(parts[one.key]),
        )
        for one in suspects
    )
    return Attribution(
        tuple(spent),
        _exact_sum(counted.bad[inside]),
        _exact_sum(counted.total[inside]),
    )


def until_next(at: Sequence[int], horizon_s: int, end: int, step_s: int) -> tuple[Span, ...]:
    """For how long each of the ascending changes is responsible: until the next, or the horizon.

    The bin in which the next one happened is the next one's.

    >>> until_next([0, 1_000], 3_600, 10_000, 60)
    (Span(since=0, until=960), Span(since=1000, until=4600))
    """
    following = [*(later - later % step_s for later in at[1:]), end]
    return tuple(
        Span(one, max(one, min(later, one + horizon_s, end)))
        for one, later in zip(at, following, strict=True)
    )


def _usual(counted: Counted, suspect: Suspect) -> Fraction | None:
    """The greater of what was bad in the hour before it, and of the median bin of the day before.

    The greater, so that a change that came while it burned is not held to have lit it; the
    median, so that an outage of yesterday hides nobody.
    """
    hour = counted.share_of(Span(suspect.at - HOUR_S, suspect.at))
    day = counted.median_share_of(Span(suspect.at - DAY_S, suspect.at))
    return max((one for one in (hour, day) if one is not None), default=None)


def _claims(
    counted: Counted,
    inside: slice,
    suspects: Iterable[Suspect],
    usual: dict[str, Fraction | None],
) -> dict[int, list[tuple[str, Fraction]]]:
    """By the place of each bin what the suspects claim of it, where that is anything."""
    found: dict[int, list[tuple[str, Fraction]]] = {}
    for one in suspects:
        before = usual[one.key]
        if before is None:
            continue
        begun = one.span.since - one.span.since % counted.step_s
        mine = counted.within(Span(begun, max(begun, one.span.until)))
        first, last = max(mine.start, inside.start), min(mine.stop, inside.stop)
        for place in first + np.flatnonzero(counted.bad[first:last] > 0):
            bad, total = (Fraction(float(column[place])) for column in (counted.bad, counted.total))
            if (excess := bad - before * total) > 0:
                found.setdefault(int(place), []).append((one.key, excess))
    return found


def _reach(parts: Sequence[tuple[int, Fraction]], step_s: int) -> Span | None:
    """From the first to the last of ascending bins; None of none."""
    return Span(parts[0][0], parts[-1][0] + step_s) if parts else None


def _plus(
    sums: tuple[Fraction, Fraction], counted: Counted, place: int
) -> tuple[Fraction, Fraction]:
    """Bad and all events with those of one more bin."""
    bad, total = sums
    return bad + Fraction(float(counted.bad[place])), total + Fraction(float(counted.total[place]))


def _split(claimed: Sequence[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """The largest claim, shared by all in proportion to what each claims."""
    largest = max(excess for _, excess in claimed)
    together = sum((excess for _, excess in claimed), Fraction(0))
    return [(key, largest * excess / together) for key, excess in claimed]


def _exact_sum(counts: Reals) -> Fraction:
    return sum((Fraction(float(one)) for one in counts[counts > 0]), Fraction(0))
