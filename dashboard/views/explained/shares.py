"""An SLI and what it spends, filled in: out of counts, or out of members by their weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.step import digits
from slo.budget import Budget
from slo.objective import Objective
from slo.tally import Tally


def sli_text(tally: Tally) -> str:
    """Good out of all, or the SLI of each member times its share of the weights.

    Raises:
        ValueError: there were no events.
    """
    sli = tally.sli
    if sli is None:
        raise ValueError("without events there is no SLI to explain")
    if not tally.weighed:
        filled = filled_words(
            f"{digits(tally.good)} / {digits(tally.total)}", tally.good, tally.total
        )
        return f"good / total {filled} {equals_words(sli)}"
    filled, counts = _members(tally, is_bad=False)
    return f"sum of weight × SLI {filled_words(filled, *counts)} {equals_words(sli)}"


def spent_text(objective: Objective, tally: Tally) -> str:
    """Which share of the budget the bad events take, which is the burn.

    Raises:
        ValueError: there were no events.
    """
    rate = Budget(objective, tally).burn_rate
    if rate is None:
        raise ValueError("without events nothing burns that could be explained")
    formula, shares, counts = _spent(objective, tally)
    return f"{formula} {filled_words(shares, *counts)} {equals_words(rate)}"


def left_text(objective: Objective, tally: Tally) -> str:
    """Which share of the budget they leave.

    Raises:
        ValueError: there were no events.
    """
    left = Budget(objective, tally).remaining
    if left is None:
        raise ValueError("without events no budget is left that could be explained")
    formula, shares, counts = _spent(objective, tally)
    return f"1 − {formula} {filled_words(f'1 − {shares}', *counts)} {equals_words(left)}"


def _spent(objective: Objective, tally: Tally) -> tuple[str, str, Sequence[Fraction | float]]:
    """What is spent: the formula, the same with its numbers, and which these are."""
    budget = digits_words(objective.error_budget)
    if not tally.weighed:
        filled = f"{digits(tally.bad)} / {digits(tally.total)} / {budget}"
        return "bad / total / budget", filled, (tally.bad, tally.total)
    sums, counts = _members(tally, is_bad=True)
    return "sum of weight × bad share / budget", f"({sums}) / {budget}", counts


def _members(tally: Tally, *, is_bad: bool) -> tuple[str, list[Fraction]]:
    """Weight times good or bad share of each; one without events burns nothing."""
    counts: list[Fraction] = []
    told = []
    for one in tally.weighed:
        sli = Fraction(1) if one.tally.sli is None else one.tally.sli
        share = 1 - sli if is_bad else sli
        told.append(f"{digits_words(one.share)} × {digits_words(share)}")
        counts += (one.share, share)
    return " + ".join(told), counts
