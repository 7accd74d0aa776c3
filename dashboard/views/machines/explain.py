"""The arithmetic of one SLO, every formula with its numbers filled in, to be redone by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.kinds import kind_steps
from dashboard.views.explained.parts import part_steps
from dashboard.views.explained.rates import rate_steps
from dashboard.views.explained.shares import left_text, sli_text, spent_text
from dashboard.views.explained.step import Step, digits, span_text, step_lines
from dashboard.views.explained.windows import window_steps
from dashboard.views.machines.check import entry
from dashboard.views.slos.between import between
from dashboard.views.slos.queries import counts_query
from dashboard.views.slos.row_words import left_words, unmeasured_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    count_words,
    duration_words,
    freshness_words,
    moment_words,
    window_words,
)
from slo.budget import Budget
from slo.tally import Treatment

SCHEMA = "burnline.explain/1"


def document(view: SloView, stored: Sequence[Step] = ()) -> dict[str, object]:
    """The explanation for machines: the SLO as `check` has it, and each step as a line."""
    return {
        "schema": SCHEMA,
        "slo": entry(view),
        "steps": [{"name": name, "text": text} for name, text in steps(view, stored)],
        "query": view.query,
        "sql": counts_query(view, view.span),
    }


def lines(view: SloView, stored: Sequence[Step] = ()) -> tuple[str, ...]:
    """The explanation for people: a title, the steps in two columns, the reasons."""
    pairs = [*steps(view, stored), *(("because", reason) for reason in view.reasons)]
    title = f"{view.name}: {view.promise}, {window_words(view.window_kind)}"
    return (title, "", *step_lines(pairs))


def steps(view: SloView, stored: Sequence[Step] = ()) -> tuple[Step, ...]:
    """Name and text of each step: spans, counts, SLI, budget, burn rates, policy, queries.

    `stored` are those that the store had to be asked for.
    """
    return (
        *_where(view),
        *_counts(view),
        *_budget(view),
        *_raw(view),
        *_times(view),
        *rate_steps(view),
        *window_steps(view),
        *part_steps(view),
        *stored,
        *(("query", query) for query in view.query.splitlines()),
        ("sql", counts_query(view, view.span)),
    )


def _where(view: SloView) -> Iterator[Step]:
    yield "as of", f"{moment_words(view.as_of)}: {freshness_words(view.data_until, view.as_of)}"
    yield "span", span_text(view.span)
    raw = view.raw
    if raw is not None and view.coverage is not None:
        times = f" × {view.members} series" if view.members > 1 else ""
        yield (
            "coverage",
            (
                f"observed / span = {count_words(raw.observed_s)} s / "
                f"{count_words(view.span.length_s)} s{times} "
                f"{equals_words(view.coverage)}"
            ),
        )


def _counts(view: SloView) -> Iterator[Step]:
    tally = view.tally
    yield "state", view.judgement.state.words
    if tally is None:
        return
    good, bad = digits(tally.good), digits(tally.bad)
    yield from kind_steps(view)
    unit = " s" if view.slo.is_time_like else ""
    counted = filled_words(f"{good}{unit} + {bad}{unit}", tally.good, tally.bad)
    yield "counts", f"good + bad {counted} {equals_words(Fraction(tally.total))}{unit}"
    yield "excluded", _excluded(view)
    if view.sli is not None:
        yield "sli", sli_text(tally)
    yield from between(view)


def _excluded(view: SloView) -> str:
    raw = view.raw
    if raw is None or not view.has_excluded:
        return "nothing"
    does = "" if view.slo.treatment is Treatment.REMOVED else ", called good"
    good, total = count_words(raw.excluded_good), count_words(raw.excluded_total)
    return f"{good} good of {total} in {duration_words(view.corrected_s)} under corrections{does}"


def _raw(view: SloView) -> Iterator[Step]:
    """The same figures as they were measured, where corrections change them."""
    raw = view.measured.raw
    if raw is None or raw.sli is None or not view.is_corrected:
        return
    of = f"{view.before.name}, the worst then: " if view.before else ""
    yield "as measured", f"{of}{sli_text(raw)}"
    yield "left as measured", left_text(view.slo.objective, raw)


def _budget(view: SloView) -> Iterator[Step]:
    objective = view.slo.objective
    target, budget = digits_words(objective.target), digits_words(objective.error_budget)
    yield "budget", f"1 − target = 1 − {target} = {budget}"
    tally, left = view.tally, view.budget_remaining
    if tally is None or left is None:
        yield "left", f"{NOTHING}: {view.judgement.state.words}"
        return
    spent = digits_words(1 - left)
    yield "spent", spent_text(objective, tally)
    rest = filled_words(f"1 − {spent}", left)
    yield "left", f"1 − spent {rest} {equals_words(left)}, {_left(view)}"
    if view.projected_remaining is not None:
        elapsed, whole = count_words(view.span.length_s), count_words(view.whole.length_s)
        yield (
            "projected",
            (
                "1 − spent × elapsed / period "
                f"{filled_words(f'1 − {spent} × {elapsed} / {whole}', left)} "
                f"{equals_words(view.projected_remaining)}, if the rest has the same traffic and nothing fails"
            ),
        )


def _left(view: SloView) -> str:
    """The budget left as people read it; an estimate with what it lies between."""
    left = view.budget_remaining
    words = budget_words(left)
    if not view.is_estimated:
        is_whole = left is None or (left * 100).denominator == 1
        return words if is_whole else f"{words} rounded down"
    if view.budget_bounds is None:
        return f"≈ {words}, an estimate"
    return f"≈ {words}, an estimate: from {left_words(view)}"


def _times(view: SloView) -> Iterator[Step]:
    tally = view.tally
    if tally is None or view.budget_remaining is None:
        return
    if view.budget_left_s is not None:
        share = view.projected_remaining
        share = view.budget_remaining if share is None else share
        yield (
            "time left",
            (
                f"left × budget × period {filled_words(digits_words(share), share)} × "
                f"{digits_words(view.slo.objective.error_budget)} × {count_words(view.whole.length_s)} s"
                f" {equals_words(view.budget_left_s)} s, {duration_words(int(view.budget_left_s))}"
                f"{unmeasured_words(view)}"
            ),
        )
        return
    budget = Budget(view.slo.objective, tally)
    yield (
        "events left",
        (
            "budget × total − bad "
            + filled_words(
                f"{digits_words(budget.allowed_events)} − {digits(tally.bad)}",
                budget.allowed_events,
                tally.bad,
            )
            + f" {equals_words(budget.events_left)}"
        ),
    )
