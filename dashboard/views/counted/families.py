"""SLOs that are several: the members of a group or a composite, and what they come to together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.views.counted.series_index import RETIRED_S, Index
from dashboard.views.slos.slo_view import SloView
from slo.burn import Severity
from slo.indicator import MOST_MEMBERS, Combined, Composite
from slo.judgement import Judgement, Now
from slo.objective import Slo
from slo.splits import value_words

_TOLD = 3
_NOW = {Severity.PAGE: Now.PAGING, Severity.TICKET: Now.TICKET}


@dataclass(frozen=True, slots=True)
class Family:
    """An SLO with its parts; `beyond` counts the values of its labels that are none of them."""

    slo: Slo
    parts: tuple[Slo, ...] = ()
    beyond: int = 0


def family(slo: Slo, index: Index) -> Family:
    """The SLO with a part for each value of its labels, or for each member of a composite.

    Of more values than are kept those stand that come first in the alphabet, so that which ones
    they are does not depend on when each was seen.
    """
    if isinstance(slo.indicator, Composite):
        return Family(slo, tuple(_composed(slo, member) for member in slo.composed))
    if not slo.group_by:
        return Family(slo)
    values = sorted(index.apart(slo, slo.group_by))
    parts = (
        replace(slo, name=f"{slo.name}/{value_words(one)}", member=one)
        for one in values[:MOST_MEMBERS]
    )
    return Family(slo, tuple(parts), max(0, len(values) - MOST_MEMBERS))


def together(made: Family, view: SloView, parts: Sequence[SloView]) -> SloView:
    """The view of the SLO with its parts.

    A member of a group that fires makes the whole fire: *now* is that of the gravest, *budget*
    that of the whole. So does the worst member of a composite, whose budget is that of the one
    that keeps the objective least. A composite is frozen while one of its members is.
    """
    if not made.parts:
        return view
    whole = replace(view, parts=tuple(parts), beyond=made.beyond)
    if not isinstance(made.slo.indicator, Composite):
        return _lifted(whole, [one for one in parts if not is_retired(one, view)])
    if made.slo.indicator.method is Combined.WORST_MEMBER:
        return _lifted(_held(_as_worst(whole, made.slo.indicator)), parts)
    return _held(whole)


def members_of(view: SloView) -> tuple[SloView, ...]:
    """The values of its labels that still report, each with a budget of its own.

    The members of a composite are SLOs that stand for themselves.
    """
    if view.slo.composed:
        return ()
    return tuple(one for one in view.parts if not is_retired(one, view))


def is_retired(part: SloView, whole: SloView) -> bool:
    """Whether a member gave nothing any more for an hour in which the others did."""
    if part.data_until is None or whole.data_until is None:
        return part.data_until is None
    return part.data_until < whole.data_until - RETIRED_S


def _composed(slo: Slo, member: Slo) -> Slo:
    """The member held to the composite's objective and alert rows, in its window."""
    return replace(
        member,
        objective=slo.objective,
        window=slo.window,
        policy=slo.policy,
        min_bad_events=slo.min_bad_events,
        further=(),
        group_by=(),
        breakdown=(),
    )


def _as_worst(whole: SloView, composite: Composite) -> SloView:
    """The whole as the member with the least SLI, under its own name.

    Its indicator and source stand for the composite's, so that words and queries are those of
    what was counted; of members of which none is measured the first stands.
    """
    measured = [one for one in whole.parts if one.sli is not None]
    least = min(measured, key=lambda one: (one.sli, one.name), default=whole.parts[0])
    slo = replace(
        whole.slo,
        source=least.slo.source,
        indicator=least.slo.indicator,
        corrections=whole.slo.corrections or least.slo.corrections,
    )
    members = ", ".join(one.name for one in whole.parts)
    return replace(
        least,
        slo=slo,
        promise=f"{least.promise}, the worst of {members}: {least.name}",
        parts=whole.parts,
        composite=composite,
        is_generated=any(one.is_generated for one in whole.parts),
        reasons=tuple(f"{least.name}: {said}" for said in least.reasons),
    )


def _held(whole: SloView) -> SloView:
    """Frozen where a member cannot be measured: what it does is part of the answer."""
    blind = [one for one in whole.parts if one.judgement.now is Now.FROZEN]
    if not blind:
        return whole
    told = tuple(f"{one.name}: {said}" for one in blind for said in one.reasons[:1])
    judgement = _judged(whole.judgement, Now.FROZEN)
    stale = whole.stale or any(one.stale for one in blind)
    told = tuple(said for said in told if said not in whole.reasons)
    return replace(whole, judgement=judgement, stale=stale, reasons=(*whole.reasons, *told))


def _lifted(whole: SloView, parts: Sequence[SloView]) -> SloView:
    """Firing where a part fires more gravely than the whole does by itself."""
    firing = sorted((one for one in parts if one.firing), key=_gravity)
    if not firing or (whole.firing and _gravity(whole) <= _gravity(firing[0])):
        return whole
    fired = firing[0].firing
    is_held = whole.judgement.now is Now.FROZEN or firing[0].judgement.now is Now.FROZEN
    now = Now.FROZEN if is_held else _NOW[fired[0].severity]
    told = [f"{part_words(one)}: {one.reasons[0]}" for one in firing[:_TOLD]]
    told += [f"{len(firing) - _TOLD} more fire"] if len(firing) > _TOLD else []
    judgement = replace(_judged(whole.judgement, now), firing=fired)
    reasons = tuple(dict.fromkeys((*told, *whole.reasons)))
    return replace(whole, judgement=judgement, reasons=reasons)


def part_words(part: SloView) -> str:
    """What a part is called beside the others: its values, or its own name."""
    return value_words(part.slo.member) if part.slo.member else part.name


def _judged(judgement: Judgement, now: Now) -> Judgement:
    return replace(judgement, now=now)


def _gravity(view: SloView) -> tuple[bool, bool, float, str]:
    """Pages before tickets, what goes on before what froze, the faster burn first."""
    first = view.firing[0]
    held = view.judgement.now is Now.FROZEN
    return first.severity is not Severity.PAGE, held, -float(first.long_burn), view.name
