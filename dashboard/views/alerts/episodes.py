"""The alerts after an evaluation: what begins, goes on and ends, out of the views of all SLOs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.views.alerts.belonging import service_of
from dashboard.views.alerts.lost import FRESH_S, Key, Reach, lost
from dashboard.views.counted.families import is_retired, worst_of
from dashboard.views.slos.slo_view import SloView
from slo.alerting import Alert, AlertKind, Phase, Seen, removed, seen_of, stepped
from slo.judgement import Now


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert as it now stands, and the views it is about: none where nothing is promised any more."""

    alert: Alert
    views: tuple[SloView, ...] = ()

    @property
    def view(self) -> SloView | None:
        """The view of its SLO; None for a source, for several, and for what is no longer promised."""
        is_one = self.alert.kind is not AlertKind.STALE and len(self.views) == 1
        return self.views[0] if is_one else None

    @property
    def service(self) -> str:
        """The service that all it is about belongs to; empty where there are several."""
        return service_of(self.alert, {view.name: view.service for view in self.views})


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
        *_of_sources(_measured(judged), _sources(views), before, now),
    ]
    gone = _removed(before.values(), views, waited_for, now)
    return tuple(sorted((*found, *gone), key=lambda one: (one.alert.subject, one.alert.kind)))


def _waits(view: SloView, waited_for: Collection[str]) -> bool:
    """Whether a source of it is yet to be asked; of a composite, of any that it is made of."""
    return not {leaf.source for leaf in view.slo.leaves}.isdisjoint(waited_for)


def _measured(views: Iterable[SloView]) -> tuple[SloView, ...]:
    """Those that have data of their own: a composite is blind by what its members lack.

    One of the worst bears the source of its least member, and may be late by another's.
    """
    return tuple(view for view in views if not view.slo.composed)


def _sources(views: Iterable[SloView]) -> dict[str, str]:
    """The source of each SLO by its name."""
    return {view.name: view.slo.source for view in views}


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
    reach = _reach(view)
    return reach is not None and reach >= judged


def _stepped(
    view: SloView, kind: AlertKind, before: Mapping[Key, Alert], now: int, *, can_begin: bool
) -> Alert | None:
    last = before.get((view.name, kind))
    live = last if last is not None and last.is_live else None
    fired = _fired(view, kind)
    at = _moment(view, fired, live)
    if at is None and live is None:
        return None
    at = at if at is not None else live.seen_at if live else now
    rows = () if fired is None else fired.firing
    seen = seen_of(kind, rows, at=at, now=now, is_frozen=_is_frozen(view, fired, live))
    return stepped(view.name, kind, last, seen) if can_begin or live else None


def _fired(view: SloView, kind: AlertKind) -> SloView | None:
    """What fires for an alert of that kind; of the worst of several one that is measured, if any."""
    firing = [one for one in worst_of(view) if any(kind.is_asked_by(row) for row in one.firing)]
    return min(firing, key=lambda one: one.judgement.now is Now.FROZEN, default=None)


def _reach(view: SloView) -> int | None:
    """How far its data reach; of the worst of several, those of any."""
    ends = (one.data_until for one in worst_of(view))
    return max((end for end in ends if end is not None), default=None)


def _moment(view: SloView, fired: SloView | None, live: Alert | None) -> int | None:
    """The moment of the data that is judged: of what fires, never before what was judged of any."""
    reach = _reach(view)
    fired_at = fired.alarming.data_until if fired is not None else None
    if reach is None or fired_at is None:
        return reach
    return fired_at if live is None else max(fired_at, min(live.seen_at, reach))


def _is_frozen(view: SloView, fired: SloView | None, live: Alert | None) -> bool:
    """Whether it cannot be judged if an alert goes on: one of the worst goes on by whom it fires for.

    A member that was blind already while another fired says nothing of the end of that.
    """
    if fired is not None:
        return fired.judgement.now is Now.FROZEN
    blind = [one for one in worst_of(view) if one.judgement.now is Now.FROZEN]
    if len(blind) == len(worst_of(view)):
        return True
    return live is not None and any(_was_seen_quiet(one, live) for one in blind)


def _was_seen_quiet(view: SloView, live: Alert) -> bool:
    """Whether its data go on beyond those that fired last: it may be what fired, and recovers."""
    quiet_from = live.phase_at if live.phase is Phase.RECOVERING else live.seen_at + 1
    return view.data_until is not None and view.data_until >= quiet_from


def _of_sources(
    views: Sequence[SloView],
    sources: Mapping[str, str],
    before: Mapping[Key, Alert],
    now: int,
) -> Iterator[Episode]:
    """That a source brings nothing new, in one alert for all its SLOs; else of those that ended alone.

    What ended alone never stands for its source, nor hides that the source stops after it.
    """
    held: dict[str, list[Alert]] = {}
    for alert in before.values():
        if alert.kind is AlertKind.NO_DATA and alert.is_live:
            held.setdefault(_source_of(alert, sources), []).append(alert)
    for source in dict.fromkeys(view.slo.source for view in views):
        own = [view for view in views if view.slo.source == source]
        reach = Reach.of(own)
        late = [view for view in own if view.stale and not reach.is_outlived(view)]
        whole = _of_source(source, own, late, before, now)
        if whole is not None:
            yield whole
        is_told = whole is not None and whole.alert.phase is Phase.FIRING
        found = lost(own, held.get(source, ()), before, now, begins=not is_told)
        yield from (Episode(alert, about) for alert, about in found)


def _source_of(alert: Alert, sources: Mapping[str, str]) -> str:
    """The source that an alert of ended data is judged with: of its first SLO that is still promised."""
    known = (sources.get(name, "") for name in (alert.subject, *alert.slos))
    return next(filter(None, known), "")


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


def _removed(
    last: Iterable[Alert], views: Sequence[SloView], waited_for: Collection[str], now: int
) -> Iterator[Episode]:
    slos = {name for view in views for name in (view.name, *(one.name for one in view.parts))}
    sources = {view.slo.source for view in views} | set(waited_for)
    measured = {view.name for view in views if view.slo.source}
    every = {AlertKind.STALE: sources, AlertKind.NO_DATA: measured}
    for alert in last:
        known = every.get(alert.kind, slos)
        if alert.is_live and known.isdisjoint({alert.subject, *alert.names}):
            yield Episode(removed(alert, now))
