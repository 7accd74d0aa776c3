"""What each row of a burn policy needs before it fires, and whether that can ever come."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slo.burn import factor
from slo.objective import Objective
from slo.policy import BurnRow, Policy


@dataclass(frozen=True, slots=True)
class Reach:
    """A row with its factor, the share of bad events above which it fires, and its traffic.

    `events` are those of its long window, `short_events` of its short one; None where the
    traffic is unknown. Of uptime and other time the events are seconds.

    Source: Google SRE Workbook, chapter 5, "Low-Traffic Services and Error Budget Alerting".
    """

    row: BurnRow
    factor: Fraction
    share: Fraction
    events: Fraction | None = None
    short_events: Fraction | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether any share of bad events is enough: all of them burn 1/B."""
        return self.share < 1

    @property
    def least_bad(self) -> int | None:
        """The fewest bad events in the long window that fire; None where traffic is unknown.

        The burn must exceed the factor, so a share that comes out even needs one event more.

        >>> from slo.policy import Severity
        >>> row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)
        >>> Reach(row, Fraction(10), Fraction(1, 10), Fraction(100)).least_bad
        11
        """
        if self.events is None:
            return None
        return max(self.share * self.events // 1 + 1, self.row.min_bad_events)

    @property
    def is_possible(self) -> bool:
        """Whether the traffic is enough for as many bad events; unknown traffic is no obstacle."""
        if self.events is None or self.least_bad is None:
            return self.is_reachable
        return self.is_reachable and self.least_bad <= max(self.events, Fraction(1))

    @property
    def is_single(self) -> bool:
        """Whether one bad event is enough."""
        return self.least_bad == 1


def reaches(
    policy: Policy, objective: Objective, window_s: int, events_per_s: Fraction | None
) -> tuple[Reach, ...]:
    """Every row of the policy, in its order, at that traffic.

    >>> from slo.burn import default_policy
    >>> three = Objective.from_percent("99.9")
    >>> rows = default_policy(three, 2_592_000)
    >>> [one.least_bad for one in reaches(rows, three, 2_592_000, Fraction(1))]
    [52, 130, 260, 260]
    """
    return tuple(_reach(row, objective, window_s, events_per_s) for row in policy)


def _reach(
    row: BurnRow, objective: Objective, window_s: int, events_per_s: Fraction | None
) -> Reach:
    threshold = factor(row, window_s)
    share = threshold * objective.error_budget
    if events_per_s is None:
        return Reach(row, threshold, share)
    return Reach(row, threshold, share, events_per_s * row.long_s, events_per_s * row.short_s)
