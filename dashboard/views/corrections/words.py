"""Corrections in words: what kind, when, about what, and the figures with and without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.store.corrections import StoredCorrection
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.corrections.bearing import Bearing, covered_s
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    budget_words,
    count_words,
    duration_words,
    moment_words,
    span_words,
)
from slo.corrections import Correction, Scope
from slo.objective import counted_word
from slo.recurrence import Recurrence
from slo.spans import Span
from slo.tally import Treatment

_EVERY = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"}


def scope_words(scope: Scope) -> str:
    """What a correction is about.

    >>> scope_words(Scope(services=("shop",))), scope_words(Scope())
    ('service shop', 'every objective')
    """
    if scope.is_all:
        return "every objective"
    services = [f"service {name}" for name in scope.services]
    return ", ".join([*scope.slos, *services])


def when_words(when: Span | Recurrence) -> str:
    """The stretch, or how it comes round."""
    if isinstance(when, Span):
        return f"{span_words(when)} ({duration_words(when.length_s)})"
    every = next((word for name, word in _EVERY.items() if f"FREQ={name}" in when.rule), "")
    at = f"{when.start:%H:%M} {when.zone.key}"
    return f"{every} for {duration_words(when.length_s)} at {at}"


def rule_words(when: Span | Recurrence) -> str:
    """The rule as it was written, and from when on; empty for what comes once."""
    if isinstance(when, Span):
        return ""
    return f"{when.rule}, from {when.start:%Y-%m-%d}"


def both_words(view: SloView) -> str:
    """The budget left as it was measured, and with corrections; empty where these change nothing."""
    raw = view.raw if view.has_excluded else view.measured.raw
    if raw is None or not view.is_corrected:
        return ""
    does = "taken out" if view.slo.treatment is Treatment.REMOVED else "called good"
    bad = raw.excluded_total - raw.excluded_good
    counts = f"{duration_words(view.corrected_s)} with {count_words(bad)} bad of "
    counts += f"{count_words(raw.excluded_total)} {_unit(view)}"
    left = budget_words(view.budget_remaining)
    return (
        f"As measured, {budget_words(view.raw_remaining)} of the budget is left; "
        f"with corrections, {left}: {counts} {'is' if view.slo.is_time_like else 'are'} {does}."
    )


def left_line(view: SloView) -> str:
    """An SLO with the budget that is left, and that would be as it was measured."""
    left = budget_words(view.budget_remaining)
    if not view.is_corrected:
        return f"{view.name}: {left} left; nothing in its window is corrected"
    return f"{view.name}: {left} left, as measured {budget_words(view.raw_remaining)}"


def corrections_block(view: SloView, found: Sequence[Bearing], also: Sequence[str]) -> Block:
    """What is corrected at an SLO, by whom and why, with both figures above it."""
    both = both_words(view) or "Nothing that was measured in this window is changed by them."
    return Block(
        title="Corrections",
        note=_covered(view, covered_s(found)),
        words=(both,),
        headings=(
            Heading("What"),
            Heading("When"),
            Heading("Of the window", True),
            Heading("Said by"),
        ),
        rows=tuple(_row(one) for one in found),
        below=tuple(_below(view, also)),
    )


def _covered(view: SloView, covered: int) -> str:
    """How much of the window is covered, and how much of that was measured, where it is less."""
    if not covered:
        return ""
    said = f"{duration_words(covered)} of the window"
    if view.corrected_s >= covered:
        return said
    return (
        f"{said}, {duration_words(view.corrected_s) if view.corrected_s else 'none'} of it measured"
    )


def list_lines(stored: Sequence[StoredCorrection]) -> tuple[str, ...]:
    """Every correction for a terminal, those that hold first."""
    ordered = sorted(stored, key=lambda one: (one.revoked_at is not None, -one.created_at))
    return tuple(line for one in ordered for line in _listed(one))


def said_words(one: Correction) -> str:
    """A correction in one line."""
    rule = rule_words(one.when)
    when = when_words(one.when) + (f" ({rule})" if rule else "")
    return f"{one.kind.value} of {scope_words(one.scope)}, {when}"


def _listed(one: StoredCorrection) -> Iterator[str]:
    said = one.correction
    yield f"{said.key}: {said_words(said)}"
    why = f'  "{said.reason}", {said.author}, {moment_words(one.created_at)}'
    gone = "" if one.revoked_at is None else f"; revoked {moment_words(one.revoked_at)}"
    yield why + gone


def _row(one: Bearing) -> tuple[Cell, ...]:
    said = one.correction
    covered = duration_words(one.covered_s) if one.covered else "none"
    next_words = ""
    if one.coming is not None:
        next_words = f"next {moment_words(one.coming.since)}"
    return (
        Cell(said.kind.value.replace("-", " "), note=said.reason),
        Cell(when_words(said.when), note=rule_words(said.when)),
        Cell(covered, note=next_words if isinstance(said.when, Recurrence) else ""),
        Cell(said.author, note=said.key),
    )


def _below(view: SloView, also: Sequence[str]) -> Iterator[str]:
    minutes = view.bin_s // 60
    bins = "minutes" if minutes == 1 else f"{minutes} minutes"
    yield f"A correction covers whole {bins}: one that it touches is corrected as a whole."
    if also:
        yield f"The same counts are read by {', '.join(also)}, so they are corrected there, too."


def _unit(view: SloView) -> str:
    return "seconds" if view.slo.is_time_like else counted_word(view.slo.indicator)
