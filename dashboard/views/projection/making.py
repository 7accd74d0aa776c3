"""How long a budget lasts at three named rates, and what returns to it if nothing else fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from collectors.store.widths import QUARTER_S
from dashboard.views.counted.figures import EXHAUSTION_S
from dashboard.views.counted.quarters import quarters
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.lengths import DAY_S, WEEK_S
from slo.projection import Leaving, above_zero_at, left_at
from slo.spans import length_label

AHEAD_S = (DAY_S, 3 * DAY_S, WEEK_S)


@dataclass(frozen=True, slots=True)
class Lasting:
    """One named rate: `burn` None where it is unknown, `gone_at` None where the budget lasts.

    `is_idle` says that nothing happened, rather than that nothing was measured.
    """

    length_s: int
    burn: Fraction | None
    gone_at: int | None
    is_idle: bool = False


@dataclass(frozen=True, slots=True)
class Returning:
    """What has returned after so long, and what is then left, if nothing else fails."""

    after_s: int
    share: Fraction
    left: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What lies ahead of a budget; `returning` is empty for a calendar window, which begins anew.

    `lasting` is empty of a spent budget, and of data that are late: nobody knows how it burns now.
    `above_zero_at` is when some of a spent budget is left again, None where it is not spent or
    where the window begins anew before.
    """

    view: SloView
    lasting: tuple[Lasting, ...]
    returning: tuple[Returning, ...] = ()
    above_zero_at: int | None = None


def projection(scene: Scene, view: SloView) -> Projection | None:
    """What lies ahead; None where the budget is unknown, for then nobody can say."""
    if view.budget_remaining is None or view.tally is None or view.data_until is None:
        return None
    lasting = () if view.stale else tuple(lasting_at(view))
    if view.first.is_calendar or not view.series_ids:
        return Projection(view=view, lasting=lasting)
    leaving = _leaving(scene, view)
    return Projection(
        view=view,
        lasting=lasting,
        returning=tuple(_returning(view, leaving)),
        above_zero_at=above_zero_at(view.slo.objective, leaving),
    )


def lasting_at(view: SloView) -> Iterator[Lasting]:
    """When the budget is gone at each rate; of a spent one there is no such moment."""
    left = view.projected_remaining
    left = view.budget_remaining if left is None else left
    if left is None or left <= 0:
        return
    for length_s in EXHAUSTION_S:
        if length_s <= view.whole.length_s:
            yield _at_rate(view, length_s)


def _at_rate(view: SloView, length_s: int) -> Lasting:
    """The rate of the last so many seconds, and when the budget is gone at it.

    At a burn of 1 or less a rolling window gives back what it takes; what lies beyond the end of
    a calendar period begins from a new budget.
    """
    burn = next((one for one in view.burns if one.span.length_s >= length_s), None)
    if burn is None or burn.rate is None:
        tally = None if burn is None else burn.tally
        return Lasting(length_s, None, None, tally is not None and bool(tally.observed_s))
    gone_in_s = dict(view.exhausts).get(length_label(burn.span.length_s))
    if gone_in_s is None or view.data_until is None:
        return Lasting(length_s, burn.rate, None)
    return Lasting(length_s, burn.rate, view.data_until + gone_in_s)


def _leaving(scene: Scene, view: SloView) -> Leaving:
    """The bad events of the window in quarter hours, and none of those before it."""
    assert view.tally is not None, "a projection is made of a known budget"
    counted = quarters(scene.reader, view)
    return Leaving(
        at=counted.at,
        bad=counted.bad,
        step_s=QUARTER_S,
        total=Fraction(view.tally.total),
        until=view.span.until,
        window_s=view.whole.length_s,
    )


def _returning(view: SloView, leaving: Leaving) -> list[Returning]:
    objective = view.slo.objective
    found = []
    for after_s in (one for one in AHEAD_S if one < leaving.window_s):
        left = left_at(objective, leaving, leaving.until + after_s)
        if left is not None:
            gone = leaving.gone_by(leaving.until + after_s)
            found.append(Returning(after_s, gone / leaving.total / objective.error_budget, left))
    return found
