"""How much of the error budget is left, how fast it goes and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from slo.objective import Objective
from slo.tally import Tally


@dataclass(frozen=True, slots=True)
class Budget:
    """An objective held against the counts of a span; every figure is exact or None.

    Source: Google SRE Workbook, chapters 2 and 5; OpenSLO budgeting method "Occurrences".
    """

    objective: Objective
    tally: Tally

    @property
    def sli(self) -> Fraction | None:
        """Good over total, 0 to 1; None without events."""
        return self.tally.sli

    @property
    def burn_rate(self) -> Fraction | None:
        """Speed of spending: 1 spends exactly the whole budget over one window.

        None without events: then no rate exists.

        >>> Budget(Objective.from_percent("99.9"), Tally(good=9_856, total=10_000)).burn_rate
        Fraction(72, 5)

        Source: Google SRE Workbook, chapter 5, "Alerting on SLOs".
        """
        sli = self.sli
        return None if sli is None else (1 - sli) / self.objective.error_budget

    @property
    def consumed(self) -> Fraction | None:
        """Share of the budget of these events that is spent; above 1 when overspent.

        >>> Budget(Objective.from_percent("99"), Tally(good=995, total=1_000)).consumed
        Fraction(1, 2)
        """
        return self.burn_rate

    @property
    def remaining(self) -> Fraction | None:
        """Share of the budget that is left, (SLI - T)/(1 - T); negative when overspent.

        >>> Budget(Objective.from_percent("99.9"), Tally(good=99_896, total=100_000)).remaining
        Fraction(-1, 25)
        """
        consumed = self.consumed
        return None if consumed is None else 1 - consumed

    @property
    def allowed_events(self) -> Fraction:
        """How many of the events so far may be bad: B x total.

        >>> Budget(Objective.from_percent("99.9"), Tally(good=5_000, total=5_000)).allowed_events
        Fraction(5, 1)
        """
        return self.objective.error_budget * Fraction(self.tally.total)

    @property
    def events_left(self) -> Fraction:
        """How many more of the events so far could have been bad; negative when overspent."""
        return self.allowed_events - (Fraction(self.tally.total) - Fraction(self.tally.good))

    def projected_remaining(self, elapsed_s: int, whole_s: int) -> Fraction | None:
        """Share left of the whole period's budget if the rest has this traffic and no bad event.

        A quarter into a month with half of the events' budget spent:

        >>> budget = Budget(Objective.from_percent("99"), Tally(good=995, total=1_000))
        >>> budget.projected_remaining(elapsed_s=25, whole_s=100)
        Fraction(7, 8)
        """
        consumed = self.consumed
        return None if consumed is None else 1 - consumed * Fraction(elapsed_s, whole_s)


def allowed_s(objective: Objective, window_s: int) -> Fraction:
    """The seconds of a window that may be bad: B x W.

    >>> allowed_s(Objective.from_percent("99.95"), 30 * 86_400) / 60
    Fraction(108, 5)
    """
    return objective.error_budget * window_s


def exhausts_in_s(
    remaining: Fraction | None, burn_rate: Fraction | None, window_s: int
) -> Fraction | None:
    """Seconds until the budget is spent at that burn: remaining/burn x W.

    0 when it is spent already; None when nothing burns or one of the two is unknown.

    >>> exhausts_in_s(Fraction(1, 2), Fraction(10), 30 * 86_400) / 3600
    Fraction(36, 1)

    Source: Google SRE Workbook, chapter 5: time to exhaustion of the full budget is W/burn.
    """
    if remaining is None or burn_rate is None:
        return None
    if remaining <= 0:
        return Fraction(0)
    return remaining / burn_rate * window_s if burn_rate > 0 else None
