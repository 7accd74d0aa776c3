"""What every surface knows of one SLO: one frozen value for screen, shell, check and report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from collectors.store.together import Ids, Together, Weighed, ids_of
from dashboard.views.slos.window_view import WindowView
from dashboard.views.words import decimals_of
from slo.burn import Firing
from slo.indicator import Composite
from slo.judgement import Judgement, level_of
from slo.objective import Slo
from slo.policy import Policy
from slo.spans import Span
from slo.tally import Tally

if TYPE_CHECKING:
    from slo.onset import Since


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast the budget goes over one length of time that ends at the data time.

    `rate` is what the counts say, None where nothing was measured; the policy compares it
    diluted by how much of the span was observed.
    """

    label: str
    span: Span
    tally: Tally | None
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Between:
    """The good events at the two bucket edges around a threshold that is none of them.

    The edges are None where nobody asked for them, or where they changed within the window.
    """

    low: float
    high: float
    edges: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SloView:
    """One SLO as it stands at `as_of`, evaluated at the last moment its data reach.

    `first` is the window that decides alerts and `check`, `further` are those beside it; what the
    first says is the SLO's own `sli`, `tally` and `budget_remaining`. `between` holds the good
    events at the bucket edges around a threshold that is none, and so the true count; its `edges`
    are read where they are shown. `exhausts` names each rate at which the budget runs out within
    sight. `members` are the series still reporting, out of all whose counts are summed.
    `is_generated` says that its source made the counts up, `silence` why nothing was ever
    measured, where that is known; `fires` since when the gravest row fires, read only where it is
    shown. `corrected_s` is how long by the clock corrections cover what was measured, however many
    series.

    `parts` are the values of its labels, each with a budget of its own, or the members of a
    composite in its window; `beyond` counts the values that are none of them. `composite` is how
    it is made of them, where `slo` stands in for it. `fires_for` is the part for which it fires
    where it does not by itself, or less gravely, and `alone` how it is judged without that one.
    `before` is the member that was the worst as measured, where corrections made it another.
    """

    slo: Slo
    promise: str
    objective_percent: Decimal
    as_of: int
    first: WindowView
    data_until: int | None
    stale: bool
    judgement: Judgement
    between: Between | None
    burns: tuple[Burn, ...]
    exhausts: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]
    query: str
    together: Together
    members: int = 1
    policy: Policy = ()
    bin_s: int = 60
    sparkline: tuple[float | None, ...] = ()
    is_generated: bool = False
    silence: str = ""
    fires: Since | None = None
    parts: tuple[SloView, ...] = ()
    beyond: int = 0
    composite: Composite | None = None
    further: tuple[WindowView, ...] = ()
    fires_for: SloView | None = None
    alone: Judgement | None = None
    before: SloView | None = None
    corrected_s: int = 0

    @property
    def span(self) -> Span:
        """What the counts cover: the window that decides, up to the data."""
        return self.first.span

    @property
    def whole(self) -> Span:
        """The window in force; of a calendar it ends ahead."""
        return self.first.whole

    @property
    def tally(self) -> Tally | None:
        """The counts, without what corrections exclude; None where nothing was measured."""
        return self.first.tally

    @property
    def raw(self) -> Tally | None:
        """The counts as they were measured; None where nothing was."""
        return self.first.raw

    @property
    def series_ids(self) -> Ids:
        """All series that count."""
        return ids_of(self.together)

    @property
    def together_in_bins(self) -> Together:
        """The series as the bins of parts of the window sum to its counts.

        They are the same, except that of a weighted burn an event weighs in `together` what it
        does in the span that is asked for, and here what it does in the window.
        """
        if isinstance(self.together, Weighed) and self.tally is not None:
            return self.together.as_in(self.tally)
        return self.together

    @property
    def sli(self) -> Fraction | None:
        """Good over total; None without events."""
        return self.first.sli

    @property
    def budget_remaining(self) -> Fraction | None:
        """The share of the budget left, of a calendar's that of the events so far."""
        return self.first.budget_remaining

    @property
    def projected_remaining(self) -> Fraction | None:
        """The share left of a whole calendar period; None for a rolling window."""
        return self.first.projected_remaining

    @property
    def raw_remaining(self) -> Fraction | None:
        """The share of the budget left as it was measured."""
        return self.first.raw_remaining

    @property
    def coverage(self) -> Fraction | None:
        """The observed share of the span; None where nothing was."""
        return self.first.coverage

    @property
    def budget_left_s(self) -> Fraction | None:
        """The budget left as time; None where events are counted."""
        return self.first.budget_left_s

    @property
    def windows(self) -> tuple[WindowView, ...]:
        """The figures over each window, the one that decides first."""
        return (self.first, *self.further)

    @property
    def sli_bounds(self) -> tuple[Fraction, Fraction] | None:
        """Between which the true SLI lies where the counts are an estimate; None elsewhere."""
        if self.between is None or self.tally is None or not self.tally.total:
            return None
        total = Fraction(self.tally.total)
        return Fraction(self.between.low) / total, Fraction(self.between.high) / total

    @property
    def budget_bounds(self) -> tuple[Fraction, Fraction] | None:
        """Between which the budget left lies, where the SLI is known between two bounds."""
        if self.sli_bounds is None:
            return None
        budget = self.slo.objective.error_budget
        low, high = self.sli_bounds
        return 1 - (1 - low) / budget, 1 - (1 - high) / budget

    @property
    def is_corrected(self) -> bool:
        """Whether corrections cover some of what was counted, or of what was the worst before."""
        return self.has_excluded or (self.before is not None and self.before.has_excluded)

    @property
    def has_excluded(self) -> bool:
        """Whether corrections cover some of its own counts."""
        return self.raw is not None and bool(self.raw.excluded_total or self.raw.excluded_s)

    @property
    def measured(self) -> SloView:
        """What it was as measured: itself, or the member that was the worst before corrections."""
        return self.before or self

    @property
    def is_estimated(self) -> bool:
        """Whether some of the counts are an estimate, and its bounds do not meet."""
        if self.tally is None or not self.tally.estimated_s:
            return False
        return self.between is None or self.between.low != self.between.high

    @property
    def is_level_sure(self) -> bool:
        """Whether the budget is as spent or as low as it looks, wherever the true count lies."""
        if not self.is_estimated:
            return True
        if self.budget_bounds is None:
            return False
        return all(level_of(bound) is self.judgement.level for bound in self.budget_bounds)

    @property
    def alarming(self) -> SloView:
        """What alarms: itself, or the part for which it fires, with the figures of that one alone.

        A part of a composite, which is held to another objective than the SLO of its name, stands
        under the name of the composite; all of them are frozen where the whole is.
        """
        if self.fires_for is None:
            return self
        part = self.fires_for.alarming
        slo = replace(part.slo, name=self.name) if self.slo.composed else part.slo
        return replace(part, slo=slo, judgement=replace(part.judgement, now=self.judgement.now))

    @property
    def ended_at(self) -> int | None:
        """When the data ended for which it is frozen: of what fired then, else of its first late part."""
        if self.firing:
            return self.alarming.data_until
        ends = (one.ended_at for one in self.parts if self.slo.composed and one.stale)
        return min((end for end in ends if end is not None), default=self.data_until)

    @property
    def itself(self) -> SloView:
        """The view as its own counts have it, whatever its parts do."""
        if self.alone is None:
            return self
        return replace(self, judgement=self.alone, fires_for=None, alone=None)

    @property
    def promised(self) -> Slo:
        """What was promised, where `slo` stands in for a composite."""
        if self.composite is None:
            return self.slo
        return replace(self.slo, source="", indicator=self.composite)

    @property
    def name(self) -> str:
        """The SLO's own name."""
        return self.slo.name

    @property
    def service(self) -> str:
        """The service it belongs to; empty where none is named."""
        return self.slo.service

    @property
    def window_kind(self) -> str:
        """The window as people write it: `30d`, `month`."""
        return self.slo.window.kind

    @property
    def decimals(self) -> int:
        """How many decimals its SLI is shown with."""
        return decimals_of(self.objective_percent)

    @property
    def firing(self) -> tuple[Firing, ...]:
        """The rows of the burn policy that fire, the worst first."""
        return self.judgement.firing

    @property
    def burn_rates(self) -> tuple[tuple[str, Fraction | None], ...]:
        """Length and undiluted burn rate, the shortest first."""
        return tuple((burn.label, burn.rate) for burn in self.burns)

    def burn_rate(self, label: str) -> Fraction | None:
        """The burn rate over one length such as `1h`; None where it is unknown."""
        return dict(self.burn_rates).get(label)

    @property
    def exhausts_first(self) -> tuple[str, int] | None:
        """The earliest of the named moments: (rate's length, seconds from the data time)."""
        return min(self.exhausts, key=lambda named: named[1], default=None)

    @property
    def exhausts_at(self) -> int | None:
        """When the budget runs out at the earliest, counted from the data time; None if never."""
        if self.exhausts_first is None or self.data_until is None:
            return None
        return self.data_until + self.exhausts_first[1]
