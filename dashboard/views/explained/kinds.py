"""What was counted, and how many slices of time that makes: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.digits import equals_words, filled_words
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.measured_words import measured_words
from dashboard.views.slos.slo_view import SloView
from slo.indicator import Sliced
from slo.promise import percent_text


def kind_steps(view: SloView) -> Iterator[Step]:
    """What good and total are; of slices how many there were, and how many were good."""
    yield "counted", measured_words(view.promised.indicator)
    indicator, tally = view.slo.indicator, view.tally
    if not isinstance(indicator, Sliced) or tally is None or not tally.total:
        return
    yield "slices", f"with events {_slices('total', tally.total, indicator.slice_s)}"
    if indicator.target is None:
        yield "as good", f"as good slices {_slices('good', tally.good, indicator.slice_s)}"
        return
    least = percent_text(indicator.target)
    yield (
        "good slices",
        f"good to {least} % or more {_slices('good', tally.good, indicator.slice_s)}",
    )


def _slices(name: str, seconds: float, slice_s: int) -> str:
    """So many seconds in slices; the window may begin within one, so that a part of it counts."""
    filled = filled_words(f"{digits(seconds)} s / {slice_s} s", seconds)
    return f"{name} / slice {filled} {equals_words(Fraction(seconds) / slice_s)}"
