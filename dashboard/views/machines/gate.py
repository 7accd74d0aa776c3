"""What `burnline check --gate` answers: whether a release may go, by the error budget alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.slos.row_words import left_words
from dashboard.views.slos.slo_view import SloView
from slo.budget_policy import STANDARD, BudgetPolicy, Gate, PolicyStep, gate_of
from slo.spans import rfc3339

SCHEMA = "burnline.gate/1"
_GRAVITY = (Gate.OPEN, Gate.UNKNOWN, Gate.BLOCKED)
_CODES = {Gate.OPEN: 0, Gate.BLOCKED: 2, Gate.UNKNOWN: 3}


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether one SLO lets a release go, by which policy, and the step in force."""

    view: SloView
    policy: BudgetPolicy
    gate: Gate
    step: PolicyStep | None


def passages(views: Iterable[SloView], policies: Iterable[BudgetPolicy]) -> tuple[Passage, ...]:
    """The passage of each SLO, by the policy that it names or the standard one."""
    known = {one.name: one for one in (STANDARD, *policies)}
    return tuple(_passage(view, known) for view in views)


def gate(found: Sequence[Passage]) -> Gate:
    """The gravest: blocked, then unknown; of no SLO at all it is unknown."""
    return max((one.gate for one in found), key=_GRAVITY.index, default=Gate.UNKNOWN)


def code(found: Sequence[Passage]) -> int:
    """The exit code: 0 a release may go, 2 it is blocked, 3 the budget of some SLO is unknown."""
    return _CODES[gate(found)]


def document(found: Sequence[Passage], as_of: int) -> dict[str, object]:
    """The answer for machines; an unknown budget is None."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "gate": gate(found).value,
        "slos": [_entry(one) for one in found],
    }


def lines(found: Sequence[Passage]) -> tuple[str, ...]:
    """The verdict, then a line for each SLO that does not simply let a release go."""
    counted = {one: sum(each.gate is one for each in found) for one in Gate}
    said = [f"{count} {one.value}" for one, count in counted.items() if count]
    first = f"{gate(found).name}: {', '.join(said) or 'no objectives'}"
    told = sorted(
        (one for one in found if one.step is not None or one.gate is not Gate.OPEN),
        key=lambda one: -_GRAVITY.index(one.gate),
    )
    return (first, *map(_line, told))


def _passage(view: SloView, known: Mapping[str, BudgetPolicy]) -> Passage:
    policy = known[view.slo.budget_policy or STANDARD.name]
    left = view.budget_remaining
    return Passage(view, policy, _gate(view, policy), policy.step_at(left))


def _gate(view: SloView, policy: BudgetPolicy) -> Gate:
    """Of an estimate only what both its bounds say; where they differ nobody knows."""
    if not view.is_estimated:
        return gate_of(policy, view.budget_remaining)
    bounds = view.budget_bounds
    said = {gate_of(policy, bound) for bound in bounds} if bounds else {Gate.UNKNOWN}
    return said.pop() if len(said) == 1 else Gate.UNKNOWN


def _line(one: Passage) -> str:
    name = f"{one.gate.name} {one.view.name}"
    if one.gate is Gate.UNKNOWN:
        left = left_words(one.view)
        return f"{name}: budget {left if one.view.is_estimated else 'unknown'} ({one.view.judgement.state.words})"
    assert one.step is not None, "an open gate without a step is not told"
    return f"{name}: {left_words(one.view)} left, policy {one.policy.name}: {one.step.message}"


def _entry(one: Passage) -> dict[str, object]:
    left: Fraction | None = one.view.budget_remaining
    return {
        "name": one.view.name,
        "service": one.view.service,
        "gate": one.gate.value,
        "budget_remaining": None if left is None else float(left),
        "policy": one.policy.name,
        "step": None if one.step is None else _step(one.step),
    }


def _step(step: PolicyStep) -> dict[str, object]:
    return {"at": float(step.at), "message": step.message, "blocks": step.blocks}
