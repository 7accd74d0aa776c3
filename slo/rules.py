"""Which tallies answer an indicator: the names under which they are made and found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from slo.indicator import (
    Absent,
    Base,
    Combine,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.selector import Selector

_TIME = re.compile(r"time (?:(<=?|>=?)(\S+)|(good|bad))(?: for (\d+))?")
_SLICES = re.compile(r"slices (\d+)(?: >=(\S+))? (of|over) (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TallyPick:
    """The tally series that an indicator sums: those of this name, labels and rule.

    `exact` means: made for the indicator as a whole, without labels; otherwise every series
    whose labels the selector matches is a member.
    """

    name: str
    rule: str
    selector: Selector | None = None

    @property
    def exact(self) -> bool:
        """Whether one series without labels answers, rather than all that match."""
        return self.selector is None


def canonical(selector: str) -> str:
    """The canonical text of a selector: one text for one meaning."""
    return str(Selector.parse(selector))


def threshold_rule(threshold_s: float) -> str:
    """The rule that counts events at or under a threshold in seconds.

    >>> threshold_rule(0.5)
    '<=0.5'
    """
    return f"<={threshold_s!r}"


def uptime_rule(combine: Combine) -> str:
    """The rule that counts up seconds when several probes watch one service.

    >>> uptime_rule(Combine.MAJORITY)
    'up:majority'
    """
    return f"up:{combine.value}"


def ratio_name(ratio: Ratio) -> str:
    """The name of the tally of two counters, good or bad over total.

    What an absent series means is part of it: two meanings are two tallies.

    >>> ratio_name(Ratio("requests", bad="errors", absent=Absent.ZERO))
    'not (errors or 0) / requests'
    """
    total = canonical(ratio.total)
    counted = ratio.good if ratio.bad is None else ratio.bad
    if counted is None:
        return total
    part = canonical(counted)
    part = f"({part} or 0)" if ratio.absent is Absent.ZERO else part
    return f"{part} / {total}" if ratio.bad is None else f"not {part} / {total}"


def time_rule(indicator: Gauge | RawRatio) -> str:
    """The rule that counts the seconds in which a gauge is good; `time_indicator` reads it.

    How long a sample holds is part of it, so two promises about one gauge never disagree.

    >>> time_rule(Gauge("depth", Op.LT, 100.0)), time_rule(RawRatio("share", valid_s=900))
    ('time <100.0', 'time good for 900')
    """
    held = "" if indicator.valid_s is None else f" for {indicator.valid_s}"
    match indicator:
        case Gauge():
            return f"time {indicator.op.value}{indicator.value!r}{held}"
        case RawRatio():
            return f"time {'bad' if indicator.is_failure else 'good'}{held}"


def time_indicator(name: str, rule: str) -> Gauge | RawRatio | None:
    """What a rule of `time_rule` counts, of the gauge of that name; None for any other rule.

    >>> time_indicator("depth", "time <100.0")
    Gauge(gauge='depth', op=<Op.LT: '<'>, value=100.0, valid_s=None, percentile='')
    """
    found = _TIME.fullmatch(rule)
    if found is None:
        return None
    op, value, kind, held = found.groups()
    valid_s = None if held is None else int(held)
    if kind is not None:
        return RawRatio(name, kind == "bad", valid_s)
    return Gauge(name, Op(op), float(value), valid_s)


@dataclass(frozen=True, slots=True)
class SliceRule:
    """How slices of time are judged: by the tallies of another rule.

    `is_over_all` says that all series together make a slice that the selector in the name
    matches; otherwise those of exactly that name, each set of labels for itself.
    """

    slice_s: int
    target: Fraction | None
    of: str
    is_over_all: bool

    def __str__(self) -> str:
        """The rule as it stands with a series."""
        least = "" if self.target is None else f" >={self.target}"
        return f"slices {self.slice_s}{least} {'over' if self.is_over_all else 'of'} {self.of}"

    @classmethod
    def read(cls, rule: str) -> SliceRule | None:
        """What such a rule says; None for any other.

        >>> SliceRule.read("slices 300 >=19/20 over <=0.5")
        SliceRule(slice_s=300, target=Fraction(19, 20), of='<=0.5', is_over_all=True)
        """
        found = _SLICES.fullmatch(rule)
        if found is None:
            return None
        slice_s, target, word, of = found.groups()
        return cls(int(slice_s), None if target is None else Fraction(target), of, word == "over")


def slice_rule(sliced: Sliced) -> SliceRule:
    """The rule that judges the slices of an indicator.

    >>> str(slice_rule(Sliced(Uptime("up"), 60)))
    'slices 60 of up:majority'
    """
    pick = tally_pick(sliced.of)
    return SliceRule(sliced.slice_s, sliced.target, pick.rule, not pick.exact)


def tally_pick(indicator: Indicator) -> TallyPick:
    """The tally series that answer the indicator; none does a composite, whose members have them.

    >>> tally_pick(Uptime('up{job="a"}')).rule
    'up:majority'
    """
    match indicator:
        case Gauge(gauge=text) | RawRatio(ratio=text):
            selector = Selector.parse(text)
            return TallyPick(selector.name, time_rule(indicator), selector)
        case Sliced():
            return TallyPick(sliced_name(indicator.of), str(slice_rule(indicator)))
        case Composite():
            return TallyPick("", "")
        case _:
            return _counted_pick(indicator)


def _counted_pick(indicator: Ratio | Latency | Uptime) -> TallyPick:
    match indicator:
        case Uptime():
            return TallyPick(canonical(indicator.probe), uptime_rule(indicator.combine))
        case Latency(histogram=str(histogram)):
            return TallyPick(canonical(histogram), threshold_rule(indicator.threshold_s))
        case Latency(samples=str(samples)):
            selector = Selector.parse(samples)
            return TallyPick(selector.name, threshold_rule(indicator.threshold_s), selector)
        case Ratio(good=None, bad=None):
            selector = Selector.parse(indicator.total)
            return TallyPick(selector.name, "", selector)
        case Ratio():
            return TallyPick(ratio_name(indicator), "")
        case _:
            raise ValueError(
                f"a latency indicator names neither a histogram nor samples: {indicator}"
            )


def sliced_name(of: Base) -> str:
    """The name of slices: they are made of all series together that the selector matches.

    >>> sliced_name(Latency(0.5, samples='s{job="a"}'))
    's{job="a"}'
    """
    pick = tally_pick(of)
    return str(pick.selector or pick.name)


def stream_name(indicator: Base) -> str:
    """What a source asked for indicators calls the stream of one: what it reads, and how.

    >>> stream_name(Uptime('up{job="a"}'))
    'uptime up{job="a"}'
    """
    match indicator:
        case Uptime():
            return f"uptime {Selector.parse(indicator.probe)}"
        case Latency(histogram=None):
            only = f" if {Selector.parse(indicator.only_if)}" if indicator.only_if else ""
            return f"samples {Selector.parse(indicator.samples or '')}{only}"
        case Latency():
            return f"latency {canonical(indicator.histogram or '')} {indicator.threshold_s!r}"
        case Ratio():
            return f"ratio {ratio_name(indicator)}"
        case Gauge():
            return f"samples {Selector.parse(indicator.gauge)}"
        case RawRatio():
            return f"ratios {Selector.parse(indicator.ratio)}"
