"""Where every figure shown is made: store rows and arithmetic become the view of each SLO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

from dashboard.views.counted.edges import Edges, edges_around
from dashboard.views.counted.families import family, together
from dashboard.views.counted.plan import Looked, Plan, labelled, planned
from dashboard.views.counted.reading import Answer, Tallies, answered
from dashboard.views.counted.series_index import Index
from dashboard.views.counted.silence import Runs, silences
from dashboard.views.counted.spreads import Spreads
from dashboard.views.slos.narrowed import own_indicator
from dashboard.views.slos.promised import Versions, in_force_at
from dashboard.views.slos.queries import edge_queries, source_query
from dashboard.views.slos.reasons import reasons
from dashboard.views.slos.slo_view import Between, Burn, SloView
from dashboard.views.slos.window_view import WindowView
from slo.budget import Budget, allowed_s, exhausts_in_s
from slo.coverage import coverage
from slo.freshness import stale_after_s
from slo.judgement import Measured, judge
from slo.lengths import DAY_S, HOUR_S
from slo.objective import Objective, Slo
from slo.promise import promise
from slo.spans import CalendarWindow
from slo.tally import Tally, Treatment

EXHAUSTION_S = (HOUR_S, 6 * HOUR_S, 3 * DAY_S)


class Store(Tallies, Spreads, Runs, Versions, Protocol):
    """The part of the store's reader that views are made of."""


class Origin(Protocol):
    """What is known of the source of an SLO: its kind, how often it is asked, whether it is real."""

    @property
    def kind(self) -> str:
        """The source kind, such as `prometheus`."""

    @property
    def every_s(self) -> int:
        """Seconds from one collection to the next."""

    @property
    def is_generated(self) -> bool:
        """Whether its figures are made up."""


def evaluate(
    slos: Sequence[Slo],
    reader: Store,
    *,
    as_of: int,
    sources: Mapping[str, Origin],
    history: bool = False,
    edges: bool = False,
) -> tuple[SloView, ...]:
    """The view of each SLO as it stands at `as_of`, judged by what was promised then.

    All counts are read by one statement. `history` adds the 28 daily values of the sparkline,
    `edges` the bucket edges around a threshold that is none.
    """
    stored = Index.of_tallies(reader)
    families = [family(slo, stored) for slo in in_force_at(reader, slos, as_of)]
    plans = [
        planned(slo, stored.of(slo), as_of, history=history and slo is made.slo)
        for made in families
        for slo in made.slos
    ]
    views = [
        _view(
            plan,
            read,
            as_of,
            _origin(plan.slo, sources),
            edges_around(reader, plan.slo, plan.span) if edges and _is_between(plan) else None,
        )
        for plan, read in answered(reader, plans, history=history)
    ]
    told = silences(reader, views)
    each = (_told(_timed(view, reader), told.get(view.name, "")) for view in views)
    return tuple(together(made, each) for made in families)


def _is_between(plan: Plan) -> bool:
    """Whether the edges around its threshold are worth reading: of the whole, not of each member."""
    return plan.series.is_bounded and not plan.slo.member


def _origin(slo: Slo, sources: Mapping[str, Origin]) -> Origin | None:
    """What its counts come from; of a composite the source that is asked the least often."""
    named = (sources.get(one.source) for one in slo.leaves)
    return max((one for one in named if one), key=lambda one: one.every_s, default=None)


def _view(
    plan: Plan, read: Answer, as_of: int, origin: Origin | None, edges: Edges | None
) -> SloView:
    slo, main = plan.slo, _over(plan, plan.looked, read.window)
    data_until = None if plan.series.until is None else plan.at
    measured = {n: _corrected(slo, one) for n, one in read.lengths.items()}
    stale = _is_stale(plan, as_of, origin)
    judged = Measured(main.tally, measured, plan.members, stale, _set_aside(plan, read))
    return SloView(
        slo=slo,
        promise=promise(slo),
        objective_percent=slo.objective.percent,
        as_of=as_of,
        first=main,
        data_until=data_until,
        stale=stale,
        judgement=judge(slo.objective, plan.policy, judged, main.whole.length_s),
        between=_between(slo, read, edges),
        burns=_burns(plan, measured),
        exhausts=_exhausts(plan, main.of_whole, measured),
        reasons=(),
        query=_query(plan, "" if origin is None else origin.kind, edges),
        together=plan.series.together,
        bin_s=plan.series.bin_s,
        members=plan.members,
        policy=plan.policy,
        sparkline=tuple(_point(slo, *pair) for pair in read.past),
        is_generated=origin is not None and origin.is_generated,
        further=tuple(_over(plan, *pair) for pair in zip(plan.further, read.further, strict=True)),
    )


