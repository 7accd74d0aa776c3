"""Which alert rows of a promise can never fire, and which fire on next to nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.counted.figures import Origin, Store, evaluate
from dashboard.views.counted.plan import planned
from dashboard.views.counted.series_index import Series
from dashboard.views.linting.advice import Advice, budget_advice, members_advice, row_advice
from dashboard.views.slos.alert_rows import traffic
from dashboard.views.slos.slo_view import SloView
from slo.objective import Slo
from slo.policy import Policy
from slo.reach import Reach, reaches


@dataclass(frozen=True, slots=True)
class Linted:
    """An SLO with what each row of its policy needs, and what should be thought over.

    `events_per_s` is the traffic that was measured; None where nothing was, or nothing is stored.
    """

    slo: Slo
    window_s: int
    events_per_s: Fraction | None
    rows: tuple[Reach, ...]
    advice: tuple[Advice, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a row can never fire: who relies on it is not warned."""
        return any(one.is_problem for one in self.advice)


def linted(
    slos: Sequence[Slo], reader: Store | None, as_of: int, sources: Mapping[str, Origin]
) -> tuple[Linted, ...]:
    """Every SLO by the traffic that was measured; without a store by its definition alone."""
    if reader is None:
        return tuple(_defined(slo, as_of) for slo in slos)
    return tuple(measured(view) for view in evaluate(slos, reader, as_of=as_of, sources=sources))


def lint(slo: Slo, policy: Policy, window_s: int, events_per_s: Fraction | None) -> Linted:
    """The rows of a policy at that traffic, with what is odd about them."""
    rows = reaches(policy, slo.objective, window_s, events_per_s)
    advice = (said for one in rows for said in row_advice(slo, one))
    whole = budget_advice(slo, window_s, events_per_s)
    return Linted(slo, window_s, events_per_s, rows, (*advice, *whole))


def _defined(slo: Slo, as_of: int) -> Linted:
    plan = planned(slo, Series(), as_of, history=False)
    return lint(slo, plan.policy, plan.whole.length_s, None)


def measured(view: SloView) -> Linted:
    """An SLO by its own traffic, and how many of its members have too little."""
    found = lint(view.slo, view.policy, view.whole.length_s, traffic(view))
    members = [measured(part).rows for part in view.parts] if view.slo.group_by else []
    advice = (*found.advice, *members_advice(members))
    return Linted(found.slo, found.window_s, found.events_per_s, found.rows, advice)
