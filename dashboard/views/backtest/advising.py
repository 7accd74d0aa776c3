"""What a history says of its target: the months and windows of an SLO, or of the worst of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from zoneinfo import ZoneInfo

from collectors.store.together import Together, Weighed
from collectors.store.widths import QUARTER_S
from collectors.store.windows import WindowAsk
from dashboard.views.backtest.history import Kept, kept, refuse_nothing
from dashboard.views.backtest.replaying import expected
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.families import Family, family
from dashboard.views.counted.plan import Looked, looked_at
from dashboard.views.counted.series_index import Index
from dashboard.views.upkeep.scene import Scene
from slo.advise import Advice, Lowest, Month, advise, lowest_weighed, lowest_window
from slo.bins import Bins
from slo.coverage import coverage, is_enough
from slo.indicator import is_worst_member
from slo.objective import Slo
from slo.periods import NamedPeriod, ReportPeriod, last_complete
from slo.replay_weighed import Weighted
from slo.spans import CalendarWindow, RollingWindow, Span
from slo.tally import Tally


def advised(scene: Scene, slo: Slo, asked: Span | None = None) -> Advice:
    """Which targets the history of the SLO would have met, by the months of its time zone.

    Of the worst member it is in each month, and over each window, the one with the least SLI.

    Raises:
        InputError: nothing was measured in the span.
    """
    each = [
        (name, *found)
        for name, one in judged_by(scene, slo).items()
        if (found := _of_one(scene, one, asked)) is not None
    ]
    if not each:
        refuse_nothing(scene, slo, asked)
    months = _worst([replace(one, of=name) for one in months] for name, months, _ in each)
    windows = (replace(one, of=name) for name, _, found in each for one in found if one is not None)
    return advise(months, windows)


def judged_by(scene: Scene, slo: Slo) -> dict[str, Slo]:
    """By name the members of which the worst counts, else the SLO itself under no name."""
    if not is_worst_member(slo.indicator):
        return {"": slo}
    whole = family(slo, Index.of_tallies(scene.reader))
    return {one.name: one for one in _members(whole)}


def _members(made: Family) -> Iterator[Slo]:
    """The members of the worst, those of a worst member among them in its place."""
    for part in made.parts:
        if is_worst_member(part.slo.indicator):
            yield from _members(part)
        else:
            yield part.slo


def _worst(each: Iterator[list[Month]]) -> list[Month]:
    """Of every month the member with the least SLI of those that count; else of any."""
    found: dict[Span, list[Month]] = {}
    for month in chain.from_iterable(each):
        found.setdefault(month.period.span, []).append(month)
    return [
        min(found[span], key=lambda one: (not one.counts, one.sli is None, one.sli or 0))
        for span in sorted(found)
    ]


def _of_one(
    scene: Scene, slo: Slo, asked: Span | None
) -> tuple[list[Month], tuple[Lowest | None, ...]] | None:
    """The months and the lowest windows of one SLO; None where nothing of it was measured."""
    found = kept(scene.reader, slo, asked, scene.as_of)
    if found is None:
        return None
    zone = slo.window.zone if isinstance(slo.window, CalendarWindow) else scene.config.timezone
    periods = tuple(_months(zone, found.span))
    last = looked_at(slo.window, found.span.until, found.series.bin_s)
    looked = (last.span, *(one.span for one in periods))
    spans = [one.clipped_to(found.span) for one in looked]
    counts = scene.reader.windows([WindowAsk(found.series.together, tuple(spans))])[0]
    months = [_month(slo, found, *pair) for pair in zip(periods, counts[1:], strict=True)]
    if not isinstance(slo.window, RollingWindow):
        return months, ()
    lowest = _lowest(scene, slo, found, slo.window.length_s)
    return months, (lowest, _last(slo, found, last, counts[0]))


def _lowest(scene: Scene, slo: Slo, found: Kept, window_s: int) -> Lowest | None:
    """The least over any window that ends with a quarter hour, measured before corrections."""
    whole = Span(found.span.since, found.span.until - found.span.until % QUARTER_S)
    together = found.series.together

    def quarters(of: Together) -> Bins:
        return bins_of(scene.reader, of, slo.treatment, QUARTER_S, whole, is_seen_whole=True)

    if not isinstance(together, Weighed):
        bins = quarters(together)
        return lowest_window(bins, window_s, expected(found.series, bins))
    leaves = together.leaves
    members = [Weighted(quarters(one.part), one.share, one.expected) for one in leaves]
    return lowest_weighed(members, window_s)


def _months(zone: ZoneInfo, span: Span) -> Iterator[NamedPeriod]:
    """The months of which some of the span is a part, the earliest first."""
    period = last_complete(ReportPeriod.MONTH, zone, span.since).following
    while period.span.since < span.until:
        yield period
        period = period.following


def _month(slo: Slo, found: Kept, period: NamedPeriod, raw: Tally | None) -> Month:
    """The counts of a month; how much of it was measured, corrections do not change."""
    so_far = Span(period.span.since, min(period.span.until, found.span.until))
    members = found.series.members(so_far.until)
    return Month(
        period,
        None if raw is None else raw.under(slo.treatment),
        coverage(raw, so_far, members),
        is_enough=is_enough(raw, period.span, members),
    )


def _last(slo: Slo, found: Kept, looked: Looked, raw: Tally | None) -> Lowest | None:
    """The window that ends with the data, as `check` has it, though in the middle of a quarter."""
    tally = None if raw is None else raw.under(slo.treatment)
    members = found.series.members(looked.span.until)
    if tally is None or tally.sli is None or not is_enough(raw, looked.whole, members):
        return None
    return Lowest(looked.whole.length_s, looked.span.until, tally.sli)
