"""What the counts of an SLO say over one of its windows: the shape of every window alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from slo.judgement import Level, State, level_of, state_of
from slo.spans import CalendarWindow, Span, Window
from slo.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """Counts, SLI and budget of one window.

    `span` is what the counts cover, `whole` the window in force (of a calendar it ends ahead);
    `tally` leaves out what corrections exclude, `raw` keeps it, and both are None where nothing
    was measured. `projected_remaining` is the share left of a calendar period whose rest has the
    same traffic and no bad event; None for a rolling window. `budget_left_s` is the budget left as
    time, of the whole period where it is a calendar's; None where events are counted or nothing
    is known.
    """

    window: Window
    span: Span
    whole: Span
    tally: Tally | None
    raw: Tally | None
    sli: Fraction | None
    budget_remaining: Fraction | None
    projected_remaining: Fraction | None
    raw_remaining: Fraction | None
    coverage: Fraction | None
    budget_left_s: Fraction | None = None

    @property
    def is_calendar(self) -> bool:
        """Whether it begins with a week or a month and grows until the next: it does not slide."""
        return isinstance(self.window, CalendarWindow)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that its days are those of."""
        return self.window.zone if isinstance(self.window, CalendarWindow) else ZoneInfo("UTC")

    @property
    def of_whole(self) -> Fraction | None:
        """The share left of the whole period's budget; of a rolling window what is left of it."""
        projected = self.projected_remaining
        return self.budget_remaining if projected is None else projected

    @property
    def state(self) -> State:
        """How far the counts can be believed."""
        return state_of(self.tally)

    @property
    def level(self) -> Level:
        """How much is left, in a word."""
        return level_of(self.budget_remaining)
