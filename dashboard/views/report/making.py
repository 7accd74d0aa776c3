"""How a report is made of the store: the same views as everywhere, at both ends of the period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Protocol

from collectors.store.together import Together
from dashboard.views.attribution import making
from dashboard.views.attribution.falls import NOBODY, blame
from dashboard.views.counted import figures
from dashboard.views.counted.corrected import Columns
from dashboard.views.happened.happenings import whole_title_of
from dashboard.views.report import spends
from dashboard.views.report.model import Happening, Heading, Report, SloLine, Spend
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.slo_view import SloView
from slo.coverage import coverage
from slo.delivery.facts import DeliveryRules
from slo.facts import EventKind, EventRow
from slo.objective import Slo
from slo.spans import Span
from slo.tally import Tally

_NAMED = 3
_KINDS = (EventKind.INCIDENT, EventKind.DEPLOYMENT, EventKind.RELEASE)


class Store(figures.Store, making.Store, Protocol):
    """The part of the store's reader that a report is made of."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> Columns:
        """The bins of one level in a span."""


def report_of(
    heading: Heading,
    slos: Sequence[Slo],
    reader: Store,
    sources: Mapping[str, figures.Origin],
    rules: DeliveryRules,
) -> Report:
    """The report of a period: a function of the store, the promises, the rules and the heading alone."""
    period = heading.period.span
    now = figures.evaluate(slos, reader, as_of=period.until, sources=sources)
    then = figures.evaluate(slos, reader, as_of=period.since, sources=sources)
    then_by_name = {view.name: view for view in then}
    events = _events(reader, heading, period)
    known = making.happened(reader, rules, period.until)
    found: list[Spend] = []
    lines = []
    answers = reader.windows([spends.asks(view, period) for view in now])
    read = {view.name: answer for view, answer in zip(now, answers, strict=True)}
    for view in by_need(now):
        line, burnt = _line(reader, (then_by_name[view.name], view), period, read[view.name])
        lines.append(line)
        if burnt:
            made = making.spending(reader, rules, _reaching(view, period), known)
            found += _named(view, burnt, made)
    return Report(
        heading=heading,
        slos=tuple(lines),
        spends=tuple(sorted(found, key=lambda one: (-one.share, one.span, one.slo))[:_NAMED]),
        happenings=tuple(_happenings(events, period)),
        before=_counts(_events(reader, heading, heading.period.before.span), heading),
    )


def _line(
    reader: Store, ends: tuple[SloView, SloView], period: Span, read: Sequence[Tally | None]
) -> tuple[SloLine, tuple[spends.Stretch, ...]]:
    """The SLO over the period, and the stretches that burnt."""
    then, now = ends
    step_s = spends.level_of(now)
    rates = spends.rated(now, period, read)
    bins = [reader.tally_rows(one.together, step_s, one.piece.part) for one in rates]
    line = SloLine(
        now=now,
        then=then,
        counted=None if read[0] is None else read[0].under(now.slo.treatment),
        spent=spends.spent(rates, read, now.slo.treatment),
        coverage=coverage(read[0], period, now.members),
        holes=spends.holes(bins, period, step_s),
    )
    return line, spends.stretches(now, rates, bins, step_s)


def _reaching(view: SloView, period: Span) -> SloView:
    """The view over all of the period, too: a window of a day, or of a month, may have begun in it."""
    since = min(view.span.since, period.since)
    return replace(view, first=replace(view.first, span=Span(since, view.span.until)))


def _named(
    view: SloView, burnt: Sequence[spends.Stretch], made: making.Spending | None
) -> Iterator[Spend]:
    """The stretches as spends, each with those who are held to have spent it."""
    for one in burnt:
        found = blame(one.span, made)
        words = "" if found is NOBODY else found.words
        yield Spend(view.name, view.service, one.span, one.share, found.kind, words)


def _events(reader: Store, heading: Heading, span: Span) -> tuple[EventRow, ...]:
    """What happened in the span and concerns the report; incidents from before may still go on."""
    found = chain.from_iterable(reader.events(kind, span=span) for kind in _KINDS)
    mine = [one for one in found if heading.service is None or one.service in ("", heading.service)]
    return tuple(sorted(mine, key=lambda one: (one.at, one.kind, one.key, one.service)))


def _happenings(events: Iterable[EventRow], period: Span) -> Iterator[Happening]:
    for event in events:
        if not _concerns(event, period):
            continue
        lasts = event.kind is EventKind.INCIDENT
        ended_at = (
            None if event.ended_at is None or event.ended_at > period.until else event.ended_at
        )
        until = period.until if ended_at is None else ended_at
        yield Happening(
            kind=event.kind,
            key=event.key,
            title=whole_title_of(event),
            service=event.service,
            at=event.at,
            ended_at=ended_at if lasts else event.ended_at,
            lasted_s=until - max(event.at, period.since) if lasts else None,
        )


def _counts(events: Iterable[EventRow], heading: Heading) -> tuple[tuple[EventKind, int], ...]:
    """How many of each kind there were in the period before."""
    span = heading.period.before.span
    kinds = [event.kind for event in events if _concerns(event, span)]
    return tuple((kind, kinds.count(kind)) for kind in _KINDS)


def _concerns(event: EventRow, period: Span) -> bool:
    """Whether it happened in the period, or was going on in it."""
    if event.kind is not EventKind.INCIDENT:
        return period.since <= event.at < period.until
    return event.at < period.until and (event.ended_at is None or event.ended_at > period.since)
