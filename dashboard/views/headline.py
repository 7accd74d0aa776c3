"""The verdict over all SLOs in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.counted.families import members_of
from dashboard.views.slos.naming import alarm_name
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import near_words
from slo.judgement import Level, Now, State
from slo.policy import Severity

_NAMED = 2


def headline(views: Sequence[SloView]) -> str:
    """The verdict over all SLOs in one sentence, made of counts and names alone.

    Budgets counted are those of SLOs. A member of a group whose own is spent or low is named
    beside them where that of its group is not as bad, as one is that fires for its group.
    """
    if not views:
        return "no objectives yet"
    firing = ", ".join([*_firing(views, Now.PAGING), *_firing(views, Now.TICKET), *_held(views)])
    frozen = _all_frozen(views)
    members = "" if frozen else _members(views)
    said = _whole(views, frozen or _budgets(views), firing, " as a whole" if members else "")
    return f"{said}; {members}" if members else said


def _whole(views: Sequence[SloView], budgets: str, firing: str, alone: str) -> str:
    """Who fires and the budgets of the SLOs; `alone` says that members have others."""
    if firing:
        return f"{firing}; {budgets or f'no budget spent or low{alone}'}"
    if len(views) == 1:
        return f"{views[0].name}: {budgets}" if budgets else f"1 budget, healthy{alone}"
    return budgets or f"all {len(views)} budgets healthy{alone}"


def _members(views: Sequence[SloView]) -> str:
    """The members whose budget is worse off than that of their group; empty without any."""
    worse = by_need(one for view in views for one in members_of(view) if _is_worse(one, view))
    spent = [one for one in worse if one.judgement.level is Level.SPENT]
    named = (
        ([one for one in spent if one.is_level_sure], "spent"),
        ([one for one in spent if not one.is_level_sure], "perhaps spent"),
        ([one for one in worse if one.judgement.level is Level.LOW], "below 25 %"),
    )
    return ", ".join(f"{word} for {_listed(_names(found))}" for found, word in named if found)


def _is_worse(member: SloView, group: SloView) -> bool:
    mine, whole = member.judgement.level, group.judgement.level
    return mine is not whole and (
        mine is Level.SPENT or (mine is Level.LOW and whole is not Level.SPENT)
    )


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
