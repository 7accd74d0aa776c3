"""Collects counters and buckets told apart by labels: the values of a group, or those that lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collectors.contract import Batch, Counts
from collectors.prometheus import extrapolated, latency, ratio
from collectors.prometheus.apart import Apart
from collectors.prometheus.batching import batches
from collectors.prometheus.foremost import Foremost, cut
from collectors.prometheus.pages import Inquiry, Page
from collectors.prometheus.progress import late_since
from collectors.prometheus.tracks import Follower, Seen
from slo.facts import TallyRows
from slo.indicator import MOST_MEMBERS, Indicator, Latency, Ratio, Split
from slo.lengths import HOUR_S
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class _Found:
    """What each value counted, and which of the minutes are to be told and claimed."""

    facts: list[TallyRows]
    told: Span
    claimed: Span
    counts: Counts
    warnings: tuple[str, ...]


def selectors(indicator: Indicator) -> Sequence[str]:
    """The counters or buckets that are read for an indicator."""
    if isinstance(indicator, Latency):
        return [latency.selector(indicator)]
    assert isinstance(indicator, Ratio), "only counters are told apart at their source"
    return ratio.selectors(indicator)


def collect(inquiry: Inquiry, split: Split, span: Span, series: int) -> Iterator[Batch]:
    """The tallies of the values in each whole minute of the span, from raw samples."""
    begin = _since(split, late_since(span.since, inquiry.lookback_s))
    seen = Follower(inquiry, selectors(split.of)).pages(span, series, begin)
    return _batches(split, (_read(inquiry, split, each) for each in seen))


def increased(inquiry: Inquiry, split: Split, span: Span) -> Iterator[Batch]:
    """The same of counters too wide to fetch: five-minute increases, summed by the server."""
    labels = ", ".join((*split.by, "le") if isinstance(split.of, Latency) else split.by)
    asked = [f"sum by ({labels}) (increase({name}[5m]))" for name in selectors(split.of)]
    around = Span(_since(split, span.since), span.until)
    pages = extrapolated.increases(inquiry, asked, around)
    return _batches(split, (_summed(inquiry, split, page, span) for page in pages))


def _read(inquiry: Inquiry, split: Split, seen: Seen) -> _Found:
    facts = Apart(inquiry, split, seen.counted, seen.is_partial).read(seen.readings)
    return _Found(facts, seen.told, seen.claimed, seen.counts, seen.warnings)


def _summed(inquiry: Inquiry, split: Split, page: Page, span: Span) -> _Found:
    facts = Apart(inquiry, split, page.span, bool(page.warnings)).increased(page.answers)
    shown = Span(max(page.span.since, span.since), max(page.span.until, span.since))
    return _Found(facts, shown, shown, page.counts, page.warnings)


def _since(split: Split, since: int) -> int:
    """Who leads an hour is known of the whole of it."""
    return since // HOUR_S * HOUR_S if split.is_breakdown else since


def _batches(split: Split, found: Iterable[_Found]) -> Iterator[Batch]:
    foremost = Foremost()
    for one in found:
        warnings = (*one.warnings, *_unlabelled(split, one.facts))
        if split.is_breakdown:
            kept: Sequence[TallyRows] = foremost.of(one.facts, one.told)
        else:
            kept, beyond = _first(split, [*_within(one.facts, one.told)])
            warnings = (*warnings, *beyond)
        if one.told.length_s:
            yield from batches(kept, one.claimed, ratio.BIN_S, one.counts, warnings)


def _within(facts: Iterable[TallyRows], span: Span) -> Iterator[TallyRows]:
    for fact in facts:
        inside = cut(fact, span)
        if len(inside.at):
            yield inside


def _first(split: Split, facts: Sequence[TallyRows]) -> tuple[Sequence[TallyRows], Sequence[str]]:
    """The facts of so many values as are kept: those that come first in the alphabet.

    Those that are the first of all pages are among the first of each.
    """
    values = sorted({fact.series.labels for fact in facts})
    if len(values) <= MOST_MEMBERS:
        return facts, ()
    first = set(values[:MOST_MEMBERS])
    said = (
        f"{len(values)} values of {', '.join(split.by)}: the first {MOST_MEMBERS} in the alphabet"
        " have a budget of their own, the others count in the sum alone"
    )
    return [fact for fact in facts if fact.series.labels in first], (said,)


def _unlabelled(split: Split, facts: Sequence[TallyRows]) -> Sequence[str]:
    """What to tell of labels that no series has: a name with a mistake in it tells nothing apart."""
    seen = {pair for fact in facts for pair in fact.series.labels}
    missing = [
        label
        for label in split.by
        if (label, "") in seen and {value for name, value in seen if name == label} == {""}
    ]
    return [f"no series of {selectors(split.of)[0]} has the label {name}" for name in missing]