def _over(plan: Plan, looked: Looked, raw: Tally | None) -> WindowView:
    """What the counts of a window say, by the same rules for each of them."""
    slo, tally = plan.slo, _corrected(plan.slo, raw)
    budget = None if tally is None else Budget(slo.objective, tally)
    made = WindowView(
        window=looked.window,
        span=looked.span,
        whole=looked.whole,
        tally=tally,
        raw=raw,
        sli=None if budget is None else budget.sli,
        budget_remaining=None if budget is None else budget.remaining,
        projected_remaining=_projected(looked, budget),
        raw_remaining=_left(slo.objective, raw),
        coverage=coverage(raw, looked.span, plan.members),
    )
    if made.of_whole is None or not slo.is_time_like:
        return made
    return replace(
        made, budget_left_s=made.of_whole * allowed_s(slo.objective, looked.whole.length_s)
    )


def _timed(view: SloView, reader: Tallies) -> SloView:
    """The view with the time under corrections; most SLOs have none, and nothing is read."""
    if not view.is_corrected:
        return view
    return replace(view, corrected_s=reader.excluded_s(view.series_ids, view.span))


def _told(view: SloView, silence: str) -> SloView:
    """The view with why there is nothing, and its reasons."""
    view = replace(view, silence=silence)
    return replace(view, reasons=reasons(view))


def _query(plan: Plan, kind: str, edges: Edges | None) -> str:
    if not plan.series.is_bounded or kind != "prometheus":
        return source_query(plan.slo, kind, plan.span)
    return edge_queries(own_indicator(plan.slo), plan.span, edges)


def _corrected(slo: Slo, tally: Tally | None) -> Tally | None:
    return None if tally is None else tally.under(slo.treatment)


def _set_aside(plan: Plan, read: Answer) -> frozenset[int]:
    """The lengths of which all that was measured is under corrections that take it out."""
    if plan.slo.treatment is not Treatment.REMOVED:
        return frozenset()
    lengths = {**read.lengths, plan.whole.length_s: read.window}
    return frozenset(
        length
        for length, raw in lengths.items()
        if raw is not None and 0 < raw.observed_s <= raw.excluded_s
    )


def _is_stale(plan: Plan, as_of: int, origin: Origin | None) -> bool:
    """Whether the data end more than two intervals, the settling and a bin before `as_of`."""
    if plan.series.until is None:
        return False
    every_s = 0 if origin is None else origin.every_s
    return as_of - plan.at > stale_after_s(every_s, bin_s=plan.series.bin_s)


def _left(objective: Objective, tally: Tally | None) -> Fraction | None:
    return None if tally is None else Budget(objective, tally).remaining


def _projected(looked: Looked, budget: Budget | None) -> Fraction | None:
    if budget is None or not isinstance(looked.window, CalendarWindow):
        return None
    return budget.projected_remaining(looked.span.length_s, looked.whole.length_s)


def _between(slo: Slo, read: Answer, edges: Edges | None) -> Between | None:
    """The good events at both edges; minutes that needed no estimate count for both alike.

    Where only some minutes were estimated and nobody knows which share of them the estimate
    took, the bounds are as far from the count as the edges are from each other.
    """
    if read.low is None or read.high is None or read.window is None:
        return None
    main, low, high = (one.under(slo.treatment) for one in (read.window, read.low, read.high))
    if low.total == main.total:
        return Between(low.good, high.good, edges)
    apart = high.good - low.good
    return Between(max(main.good - apart, 0), min(main.good + apart, main.total))


def _burns(plan: Plan, measured: Mapping[int, Tally | None]) -> tuple[Burn, ...]:
    """One burn a length; lengths that bins widen to the same span are one."""
    tallies = {plan.lengths[length]: measured[length] for length in plan.lengths}
    return tuple(
        Burn(label, span, tallies[span], _burn_rate(plan.slo.objective, tallies[span]))
        for label, span in labelled(tallies).items()
    )


def _exhausts(
    plan: Plan, left: Fraction | None, measured: Mapping[int, Tally | None]
) -> tuple[tuple[str, int], ...]:
    """Seconds until the budget is gone, for each named rate at which that will happen.

    At a burn of 1 or less a rolling window gives back what it takes, and never runs out; what
    lies beyond the end of a calendar period starts from a new budget.
    """
    if left is None or left <= 0:
        return ()
    horizon_s = plan.whole.until - plan.at if plan.whole.until > plan.at else None
    found = []
    for length in EXHAUSTION_S:
        burn = _burn_rate(plan.slo.objective, measured.get(length))
        seconds = exhausts_in_s(left, burn, plan.whole.length_s)
        if burn is None or seconds is None or burn <= 1:
            continue
        if horizon_s is None or seconds <= horizon_s:
            found.append((labelled([plan.lengths[length]]).popitem()[0], int(seconds)))
    return tuple(found)


def _burn_rate(objective: Objective, tally: Tally | None) -> Fraction | None:
    return None if tally is None else Budget(objective, tally).burn_rate


def _point(slo: Slo, window: Tally | None, day: Tally | None) -> float | None:
    """The budget left at the end of a day; None where that day was not measured."""
    left = None if day is None else _left(slo.objective, _corrected(slo, window))
    return None if left is None else float(left)
