"""How long requests took, by a percentile: from raw values, or from the buckets of a histogram."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from collectors.keys import QuantilePercent, SelectorText
from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions
from dashboard.measures.goals import duration_goal
from slo.evidence.terms import Better, Goal
from slo.indicator import Indicator, Latency

if TYPE_CHECKING:
    from dashboard.measures.quantiles import Reading

_ANY_S = float("inf")  # what is measured at all: the percentile needs no limit


class Options(MeasureOptions):
    """Which latency, and at which percentile."""

    quantile: QuantilePercent = Field(Fraction(95, 100), examples=["95"])
    """The percentile: 95 for the p95, the time that 95 % of the requests do not exceed."""
    samples: SelectorText | None = None
    """Single measured values in seconds."""
    histogram: SelectorText | None = None
    """The buckets of a Prometheus histogram, in place of `samples`."""
    only_if: SelectorText | None = None
    """A 0/1 gauge: samples taken while it is not 1 are left out."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Options:
        if (self.samples is None) == (self.histogram is None):
            raise ValueError('give one of samples = "…" and histogram = "…"')
        if self.only_if is not None and self.samples is None:
            raise ValueError('only_if goes with samples = "…"')
        return self


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The percentiles of both periods, compared; days weigh by what was measured on them."""
    from dashboard.measures.quantiles import quantiles_measured

    old = asked.old or options
    assert isinstance(options, Options)
    assert isinstance(old, Options)
    return quantiles_measured(_reading(options), _reading(old), float(options.quantile), asked)


def _reading(options: Options) -> Reading:
    from dashboard.measures.quantiles import Reading

    return Reading(options.samples or options.histogram or "", options.samples is not None)


def indicators(options: MeasureOptions) -> tuple[Indicator, ...]:
    """The latencies, whatever limit is set."""
    assert isinstance(options, Options)
    return (Latency(_ANY_S, options.histogram, options.samples, options.only_if),)


def goal(text: str, _options: MeasureOptions) -> Goal:
    """The goal in seconds.

    Raises:
        ValueError: it is no time.
    """
    return duration_goal(text)


KIND = MeasureKind(Options, measure, indicators, better=Better.LOWER, goal=goal)
