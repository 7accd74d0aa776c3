"""The tables `[[policy]]`: what is done when little of an error budget is left."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, WithJsonSchema

from collectors.described import Described
from collectors.keys import percentage
from dashboard.config.names import Name
from dashboard.config.problems import Problem, Written, checked
from slo.budget_policy import STANDARD, BudgetPolicy, PolicyStep
from slo.nearest import did_you_mean

_LONGEST = 500


def _left(value: object) -> Fraction:
    percent = percentage(value)
    if percent > 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage of the budget of at most 100")
    return Fraction(percent) / 100


def _line(value: str) -> str:
    if not value.isprintable() or value != value.strip() or not 0 < len(value) <= _LONGEST:
        raise ValueError(f"must be 1 to {_LONGEST} printable characters on one line")
    return value


class StepTable(Described):
    """One step: while so little of the budget is left, this is done."""

    at: Annotated[
        InstanceOf[Fraction],
        BeforeValidator(_left),
        WithJsonSchema({"type": "number", "maximum": 100}),
    ] = Field(examples=["25"])
    """Percent of the budget left at which it begins to hold; below 0 is overspent."""
    message: Annotated[str, AfterValidator(_line)] = Field(examples=['"no release but fixes"'])
    """What is done then, for people."""
    gate: Literal["open", "blocked"] = "open"
    """Whether `burnline check --gate` lets a release go then."""


class PolicyTable(Described):
    """An error budget policy: what is done when little of a budget is left."""

    name: Name = Field(examples=['"standard"'])
    """What SLOs call it; one called "standard" stands for all that name none."""
    step: list[StepTable] = Field(min_length=1)
    """Its steps."""


def policies(
    tables: Iterable[Written], slos: Iterable[Written], problems: list[Problem]
) -> tuple[BudgetPolicy, ...]:
    """The policies that are written, and the standard one where none of them has its name.

    An SLO that names none of them is a problem.
    """
    written = list(tables)
    found = [one for table in written if (one := _policy(table, problems))]
    names = [str(table.values.get("name")) for table in written]
    for slo in slos:
        named = slo.values.get("policy")
        if isinstance(named, str) and named not in (*names, STANDARD.name):
            said = f'no [[policy]] is called "{named}"{did_you_mean(named, names)}'
            problems.append(slo.problem(said, "policy"))
    return (*found, *(() if STANDARD.name in names else (STANDARD,)))


def _policy(written: Written, problems: list[Problem]) -> BudgetPolicy | None:
    table = checked(PolicyTable, written, written.values, problems)
    if table is None:
        return None
    shares = [step.at for step in table.step]
    for place, share in enumerate(shares):
        if share in shares[:place]:
            problems.append(written.problem("stands twice; write each once", "step", place, "at"))
            return None
    steps = sorted(table.step, key=lambda step: -step.at)
    return BudgetPolicy(
        table.name,
        tuple(PolicyStep(step.at, step.message, step.gate == "blocked") for step in steps),
    )
