"""Which tallies answer an indicator: the names under which they are made and found."""

from __future__ import annotations

from dataclasses import dataclass

from slo.indicator import Absent, Combine, Indicator, Latency, Ratio, Uptime
from slo.selector import Selector


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


def tally_pick(indicator: Indicator) -> TallyPick:
    """The tally series that answer the indicator.

    >>> tally_pick(Uptime('up{job="a"}')).rule
    'up:majority'
    """
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


def stream_name(indicator: Indicator) -> str:
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
