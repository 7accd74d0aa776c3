"""Which step of an error budget policy is in force, and whether a release may go."""

from __future__ import annotations

from fractions import Fraction

import pytest

from slo.budget_policy import STANDARD, BudgetPolicy, Gate, PolicyStep, gate_of

STEPS = BudgetPolicy(
    "team",
    (
        PolicyStep(Fraction(1, 2), "look"),
        PolicyStep(Fraction(1, 10), "slow down"),
        PolicyStep(Fraction(-1, 2), "stop", blocks=True),
    ),
)


@pytest.mark.parametrize(
    ("left", "message"),
    [
        (Fraction(51, 100), None),
        (Fraction(1, 2), "look"),
        (Fraction(11, 100), "look"),
        (Fraction(1, 10), "slow down"),
        (Fraction(-49, 100), "slow down"),
        (Fraction(-3), "stop"),
        (None, None),
    ],
)
def test_the_last_step_that_is_reached_is_in_force(
    left: Fraction | None, message: str | None
) -> None:
    step = STEPS.step_at(left)

    assert (None if step is None else step.message) == message


def test_exactly_nothing_left_blocks_by_the_standard_policy() -> None:
    assert gate_of(STANDARD, Fraction(0)) is Gate.BLOCKED
    assert gate_of(STANDARD, Fraction(1, 10**9)) is Gate.OPEN


def test_a_step_without_a_gate_only_speaks() -> None:
    assert gate_of(STEPS, Fraction(0)) is Gate.OPEN


def test_an_unknown_budget_is_neither_open_nor_blocked() -> None:
    assert gate_of(STEPS, None) is Gate.UNKNOWN


def test_steps_that_do_not_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="must fall"):
        BudgetPolicy("wrong", (PolicyStep(Fraction(0), "a"), PolicyStep(Fraction(1, 4), "b")))
