"""Whether a past period kept its promise, each part of it judged by the target then in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from slo.budget import Budget
from slo.objective import Objective
from slo.tally import Tally


@dataclass(frozen=True, slots=True)
class Compliance:
    """The counts of one period held against one target, or against each that it had.

    A period with two targets may have as many bad events as both of its parts together: what
    one part saved, the other may spend. Every figure is exact, or None where nothing happened.

    >>> first, second = Objective.from_percent(99), Objective.from_percent("99.9")
    >>> month = Compliance(((first, Tally(985, 1_000)), (second, Tally(5_000, 5_000))))
    >>> month.allowed, month.bad, month.remaining
    (Fraction(15, 1), Fraction(15, 1), Fraction(0, 1))
    """

    parts: tuple[tuple[Objective, Tally | None], ...]

    @property
    def tally(self) -> Tally | None:
        """The counts of all parts; None where none of them was measured."""
        known = [tally for _, tally in self.parts if tally is not None]
        return sum(known[1:], known[0]) if known else None

    @property
    def sli(self) -> Fraction | None:
        """Good over total of the whole period; None without events."""
        return None if self.tally is None else self.tally.sli

    @property
    def allowed(self) -> Fraction:
        """How many events may have been bad: the sum of B x total over the parts."""
        return _sum(budget.allowed_events for budget in self._budgets)

    @property
    def bad(self) -> Fraction:
        """How many were."""
        known = (tally for _, tally in self.parts if tally is not None)
        return _sum((1 - one.sli) * Fraction(one.total) for one in known if one.sli is not None)

    @property
    def remaining(self) -> Fraction | None:
        """Share of the period's budget that was left: 1 - bad / allowed; negative when missed.

        >>> Compliance(()).remaining is None
        True
        """
        return 1 - self.bad / self.allowed if self.allowed else None

    def projected_remaining(self, elapsed_s: int, whole_s: int) -> Fraction | None:
        """Share left of the whole period's budget if the rest has this traffic and no bad event.

        The rest is held to the target in force last. A third into a period whose target was
        raised, the two thirds ahead allow 0.1 % of as many events again and again:

        >>> first, second = Objective.from_percent(99), Objective.from_percent("99.9")
        >>> month = Compliance(((first, Tally(984, 1_000)), (second, Tally(1_000, 1_000))))
        >>> month.allowed, month.bad, month.projected_remaining(elapsed_s=10, whole_s=30)
        (Fraction(11, 1), Fraction(16, 1), Fraction(-1, 15))
        """
        if self.remaining is None or self.tally is None:
            return None
        last, _ = self.parts[-1]
        ahead = Budget(last, self.tally).allowed_events * Fraction(whole_s - elapsed_s, elapsed_s)
        return 1 - self.bad / (self.allowed + ahead)

    @property
    def is_kept(self) -> bool | None:
        """Whether no more was bad than allowed; a budget spent to the last event was kept."""
        return None if self.remaining is None else self.remaining >= 0

    @property
    def _budgets(self) -> Iterable[Budget]:
        return (Budget(objective, tally) for objective, tally in self.parts if tally is not None)


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))
