"""SLOs whose data ended while their source goes on: those that ended together share one alert.

An exporter that dies takes many SLOs along; their source still answers for the others. Whom an
alert is about follows from where data end and from what it named last, so a restart finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.views.slos.slo_view import SloView
from slo.alerting import Alert, AlertKind, Seen, stepped

FRESH_S = 300
"""So long data must come in again before they count as well, or be missed by a source that goes on;
what ends no further apart ended together."""

Key = tuple[str, AlertKind]
Shared = tuple[Alert, tuple[SloView, ...]]
"""An alert and the views of those it is about."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the data of one source's SLOs reach, the latest end by the width of their bins.

    `fresh` are those of SLOs that are not late, `latest` of all.
    """

    latest: Mapping[int, int]
    fresh: Mapping[int, int]

    @classmethod
    def of(cls, own: Iterable[SloView]) -> Reach:
        """That of the SLOs of one source."""
        latest: dict[int, int] = {}
        fresh: dict[int, int] = {}
        for view in own:
            for ends in (latest,) if view.stale else (latest, fresh):
                until = view.data_until or 0
                ends[view.bin_s] = max(until, ends.get(view.bin_s, until))
        return cls(latest, fresh)

    def has_ended_alone(self, view: SloView) -> bool:
        """Whether the source went on for a good while after the data of one SLO ended."""
        return _later_s(self.latest, view) > FRESH_S

    def is_outlived(self, view: SloView) -> bool:
        """Whether the source has brought something since the data of one ended, and still does."""
        return _later_s(self.fresh, view) > 0 or self.has_ended_alone(view)


def _later_s(ends: Mapping[int, int], view: SloView) -> int:
    """By how much others reach further, beyond what bins explain."""
    if view.data_until is None:
        return 0
    reach = (until - max(width_s, view.bin_s) for width_s, until in ends.items())
    return max((one - view.data_until for one in reach), default=0)


def lost(
    own: Sequence[SloView],
    live: Iterable[Alert],
    before: Mapping[Key, Alert],
    now: int,
    *,
    begins: bool,
) -> Iterator[Shared]:
    """The `live` alerts of one source's lost SLOs as they now stand, then those that begin.

    An alert keeps whom it named while they are without data, and takes in who ended with it; the
    rest is told by its own. `begins` says whether any may begin: not while the whole source is
    late, which says it all. It begins once the source went on for a while.
    """
    reach = Reach.of(own)
    ended = (view for view in own if view.stale and reach.is_outlived(view))
    free = sorted(ended, key=lambda view: (view.data_until or 0, view.name))
    held = sorted(live, key=lambda one: (one.began_at, one.key))
    holders = {name: one.key for one in reversed(held) for name in (one.subject, *one.slos)}
    for alert in held:
        about = [view for view in free if _is_in(alert, view, holders)]
        free = _without(free, about)
        yield from _stepped(alert.subject, about, alert, own, now)
    while begins and (first := next(filter(reach.has_ended_alone, free), None)) is not None:
        about = [view for view in free if _has_ended_at(view, first.data_until)]
        about.sort(key=lambda view: view.name != first.name)  # the alert is named after the first
        free = _without(free, about)
        yield from _stepped(first.name, about, before.get(_key(first.name)), own, now)


def _is_in(alert: Alert, view: SloView, holders: Mapping[str, str]) -> bool:
    """Whether a live alert names an SLO, or none does and its data ended with those of this one."""
    holder = holders.get(view.name)
    return _has_ended_at(view, alert.began_at) if holder is None else holder == alert.key


def _without(views: Sequence[SloView], taken: Sequence[SloView]) -> list[SloView]:
    names = {view.name for view in taken}
    return [view for view in views if view.name not in names]


def _has_ended_at(view: SloView, ended_at: int | None) -> bool:
    """Whether its data ended about then, but for what bins explain."""
    if view.data_until is None or ended_at is None:
        return False
    return abs(view.data_until - ended_at) <= FRESH_S + view.bin_s


def _stepped(
    subject: str, about: Sequence[SloView], last: Alert | None, own: Sequence[SloView], now: int
) -> Iterator[Shared]:
    """The alert after this look, with the views of whom it is about, else was."""
    seen = Seen(
        at=now,
        begins=bool(about),
        reset_s=FRESH_S,
        slos=tuple(view.name for view in about),
        source=about[0].slo.source if about else "",
        since=about[0].data_until if about else None,
    )
    alert = stepped(subject, AlertKind.NO_DATA, last, seen)
    if alert is not None:
        yield alert, tuple(about or (view for view in own if view.name in alert.names))


def _key(name: str) -> Key:
    return name, AlertKind.NO_DATA
