"""An SLI and what it spends, filled in: out of counts, or out of members by their weights."""

from __future__ import annotations

from fractions import Fraction

from dashboard.views.explained.step import digits
from dashboard.views.words import digits_words, equals_words, filled_words
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
    rate, budget = Budget(objective, tally).burn_rate, digits_words(objective.error_budget)
    if rate is None:
        raise ValueError("without events nothing burns that could be explained")
    if not tally.weighed:
        shares = f"{digits(tally.bad)} / {digits(tally.total)} / {budget}"
        filled = filled_words(shares, tally.bad, tally.total)
        return f"bad / total / budget {filled} {equals_words(rate)}"
    sums, counts = _members(tally, is_bad=True)
    filled = filled_words(f"({sums}) / {budget}", *counts)
    return f"sum of weight × bad share / budget {filled} {equals_words(rate)}"


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
