"""Which stored series a selector of the options means, in the source asked for or in any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.measures.arithmetic import ranged
from dashboard.measures.contract import Asked
from dashboard.measures.observed import until_look
from slo.facts import SeriesKind
from slo.indicator import Indicator
from slo.selector import Selector

if TYPE_CHECKING:
    from collectors.store.stored import StoredSeries


def picked(asked: Asked, selector: str, kind: SeriesKind) -> tuple[StoredSeries, ...]:
    """The reported series of the kind whose name and labels the selector matches."""
    wanted = Selector.parse(selector)
    return tuple(
        one
        for one in asked.reader.series(asked.source, kind)
        if not one.key.rule and wanted.matches(one.key.name, dict(one.key.labels))
    )


def tallies(asked: Asked, indicator: Indicator) -> tuple[StoredSeries, ...]:
    """The tallies that answer the indicator, in the source asked for or in any."""
    sources = {one.key.source for one in asked.reader.series(asked.source, SeriesKind.TALLY)}
    return tuple(one for source in sorted(sources) for one in asked.reader.pick(source, indicator))


def series_say(series: tuple[StoredSeries, ...], asked: Asked) -> tuple[tuple[str, str], ...]:
    """Which source was read, and how many of its series."""
    sources = ", ".join(sorted({one.key.source for one in series}))
    return (("source", sources or asked.source or "none"), ("series read", f"{len(series):,}"))


def query_of(asked: Asked, now: str, old: str = "") -> str:
    """The selector, with the span over which it was read, a line a period."""
    spans = (until_look(each, asked.as_of) for each in (asked.before, asked.after))
    texts = (old or now, now)
    return "\n".join(
        f"{text}, {ranged(span, asked.zone)}" for text, span in zip(texts, spans, strict=True)
    )
