"""Which SLOs need a person first, and the verdict over all of them in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from dashboard.views.slos.naming import alarm_name
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import near_words
from slo.burn import Severity
from slo.judgement import Level, Now, State

_NAMED = 2


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


def headline(views: Sequence[SloView]) -> str:
    """The verdict over all SLOs in one sentence, made of counts and names alone."""
    if not views:
        return "no objectives yet"
    firing = ", ".join([*_firing(views, Now.PAGING), *_firing(views, Now.TICKET), *_held(views)])
    budgets = _all_frozen(views) or _budgets(views)
    if len(views) == 1 and budgets and not firing:
        return f"{views[0].name}: {budgets}"
    if firing:
        return f"{firing}; {budgets or 'no budget spent or low'}"
    return budgets or (
        "1 budget, healthy" if len(views) == 1 else f"all {len(views)} budgets healthy"
    )


def generated_words(views: Sequence[SloView]) -> str:
    """How many of the SLOs stand on figures that were made up; empty where none does."""
    made_up = sum(view.is_generated for view in views)
    if not made_up:
        return ""
    share = "" if made_up == len(views) else f" in {made_up} of {len(views)} objectives"
    return f"generated figures{share}"


def _firing(views: Sequence[SloView], now: Now) -> list[str]:
    names = _names([view for view in by_need(views) if view.judgement.now is now])
    if not names:
        return []
    one = len(names) == 1
    if now is Now.PAGING:
        return [f"{_listed(names)} {'is' if one else 'are'} paging"]
    return [f"{_listed(names)} {'has a ticket' if one else 'have tickets'}"]


def _held(views: Sequence[SloView]) -> list[str]:
    """What fired when its data ended: alerts freeze, they do not resolve."""
    held = [view for view in by_need(views) if view.judgement.now is Now.FROZEN and view.firing]
    paging = [view for view in held if view.firing[0].severity is Severity.PAGE]
    ticket = [view for view in held if view not in paging]
    said = [(_names(paging), "paging"), (_names(ticket), "ticket")]
    words = [f"{_listed(names)} {_WERE[kind][len(names) > 1]}" for names, kind in said if names]
    ends = (view.ended_at for view in held)
    ended = max((end for end in ends if end is not None), default=None)
    if ended is None:
        return []
    return [f"{' and '.join(words)} when data ended at {near_words(ended, held[0].as_of)}"]


_WERE = {"paging": ("was paging", "were paging"), "ticket": ("had a ticket", "had tickets")}


def _names(views: Sequence[SloView]) -> list[str]:
    """Each by its own name: a service may have several SLOs in different states."""
    return [alarm_name(view) for view in views]


def _all_frozen(views: Sequence[SloView]) -> str:
    """That all are frozen, where some fired: beside that no budget matters."""
    if len(views) > 1 and _held(views) and all(v.judgement.now is Now.FROZEN for v in views):
        return f"all {len(views)} frozen"
    return ""


def _listed(names: Sequence[str]) -> str:
    """The names as a phrase; those beyond the second are counted."""
    if len(names) <= _NAMED:
        return " and ".join(names)
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} and {more} other{'s' if more > 1 else ''}"


def _budgets(views: Sequence[SloView]) -> str:
    counted = (
        (sum(_is_spent(view, sure=True) for view in views), "spent"),
        (sum(_is_spent(view, sure=False) for view in views), "perhaps spent"),
        (sum(view.judgement.level is Level.LOW for view in views), "below 25 %"),
        (sum(_without_traffic(view) for view in views), "without traffic"),
        (sum(_not_measured(view) for view in views), "not measured"),
        (sum(_only_frozen(view) for view in views), "frozen"),
    )
    some = [(count, word) for count, word in counted if count]
    if not some:
        return ""
    if len(views) == 1:
        return f"its budget is {some[0][1]}"
    (first, word), *rest = some
    return ", ".join([f"{first} of {len(views)} budgets {word}", *(f"{n} {w}" for n, w in rest)])


def _is_spent(view: SloView, *, sure: bool) -> bool:
    return view.judgement.level is Level.SPENT and view.is_level_sure is sure


def _without_traffic(view: SloView) -> bool:
    return view.budget_remaining is None and view.judgement.state is State.NO_TRAFFIC


def _not_measured(view: SloView) -> bool:
    return view.budget_remaining is None and view.judgement.state is not State.NO_TRAFFIC


def _only_frozen(view: SloView) -> bool:
    return view.budget_remaining is not None and view.judgement.now is Now.FROZEN
