"""The alerts after an evaluation: what begins, goes on and ends, out of the views of all SLOs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.views.counted.families import is_retired
from dashboard.views.slos.slo_view import SloView
from slo.alerting import Alert, AlertKind, Phase, Seen, removed, seen_of, stepped
from slo.judgement import Now

FRESH_S = 300
"""So long data must come in again before they count as well, or be missed by a source that goes on."""

Key = tuple[str, AlertKind]


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert as it now stands, and the views it is about: none where nothing is promised any more."""

    alert: Alert
    views: tuple[SloView, ...] = ()

    @property
    def view(self) -> SloView | None:
        """The view of its SLO; None for a source and for what is no longer promised."""
        return None if self.alert.kind is AlertKind.STALE or not self.views else self.views[0]

    @property
    def service(self) -> str:
        """The service that all it is about belongs to; empty where there are several."""
        services = {view.service for view in self.views}
        return services.pop() if len(services) == 1 else ""


def episodes(
    views: Sequence[SloView],
    last: Iterable[Alert],
    *,
    now: int,
    waited_for: Collection[str] = (),
) -> tuple[Episode, ...]:
    """Every alert that begins, goes on or ends now, by subject and kind.

    Nothing is said of SLOs whose source is `waited_for`: their figures are of before it was
    asked. An alert of what is no longer promised ends.
    """
    before = {(one.subject, one.kind): one for one in last}
    judged = [view for view in views if not _waits(view, waited_for)]
    found = [
        *(one for view in judged for one in _of_family(view, before, now)),
        *_of_sources(judged, before, now),
    ]
    gone = _removed(before.values(), views, waited_for, now)
    return tuple(sorted((*found, *gone), key=lambda one: (one.alert.subject, one.alert.kind)))


def _waits(view: SloView, waited_for: Collection[str]) -> bool:
    """Whether a source of it is yet to be asked; of an SLO without one of its own, any source."""
    sources = {view.slo.source, *(part.slo.source for part in view.parts)}
    return bool(waited_for) and not sources.isdisjoint({"", *waited_for})


def _of_family(view: SloView, before: Mapping[Key, Alert], now: int) -> Iterator[Episode]:
    """Those of the SLO, then of each member of its group by its own counts.

    Of a member none begins while one as grave is live of the sum: that says it all.
    """
    whole = view if view.slo.composed else view.itself
    own = tuple(_of_slo(whole, before, now))
    yield from own
    live = {one.alert.kind for one in own if one.alert.is_live}
    for part in () if view.slo.composed else view.parts:
        member = _gone(part, view) if is_retired(part, view) else part
        yield from _of_slo(member, before, now, live)


def _gone(part: SloView, whole: SloView) -> SloView:
    """A member that reports no more: it fires no more either, as far as the others are known."""
    judgement = replace(part.judgement, now=whole.itself.judgement.now, firing=())
    return replace(part, judgement=judgement, data_until=whole.data_until)


def _of_slo(
    view: SloView, before: Mapping[Key, Alert], now: int, live: Collection[AlertKind] = ()
) -> Iterator[Episode]:
    """Its page, then its ticket, which does not begin while the page is live: that says it all.

    Nor does either begin beside those `live` of its group, or at a moment that was judged before:
    a clock was set back.
    """
    can_begin = _is_news(view, before) and AlertKind.PAGE not in live
    page = _stepped(view, AlertKind.PAGE, before, now, can_begin=can_begin)
    can_begin = can_begin and AlertKind.TICKET not in live and not (page and page.is_live)
    ticket = _stepped(view, AlertKind.TICKET, before, now, can_begin=can_begin)
    for alert in (page, ticket):
        if alert is not None:
            yield Episode(alert, (view,))


def _is_news(view: SloView, before: Mapping[Key, Alert]) -> bool:
    known = (before.get((view.name, kind)) for kind in (AlertKind.PAGE, AlertKind.TICKET))
    judged = max((one.seen_at for one in known if one is not None), default=0)
    return view.data_until is not None and view.data_until >= judged


