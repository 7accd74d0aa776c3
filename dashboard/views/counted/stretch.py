"""A stretch of an SLO's past on the bins of a chart: what the store holds of it, how its budget went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from collectors.store.stored import HasSeries
from collectors.store.together import Together, Weighed
from collectors.store.windows import WindowAsk
from dashboard.views.counted.corrected import Columns, under
from dashboard.views.counted.zoom import Grid
from dashboard.views.slos.slo_view import SloView
from slo.course import Course, Sliding, Steps, course, weighed
from slo.spans import Span
from slo.tally import Tally, Treatment


class Minutes(HasSeries, Protocol):
    """The part of the store's reader that courses are made of."""

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """The tally of each ask over each of its spans."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> Columns:
        """The bins of one level in a span."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store has counted, corrected as one SLO treats it."""

    reader: Minutes
    treatment: Treatment

    def steps(self, together: Together, step_s: int, span: Span) -> Steps:
        """The bins that were measured: a correction is no hole."""
        rows = self.reader.tally_rows(together, step_s, span)
        counts = under(rows, self.treatment)
        measured = (rows.observed_s > 0) | (counts.total > 0)
        return Steps(step_s, rows.at[measured], counts.good[measured], counts.total[measured])

    def tallies(self, together: Together, spans: Iterable[Span]) -> list[Tally | None]:
        """The tally of each span; None where there is no row."""
        (found,) = self.reader.windows([WindowAsk(together, tuple(spans))])
        return [None if one is None else one.under(self.treatment) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """One SLO on the bins of a grid, and what was counted there.

    While nothing comes the last figure stands for `held_s`. `entering` are the bins of `around`,
    which begins early enough to know what the first moment stands on; `begun` is what was counted
    since the grid's last bin, None where nothing was.
    """

    counts: Counts
    view: SloView
    grid: Grid
    held_s: int
    around: Span
    entering: Steps
    begun: Tally | None

    @classmethod
    def read(cls, reader: Minutes, view: SloView, grid: Grid, held_s: int) -> Self:
        """The stretch of the grid, out of the store."""
        counts, around = Counts(reader, view.slo.treatment), _around(view, grid, held_s)
        return cls(
            counts=counts,
            view=view,
            grid=grid,
            held_s=held_s,
            around=around,
            entering=counts.steps(view.together_in_bins, grid.step_s, around),
            begun=_begun(counts, view, grid),
        )

    @property
    def counted(self) -> Steps:
        """The bins, and behind them the one that has only begun."""
        if self.begun is None:
            return self.entering
        return self.entering.with_last(self.grid.span.until, self.begun.good, self.begun.total)

    def course(self) -> Course:
        """What was left at each moment of the grid; of a weighted burn by what its members spent."""
        if not isinstance(self.view.together, Weighed):
            return self._summed(self.view.together, self.view.members, self.entering)
        leaves = [*self.view.together.leaves]
        each = [
            self._summed(one.part, one.expected, self._steps(one.part, self.around))
            for one in leaves
        ]
        return weighed(each, [one.share for one in leaves])

    def _summed(self, together: Together, members: int, entering: Steps) -> Course:
        """The course of what so many series say together."""
        span, step_s = self.grid.span, self.grid.step_s
        moments = np.arange(span.since, span.until + 1, step_s, dtype=np.int64)
        sliding, leaving = self._sliding(together, members), self._leaving(together)
        return course(self.view.slo.objective, moments, sliding, entering, leaving, self.held_s)

    def _sliding(self, together: Together, members: int) -> Sliding:
        """How the window moves, and what it held where the bins begin."""
        whole, since = self.view.whole, self.around.since
        is_fixed = self.view.first.is_calendar
        base = Span(min(whole.since, since) if is_fixed else since - whole.length_s, since)
        (before,) = self.counts.tallies(together, [base])
        held = before or Tally()
        return Sliding(
            held.bad,
            held.total,
            observed_s=held.observed_s // members,
            length_s=None if is_fixed else whole.length_s,
            since=whole.since,
            whole_s=whole.length_s,
        )

    def _leaving(self, together: Together) -> Steps:
        """The bins that leave the window while the others enter it; none leaves a calendar's."""
        if self.view.first.is_calendar:
            return Steps(self.grid.step_s, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        length_s = self.view.whole.length_s
        gone = Span(self.around.since - length_s, self.around.until - length_s)
        return self._steps(together, gone)

    def _steps(self, together: Together, span: Span) -> Steps:
        return self.counts.steps(together, self.grid.step_s, span)


def _around(view: SloView, grid: Grid, held_s: int) -> Span:
    """The grid and the bins before it on which its first moment stands."""
    since = grid.span.since - held_s
    since -= since % grid.step_s
    if view.first.is_calendar:
        since = max(since, min(view.span.since, grid.span.since))
    return Span(since, grid.span.until)


def _begun(counts: Counts, view: SloView, grid: Grid) -> Tally | None:
    """What was counted since the grid's last bin; a bin that has only begun is none of it."""
    since, until = grid.span.until, view.span.until
    if since >= until:
        return None
    (tally,) = counts.tallies(view.together_in_bins, [Span(since, until)])
    return tally
