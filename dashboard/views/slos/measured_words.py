"""What an indicator counts, and out of what, in words."""

from __future__ import annotations

from dashboard.views.words import duration_words
from slo.indicator import (
    Absent,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import duration_text
from slo.promise import bound_words, near_percent, number_text, percent_text, slice_words


def measured_words(indicator: Indicator) -> str:
    """What is counted as good, out of what."""
    match indicator:
        case Sliced():
            return _sliced(indicator)
        case Composite():
            return f"{_members(indicator)}, by {indicator.method.value}"
        case Gauge():
            return _gauge(indicator)
        case RawRatio():
            share = "bad" if indicator.is_failure else "good"
            return (
                f"seconds, each as good as {indicator.ratio} says, which is the {share} share from "
                f"0 to 1; {_holds(indicator.valid_s)}"
            )
        case _:
            return _counted(indicator)


def _members(composite: Composite) -> str:
    """The members, with their shares of the weights where they have any."""
    if not composite.weights:
        return ", ".join(composite.members)
    whole = sum(composite.weights)
    pairs = zip(composite.members, composite.weights, strict=True)
    return ", ".join(f"{name} ({near_percent(weight / whole)})" for name, weight in pairs)


def _counted(indicator: Uptime | Latency | Ratio) -> str:
    match indicator:
        case Uptime():
            holds = duration_words(indicator.valid_s)
            return (
                f"seconds up out of seconds up or down, seen by {indicator.probe}; a state holds "
                f"for {holds}; of several probes {indicator.combine.value} must be up"
            )
        case Latency(histogram=str(buckets)):
            return f"requests at or under {duration_text(indicator.threshold_s)}, out of {buckets}"
        case Latency():
            only = f", only while {indicator.only_if} is 1" if indicator.only_if else ""
            return (
                f"values at or under {duration_text(indicator.threshold_s)} of "
                f"{indicator.samples}{only}"
            )
        case Ratio():
            return _ratio(indicator)


def _gauge(gauge: Gauge) -> str:
    """A gauge; points of a percentile are said to tell of time, never of requests."""
    bound = f"{gauge.op.value} {number_text(gauge.value)}"
    told = f"seconds in which {gauge.gauge} is {bound}, out of those it is known; "
    if gauge.percentile:
        told = (
            f"seconds in which {bound_words(gauge)}, by the points of {gauge.gauge}: time, not "
            "requests, as points do not tell how many there were; "
        )
    return told + _holds(gauge.valid_s)


def _holds(valid_s: int | None) -> str:
    if valid_s is None:
        return "a value holds until the next, at most as long as its source says"
    return f"a value holds until the next, at most {duration_words(valid_s)}"


def _sliced(sliced: Sliced) -> str:
    """What is judged by slices, and when a slice is good."""
    slices = slice_words(sliced.slice_s)
    if sliced.target is None:
        judged = f"every second of {slices} as good as its slice was, whatever the traffic"
    else:
        least = percent_text(sliced.target)
        judged = f"seconds of {slices} that were good to {least} % or more, whatever the traffic"
    return f"{judged}; {measured_words(sliced.of)}"


def _ratio(ratio: Ratio) -> str:
    absent = ", which counts as 0 where it is missing" if ratio.absent is Absent.ZERO else ""
    if ratio.good is not None:
        return f"{ratio.good}{absent}, out of {ratio.total}"
    if ratio.bad is not None:
        return f"all but {ratio.bad}{absent}, out of {ratio.total}"
    return f"good events out of all, of {ratio.total}"
