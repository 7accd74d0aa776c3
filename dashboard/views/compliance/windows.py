"""What an SLO's counts say over each of its windows, in words: one block for page and shell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING
from fractions import Fraction

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.compliance.words import uncorrected_words
from dashboard.views.counted.families import counted_by
from dashboard.views.slos.dates import dated_span
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.slos.slo_view import SloView
from dashboard.views.slos.window_view import WindowView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    decimal_words,
    duration_words,
    percent_words,
    share_words,
    window_words,
)
from slo.budget import Budget
from slo.judgement import Level
from slo.objective import counted_word
from slo.promise import bad_word

_MEASURED = Fraction(99, 100)
_MARKS = {Level.SPENT: Mark.SPENT, Level.LOW: Mark.LOW}


def windows_block(view: SloView) -> Block:
    """A row for each window, the one that decides first."""
    return Block(
        title="Windows",
        note="the first decides alerts and check, all are held to one target",
        headings=(
            Heading("Window"),
            Heading("SLI", is_figure=True),
            Heading("Budget left", is_figure=True),
            Heading(_unit(view), is_figure=True),
        ),
        rows=tuple(_row(view, one) for one in view.windows),
        below=tuple(_below(view)),
    )


def _unit(view: SloView) -> str:
    """What the last column is a share of: the strip of the page has it at last week's traffic."""
    if view.slo.is_time_like:
        return "That is"
    return f"Of the {counted_word(view.slo.indicator)} counted"


def _row(view: SloView, one: WindowView) -> tuple[Cell, ...]:
    whose = counted_by(view, one)
    named = f", worst by {whose.name}" if whose is not view else ""
    return (
        Cell(window_words(one.window.kind), note=dated_span(one.span, one.zone) + named),
        _sli(view, one),
        _left(one),
        _that_is(view, one),
    )


def _sli(view: SloView, one: WindowView) -> Cell:
    notes = []
    if one.raw is not None and (one.raw.excluded_s or one.raw.excluded_total):
        notes.append(uncorrected_words(one.sli, one.raw.sli, view.decimals))
    if one.sli is not None and one.coverage is not None and one.coverage < _MEASURED:
        notes.append(f"{share_words(one.coverage)} measured")
    said = percent_words(one.sli, view.decimals)
    return Cell(f"≈ {said}" if _is_estimated(one) else said, note=", ".join(notes))


def _left(one: WindowView) -> Cell:
    """What is left, of a calendar's events so far and of its whole period."""
    if one.budget_remaining is None:
        return Cell(NOTHING, note=one.state.words)
    said, mark = budget_words(one.budget_remaining), _MARKS.get(one.level)
    projected = one.projected_remaining
    whole = "" if projected is None else f"{budget_words(projected)} of the whole"
    return Cell(
        f"≈ {said}" if _is_estimated(one) else said,
        mark=mark,
        tone=mark.tone if mark is not None else Tone.PLAIN,
        note=whole and f"{whole} {one.window.kind}",
    )


def _is_estimated(one: WindowView) -> bool:
    return one.tally is not None and one.tally.estimated_s > 0 and one.sli is not None


def _that_is(view: SloView, one: WindowView) -> Cell:
    """What is left in time, or in events of those counted so far."""
    bad = bad_word(view.slo.indicator)
    if one.budget_left_s is not None:
        left_s = int(one.budget_left_s)
        return Cell(
            duration_words(abs(left_s)), note=f"more {bad}" if left_s >= 0 else f"{bad} too long"
        )
    if one.tally is None or one.budget_remaining is None:
        return Cell(NOTHING)
    left = Budget(view.slo.objective, one.tally).events_left
    counted = counted_word(view.slo.indicator)
    if left < 0:
        too_many = decimal_words(-left, 0, ROUND_CEILING)
        return Cell(too_many, note=f"{bad} {counted} too many")
    return Cell(decimal_words(left, 0), note=f"more {bad} {counted}")


def _below(view: SloView) -> Iterator[str]:
    if any(one.projected_remaining is not None for one in view.windows):
        yield "Of the whole: if the rest of it has the same traffic and nothing else is bad."
