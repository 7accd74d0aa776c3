"""What is done when little of an error budget is left: steps, each with a message.

Source: Google SRE Workbook, chapter 2 and appendix B, "Example Error Budget Policy".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """In force while the share `at`, or less, of the budget is left; `blocks` closes the gate."""

    at: Fraction
    message: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """Steps by the share of the budget that is left, the largest share first."""

    name: str
    steps: tuple[PolicyStep, ...]

    def __post_init__(self) -> None:
        """Refuse steps that are out of order, or of which one hides another."""
        shares = [step.at for step in self.steps]
        if shares != sorted(set(shares), reverse=True):
            raise ValueError(f"steps of {self.name!r} must fall from one to the next")

    def step_at(self, remaining: Fraction | None) -> PolicyStep | None:
        """The step in force: the last one reached; None when none is, or the budget is unknown.

        >>> STANDARD.step_at(Fraction(0)).blocks, STANDARD.step_at(Fraction(1, 2))
        (True, None)
        """
        if remaining is None:
            return None
        reached = [step for step in self.steps if remaining <= step.at]
        return reached[-1] if reached else None


STANDARD = BudgetPolicy(
    "standard",
    (
        PolicyStep(Fraction(1, 4), "find what spends the budget before it is gone"),
        PolicyStep(Fraction(0), "release nothing but fixes until some budget is left", blocks=True),
    ),
)
"""What holds where no `[[policy]]` is named."""


class Gate(StrEnum):
    """Whether a release may go, by the budget alone."""

    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


def gate_of(policy: BudgetPolicy, remaining: Fraction | None) -> Gate:
    """Blocked by a step that blocks; unknown where the budget is, for then nobody can say.

    >>> gate_of(STANDARD, Fraction(-1, 5)), gate_of(STANDARD, None)
    (<Gate.BLOCKED: 'blocked'>, <Gate.UNKNOWN: 'unknown'>)
    """
    if remaining is None:
        return Gate.UNKNOWN
    step = policy.step_at(remaining)
    return Gate.BLOCKED if step is not None and step.blocks else Gate.OPEN
