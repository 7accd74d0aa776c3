"""How long a budget lasts and what returns, in words: blocks for the page and the shell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.projection.making import Lasting, Projection, Returning
from dashboard.views.shares import spent_words
from dashboard.views.slos.marks import Mark
from dashboard.views.slos.row_words import left_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    burn_words,
    decimal_words,
    duration_words,
    length_words,
    moment_words,
)
from slo.budget_policy import STANDARD, BudgetPolicy, PolicyStep
from slo.lengths import DAY_S


def lasting_block(made: Projection) -> Block | None:
    """The three rates, each with what it would come to: none of them pretends to know."""
    if not made.lasting:
        return None
    return Block(
        title="How long it lasts",
        note=f"{left_words(made.view)} left, at the speed of the last hour, six hours and three days",
        headings=(
            Heading("At the speed of the last"),
            Heading("Burn", is_figure=True),
            Heading("Spent"),
        ),
        rows=tuple(_lasting(made, one) for one in made.lasting),
    )


def returning_block(made: Projection) -> Block | None:
    """What returns to a rolling window; None where nothing leaves that would return."""
    if not any(one.share for one in made.returning) and made.above_zero_at is None:
        return None
    return Block(
        title="What returns",
        note="if nothing else fails",
        words=tuple(_above_zero(made)),
        headings=(
            Heading("Within"),
            Heading("Returns", is_figure=True),
            Heading("Left then", is_figure=True),
        ),
        rows=tuple(_returning(one) for one in made.returning),
        below=tuple(_assumed(made)),
    )


def _lasting(made: Projection, one: Lasting) -> tuple[Cell, ...]:
    rate = NOTHING if one.burn is None else burn_words(one.burn)
    return (Cell(length_words(one.length_s)), Cell(rate), Cell(_when(made, one)))


def _when(made: Projection, one: Lasting) -> str:
    view = made.view
    if one.burn is None:
        return "no traffic" if one.is_idle else "not measured"
    if one.gone_at is None:
        if view.first.is_calendar:
            return f"not before the {view.window_kind} ends"
        return "never: as much returns as is spent" if one.burn else "never: nothing burns"
    assert view.data_until is not None, "only known budgets are spent"
    return f"in {duration_words(one.gone_at - view.data_until)}, {moment_words(one.gone_at)}"


def _returning(one: Returning) -> tuple[Cell, ...]:
    days = one.after_s // DAY_S
    within = f"{days} day{'s' if days > 1 else ''}"
    return (Cell(within), Cell(spent_words(one.share)), Cell(budget_words(one.left)))


def _above_zero(made: Projection) -> Iterator[str]:
    if made.above_zero_at is not None:
        yield f"Spent; above 0 again on {moment_words(made.above_zero_at)} if nothing else fails."


def _assumed(made: Projection) -> Iterator[str]:
    if not made.view.slo.is_time_like:
        yield "Assumed: as many requests come as leave the window. Read in quarter hours."


def policy_block(view: SloView, policies: Iterable[BudgetPolicy]) -> Block | None:
    """The steps of the SLO's policy and the one in force; None where the budget is unknown."""
    known = {one.name: one for one in (STANDARD, *policies)}
    policy = known[view.slo.budget_policy or STANDARD.name]
    left = view.budget_remaining
    if left is None:
        return None
    held = policy.step_at(left)
    return Block(
        title="What the policy asks for",
        note=f"policy {policy.name}",
        headings=(Heading("While this is left"), Heading("Do this"), Heading("Now")),
        rows=tuple(_step(one, is_held=one == held) for one in policy.steps),
    )


def _step(step: PolicyStep, *, is_held: bool) -> tuple[Cell, ...]:
    gate = "blocks releases" if step.blocks else ""
    left = f"{decimal_words(step.at * 100, 2).rstrip('0').rstrip('.')} % or less"
    mark = Mark.SPENT if step.blocks else Mark.LOW
    now = Cell("in force", mark, mark.tone) if is_held else Cell("")
    return (Cell(left), Cell(step.message, note=gate), now)
