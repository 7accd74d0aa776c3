"""How what each deploy and incident spent came about: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.attribution.making import Spender, Spending
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.step import Step
from dashboard.views.words import NOTHING, span_words

SHOWN = 8


def spent_steps(made: Spending) -> Iterator[Step]:
    """Each with most first: what was bad above the usual, its part of it, and of the budget."""
    told = [one for one in made.spenders if one.bad or not one.is_judged]
    for one in told[:SHOWN]:
        yield "spent by", f"{one.name}: {_spender(made, one)}"
    if len(told) > SHOWN:
        yield "spent by", f"{len(told) - SHOWN} others, each less than these"
    claimed = sum((one.bad for one in made.spenders), start=made.bad - made.bad)
    rest = filled_words(f"{digits_words(made.bad)} − {digits_words(claimed)}", made.bad, claimed)
    yield (
        "unattributed",
        f"bad − what all of them spent {rest} {equals_words(made.unattributed_bad)}",
    )


def _spender(made: Spending, one: Spender) -> str:
    """Its claim, its part where others claim the same, and the share of the budget."""
    found = one.made_of
    if found.usual is None or one.spent_in is None:
        return f"{NOTHING}: nothing had been measured in the day before"
    claim = filled_words(
        f"{digits_words(found.bad_there)} − {digits_words(found.usual)} × "
        f"{digits_words(found.total_there)}",
        found.bad_there,
        found.usual,
    )
    text = (
        f"{span_words(one.spent_in)}: bad − usual × total in the parts of quarter hours above the usual "
        f"{claim} {equals_words(found.claim)}"
    )
    if found.claim != one.bad:
        text += f", shared with others that claim the same: {digits_words(one.bad)} are its part"
    budget = digits_words(made.view.slo.objective.error_budget)
    share = filled_words(
        f"{digits_words(one.bad)} / {digits_words(made.total)} / {budget}", one.bad, made.total
    )
    return f"{text}; part / total / budget {share} {equals_words(one.share)}"
