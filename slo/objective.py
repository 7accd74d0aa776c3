"""What was promised: an exact target, over a window, of an indicator."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from slo.indicator import (
    Combined,
    Composite,
    Gauge,
    Indicator,
    Latency,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.policy import Policy
from slo.spans import Window
from slo.tally import Treatment


class RefusedObjective(ValueError):  # noqa: N818 - it names what was refused
    """A percentage that cannot be an objective: what is wrong, and a line that mends it."""

    def __init__(self, what: str, mend: str) -> None:
        """Keep both parts apart; whoever knows the file and line adds where."""
        super().__init__(f"{what}; {mend}")
        self.what, self.mend = what, mend


@dataclass(frozen=True, slots=True)
class Objective:
    """The target share of good events, exact, above 0 and below 1.

    >>> Objective.from_percent("99.95").error_budget
    Fraction(1, 2000)
    """

    target: Fraction
    error_budget: Fraction = field(init=False, repr=False, compare=False)
    """The share of events that may be bad: 1 - target. Source: SRE Workbook, chapter 2."""

    def __post_init__(self) -> None:
        """Refuse targets that leave no budget, or nothing but budget."""
        if not 0 < self.target < 1:
            raise ValueError(f"a target lies strictly between 0 and 1, not at {self.target}")
        object.__setattr__(self, "error_budget", 1 - self.target)

    @classmethod
    def from_percent(cls, percent: str | Decimal | int) -> Objective:
        """The objective of a percentage as people write it, exactly.

        Raises:
            RefusedObjective: it is no number, 100 or more, or 1 or less (a ratio was meant).
        """
        try:
            value = Decimal(percent)
        except InvalidOperation as error:
            raise RefusedObjective(
                f"objective must be a percentage, but is {percent!r}", "write objective = 99.9"
            ) from error
        _refuse_impossible(value)
        return cls(Fraction(value) / 100)

    @property
    def percent(self) -> Decimal:
        """The target as people write it, such as 99.95."""
        scaled = self.target * 100
        return Decimal(scaled.numerator) / Decimal(scaled.denominator)


@dataclass(frozen=True, slots=True)
class Slo:
    """A promise: an objective for an indicator over a window; the policy is None for the default.

    Alerts and `check` look at `window`; `further` windows are shown beside it. Each value of the
    labels `group_by` has a budget of its own, and `member` says which value this one is of.
    `breakdown` names labels by which bad events are told apart, `budget_policy` what is done
    when little is left, `notify` the channels that are told; `effective` is from when on this
    version holds, None: from when it is first read. `composed` are the members of a composite as
    they are defined.
    """

    name: str
    service: str
    objective: Objective
    window: Window
    source: str
    indicator: Indicator
    policy: Policy | None = None
    further: tuple[Window, ...] = ()
    group_by: tuple[str, ...] = ()
    member: tuple[tuple[str, str], ...] = ()
    breakdown: tuple[str, ...] = ()
    corrections: Treatment | None = None
    min_bad_events: int = 0
    notify: tuple[str, ...] = ()
    budget_policy: str = ""
    effective: int | None = None
    composed: tuple[Slo, ...] = ()

    @property
    def is_time_like(self) -> bool:
        """Whether its events are seconds, so that its budget is also time."""
        return counts_time(self.indicator)

    @property
    def leaves(self) -> tuple[Slo, ...]:
        """The SLOs that count something: itself, or the members of a composite and theirs."""
        if not self.composed:
            return (self,)
        return tuple(dict.fromkeys(leaf for part in self.composed for leaf in part.leaves))

    @property
    def treatment(self) -> Treatment:
        """How corrections count: taken out of events, called good in slices of time."""
        if self.corrections is not None:
            return self.corrections
        is_sliced = isinstance(self.indicator, Sliced) or (
            isinstance(self.indicator, Composite)
            and self.indicator.method is Combined.UNION_OF_BAD_SLICES
        )
        return Treatment.AS_GOOD if is_sliced else Treatment.REMOVED


def counts_time(indicator: Indicator) -> bool:
    """Whether the events are seconds; those of a weighted burn are, as its members count anything.

    >>> counts_time(Uptime("probe")), counts_time(Composite(Combined.SUM_OF_EVENTS, ("a", "b")))
    (True, False)
    """
    if isinstance(indicator, Composite):
        return indicator.method in (Combined.WEIGHTED_BURN, Combined.UNION_OF_BAD_SLICES)
    return isinstance(indicator, Uptime | Gauge | RawRatio | Sliced)


def counted_word(indicator: Indicator) -> str:
    """What the events of the SLO are: a sample is a value, of however many requests.

    >>> counted_word(Uptime("probe")), counted_word(Latency(0.5, samples="seconds"))
    ('time', 'values')
    """
    if counts_time(indicator):
        return "time"
    return "values" if isinstance(indicator, Latency) and indicator.samples else "requests"


def duration_text(seconds: float) -> str:
    """A threshold as people say it: below a second in ms, else in s.

    >>> duration_text(0.5), duration_text(2.0), duration_text(0.0025)
    ('500 ms', '2 s', '2.5 ms')
    """
    exact = Decimal(repr(seconds))
    value, unit = (exact * 1000, "ms") if exact < 1 else (exact, "s")
    return f"{value.normalize():f} {unit}"


def _refuse_impossible(value: Decimal) -> None:
    if not value.is_finite() or value <= 0:
        raise RefusedObjective(
            f"objective must be a percentage above 1 and below 100, but is {value}",
            "write objective = 99.9",
        )
    if value >= 100:  # noqa: PLR2004 - a percentage
        raise RefusedObjective(
            f"objective must be below 100, but is {value}: at 100 there is no budget to burn,"
            " so no burn rate exists and the first bad event breaks it for ever",
            "write objective = 99.9 (or 99.99)",
        )
    if value <= 1:
        is_ratio = value * 100 > 1 > value
        meant = f"{(value * 100).normalize():f}" if is_ratio else "99.9"
        raise RefusedObjective(
            f"objective must be a percentage above 1 and below 100, but is {value}",
            f"write objective = {meant}",
        )
