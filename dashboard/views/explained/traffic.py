"""The arithmetic of the events that may still be bad, at the traffic of the last week."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.counted.reading import Tallies
from dashboard.views.counted.traffic import events_left, last_week, measured_of
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import count_words
from slo.lengths import WEEK_S


def traffic_steps(reader: Tallies, view: SloView) -> Iterator[Step]:
    """How many more that is, as the page says; nothing where it tells time, or of the period so far."""
    if view.budget_left_s is not None or view.projected_remaining is not None:
        return
    week = last_week(reader, view)
    left = events_left(view, week)
    if week is None or left is None or view.budget_remaining is None:
        return
    measured, budget = measured_of(view, week), view.slo.objective.error_budget
    filled = filled_words(
        f"{digits_words(view.budget_remaining)} × {digits_words(budget)} × {digits(week.total)} / "
        f"{count_words(WEEK_S)} / {digits_words(measured)} × {count_words(view.whole.length_s)}",
        view.budget_remaining,
        Fraction(week.total),
        measured,
    )
    yield (
        "that is",
        (
            f"left × budget × total of the last 7 d / its seconds / its coverage × period {filled} "
            f"{equals_words(left)} more may be bad at last week's traffic"
        ),
    )
