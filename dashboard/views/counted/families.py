"""SLOs that are several: the members of a group or a composite, and what they come to together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dashboard.views.counted.series_index import RETIRED_S, Index
from dashboard.views.slos.overview import by_need, needs_attention
from dashboard.views.slos.reasons import MADE_UP
from dashboard.views.slos.slo_view import SloView
from dashboard.views.slos.window_view import WindowView
from slo.indicator import MOST_MEMBERS, Combined, Composite, is_worst_member
from slo.judgement import Judgement, Now
from slo.objective import Slo, counts_time
from slo.policy import Severity
from slo.splits import value_words

_TOLD, _MOST_SHOWN = 3, 5


@dataclass(frozen=True, slots=True)
class Family:
    """An SLO with its parts; `beyond` counts the values of its labels that are none of them.

    A member of a composite may be a group with parts of its own.
    """

    slo: Slo
    parts: tuple[Family, ...] = ()
    beyond: int = 0

    @property
    def slos(self) -> Iterator[Slo]:
        """The SLO, then those of its parts: the order in which `together` takes their views."""
        yield self.slo
        for part in self.parts:
            yield from part.slos


def family(slo: Slo, index: Index) -> Family:
    """The SLO with a part for each value of its labels, or for each member of a composite.

    Of more values than are kept those stand that come first in the alphabet, so that which ones
    they are does not depend on when each was seen.
    """
    if isinstance(slo.indicator, Composite):
        return Family(slo, tuple(family(_composed(slo, one), index) for one in slo.composed))
    if not slo.group_by:
        return Family(slo)
    values = sorted(index.apart(slo, slo.group_by))
    parts = (
        Family(replace(slo, name=f"{slo.name}/{value_words(one)}", member=one))
        for one in values[:MOST_MEMBERS]
    )
    return Family(slo, tuple(parts), max(0, len(values) - MOST_MEMBERS))


def together(made: Family, views: Iterator[SloView]) -> SloView:
    """The view of the SLO with its parts, of the views of its `slos`.

    A member of a group that fires more gravely than the sum makes the whole fire: *now* is that
    of the gravest, *budget* that of the whole. So does a member of a composite of the worst, whose
    budget is that of the one that keeps the objective least. A composite is frozen while one of
    its members is, but what fires for a member that is measured, or for slices that are bad
    whatever that one is, goes on.
    """
    view = next(views)
    parts = tuple(together(part, views) for part in made.parts)
    if not parts:
        return view
    whole = replace(view, parts=parts, beyond=made.beyond)
    if not isinstance(made.slo.indicator, Composite):
        return _lifted(whole, [one for one in parts if not is_retired(one, view)])
    match made.slo.indicator.method:
        case Combined.WORST_MEMBER:
            whole = _lifted(_as_worst(whole, made.slo.indicator), parts)
            goes_on = bool(whole.firing) and whole.judgement.now is not Now.FROZEN
            return _held(whole, goes_on=goes_on)
        case Combined.UNION_OF_BAD_SLICES if whole.firing:
            return whole
        case _:
            return _held(whole)


def members_of(view: SloView) -> tuple[SloView, ...]:
    """The values of its labels that still report, each with a budget of its own.

    The members of a composite are SLOs that stand for themselves.
    """
    if view.slo.composed:
        return ()
    return tuple(one for one in view.parts if not is_retired(one, view))


def members_in_need(view: SloView) -> tuple[SloView, ...]:
    """The members that need someone, who needs it most first, as many as a table has room for."""
    members = by_need(members_of(view))
    return tuple(one for one in members if needs_attention(one))[:_MOST_SHOWN]


def alarms(view: SloView) -> tuple[SloView, ...]:
    """What asks for someone, each with an alert of its own, the gravest first.

    Of a group it is the sum where that fires, and each member that fires more gravely than the sum
    does by itself; a composite asks under its own name alone.
    """
    if view.slo.composed or not view.parts:
        return (view,) if view.firing else ()
    whole = view.itself
    graver = [
        one
        for one in members_of(view)
        if one.firing and (not whole.firing or _gravity(one) < _gravity(whole))
    ]
    own = [whole] if whole.firing else []
    return tuple(sorted((*graver, *own), key=_by_speed))


def is_retired(part: SloView, whole: SloView) -> bool:
    """Whether a member gave nothing any more for an hour in which the others did."""
    if part.data_until is None or whole.data_until is None:
        return part.data_until is None
    return part.data_until < whole.data_until - RETIRED_S


def worst_of(view: SloView) -> tuple[SloView, ...]:
    """What a composite of the worst is judged by: its members, theirs where they are one, too.

    Anything else is judged by itself.
    """
    if view.composite is None:
        return (view,)
    return tuple(one for part in view.parts for one in worst_of(part))


def counted_by(view: SloView, window: WindowView) -> SloView:
    """Whose counts a window of the SLO holds: of the worst of several the one that is worst in it."""
    if view.composite is None or window.tally is None:
        return view
    same = (one for one in view.parts if any(own.tally is window.tally for own in one.windows))
    part = next(same, None)
    return view if part is None else counted_by(part, window)


def _composed(slo: Slo, member: Slo) -> Slo:
    """The member held to the composite's objective and alert rows, in its window.

    Where the whole is no sum of what they count their corrections are treated alike, too; where
    it is the worst of them they are judged over its further windows.
    """
    corrections = slo.treatment if counts_time(slo.indicator) else member.corrections
    return replace(
        member,
        objective=slo.objective,
        window=slo.window,
        policy=slo.policy,
        min_bad_events=slo.min_bad_events,
        corrections=corrections,
        further=slo.further if is_worst_member(slo.indicator) else (),
        breakdown=(),
    )


def _as_worst(whole: SloView, composite: Composite) -> SloView:
    """The whole as the member with the least SLI, under its own name.

    Its indicator and source stand for the composite's, so that words and queries are those of
    what was counted; of members of which none is measured the first stands.
    """
    measured = [one for one in whole.parts if one.sli is not None]
    least = min(measured, key=lambda one: (one.sli, one.name), default=whole.parts[0]).itself
    raws = [one.itself for one in whole.parts if one.raw is not None and one.raw.sli is not None]
    lowest = min(raws, key=lambda one: (one.raw and one.raw.sli, one.name), default=least)
    before = None if lowest.name == least.name else lowest
    slo = replace(
        whole.slo,
        source=least.slo.source,
        indicator=least.slo.indicator,
        corrections=whole.slo.corrections or least.slo.corrections,
    )
    others = ", ".join(one.name for one in whole.parts if one.name != least.name)
    return replace(
        least,
        slo=slo,
        promise=f"{least.promise}, worst by {least.name}; also of {others}",
        parts=whole.parts,
        first=replace(least.first, raw_remaining=lowest.raw_remaining),
        further=tuple(map(_worst_window, *(one.further for one in whole.parts))),
        corrected_s=least.corrected_s or lowest.corrected_s,
        before=before,
        composite=composite,
        is_generated=any(one.is_generated for one in whole.parts),
        reasons=tuple(_said_by(least, said) for said in least.reasons),
    )


def _worst_window(*windows: WindowView) -> WindowView:
    """The window of the member with the least SLI in it, and the least left as measured."""
    measured = [one for one in windows if one.sli is not None]
    raws = [one.raw_remaining for one in windows if one.raw_remaining is not None]
    least = min(measured, key=lambda one: one.sli or 0, default=windows[0])
    return replace(least, raw_remaining=min(raws, default=None))


def _said_by(part: SloView, said: str) -> str:
    """A reason of a part as one of the whole; that figures are made up is true of all of them."""
    return said if said == MADE_UP else f"{part.name}: {said}"


def _held(whole: SloView, *, goes_on: bool = False) -> SloView:
    """Frozen where a member cannot be measured: what it does is part of the answer.

    What `goes_on` whatever that one does stands, and the member is named as a doubt.
    """
    blind = [one for one in whole.parts if one.judgement.now is Now.FROZEN]
    told = tuple(f"{one.name}: {said}" for one in blind for said in one.reasons[:1])
    whole = replace(whole, reasons=tuple(dict.fromkeys((*whole.reasons, *told))))
    if not blind or goes_on:
        return whole
    stale = whole.stale or any(one.stale for one in blind)
    return replace(whole, judgement=_judged(whole.judgement, Now.FROZEN), stale=stale)


def _lifted(whole: SloView, parts: Sequence[SloView]) -> SloView:
    """Firing where a part fires more gravely than the whole does by itself: frozen if that one is."""
    firing = sorted((one for one in parts if one.firing), key=_by_speed)
    if not firing or (whole.firing and _gravity(whole) <= _gravity(firing[0])):
        return whole
    told = [f"{part_words(one)}: {one.reasons[0]}" for one in firing[:_TOLD]]
    told += [f"{len(firing) - _TOLD} more fire"] if len(firing) > _TOLD else []
    fired = firing[0].judgement
    judgement = replace(_judged(whole.judgement, fired.now), firing=fired.firing)
    reasons = tuple(dict.fromkeys((*told, *whole.reasons)))
    return replace(
        whole,
        judgement=judgement,
        reasons=reasons,
        fires_for=firing[0],
        alone=whole.judgement,
    )


def part_words(part: SloView) -> str:
    """What a part is called beside the others: its values, or its own name."""
    return value_words(part.slo.member) if part.slo.member else part.name


def _judged(judgement: Judgement, now: Now) -> Judgement:
    return replace(judgement, now=now)


def _gravity(view: SloView) -> tuple[bool, bool]:
    """Pages before tickets, what goes on before what froze."""
    return view.firing[0].severity is not Severity.PAGE, view.judgement.now is Now.FROZEN


def _by_speed(view: SloView) -> tuple[tuple[bool, bool], float, str]:
    """The gravest first, of equally grave ones the faster burn."""
    return _gravity(view), -float(view.firing[0].long_burn), view.name
