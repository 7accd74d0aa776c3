"""What an SLO's counts say over each of its windows, in words: one block for page and shell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING
from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.slos.dates import dated_span
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.slos.queries import store_query
from dashboard.views.slos.slo_view import SloView
from dashboard.views.slos.window_view import WindowView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    decimal_words,
    digits_words,
    duration_words,
    equals_words,
    filled_words,
    percent_words,
    share_words,
    window_words,
)
from slo.budget import Budget
from slo.judgement import Level
from slo.objective import counted_word
from slo.promise import bad_word
from slo.spans import CalendarWindow
from slo.tally import Tally

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
            Heading("That is" if view.slo.is_time_like else "Of those so far", is_figure=True),
        ),
        rows=tuple(_row(view, one) for one in view.windows),
        below=tuple(_below(view)),
    )


def window_steps(view: SloView) -> Iterator[tuple[str, str]]:
    """The arithmetic of each window beside the one that decides, to be redone by hand."""
    budget = digits_words(view.slo.objective.error_budget)
    for one in view.further:
        name, span = f"window {one.window.kind}", dated_span(one.span, _zone(one))
        if one.tally is None or one.budget_remaining is None:
            yield name, f"{span}: {one.state.words}"
            continue
        bad, total = (digits_words(Fraction(count)) for count in (one.tally.bad, one.tally.total))
        left = filled_words(f"1 − {bad} / {total} / {budget}", one.tally.bad, one.tally.total)
        yield name, f"{span}: 1 − bad / total / budget {left} {equals_words(one.budget_remaining)}"
        if one.projected_remaining is not None:
            yield (
                f"whole {one.window.kind}",
                _projection(one, one.budget_remaining, one.projected_remaining),
            )
        yield from _besides(view, one, one.tally)


def _besides(view: SloView, one: WindowView, tally: Tally) -> Iterator[tuple[str, str]]:
    """What else is shown of a window: its SLI, as measured too, what was observed, what is left."""
    kind, raw = one.window.kind, one.raw
    if one.sli is not None:
        yield f"sli {kind}", _share(tally, one.sli)
    if raw is not None and raw.sli is not None and (raw.excluded_s or raw.excluded_total):
        yield f"sli {kind}", f"as measured: {_share(raw, raw.sli)}"
    if raw is not None and one.coverage is not None:
        times = f" × {view.members} series" if view.members > 1 else ""
        yield (
            f"seen {kind}",
            (
                f"observed / span = {raw.observed_s:,} s / {one.span.length_s:,} s{times} "
                f"{equals_words(one.coverage)}"
            ),
        )
    yield f"left {kind}", _in_units(view, one, tally)
    is_corrected = raw is not None and bool(raw.excluded_s or raw.excluded_total)
    treatment = view.slo.treatment if is_corrected else None
    yield "sql", store_query(view.series_ids, view.bin_s, one.span, treatment)


def _share(tally: Tally, sli: Fraction) -> str:
    good, total = (digits_words(Fraction(count)) for count in (tally.good, tally.total))
    filled = filled_words(f"{good} / {total}", tally.good, tally.total)
    return f"good / total {filled} {equals_words(sli)}"


def _in_units(view: SloView, one: WindowView, tally: Tally) -> str:
    """The budget left as time of the whole window, or as events of those so far."""
    objective, left = view.slo.objective, one.of_whole
    if one.budget_left_s is not None and left is not None:
        return (
            f"left × budget × period {filled_words(digits_words(left), left)} × "
            f"{digits_words(objective.error_budget)} × {one.whole.length_s:,} s "
            f"{equals_words(one.budget_left_s)} s"
        )
    budget = Budget(objective, tally)
    filled = filled_words(
        f"{digits_words(budget.allowed_events)} − {digits_words(Fraction(tally.bad))}",
        budget.allowed_events,
        tally.bad,
    )
    return f"budget × total − bad {filled} {equals_words(budget.events_left)}"


def _projection(one: WindowView, left: Fraction, projected: Fraction) -> str:
    spent = digits_words(1 - left)
    elapsed, whole = f"{one.span.length_s:,}", f"{one.whole.length_s:,}"
    filled = filled_words(f"1 − {spent} × {elapsed} / {whole}", left)
    return (
        f"1 − spent × elapsed / period {filled} {equals_words(projected)}, if nothing else is bad"
    )


def _row(view: SloView, one: WindowView) -> tuple[Cell, ...]:
    return (
        Cell(window_words(one.window.kind), note=dated_span(one.span, _zone(one))),
        _sli(view, one),
        _left(one),
        _that_is(view, one),
    )


def _zone(one: WindowView) -> ZoneInfo:
    return one.window.zone if isinstance(one.window, CalendarWindow) else ZoneInfo("UTC")


def _sli(view: SloView, one: WindowView) -> Cell:
    notes = []
    if one.raw is not None and (one.raw.excluded_s or one.raw.excluded_total):
        notes.append(f"{percent_words(one.raw.sli, view.decimals)} uncorrected")
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
