"""What every surface knows of one SLO: one frozen value for screen, shell, check and report."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dashboard.views.words import decimals_of
from slo.burn import Firing
from slo.judgement import Judgement
from slo.objective import Slo
from slo.policy import Policy
from slo.spans import Span
from slo.tally import Tally


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SloView:
    """One SLO as it stands at `as_of`, evaluated at the last moment its data reach.

    `span` is what the counts cover, `whole` the window in force (for a calendar window it ends
    ahead); `tally` leaves out what corrections exclude, `raw` keeps it, and both are None
    where nothing was measured. `sli_bounds` holds the true SLI where a threshold lies between
    two bucket edges. `projected_remaining` is the share left of a calendar period whose rest has
    the same traffic and no bad event; None for a rolling window. `exhausts` names each rate at
    which the budget runs out within sight. `members` are the series still reporting, out of all
    whose counts are summed. `is_generated` says that its source made the counts up.
    """

    slo: Slo
    promise: str
    objective_percent: Decimal
    as_of: int
    span: Span
    whole: Span
    data_until: int | None
    stale: bool
    judgement: Judgement
    tally: Tally | None
    raw: Tally | None
    sli: Fraction | None
    sli_bounds: tuple[Fraction, Fraction] | None
    budget_remaining: Fraction | None
    projected_remaining: Fraction | None
    raw_remaining: Fraction | None
    burns: tuple[Burn, ...]
    exhausts: tuple[tuple[str, int], ...]
    coverage: Fraction | None
    reasons: tuple[str, ...]
    query: str
    series_ids: tuple[int, ...]
    budget_left_s: Fraction | None
    members: int = 1
    policy: Policy = ()
    bin_s: int = 60
    sparkline: tuple[float | None, ...] = ()
    is_generated: bool = False

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
