"""Which deploys and incidents spent a budget: bad events above what was usual before each.

claim     the bad events of a bin above the share that was bad before the event began, without what
          burnt already of a change before it (see `claims`)
split     where several claim one bin, the largest claim is shared in proportion to all
the rest  what nobody claims is unattributed, so that all of it sums to what was spent
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from slo.claims import Claim, Counted, Stack, Suspect, claims, usual_before
from slo.exact import exact_sum
from slo.lengths import MINUTE_S
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Spent:
    """What a suspect is held to have spent, in bad events (or seconds), exactly.

    `claimed` reaches from the first to the last bin of which it claims anything, None of nothing.
    `usual` is the share of events that was bad before it began; None where nothing had happened
    in the day before, so that nothing can be held against it. `bad_there` and `total_there` are
    the events of the bins of which it claims anything, without bad ones that are another's alone:
    they burnt before it began, or came on top; `parts` is what it spent of each of them,
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


def attributed(counted: Counted, window: Span, suspects: Sequence[Suspect]) -> Attribution:
    """What each suspect spent of the window's bad events, and what nobody did.

    `counted` reaches a day further back than the window, to know what was usual, and has no bin in
    the middle of which a suspect begins or the next one does, as far as that is known.

    Source: docs/decisions.md, "Attribution"; the sum law is that of the store: counts add.
    """
    inside = counted.within(window)
    usual = {one.key: usual_before(counted, one) for one in suspects}
    taken: dict[str, list[_Taken]] = {one.key: [] for one in suspects}
    for place, stacks in sorted(claims(counted, inside, suspects, usual).items()):
        span = Span(int(counted.at[place]), int(counted.until[place]))
        for claim, part in _split(stacks):
            taken[claim.key].append(
                _Taken(span, part, claim, Fraction(float(counted.total[place])))
            )
    spent = (_spent(one, usual[one.key], taken[one.key]) for one in suspects)
    return Attribution(
        tuple(spent),
        exact_sum(counted.bad[inside]),
        exact_sum(counted.total[inside]),
    )


def until_next(at: Sequence[int], horizon_s: int, end: int) -> tuple[Span, ...]:
    """For how long each of the ascending changes is responsible: until the next, or the horizon.

    The minute in which the next one happened is the next one's.

    >>> until_next([0, 1_000], 3_600, 10_000)
    (Span(since=0, until=960), Span(since=1000, until=4600))
    """
    following = [*(later - later % MINUTE_S for later in at[1:]), end]
    return tuple(
        Span(one, max(one, min(later, one + horizon_s, end)))
        for one, later in zip(at, following, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a suspect spent of a bin."""

    span: Span
    part: Fraction
    claim: Claim
    total: Fraction


def _spent(suspect: Suspect, usual: Fraction | None, taken: Sequence[_Taken]) -> Spent:
    if not taken:
        return Spent(suspect, Fraction(0), usual)
    return Spent(
        suspect,
        sum((one.part for one in taken), Fraction(0)),
        usual,
        Span(taken[0].span.since, taken[-1].span.until),
        sum((one.claim.held for one in taken), Fraction(0)),
        sum((one.total for one in taken), Fraction(0)),
        tuple((one.span.since, one.part) for one in taken),
    )


def _split(stacks: Sequence[Stack]) -> Iterator[tuple[Claim, Fraction]]:
    """The largest stack of claims, shared by all claims in proportion to what each claims."""
    sizes = [sum((one.excess for one in stack), Fraction(0)) for stack in stacks]
    part = max(sizes) / sum(sizes, Fraction(0))
    for stack in stacks:
        yield from ((one, part * one.excess) for one in stack)
