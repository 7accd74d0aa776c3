"""How many more events may be bad at the traffic of the last week."""

from __future__ import annotations

from fractions import Fraction

from collectors.store.windows import WindowAsk
from dashboard.views.counted.reading import Tallies
from dashboard.views.slos.slo_view import SloView
from slo.coverage import coverage
from slo.lengths import WEEK_S
from slo.spans import Span
from slo.tally import Tally


def last_week(reader: Tallies, view: SloView) -> Tally | None:
    """What was counted in the seven days before the data's end; None where nothing was."""
    ((week,),) = reader.windows([WindowAsk(view.together, (_span(view),))])
    return None if week is None else week.under(view.slo.treatment)


def measured_of(view: SloView, week: Tally) -> Fraction:
    """How much of that week was measured."""
    return coverage(week, _span(view), view.members) or Fraction(0)


def events_left(view: SloView, week: Tally | None) -> Fraction | None:
    """How many more events of a rolling window may be bad at the traffic of the last week.

    None where that week was not measured or nothing is known of the budget.
    """
    share = view.budget_remaining
    measured = None if week is None else measured_of(view, week)
    if share is None or week is None or not measured or not week.total:
        return None
    expected = Fraction(week.total) / (WEEK_S * measured) * view.whole.length_s
    return share * view.slo.objective.error_budget * expected


def _span(view: SloView) -> Span:
    return Span(view.span.until - WEEK_S, view.span.until)