def _stepped(
    view: SloView, kind: AlertKind, before: Mapping[Key, Alert], now: int, *, can_begin: bool
) -> Alert | None:
    last = before.get((view.name, kind))
    is_live = last is not None and last.is_live
    if view.data_until is None and not is_live:
        return None
    at = view.data_until if view.data_until is not None else last.seen_at if last else now
    frozen = view.judgement.now is Now.FROZEN
    seen = seen_of(kind, view.firing, at=at, now=now, is_frozen=frozen)
    return stepped(view.name, kind, last, seen) if can_begin or is_live else None


def _of_sources(
    views: Sequence[SloView], before: Mapping[Key, Alert], now: int
) -> Iterator[Episode]:
    """That a source brings nothing new, in one alert for all its SLOs; else of each that ended alone.

    What ended alone never stands for its source, nor hides that the source stops after it.
    """
    for source in dict.fromkeys(view.slo.source for view in views if view.slo.source):
        own = [view for view in views if view.slo.source == source]
        late = [view for view in own if view.stale and not _is_outlived(view, own)]
        whole = _of_source(source, own, late, before, now)
        if whole is not None:
            yield whole
        is_told = whole is not None and whole.alert.phase is Phase.FIRING
        for view in own:
            ended = view.stale and _has_ended_alone(view, own)
            alone = _without_data(view, before, now, begins=ended and not is_told, holds=ended)
            if alone is not None:
                yield Episode(alone, (view,))


def _of_source(
    source: str,
    own: Sequence[SloView],
    late: Sequence[SloView],
    before: Mapping[Key, Alert],
    now: int,
) -> Episode | None:
    """The alert of a source as it now stands, which names every SLO that is blind."""
    blind = [view for view in own if view.stale] if late else []
    ends = [view.data_until for view in late if view.data_until is not None]
    names = tuple(view.name for view in blind)
    since = max(ends, default=None)
    seen = Seen(at=now, begins=bool(late), reset_s=FRESH_S, slos=names, since=since)
    alert = stepped(source, AlertKind.STALE, before.get((source, AlertKind.STALE)), seen)
    if alert is None:
        return None
    about = blind or [view for view in own if view.name in alert.slos]
    return Episode(alert, tuple(about or own))


def _without_data(
    view: SloView, before: Mapping[Key, Alert], now: int, *, begins: bool, holds: bool
) -> Alert | None:
    seen = Seen(at=now, begins=begins, holds=holds, reset_s=FRESH_S, since=view.data_until)
    last = before.get((view.name, AlertKind.NO_DATA))
    return stepped(view.name, AlertKind.NO_DATA, last, seen)


def _is_outlived(view: SloView, own: Sequence[SloView]) -> bool:
    """Whether its source has brought something since its data ended, and still does."""
    return any(_later_s(other, view) > 0 for other in own if not other.stale) or _has_ended_alone(
        view, own
    )


def _has_ended_alone(view: SloView, own: Sequence[SloView]) -> bool:
    """Whether the source went on for a good while after its data ended."""
    return any(_later_s(other, view) > FRESH_S for other in own)


def _later_s(other: SloView, view: SloView) -> int:
    """By how much the data of the other reach further, beyond what bins explain."""
    if other.data_until is None or view.data_until is None:
        return 0
    return other.data_until - view.data_until - max(other.bin_s, view.bin_s)


def _removed(
    last: Iterable[Alert], views: Sequence[SloView], waited_for: Collection[str], now: int
) -> Iterator[Episode]:
    slos = {name for view in views for name in (view.name, *(one.name for one in view.parts))}
    sources = {view.slo.source for view in views} | set(waited_for)
    for alert in last:
        known = sources if alert.kind is AlertKind.STALE else slos
        if alert.is_live and alert.subject not in known:
            yield Episode(removed(alert, now))
