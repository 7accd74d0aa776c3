"""When each row of a policy would have fired at a weighted burn, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.bins import COUNTS, GOOD, LESSER, OBSERVED, TOTAL, Bins
from slo.burn import alerting_burn, factor
from slo.facts import Integers, Reals
from slo.objective import Objective
from slo.policy import Policy, Severity
from slo.replay import NEAR, Flags, Replay, frozen
from slo.tally import Tally, Weighed, weighed


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The bins of a member, its share of the whole, and how many series were to report them.

    `expected` holds at all moments, or is one for the end of each bin.
    """

    bins: Bins
    share: Fraction
    expected: int | Integers


def replay_weighed(
    members: Sequence[Weighted],
    policy: Policy,
    objective: Objective,
    window_s: int,
    *,
    is_held: bool = True,
) -> Replay:
    """What fires at the end of each bin, the burn of each member counting by its share.

    The members have bins of the same moments; one without events in a window burns nothing there,
    one that was not measured in it leaves the burn unknown. The comparison is exact and strict; what is
    not held is as the counts have it at each moment.
    No row waits for a number of bad events, of which a weighted burn has none: the configuration
    refuses one.

    Source: `slo.tally.weighed`, at each moment.
    """
    first = members[0].bins
    flags = np.zeros((2, len(policy), len(first.table)), bool)
    for number, row in enumerate(policy):
        threshold = factor(row, window_s)
        long, short = (_Over.of(members, length) for length in (row.long_s, row.short_s))
        fires = long.burns(objective, threshold) & short.burns(objective, threshold)
        # The short window is the end of the long one: what is doubtful in it is so in both.
        flags[:, number] = fires, fires & long.is_doubtful & (row.severity is Severity.PAGE)
    measured: Flags = np.logical_and.reduce([one.bins.measured for one in members])
    fires, demoted = flags
    begun = first.since + first.bin_s
    found = Replay(begun, first.bin_s, policy, fires, demoted, measured)
    return frozen(found) if is_held else found


@dataclass(frozen=True, slots=True, eq=False)
class _Over:
    """The counts of each member over the last so many seconds, members by moments by columns."""

    members: Sequence[Weighted]
    length_s: int
    sums: Reals
    expected: Integers

    @classmethod
    def of(cls, members: Sequence[Weighted], length_s: int) -> _Over:
        """The sums at the end of each bin; what lies before the first is not observed."""
        count = -(-length_s // members[0].bins.bin_s)
        sums = np.cumsum(np.stack([one.bins.table for one in members]), axis=1)
        sums[:, count:] -= sums[:, :-count].copy()
        expected = np.stack([np.broadcast_to(one.expected, sums.shape[1]) for one in members])
        return cls(members, length_s, sums, expected)

    @property
    def is_doubtful(self) -> Flags:
        """Where some counts are of lesser quality."""
        return np.asarray((self.sums[:, :, LESSER] > 0).any(axis=(0, 2)))

    def burns(self, objective: Objective, threshold: Fraction) -> Flags:
        """Whether the alerting burn is above the threshold, at each moment."""
        shares = np.array([float(one.share) for one in self.members])[:, None]
        good, total, observed = (self.sums[:, :, n] for n in (GOOD, TOTAL, OBSERVED))
        bad = np.divide(total - good, total, out=np.zeros_like(total), where=total > 0)
        # Seconds are whole ones, as tallies have them.
        seconds = np.floor((shares * observed / self.expected).sum(axis=0) + NEAR)
        burnt = (shares * bad).sum(axis=0) * np.minimum(self.length_s, seconds)
        allowed = float(threshold * objective.error_budget) * self.length_s
        known = (observed > 0).all(axis=0)
        above = np.asarray((burnt > allowed) & known)
        near = np.flatnonzero((np.abs(burnt - allowed) <= NEAR * allowed) & known)
        if len(near):
            above[near] = self._exactly(near, objective, threshold)
        return above

    def _exactly(self, places: Integers, objective: Objective, threshold: Fraction) -> Flags:
        """The same by fractions; a burn that stays as it is is compared once."""
        counts = self.sums[:, places, COUNTS]
        cases = np.concatenate([counts, self.expected[:, places, None]], axis=2)
        different, place = np.unique(cases.swapaxes(0, 1), axis=0, return_inverse=True)
        above = []
        for case in different.tolist():
            each = zip(self.members, case, strict=True)
            whole = weighed(_weighed(one.share, *of) for one, of in each)
            burn = alerting_burn(objective, whole, self.length_s)
            above.append(burn is not None and burn > threshold)
        return np.array(above, bool)[place.reshape(-1)]


def _weighed(
    share: Fraction, good: float, total: float, observed_s: float, expected: float
) -> Weighed:
    return Weighed(share, round(expected), Tally(good, total, round(observed_s)))
