"""What a kind of measure is: its options, what it must have collected, and how it compares.

options   keys of [[migration.metric]] that belong to the kind
indicators(options)      what its source must collect for it
measure(options, asked)  two periods of stored facts  ->  Measured
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collectors.described import Described
from slo.delivery.facts import DeliveryRules
from slo.evidence.comparison import Comparison, Side
from slo.evidence.terms import Better, Goal
from slo.indicator import Indicator
from slo.spans import Span

if TYPE_CHECKING:
    from collectors.store.reader import Reader


class Unit(StrEnum):
    """What the numbers of a measure are: seconds, a share of one, events in a time, or as they are."""

    SECONDS = "seconds"
    RATIO = "ratio"
    PER_WEEK = "a week"
    PER_MONTH = "a month"
    PER_QUARTER = "a quarter"
    PER_YEAR = "a year"
    NUMBER = "number"


RATES = frozenset({Unit.PER_WEEK, Unit.PER_MONTH, Unit.PER_QUARTER, Unit.PER_YEAR})
"""Units of what happens so often in a time."""
Steps = tuple[tuple[str, str], ...]
"""Arithmetic, as (name, words)."""
Curve = tuple[tuple[int, float | None], ...]
"""Values by day, as (first second of the local day, value); None where nothing was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which facts are compared: two periods of one service, several, or all (none named).

    `as_of` is the moment of the look: nothing after it is known. `source` is the source that is
    read, None for events of every source. `seed` makes resampling repeatable. `old` stands in for
    the options in the first period: two selectors side by side, over the same days.
    """

    reader: Reader
    before: Span
    after: Span
    as_of: int
    zone: ZoneInfo
    rules: DeliveryRules
    source: str | None = None
    services: tuple[str, ...] = ()
    confidence: float = 0.95
    goal: Goal | None = None
    seed: int = 1
    old: MeasureOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found: the comparison, in which unit, day by day, and how it was made.

    `label` is a unit of its own for numbers ("points", "EUR a month"); `counted` names what `n`
    counts ("outages", "days"); `days` are (first second of the local day, value) in the measure's
    unit, None where nothing was measured, `days_old` those of the old one side by side;
    `weeks_before` and `weeks_after` are whole weeks' values for the checks of a sceptic, in that
    unit too; `counts_before` are the events of each whole week before, of a rate alone. `steps` are
    the arithmetic, `remarks` what a reader must know: rows dropped, clusters united; `query` what
    reproduces it. `under_goal` is the share of everything after at or under the goal of a
    percentile, by which that goal is judged; `means` stand beside medians of durations, in that
    unit, over those that ended; `is_uptime` where a ratio is of time up: one less it is time down.
    """

    comparison: Comparison
    unit: Unit
    label: str = ""
    counted: str = ""
    days: Curve = ()
    days_old: Curve = ()
    weeks_before: tuple[float, ...] = ()
    weeks_after: tuple[float, ...] = ()
    counts_before: tuple[int, ...] = ()
    under_goal: Side | None = None
    means: tuple[float | None, float | None] = (None, None)
    is_uptime: bool = False
    without_largest: Comparison | None = None
    goal_is_certain: bool | None = None
    steps: Steps = ()
    remarks: tuple[str, ...] = ()
    query: str = ""


class MeasureOptions(Described):
    """The keys of one kind; unknown ones are refused."""


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One kind of measure; `better` is which way is better where nothing else is written.

    None leaves it to `better_by`, which looks at the options (fewer incidents, more deployments).
    """

    options: type[MeasureOptions]
    measure: Callable[[MeasureOptions, Asked], Measured]
    indicators: Callable[[MeasureOptions], Sequence[Indicator]]
    better: Better | None
    goal: Callable[[str, MeasureOptions], Goal]
    better_by: Callable[[MeasureOptions], Better | None] | None = None

    def better_for(self, options: MeasureOptions) -> Better | None:
        """Which way is better with these options; None where only the reader can say."""
        return self.better if self.better_by is None else self.better_by(options)
