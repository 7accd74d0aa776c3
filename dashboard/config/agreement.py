"""Whether what a file reads fits together: one series cannot be kept in two ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from dashboard.config.problems import Problem, Written
from slo.indicator import Base, Gauge, Indicator, Latency, RawRatio, Split, Uptime, base_of
from slo.selector import Selector
from slo.spans import length_label


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads what of which source, such as `slo "checkout"`, and the table that says so.

    `splits` are the counts of it that are wanted apart by labels.
    """

    who: str
    source: str
    indicator: Indicator
    written: Written
    splits: tuple[Split, ...] = ()


def disagreements(readings: Sequence[Reading]) -> Iterator[Problem]:
    """Where two would keep one series in two ways, the later overwriting the earlier.

    What a source reported is stored once for all that read it: how long a status of a probe
    holds and which samples are left out belong to the series, not to the promise or measure.
    """
    for first, second in _pairs(readings):
        whose, later = f"{first.who} ({first.written.where})", second.written
        match base_of(first.indicator), base_of(second.indicator):
            case Uptime() as one, Uptime() as two:
                if one.valid_s != two.valid_s:
                    mine, theirs = length_label(two.valid_s), length_label(one.valid_s)
                    said = f"a status holds {mine} here and {theirs} in {whose}, but both read one"
                    yield later.problem(f"{said} probe; write the same", "valid_for")
            case one, two if _condition(one) != _condition(two):
                said = f"differs from {whose}, but both read the same samples; write the same"
                yield later.problem(said, "only_if")


def _pairs(readings: Sequence[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """The pairs of readings that surely read points of the same series."""
    alike: dict[tuple[str, str], list[tuple[Reading, Selector]]] = {}
    for reading in readings:
        selector = _points(reading.indicator)
        if selector is not None:
            is_probe = isinstance(base_of(reading.indicator), Uptime)
            key = (reading.source, f"{'probe' if is_probe else 'samples'} {selector.name}")
            alike.setdefault(key, []).append((reading, selector))
    for group in alike.values():
        for (one, ours), (two, theirs) in combinations(group, 2):
            if _within(ours, theirs) or _within(theirs, ours):
                yield one, two


def _points(indicator: Indicator) -> Selector | None:
    """What an indicator reads that is stored point by point; counters and buckets are not."""
    match base_of(indicator):
        case Uptime(probe=text) | Gauge(gauge=text) | RawRatio(ratio=text):
            return Selector.parse(text)
        case Latency(samples=str(text)):
            return Selector.parse(text)
        case _:
            return None


def _within(inner: Selector, outer: Selector) -> bool:
    """Whether whatever the inner one matches is matched by the outer one too."""
    return set(outer.matchers) <= set(inner.matchers)


def _condition(base: Base | None) -> str | None:
    """Which samples are kept; of gauges all are."""
    if not isinstance(base, Latency) or base.only_if is None:
        return None
    return str(Selector.parse(base.only_if))
