"""What a member of a group counts: the selectors of the group's indicator, and its own labels."""

from __future__ import annotations

from dataclasses import replace

from slo.indicator import (
    Base,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Slo
from slo.selector import Matcher, Selector
from slo.splits import Labels


def own_indicator(slo: Slo) -> Indicator:
    """The indicator of an SLO; of a member of a group with the values of its labels in selectors."""
    match slo.indicator:
        case _ if not slo.member:
            return slo.indicator
        case Composite() as composed:
            return composed
        case Sliced(of=of) as sliced:
            return replace(sliced, of=_narrowed(of, slo.member))
        case base:
            return _narrowed(base, slo.member)


def _narrowed(base: Base, values: Labels) -> Base:
    match base:
        case Ratio(total=total, good=good, bad=bad):
            return replace(
                base, total=_with(total, values), good=_of(good, values), bad=_of(bad, values)
            )
        case Latency(histogram=histogram, samples=samples):
            return replace(base, histogram=_of(histogram, values), samples=_of(samples, values))
        case Uptime(probe=probe):
            return replace(base, probe=_with(probe, values))
        case Gauge(gauge=gauge):
            return replace(base, gauge=_with(gauge, values))
        case RawRatio(ratio=ratio):
            return replace(base, ratio=_with(ratio, values))


def _of(selector: str | None, values: Labels) -> str | None:
    return None if selector is None else _with(selector, values)


def _with(selector: str, values: Labels) -> str:
    """The selector with these values; an empty one means that the label is absent, as in PromQL."""
    parsed = Selector.parse(selector)
    own = {Matcher(label, "=", value) for label, value in values}
    return str(Selector(parsed.name, tuple(sorted(own.union(parsed.matchers)))))
