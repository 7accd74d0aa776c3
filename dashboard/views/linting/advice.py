"""What should be thought over about a promise, each as a sentence with how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.digits import digits_words
from dashboard.views.slos.alert_rows import counted_text, never_words
from dashboard.views.words import decimal_words, duration_words, length_words, window_words
from slo.objective import Slo
from slo.promise import bad_word
from slo.reach import Reach

_GUARD = 5
"""So many bad events are hardly chance where one is: what `min_bad_events` is proposed as."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence; a problem where somebody relies on what can never happen."""

    words: str
    is_problem: bool = False


def row_advice(slo: Slo, one: Reach) -> Iterator[Advice]:
    """What is odd about a row: it can never fire, fires on one event, or looks at nothing."""
    if not one.is_possible:
        yield Advice(f"{_row(one)}: {_never(slo, one)}", is_problem=True)
    elif not slo.is_time_like:
        yield from _low_traffic(slo, one)


def budget_advice(slo: Slo, window_s: int, events_per_s: Fraction | None) -> Iterator[Advice]:
    """Whether the whole budget is less than one event."""
    if events_per_s is None or slo.is_time_like:
        return
    allowed = slo.objective.error_budget * events_per_s * window_s
    if allowed < 1:
        is_tiny = allowed < Fraction(1, 100)
        share = digits_words(allowed) if is_tiny else decimal_words(allowed, 2)
        yield Advice(
            f"the whole budget of {window_words(slo.window.kind)} is {share} of a "
            f"{counted_text(slo, 1).removeprefix('1 ')}: the first {bad_word(slo.indicator)} one "
            "spends it; promise less, or over a longer window"
        )


def members_advice(members: Sequence[Sequence[Reach]]) -> Iterator[Advice]:
    """How many members of a group have so little traffic that one event pages."""
    lone = sum(any(row.is_single for row in rows) for rows in members)
    if lone:
        yield Advice(
            f"{lone} of {len(members)} members have so little traffic that one bad event of theirs "
            f"fires a row; write min_bad_events = {_GUARD}"
        )


def _low_traffic(slo: Slo, one: Reach) -> Iterator[Advice]:
    events, short = one.events, one.short_events
    if events is None or short is None:
        return
    if one.is_single:
        yield Advice(
            f"{_row(one)}: one {bad_word(slo.indicator)} {_one(slo)} fires it, at "
            f"{_amount(slo, events)} in {length_words(one.row.long_s)}; write min_bad_events = {_GUARD}"
        )
    if short < 1:
        yield Advice(
            f"{_row(one)}: its {length_words(one.row.short_s)} hold {_amount(slo, short)}, so it "
            "fires only while one falls into them; write a row with a longer short window"
        )


def _never(slo: Slo, one: Reach) -> str:
    """Why it never fires, and what would mend that."""
    long = length_words(one.row.long_s)
    if one.events is None or not one.is_reachable:
        return f"can never fire: {never_words(slo, one)}; write a longer long window"
    most, least = int(one.events), one.row.min_bad_events
    if slo.is_time_like:
        too_few = f"it needs {duration_words(least)} of {long}"
    else:
        too_few = f"it needs {least:,} of the {counted_text(slo, most)} that come in {long}"
    return f"can never fire: {too_few}; write min_bad_events = {max(most // 2, 1)} or less"


def _row(one: Reach) -> str:
    row = one.row
    return f"{row.severity.value} over {length_words(row.long_s)} and {length_words(row.short_s)}"


def _one(slo: Slo) -> str:
    return counted_text(slo, 1).removeprefix("1 ")


def _amount(slo: Slo, events: Fraction) -> str:
    """So many events; of few a tenth is told."""
    if events >= 10 or events.denominator == 1:  # noqa: PLR2004 - two digits are enough
        return counted_text(slo, int(events))
    said = decimal_words(events, 1)
    return f"{'under 0.1' if said == '0.0' else said} {counted_text(slo, 2).removeprefix('2 ')}"
