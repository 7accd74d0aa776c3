"""Corrections in words: what kind, when, about what, and the figures with and without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

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
from slo.lengths import DAY_S
from slo.objective import counted_word
from slo.promise import bad_word
from slo.recurrence import Recurrence
from slo.spans import Span
from slo.tally import Treatment

_DAYS = {
    "MO": "Mondays",
    "TU": "Tuesdays",
    "WE": "Wednesdays",
    "TH": "Thursdays",
    "FR": "Fridays",
    "SA": "Saturdays",
    "SU": "Sundays",
}
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
    """The stretch, or how it comes round: on which days from when till when, where that is all.

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> start, berlin = datetime(2026, 11, 8, 4), ZoneInfo("Europe/Berlin")
    >>> when_words(Recurrence("FREQ=WEEKLY;BYDAY=SA,SU", start, 1_500, berlin))
    'Saturdays and Sundays, 04:00 to 04:25 Europe/Berlin'
    >>> when_words(Recurrence("FREQ=MONTHLY", start, 1_500, berlin))
    'monthly for 25 m at 04:00 Europe/Berlin'
    """
    if isinstance(when, Span):
        return f"{span_words(when)} ({duration_words(when.length_s)})"
    if days := _days(when):
        until = when.start + timedelta(seconds=when.length_s)
        return f"{days}, {when.start:%H:%M} to {until:%H:%M} {when.zone.key}"
    every = next((word for name, word in _EVERY.items() if f"FREQ={name}" in when.rule), "")
    at = f"{when.start:%H:%M} {when.zone.key}"
    return f"{every} for {duration_words(when.length_s)} at {at}"


def rule_words(when: Span | Recurrence) -> str:
    """From when on, and the rule as it was written where words do not hold it; empty for once."""
    if isinstance(when, Span):
        return ""
    since = f"from {when.start:%-d %b %Y}"
    return since if _days(when) else f"{when.rule}, {since}"


def _days(when: Recurrence) -> str:
    """The days of a rule that names no more than them, for less than a day each; else empty."""
    parts = dict(part.split("=", 1) for part in when.rule.split(";"))
    every, named = parts.pop("FREQ", ""), parts.pop("BYDAY", "")
    if parts or when.length_s >= DAY_S or when.start.second or when.length_s % 60:
        return ""
    if every == "DAILY" and not named:
        return "daily"
    names = [_DAYS.get(day, "") for day in (named or list(_DAYS)[when.start.weekday()]).split(",")]
    if every != "WEEKLY" or not all(names):
        return ""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def both_words(view: SloView) -> str:
    """The budget left as it was measured, and with corrections; empty where these change nothing."""
    raw = view.raw if view.has_excluded else view.measured.raw
    if raw is None or not view.is_corrected:
        return ""
    does = "taken out" if view.slo.treatment is Treatment.REMOVED else "called good"
    bad = raw.excluded_total - raw.excluded_good
    counts = _excluded(view, bad, raw.excluded_total)
    left = budget_words(view.budget_remaining)
    return (
        f"As measured, {budget_words(view.raw_remaining)} of the budget is left; "
        f"with corrections, {left}: {counts} {'is' if view.slo.is_time_like else 'are'} {does}."
    )


def _excluded(view: SloView, bad: float, total: float) -> str:
    """How long is corrected, and how much of what was measured in it was bad."""
    length = duration_words(view.corrected_s)
    if not view.slo.is_time_like:
        return f"{length} with {count_words(bad)} bad of {count_words(total)} {_unit(view)}"
    word = bad_word(view.slo.indicator)
    if bad == total:
        return f"{length}, all of it {word},"
    of = "it" if total == view.corrected_s else duration_words(int(total))
    return f"{length}, {duration_words(int(bad))} of {of} {word},"


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
    coming = "" if one.coming is None else f"next {moment_words(one.coming.since)}"
    round_words = f"{rule_words(said.when)}{', ' if coming else ''}{coming}"
    return (
        Cell(said.kind.value.replace("-", " "), note=said.reason),
        Cell(when_words(said.when), note=round_words if isinstance(said.when, Recurrence) else ""),
        Cell(covered),
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
