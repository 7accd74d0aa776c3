"""When each row of a policy would have fired: `slo.burn.firing` at every moment of a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slo.bins import COUNTS, GOOD, LESSER, OBSERVED, TOTAL, Bins
from slo.burn import alerting_burn, factor
from slo.facts import Integers, Reals
from slo.objective import Objective
from slo.policy import BurnRow, Policy, Severity
from slo.spans import Span
from slo.tally import Tally

Flags = NDArray[np.bool_]

NEAR = 1e-9
"""Floats decide only where they cannot be wrong; what is nearer to the factor is compared exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What fires at each moment; a moment is the end of a bin, the first that of the first bin.

    `fires` and `demoted` are rows of the policy by moments; a row that is demoted asks for a
    ticket though it is one that pages. At a moment whose bin was not `measured` it holds what
    held at the last that was: alerts freeze, they do not resolve.
    """

    first_at: int
    bin_s: int
    policy: Policy
    fires: Flags
    demoted: Flags
    measured: Flags

    def __len__(self) -> int:
        """How many moments there are."""
        return len(self.measured)

    @property
    def span(self) -> Span:
        """The time that the bins take, from the beginning of the first to the last moment."""
        begun = self.first_at - self.bin_s
        return Span(begun, begun + len(self) * self.bin_s)

    def moment(self, number: int) -> int:
        """The time of a moment by its number."""
        return self.first_at + number * self.bin_s

    def number(self, at: int) -> int:
        """The number of the moment at a time."""
        return (at - self.first_at) // self.bin_s

    def asks(self, severity: Severity) -> Flags:
        """At which moments some row asks for that, demoted ones for a ticket."""
        pages = np.array([row.severity is Severity.PAGE for row in self.policy], bool)
        paging = self.fires & ~self.demoted & pages[:, None]
        wanted = paging if severity is Severity.PAGE else self.fires & ~paging
        return np.asarray(wanted.any(axis=0))

    def within(self, span: Span) -> Replay:
        """The moments of the bins inside a span."""
        begun = self.first_at - self.bin_s
        first = max(-((begun - span.since) // self.bin_s), 0)
        last = max((span.until - begun) // self.bin_s, first)
        kept = slice(first, last)
        return replace(
            self,
            first_at=self.moment(first),
            fires=self.fires[:, kept],
            demoted=self.demoted[:, kept],
            measured=self.measured[kept],
        )

    def refined(self, bin_s: int) -> Replay:
        """The same in narrower bins that divide its own: a moment holds until the next."""
        times = self.bin_s // bin_s
        if times == 1:
            return self
        begun = self.first_at - self.bin_s

        def held(flags: Flags) -> Flags:
            before = np.zeros((len(flags), times - 1), bool)
            wide = np.hstack([before, np.repeat(flags, times, axis=1)])
            return wide[:, : len(self) * times]

        return replace(
            self,
            first_at=begun + bin_s,
            bin_s=bin_s,
            fires=held(self.fires),
            demoted=held(self.demoted),
            measured=np.repeat(self.measured, times),
        )


def replay(
    bins: Bins,
    policy: Policy,
    objective: Objective,
    window_s: int,
    members: int | Integers = 1,
    *,
    is_held: bool = True,
) -> Replay:
    """What fires at the end of each bin, as `firing` would have said it then.

    `members` are the series that were expected to report, at all moments or at each. What lies
    before the first bin is not observed, so begin a longest window before the first moment that
    counts (`Replay.within`). A window that is no whole number of bins is widened to one. The
    comparison is exact and strict. What is not held is as its counts have it at each moment, also
    at those that were not measured.

    >>> row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)
    >>> good, half_bad = Tally(100, 100, 60), Tally(50, 100, 60)
    >>> bins = Bins.of(0, 60, [good] * 60 + [half_bad] * 20)
    >>> found = replay(bins, (row,), Objective.from_percent(99), 2_592_000)
    >>> found.moment(int(found.fires[0].argmax())) // 60
    78
    """
    sums = np.cumsum(bins.table.T, axis=1)
    counts = np.broadcast_to(np.asarray(members, np.int64), (len(bins.table),))
    asked = _Asked(sums, bins.bin_s, counts, objective)
    flags = np.zeros((2, len(policy), len(bins.table)), bool)
    for number, row in enumerate(policy):
        flags[:, number] = _row(asked, row, factor(row, window_s))
    fires, demoted = flags
    found = Replay(bins.since + bins.bin_s, bins.bin_s, policy, fires, demoted, bins.measured)
    return frozen(found) if is_held else found


def joined(parts: Sequence[Replay], *, is_held: bool = True) -> Replay:
    """Replays of stretches that follow each other as one, under the rows of the last.

    So a calendar window is replayed: each of its periods has a length, and factors, of its own.

    Raises:
        ValueError: there is none, they do not touch, or their rows do not look equally far.
    """
    if not parts:
        raise ValueError("there is nothing to join")
    for one, following in pairwise(parts):
        if one.span.until != following.span.since or one.bin_s != following.bin_s:
            raise ValueError(f"{following.span} does not follow {one.span} in bins as wide")
        if _lengths(one.policy) != _lengths(following.policy):
            raise ValueError("the rows of the two do not look equally far")
    whole = replace(
        parts[-1],
        first_at=parts[0].first_at,
        fires=np.hstack([one.fires for one in parts]),
        demoted=np.hstack([one.demoted for one in parts]),
        measured=np.concatenate([one.measured for one in parts]),
    )
    return frozen(whole) if is_held else whole


def is_beside(one: Replay, other: Replay) -> bool:
    """Whether both are of the same moments."""
    return (one.first_at, one.bin_s, len(one)) == (other.first_at, other.bin_s, len(other))


def outlived(part: Replay, whole: Replay, after_s: int) -> Replay:
    """The part as it fires beside its whole: no more once that went on for `after_s` without it.

    From then on its moments are those of the whole, at which it asks for nothing, so that an alert
    of it ends; it fires again with its next bin that is measured.

    Raises:
        ValueError: the two are not of the same moments.
    """
    if not is_beside(part, whole):
        raise ValueError(f"{part.span} and {whole.span} are not the same moments")
    last, held = last_measured(part), last_measured(whole)
    gone = whole.measured & (last * part.bin_s < held * part.bin_s - after_s)
    return replace(
        part,
        fires=part.fires & ~gone,
        demoted=part.demoted & ~gone,
        measured=part.measured | gone,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Running sums of the columns of bins, and what they are held against."""

    sums: Reals
    bin_s: int
    members: Integers
    objective: Objective

    def over(self, length_s: int) -> Reals:
        """The columns summed over the last so many seconds, at each moment."""
        count = -(-length_s // self.bin_s)
        found = self.sums.copy()
        found[:, count:] -= self.sums[:, :-count]
        return found


def _row(asked: _Asked, row: BurnRow, threshold: Fraction) -> tuple[Flags, Flags]:
    """Where the row fires, and where its counts are too doubtful to page on."""
    long, short = asked.over(row.long_s), asked.over(row.short_s)
    fires = _burns(asked, long, row.long_s, threshold)
    fires &= _burns(asked, short, row.short_s, threshold)
    fires &= long[TOTAL] - long[GOOD] >= row.min_bad_events
    doubtful = (long[LESSER] > 0).any(axis=0)  # The short window is the end of the long one.
    return fires, fires & doubtful & (row.severity is Severity.PAGE)


def _burns(asked: _Asked, sums: Reals, length_s: int, threshold: Fraction) -> Flags:
    """Whether the alerting burn is above the threshold, at each moment."""
    total, expected_s = sums[TOTAL], length_s * asked.members
    burnt = (total - sums[GOOD]) * np.minimum(expected_s, sums[OBSERVED])
    allowed = float(threshold * asked.objective.error_budget) * total * expected_s
    happened = total > 0
    above = np.asarray((burnt > allowed) & happened)
    near = np.flatnonzero((np.abs(burnt - allowed) <= NEAR * allowed) & happened)
    if len(near):
        above[near] = _exactly(asked, sums[:, near], length_s, threshold, asked.members[near])
    return above


def _exactly(
    asked: _Asked, sums: Reals, length_s: int, threshold: Fraction, members: Integers
) -> Flags:
    """The same by fractions; a burn that stays as it is is compared once."""
    cases = np.column_stack([*sums[COUNTS], members])
    different, place = np.unique(cases, axis=0, return_inverse=True)
    above = []
    for good, total, observed_s, expected in different.tolist():
        tally = Tally(good, total, round(observed_s))
        burn = alerting_burn(asked.objective, tally, length_s, round(expected))
        above.append(burn is not None and burn > threshold)
    return np.array(above, bool)[place.reshape(-1)]


def frozen(found: Replay) -> Replay:
    """The same, where moments that were not measured hold what held before them."""
    last = last_measured(found)
    known = last >= 0
    return replace(
        found, fires=found.fires[:, last] & known, demoted=found.demoted[:, last] & known
    )


def last_measured(found: Replay) -> Integers:
    """At each moment the number of the last that was measured; -1 before any was."""
    places = np.where(found.measured, np.arange(len(found)), -1)
    return np.maximum.accumulate(places) if len(places) else places


def _lengths(policy: Policy) -> list[tuple[Severity, int, int]]:
    return [(row.severity, row.long_s, row.short_s) for row in policy]
