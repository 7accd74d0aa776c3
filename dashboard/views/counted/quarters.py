"""The counts of an SLO's window in quarter hours, cut to the window, as corrections leave them."""

from __future__ import annotations

import numpy as np

from collectors.store.windows import WindowAsk
from dashboard.views.counted.corrected import under
from dashboard.views.counted.course import Minutes
from dashboard.views.slos.slo_view import SloView
from slo.attribution import Counted
from slo.spans import Span
from slo.tally import Tally

STEP_S = 900


def floor(at: int) -> int:
    """The beginning of the quarter hour that holds the moment."""
    return at - at % STEP_S


def quarters(reader: Minutes, view: SloView, *, before_s: int = 0) -> Counted:
    """The window and so many whole quarter hours before it.

    The first and the last of the window hold no more than lies within it, so that all of them
    sum to the counts of the view.
    """
    since, until = view.span.since, view.span.until
    rows = reader.tally_rows(view.together_in_bins, STEP_S, Span(floor(since) - before_s, until))
    counts = under(rows, view.slo.treatment)
    bad, total = counts.bad.copy(), counts.total.copy()
    for edge in (Span(since, floor(since) + STEP_S), Span(floor(until), until)):
        inside = edge.clipped_to(view.span)
        place = np.flatnonzero(rows.at == floor(edge.since))
        if 0 < inside.length_s < STEP_S and len(place):
            cut = _tally(reader, view, inside)
            bad[place], total[place] = cut.bad, cut.total
    return Counted(STEP_S, rows.at, bad, total)


def _tally(reader: Minutes, view: SloView, span: Span) -> Tally:
    """The counts of a part of a quarter hour."""
    ((tally,),) = reader.windows([WindowAsk(view.together_in_bins, (span,))])
    return (tally or Tally()).under(view.slo.treatment)
