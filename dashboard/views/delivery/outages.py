"""What probes saw of each uptime SLO: time up, down and unknown, and the outages one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from collectors.store.stored import StoredSeries
from dashboard.measures.stretches import Stretches, of_spans
from dashboard.views.corrections.bearing import bearing_on
from dashboard.views.upkeep.scene import Scene
from slo.delivery.episodes import without
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Uptime
from slo.lengths import MINUTE_S
from slo.objective import Slo
from slo.rules import tally_pick
from slo.selector import Selector
from slo.spans import Span, united
from slo.splits import values_of
from slo.status import DOWN, Intervals, combine


@dataclass(frozen=True, slots=True)
class Outage:
    """One stretch that an SLO's probes saw down; `is_open` where nothing known follows it.

    `excused` is the kind of the correction that covers the whole of it; empty without one.
    """

    slo: str
    service: str
    span: Span
    is_open: bool
    excused: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What the probes of one uptime SLO saw: stretches known, and those of them down, by time.

    `corrected` is the time that does not count as it was seen, in whole minutes as in budgets;
    `is_collected` says that such a probe was ever seen.
    """

    slo: Slo
    known: tuple[Span, ...]
    down: tuple[Span, ...]
    outages: tuple[Outage, ...]
    corrected: tuple[Span, ...] = ()
    is_collected: bool = True

    def stretches(self, planned: Sequence[Span] = ()) -> Stretches:
        """The time known to be up or down, without planned work."""
        down = without(united(self.down), planned)
        return of_spans(without(without(self.known, planned), down), down)


def watched(scene: Scene, span: Span) -> tuple[Watched, ...]:
    """What was seen of each uptime SLO in the span, and nothing after the scene's moment."""
    slos = [one for one in scene.config.slos if isinstance(one.indicator, Uptime)]
    if not slos or not span.length_s:
        return ()
    stored = scene.reader.series(kind=SeriesKind.STATUS)
    return tuple(_watched(scene, slo, stored, span) for slo in slos)


def watched_of(scene: Scene, slo: Slo, span: Span) -> Watched:
    """What was seen of one uptime SLO in the span; of a member of a group by its own probes."""
    return _watched(scene, slo, scene.reader.series(kind=SeriesKind.STATUS), span)


def _watched(scene: Scene, slo: Slo, stored: Sequence[StoredSeries], span: Span) -> Watched:
    assert isinstance(slo.indicator, Uptime)
    selector = Selector.parse(slo.indicator.probe)
    ids = [
        one.id
        for one in stored
        if one.key.source == slo.source
        and (one.since is None or one.since < scene.as_of)
        and selector.matches(one.key.name, dict(one.key.labels))
        and slo.member in ((), values_of(dict(one.key.labels), slo.group_by))
    ]
    seen = scene.reader.measured.status_intervals(ids, span, known_by=scene.as_of)
    seen_so = _of(slo, combine(seen, slo.indicator.combine), span)
    found = _excused(seen_so, _corrections(scene, slo, span))
    return found if ids else replace(found, is_collected=False)


def _of(slo: Slo, known: Intervals, span: Span) -> Watched:
    """Lengths are cut at the span's end: what was seen after it is not known yet."""
    inside = np.flatnonzero((known.since < span.until) & (known.until >= span.since))
    spans = [
        (Span(int(known.since[n]), int(min(known.until[n], span.until))), int(known.state[n]))
        for n in inside
    ]
    down = tuple(one for one, state in spans if state == DOWN)
    last = spans[-1][0] if spans else None
    return Watched(
        slo,
        united(one for one, _ in spans),
        tuple(one for one in down if one.length_s),
        tuple(Outage(slo.name, slo.service, one, is_open=one is last) for one in down),
    )


def _corrections(scene: Scene, slo: Slo, span: Span) -> Mapping[str, tuple[Span, ...]]:
    """The whole minutes of a span that corrections of its seconds up cover, by their kinds."""
    found: dict[str, list[Span]] = {}
    for one in bearing_on(scene.reader.corrections(), [_seconds_up(slo)]):
        found.setdefault(one.kind.value, []).extend(map(_minutes, one.spans_within(span)))
    return {kind: united(spans) for kind, spans in found.items()}


def _seconds_up(slo: Slo) -> SeriesKey:
    """The tally that its budget counts: of its probes together, or of those of a member."""
    pick = tally_pick(slo.indicator)
    labels = tuple(sorted(slo.member))
    return SeriesKey(slo.source, pick.name, SeriesKind.TALLY, labels, pick.rule)


def _minutes(span: Span) -> Span:
    return Span(span.since // MINUTE_S * MINUTE_S, -(-span.until // MINUTE_S) * MINUTE_S)


def _excused(seen: Watched, corrections: Mapping[str, tuple[Span, ...]]) -> Watched:
    """What was seen with what does not count of it; an outage is excused as a whole or not."""
    outages = [replace(one, excused=_kind_over(one.span, corrections)) for one in seen.outages]
    corrected = united(span for spans in corrections.values() for span in spans)
    return replace(seen, outages=tuple(outages), corrected=corrected)


def _kind_over(span: Span, corrections: Mapping[str, tuple[Span, ...]]) -> str:
    return next((k for k, spans in corrections.items() if not without([span], spans)), "")
