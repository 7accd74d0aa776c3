"""When each row of a policy would have fired at a weighted burn, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from slo.bins import Bins
from slo.burn import factor
from slo.facts import Reals
from slo.objective import Objective
from slo.policy import Policy, Severity
from slo.replay import Flags, Replay, frozen

_OBSERVED, _LESSER = 2, slice(3, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The bins of a member, its share of the whole, and how many series were to report them."""

    bins: Bins
    share: Fraction
    expected: int


def replay_weighed(
    members: Sequence[Weighted], policy: Policy, objective: Objective, window_s: int
) -> Replay:
    """What fires at the end of each bin, the burn of each member counting by its share.

    The members have bins of the same moments; one without events in a window burns nothing there.
    It says since when something fires, not whether: it compares floats. No row waits for a number
    of bad events, of which a weighted burn has none: the configuration refuses one.

    Source: `slo.tally.weighed`, at each moment.
    """
    first = members[0].bins
    flags = np.zeros((2, len(policy), len(first.table)), bool)
    for number, row in enumerate(policy):
        allowed = float(factor(row, window_s) * objective.error_budget)
        long, short = (_over(members, length) for length in (row.long_s, row.short_s))
        flags[0, number] = (long[0] > allowed) & (short[0] > allowed)
        doubtful = (long[1] > 0) | (short[1] > 0)
        flags[1, number] = flags[0, number] & doubtful & (row.severity is Severity.PAGE)
    measured: Flags = np.logical_and.reduce([one.bins.measured for one in members])
    fires, demoted = flags
    begun = first.since + first.bin_s
    return frozen(Replay(begun, first.bin_s, policy, fires, demoted, measured))


def _over(members: Sequence[Weighted], length_s: int) -> tuple[Reals, Reals]:
    """The bad share over the last so many seconds times what was observed, and doubtful seconds."""
    count = -(-length_s // members[0].bins.bin_s)
    bad, observed, lesser = (np.zeros(len(members[0].bins.table)) for _ in range(3))
    for one in members:
        sums = np.cumsum(one.bins.table, axis=0)
        sums[count:] -= sums[:-count].copy()
        good, total = sums[:, 0], sums[:, 1]
        share = float(one.share)
        bad += share * np.divide(total - good, total, out=np.zeros(len(total)), where=total > 0)
        observed += share * sums[:, _OBSERVED] / (one.expected * length_s)
        lesser += sums[:, _LESSER].sum(axis=1)
    return bad * np.minimum(observed, 1.0), lesser
