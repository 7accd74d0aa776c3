"""Which part of a period was observed: without it no count of events is a rate.

events    from a source's first fact to the last time it was read whole, never after the look
statuses  the seconds in which it was known whether it was up
counts    the seconds of whole bins that a source measured
values    days on which anything was measured
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.measures.arithmetic import dated
from dashboard.measures.contract import Asked
from slo.delivery.episodes import without
from slo.evidence.comparison import Comparison
from slo.facts import EventKind
from slo.spans import Span, united

if TYPE_CHECKING:
    from collectors.store.reaches import Reach


@dataclass(frozen=True, slots=True)
class Observed:
    """The time in which events of a kind would have been told of, and by whom."""

    spans: tuple[Span, ...]
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def within(self, span: Span) -> tuple[Span, ...]:
        """The observed parts of a span."""
        parts = (one.clipped_to(span) for one in self.spans)
        return tuple(one for one in parts if one.length_s)

    def seconds(self, span: Span) -> int:
        """How many seconds of a span were observed."""
        return sum(one.length_s for one in self.within(span))

    def missing(self, span: Span) -> tuple[Span, ...]:
        """The parts of a span that were not observed."""
        return without((span,), self.within(span)) if span.length_s else ()


def until_look(span: Span, as_of: int) -> Span:
    """The part of a period that lies before the look."""
    return Span(min(span.since, as_of), min(span.until, as_of))


def observed_events(asked: Asked, kinds: Sequence[EventKind]) -> Observed:
    """The time over which the sources that tell of such events would have told of one.

    Of several sources one is enough: a new tool takes over from an old one. A source that had
    told of none by the end of the first period is taken to watch from its first one on only:
    nobody can say that there was nothing before.
    """
    reaches = [
        each
        for kind in kinds
        for each in asked.reader.reaches(kind)
        if asked.source in {None, each.source} and each.first_at < asked.as_of
    ]
    found = [(each, _reach(each, asked)) for each in reaches]
    spans = united(span for _, span in found)
    late = dict.fromkeys(
        f"source {each.source} told of nothing before {dated(span.since, asked.zone)}:"
        " what came earlier is not known"
        for each, span in found
        if span.since > asked.before.since
    )
    sources = tuple(dict.fromkeys(each.source for each in reaches))
    return Observed(spans, sources, tuple(late) if spans else ())


def _reach(reach: Reach, asked: Asked) -> Span:
    since = reach.since if reach.first_at < asked.before.until else reach.first_at
    return Span(since, max(since, min(reach.until, asked.as_of)))


def share_of(observed_s: float, span: Span) -> float | None:
    """The observed share of a span, from 0 to 1; None for an empty one."""
    return min(1.0, observed_s / span.length_s) if span.length_s else None


def covered(comparison: Comparison, before: float | None, after: float | None) -> Comparison:
    """The comparison with how much of each period was observed."""
    return replace(
        comparison,
        before=replace(comparison.before, coverage=before),
        after=replace(comparison.after, coverage=after),
    )
