"""Which rows of a burn policy fire: thresholds out of budget shares, compared exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from slo.budget import Budget
from slo.lengths import DAY_S, HOUR_S
from slo.objective import Objective
from slo.policy import BurnRow, Policy, Severity
from slo.tally import Tally

_FOUR_WEEKS_S = 28 * DAY_S
WORKBOOK = (
    BurnRow(Severity.PAGE, Fraction(2, 100), HOUR_S, HOUR_S // 12),
    BurnRow(Severity.PAGE, Fraction(5, 100), 6 * HOUR_S, HOUR_S // 2),
    BurnRow(Severity.TICKET, Fraction(10, 100), 24 * HOUR_S, 2 * HOUR_S),
    BurnRow(Severity.TICKET, Fraction(10, 100), 72 * HOUR_S, 6 * HOUR_S),
)
"""The rows of the SRE Workbook as Sloth ships them, made for windows of 30 days."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A row that fires: its threshold and the burns that exceeded it.

    `severity` is what it asks for: a page whose counts are partly measured, estimated or
    disputed is demoted to a ticket.
    """

    row: BurnRow
    severity: Severity
    factor: Fraction
    long_burn: Fraction
    short_burn: Fraction

    @property
    def is_demoted(self) -> bool:
        """Whether the row would have paged on cleaner counts."""
        return self.severity is not self.row.severity


def factor(row: BurnRow, window_s: int) -> Fraction:
    """The burn at which the row's share of a window's budget goes within its long window: p W/L.

    >>> factor(BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300), 30 * 86_400)
    Fraction(72, 5)

    Source: Google SRE Workbook, chapter 5.
    """
    return row.share * window_s / row.long_s


def workbook_factor(row: BurnRow, window_s: int) -> Fraction | None:
    """The factor of the Workbook's own row of that severity and lengths; None where it has none.

    >>> workbook_factor(BurnRow(Severity.PAGE, Fraction(1, 72), 3_600, 300), 30 * 86_400)
    Fraction(72, 5)
    """
    same = (row.severity, row.long_s, row.short_s)
    found = (one for one in WORKBOOK if (one.severity, one.long_s, one.short_s) == same)
    return next((factor(one, window_s) for one in found), None)


def default_policy(objective: Objective, window_s: int) -> Policy:
    """The SRE Workbook's rows as Sloth ships them, made reachable for this objective.

    No row needs more than half of all events to be bad, so a factor above 0.5/B is lowered to
    it; rows longer than the window are left out; in windows under four weeks no row fires at a
    burn of less than 1 that it would not have in four weeks: that burn the budget can afford.

    >>> [float(factor(row, 2_592_000))
    ...  for row in default_policy(Objective.from_percent(95), 2_592_000)]
    [10.0, 6.0, 3.0, 1.0]
    """
    most = 1 / (2 * objective.error_budget)
    return tuple(_fitted(row, window_s, most) for row in WORKBOOK if row.long_s <= window_s)


def policy_windows(policy: Policy) -> tuple[int, ...]:
    """The lengths in seconds of all windows that the policy looks at, ascending."""
    return tuple(sorted({length for row in policy for length in (row.long_s, row.short_s)}))


def alerting_burn(
    objective: Objective, tally: Tally | None, window_s: int, members: int = 1
) -> Fraction | None:
    """The burn rate times the observed share of the window; None without events.

    What was not observed counts as not burning, so that a window longer than the history never
    silently shrinks to it: ten minutes of history are no evidence of an hour's burning.

    >>> tally = Tally(good=0, total=600, observed_s=600)
    >>> alerting_burn(Objective.from_percent(99), tally, 3_600)
    Fraction(50, 3)
    """
    if tally is None:
        return None
    burn_rate = Budget(objective, tally).burn_rate
    observed = min(Fraction(1), Fraction(tally.observed_s, window_s * members))
    return None if burn_rate is None else burn_rate * observed


def firing(
    policy: Policy,
    objective: Objective,
    measured: Mapping[int, Tally | None],
    window_s: int,
    members: int = 1,
) -> tuple[Firing, ...]:
    """The rows of which both windows burn faster than the factor, in the policy's order.

    `measured` holds the counts of the last N seconds by N (`policy_windows` names them all).
    The comparison is exact and strict, as in Sloth's rules.

    >>> row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)
    >>> burning = {n: Tally(good=85_551, total=100_000, observed_s=n) for n in (300, 3_600)}
    >>> [float(fired.factor)
    ...  for fired in firing((row,), Objective.from_percent(99), burning, 2_592_000)]
    [14.4]
    """
    fired = (_fired(row, objective, measured, window_s, members) for row in policy)
    return tuple(one for one in fired if one is not None)


def _fitted(row: BurnRow, window_s: int, most: Fraction) -> BurnRow:
    least = min(Fraction(1), factor(row, _FOUR_WEEKS_S))
    fitted = min(most, max(least, factor(row, window_s)))
    return replace(row, share=fitted * row.long_s / window_s)


def _fired(
    row: BurnRow,
    objective: Objective,
    measured: Mapping[int, Tally | None],
    window_s: int,
    members: int,
) -> Firing | None:
    tallies = [measured.get(length) for length in (row.long_s, row.short_s)]
    long_burn = alerting_burn(objective, tallies[0], row.long_s, members)
    short_burn = alerting_burn(objective, tallies[1], row.short_s, members)
    threshold = factor(row, window_s)
    if long_burn is None or short_burn is None or min(long_burn, short_burn) <= threshold:
        return None
    if tallies[0] is not None and tallies[0].bad < row.min_bad_events:
        return None
    lesser = any(one.partial_s or one.estimated_s or one.conflict_s for one in tallies if one)
    severity = Severity.TICKET if lesser else row.severity
    return Firing(row, severity, threshold, long_burn, short_burn)
