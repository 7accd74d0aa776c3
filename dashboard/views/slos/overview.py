"""Which SLOs need a person first, and how many of them stand on figures that were made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from dashboard.views.slos.slo_view import SloView
from slo.judgement import Level, Now
from slo.policy import Severity


def by_need(views: Iterable[SloView]) -> tuple[SloView, ...]:
    """The views in the order of: paging, ticket, spent, low, not measured, healthy.

    What fired when its data ended stands with what fires, behind it.

    Within each the least budget left comes first, then the name.
    """
    return tuple(sorted(views, key=_need))


def needs_attention(view: SloView) -> bool:
    """Whether a person should look: it fires, its budget is spent or low, or it is unknown."""
    return _rank(view) < _HEALTHY


class Room(StrEnum):
    """How much of a row is worth showing where there is little room."""

    CALM = "calm"
    HELD = "calm held"
    LOUD = "loud"
    STILL = "still"
    DARK = "dark"


def room_of(view: SloView) -> Room:
    """A line of what is in order or froze in order; of the rest all that is known of it."""
    if not needs_attention(view):
        return Room.CALM
    if view.budget_remaining is None:
        return Room.DARK
    if not view.stale:
        return Room.LOUD
    return Room.HELD if view.judgement.level is Level.HEALTHY and not view.firing else Room.STILL


_HEALTHY = 5


def _rank(view: SloView) -> int:
    now, level = view.judgement.now, view.judgement.level
    if view.firing:
        pages = any(fired.severity is Severity.PAGE for fired in view.firing)
        return 0 if pages else 1
    if level in {Level.SPENT, Level.LOW}:
        return 2 if level is Level.SPENT else 3
    return 4 if now is Now.FROZEN or level is Level.UNKNOWN else _HEALTHY


def _need(view: SloView) -> tuple[int, bool, bool, Fraction, str]:
    left = view.budget_remaining
    held = bool(view.firing) and view.judgement.now is Now.FROZEN
    return _rank(view), held, left is None, left or Fraction(0), view.name


def generated_words(views: Sequence[SloView]) -> str:
    """How many of the SLOs stand on figures that were made up; empty where none does."""
    made_up = sum(view.is_generated for view in views)
    if not made_up:
        return ""
    share = "" if made_up == len(views) else f" in {made_up} of {len(views)} objectives"
    return f"generated figures{share}"
