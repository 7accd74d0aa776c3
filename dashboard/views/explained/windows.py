"""The arithmetic of each further window of an SLO, to be redone by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.counted.families import counted_by
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.shares import left_text, sli_text
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.dates import dated_span
from dashboard.views.slos.queries import store_query
from dashboard.views.slos.slo_view import SloView
from dashboard.views.slos.window_view import WindowView
from slo.budget import Budget
from slo.tally import Tally


def window_steps(view: SloView) -> Iterator[Step]:
    """The arithmetic of each window beside the one that decides, to be redone by hand."""
    for one in view.further:
        name, span = f"window {one.window.kind}", dated_span(one.span, one.zone)
        if one.tally is None or one.budget_remaining is None:
            yield name, f"{span}: {one.state.words}"
            continue
        whose = counted_by(view, one)
        named = f", worst by {whose.name}" if whose is not view else ""
        yield name, f"{span}{named}: {left_text(view.slo.objective, one.tally)}"
        if one.projected_remaining is not None:
            yield (
                f"projected {one.window.kind}",
                _projection(one, one.budget_remaining, one.projected_remaining),
            )
        yield from _besides(whose, one, one.tally)


def _besides(view: SloView, one: WindowView, tally: Tally) -> Iterator[Step]:
    """What else is shown of a window: its SLI, as measured too, what was observed, what is left."""
    kind, raw = one.window.kind, one.raw
    if one.sli is not None:
        yield f"sli {kind}", sli_text(tally)
    if raw is not None and raw.sli is not None and (raw.excluded_s or raw.excluded_total):
        yield f"sli {kind}", f"as measured: {sli_text(raw)}"
    if raw is not None and one.coverage is not None:
        times = f" × {view.members} series" if view.members > 1 else ""
        yield (
            f"coverage {kind}",
            (
                f"observed / span = {raw.observed_s:,} s / {one.span.length_s:,} s{times} "
                f"{equals_words(one.coverage)}"
            ),
        )
    unit = "events" if one.budget_left_s is None else "time"
    yield f"{unit} left {kind}", _in_units(view, one, tally)
    is_corrected = raw is not None and bool(raw.excluded_s or raw.excluded_total)
    treatment = view.slo.treatment if is_corrected else None
    yield "sql", store_query(view.together, view.bin_s, one.span, treatment)


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
        f"{digits_words(budget.allowed_events)} − {digits(tally.bad)}",
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
