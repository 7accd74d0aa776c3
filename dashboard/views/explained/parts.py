"""What the members of a group or a composite come to, each and together: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.counted.families import is_retired, part_words
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.shares import sli_text
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import NOTHING
from slo.indicator import Combined, Composite
from slo.tally import Tally

SHOWN = 10


def part_steps(view: SloView) -> Iterator[Step]:
    """The budget of each part, the most spent first, and how the whole is made of them."""
    if not view.parts:
        return
    ranked = sorted(view.parts, key=_spent)
    for part in ranked[:SHOWN]:
        yield "member", f"{part_words(part)}: {_part(part, view)}"
    if len(ranked) > SHOWN:
        yield "member", f"{len(ranked) - SHOWN} others, none with less left"
    if view.beyond:
        yield (
            "members",
            f"{view.beyond} more have no budget of their own and count in the sum alone",
        )
    yield "together", _whole(view)


def _spent(part: SloView) -> tuple[bool, Fraction, str]:
    left = part.budget_remaining
    return left is None, left or Fraction(0), part.name


def _part(part: SloView, view: SloView) -> str:
    tally, left = part.tally, part.budget_remaining
    if tally is None or left is None:
        return f"{NOTHING}: {part.judgement.state.words}"
    budget = digits_words(part.slo.objective.error_budget)
    filled = f"1 − {digits(tally.bad)} / {digits(tally.total)} / {budget}"
    text = (
        f"1 − bad / total / budget {filled_words(filled, tally.bad, tally.total)} "
        f"{equals_words(left)}"
    )
    retired = not view.slo.composed and is_retired(part, view)
    return f"{text}; no longer reporting" if retired else text


def _whole(view: SloView) -> str:
    """By which rule the parts make the whole, and what that comes to."""
    made = view.promised.indicator
    method = made.method if isinstance(made, Composite) else Combined.SUM_OF_EVENTS
    if method is Combined.WORST_MEMBER:
        return _worst(view)
    counted = [one.tally for one in view.parts if one.tally is not None]
    if view.tally is None or not counted:
        return f"{NOTHING}: {view.judgement.state.words}"
    if method is Combined.WEIGHTED_BURN:
        return sli_text(view.tally) if view.tally.sli is not None else view.judgement.state.words
    if method is Combined.UNION_OF_BAD_SLICES:
        return _laid(view.tally, counted)
    return f"{_sum('bad', counted, view.tally)}; {_sum('total', counted, view.tally)}"


def _worst(view: SloView) -> str:
    slis = [(one.sli, one.name) for one in view.parts if one.sli is not None]
    if not slis:
        return f"{NOTHING}: no member is measured"
    least, name = min(slis)
    told = ", ".join(digits_words(sli) for sli, _ in sorted(slis)[:SHOWN])
    return f"the member with the least SLI, {name}: least of {told} {equals_words(least)}"


def _laid(whole: Tally, parts: list[Tally]) -> str:
    """From the longest bad time of any to that of all together the bad time of the whole may be."""
    bad = ", ".join(f"{digits(one.bad)} s" for one in parts[:SHOWN])
    more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
    return (
        f"every minute that is bad for any, each counted once: {digits(whole.bad)} s, where the"
        f" members have {bad}{more}"
    )


def _sum(name: str, parts: list[Tally], whole: Tally) -> str:
    """The sum of the parts, and by how much the whole is another."""
    counts = [Fraction(getattr(one, name)) for one in parts]
    shown = " + ".join(digits_words(count) for count in counts[:SHOWN])
    more = sum(counts[SHOWN:], Fraction(0))
    listed = f"{shown} + {digits_words(more)}" if len(counts) > SHOWN else shown
    together, all_of = sum(counts, Fraction(0)), Fraction(getattr(whole, name))
    text = f"{name} {filled_words(listed, *counts)} {equals_words(together)}"
    if together == all_of:
        return text
    return f"{text}, of the whole {digits_words(all_of)}"
