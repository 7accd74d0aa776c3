"""What an SLO promises, and what falls short of it, as people say it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from slo.indicator import (
    Base,
    Combined,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.lengths import MINUTE_S
from slo.objective import Slo, counted_word, counts_time, duration_text
from slo.selector import Selector

_GOOD_OF_ALL: Mapping[Combined | None, str] = {
    Combined.UNION_OF_BAD_SLICES: "Time in which all members are good",
    Combined.WEIGHTED_BURN: "Good share of the members by weight",
}


def promise(slo: Slo) -> str:
    """What the SLO promises: of what, how much, and that it is time where it is.

    >>> from slo.objective import Objective
    >>> from slo.spans import RollingWindow
    >>> def said(percent, indicator):
    ...     window = RollingWindow(30 * 86_400)
    ...     return promise(Slo("a", "", Objective.from_percent(percent), window, "p", indicator))
    >>> said(95, Latency(0.5, histogram="h"))
    '95 % of requests under 500 ms (p95 < 500 ms)'
    >>> said(99, Sliced(Latency(0.5, histogram="h"), 300, Fraction(19, 20)))
    '99 % of 5-minute slices have p95 under 500 ms'
    >>> said(99, Sliced(Ratio("all", good="good"), 300, Fraction(999, 1000)))
    'at least 99.9 % of requests succeed in 99 % of 5-minute slices'
    >>> said(99, Composite(Combined.WEIGHTED_BURN, ("a", "b"), (Fraction(3), Fraction(1))))
    '99 % good, a weighing 75 % and b 25 %'
    >>> said(99, Composite(Combined.WORST_MEMBER, ("a", "b")))
    '99 % good, in the worst of a, b'
    """
    percent, indicator = f"{slo.objective.percent:f}", slo.indicator
    match indicator:
        case Sliced():
            return _slices(indicator, percent)
        case Composite():
            return _together(indicator, percent)
        case Latency():
            under = duration_text(indicator.threshold_s)
            return f"{_share(indicator, percent)} (p{percent} < {under})"
        case _:
            return _share(indicator, percent)


def _together(composite: Composite, percent: str) -> str:
    """What is promised of several."""
    match composite.method:
        case Combined.UNION_OF_BAD_SLICES:
            return f"{', '.join(composite.members)} all good {percent} % of the time"
        case Combined.WEIGHTED_BURN:
            whole, (first, *rest) = sum(composite.weights), composite.members
            shares = [near_percent(weight / whole) for weight in composite.weights]
            others = ", ".join(
                f"{one} {share}" for one, share in zip(rest, shares[1:], strict=True)
            )
            return f"{percent} % good, {first} weighing {shares[0]} and {others}"
        case Combined.WORST_MEMBER:
            return f"{percent} % good, in the worst of {', '.join(composite.members)}"
        case Combined.SUM_OF_EVENTS:
            return f"{percent} % good, of {', '.join(composite.members)} together"


def near_percent(share: Fraction) -> str:
    """A share as a percentage, where it has many digits rounded to a tenth.

    >>> near_percent(Fraction(1, 4)), near_percent(Fraction(1, 3))
    ('25 %', '≈ 33.3 %')
    """
    tenths = share * 1000
    if tenths.denominator == 1:
        return f"{percent_text(share)} %"
    nearest = Fraction(round(tenths), 1000)  # words: no figure is made of it
    return f"≈ {percent_text(nearest)} %"


def bad_word(indicator: Indicator) -> str:
    """What is bad of it: requests are slow or failed, time is down, slow, out of bounds or bad.

    >>> bad_word(Uptime("up")), bad_word(RawRatio("share"))
    ('down', 'bad')
    """
    match indicator:
        case Uptime():
            return "down"
        case Latency():
            return "slow"
        case Gauge():
            return "slow" if indicator.percentile else "out of bounds"
        case RawRatio() | Sliced():
            return "bad"
        case _:
            return "bad" if counts_time(indicator) else "failed"


def good_words(indicator: Indicator) -> str:
    """What is good of it, as the title of a chart.

    >>> good_words(Latency(0.5, samples="s")), good_words(Sliced(Uptime("up"), 300, Fraction(1)))
    ('Values under 500 ms', 'Good 5-minute slices')
    """
    match indicator:
        case Latency():
            counted = counted_word(indicator).capitalize()
            return f"{counted} under {duration_text(indicator.threshold_s)}"
        case Uptime():
            return "Time up"
        case Gauge():
            return f"Time with {bound_words(indicator)}"
        case RawRatio():
            return "Good share of the time"
        case Sliced():
            share = "Good share of" if indicator.target is None else "Good"
            return f"{share} {slice_words(indicator.slice_s)}"
        case _:
            method = indicator.method if isinstance(indicator, Composite) else None
            return _GOOD_OF_ALL.get(method, "Requests that succeed")


def bound_words(gauge: Gauge) -> str:
    """What the gauge must keep to: points of a percentile are told as a latency.

    >>> from slo.indicator import Op
    >>> bound_words(Gauge('depth{queue="mail"}', Op.LT, 100.0))
    'depth < 100'
    >>> bound_words(Gauge("seconds", Op.LTE, 0.5, percentile="p95"))
    'p95 under 500 ms'
    """
    if gauge.percentile:
        return f"{gauge.percentile} under {duration_text(gauge.value)}"
    return f"{Selector.parse(gauge.gauge).name} {gauge.op.value} {number_text(gauge.value)}"


def slice_word(slice_s: int) -> str:
    """A slice by its length.

    >>> slice_word(300)
    '5-minute slice'
    """
    return f"{slice_s // MINUTE_S}-minute slice"


def slice_words(slice_s: int) -> str:
    """Slices by their length.

    >>> slice_words(300)
    '5-minute slices'
    """
    return f"{slice_word(slice_s)}s"


def percent_text(share: Fraction) -> str:
    """A share as a percentage without needless digits.

    >>> percent_text(Fraction(19, 20)), percent_text(Fraction(1)), percent_text(Fraction(999, 1000))
    ('95', '100', '99.9')
    """
    scaled = share * 100
    return f"{(Decimal(scaled.numerator) / Decimal(scaled.denominator)).normalize():f}"


def number_text(value: float) -> str:
    """A bound in all its digits, without an exponent.

    >>> number_text(100.0), number_text(0.75), number_text(1e-7), number_text(0.0)
    ('100', '0.75', '0.0000001', '0')
    """
    return f"{Decimal(repr(value)).normalize():f}" if value else "0"


def _slices(sliced: Sliced, percent: str) -> str:
    slices = slice_words(sliced.slice_s)
    if sliced.target is None:
        return f"{_share(sliced.of, percent)}, on average over {slices}"
    return _good_slices(sliced.of, percent_text(sliced.target), f"{percent} % of {slices}")


def _share(of: Base, percent: str) -> str:
    """So much of what it counts is good."""
    match of:
        case Latency():
            return f"{percent} % of {counted_word(of)} under {duration_text(of.threshold_s)}"
        case Uptime():
            return f"{percent} % of the time up"
        case Gauge():
            return f"{percent} % of the time {bound_words(of)}"
        case RawRatio():
            name = Selector.parse(of.ratio).name
            bad = ", which is the bad share" if of.is_failure else ""
            return f"{percent} % good on average over time, by {name}{bad}"
        case _:
            return f"{percent} % of requests succeed"


def _good_slices(of: Base, percent: str, many: str) -> str:
    """That so many slices are good, each by so much of it."""
    most = "throughout" if percent == "100" else f"for {percent} % of their time"
    match of:
        case Latency():
            return f"{many} have p{percent} under {duration_text(of.threshold_s)}"
        case Uptime():
            return f"{many} are up {most}"
        case Gauge():
            return f"{many} have {bound_words(of)} {most}"
        case RawRatio():
            return f"{many} are {percent} % good by {Selector.parse(of.ratio).name}"
        case Ratio():
            least = "all" if percent == "100" else f"at least {percent} % of"
            return f"{least} requests succeed in {many}"
