"""Whether the promises of a file fit together: one series cannot be kept in two ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from dashboard.config.objectives import Promise
from dashboard.config.problems import Problem
from slo.indicator import Indicator, Latency, Uptime
from slo.selector import Selector
from slo.spans import length_label


def disagreements(promised: Sequence[Promise]) -> Iterator[Problem]:
    """Where two promises would keep one series in two ways, the later overwriting the earlier.

    What a source reported is stored once for all that read it: how long a status of a probe
    holds and which samples are left out belong to the series, not to the promise.
    """
    for (slo, first), (_, later), one, two in _pairs(promised):
        whose = f'slo "{slo.name}" ({first.where})'
        match one, two:
            case Uptime(), Uptime() if one.valid_s != two.valid_s:
                mine, theirs = length_label(two.valid_s), length_label(one.valid_s)
                said = f"a status holds {mine} here and {theirs} in {whose}"
                yield later.problem(f"{said}, but both read one probe; write the same", "valid_for")
            case Latency(), Latency() if _condition(one) != _condition(two):
                said = f"differs from {whose}, but both read the same samples; write the same"
                yield later.problem(said, "only_if")


def _pairs(
    promised: Sequence[Promise],
) -> Iterator[tuple[Promise, Promise, Indicator, Indicator]]:
    """The pairs of promises that surely read points of the same series."""
    alike: dict[tuple[str, str], list[tuple[Promise, Selector]]] = {}
    for promise in promised:
        indicator = promise[0].indicator
        selector = _points(indicator)
        if selector is not None:
            key = (promise[0].source, f"{type(indicator).__name__} {selector.name}")
            alike.setdefault(key, []).append((promise, selector))
    for group in alike.values():
        for (one, ours), (two, theirs) in combinations(group, 2):
            if _within(ours, theirs) or _within(theirs, ours):
                yield one, two, one[0].indicator, two[0].indicator


def _points(indicator: Indicator) -> Selector | None:
    """What an indicator reads that is stored point by point; counters and buckets are not."""
    match indicator:
        case Uptime():
            return Selector.parse(indicator.probe)
        case Latency(samples=str(samples)):
            return Selector.parse(samples)
        case _:
            return None


def _within(inner: Selector, outer: Selector) -> bool:
    """Whether whatever the inner one matches is matched by the outer one too."""
    return set(outer.matchers) <= set(inner.matchers)


def _condition(latency: Latency) -> str | None:
    return None if latency.only_if is None else str(Selector.parse(latency.only_if))
