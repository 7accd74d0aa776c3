"""Policies tried on a service that nothing measured: it is taken as down while an incident lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from collectors.store.widths import QUARTER_S
from dashboard.views.backtest.history import History, Piece
from dashboard.views.backtest.making import Tried, longest_s, tried_on
from dashboard.views.backtest.recorded import Records, incidents_of, says
from dashboard.views.counted.series_index import Series
from dashboard.views.upkeep.scene import Scene
from slo.bins import downtime
from slo.errors import InputError
from slo.facts import EventKind
from slo.indicator import Uptime
from slo.known_policies import Candidate
from slo.lengths import DAY_S
from slo.nearest import did_you_mean
from slo.objective import Objective, Slo
from slo.spans import RollingWindow, Span

# So many days are replayed at once: years of minutes would not fit otherwise.
_PIECE_S = 90 * DAY_S
_MONTH = RollingWindow(30 * DAY_S)


def service_slo(service: str, objective: Objective) -> Slo:
    """The promise that is tried: so much of the time of 30 days without an incident."""
    return Slo(service, service, objective, _MONTH, "", Uptime(service))


def tried_on_incidents(
    scene: Scene, slo: Slo, candidates: Sequence[Candidate], asked: Span | None = None
) -> Tried:
    """What each policy would have done, had a probe seen every incident of the service.

    The history is that of the sources that tell of incidents. What a real probe would have seen
    may have begun earlier, and been less than all.

    Raises:
        InputError: no incident of the service is recorded, or none of any in that span.
    """
    reaches = scene.reader.reaches(EventKind.INCIDENT)
    if not reaches:
        _refuse(scene, slo.service)
    known = Span(min(one.first_at for one in reaches), scene.as_of)
    span = known if asked is None else asked.clipped_to(known)
    span = Span(*(at - at % QUARTER_S for at in (span.since, span.until)))
    if span.length_s <= 0 or not (everything := incidents_of(scene, slo.service, known)):
        _refuse(scene, slo.service)
    lead_s = max(longest_s(slo, one, scene.as_of) for one in candidates)
    down = [one.span for one in everything]
    pieces = tuple(
        Piece(downtime(down, Span(part.since - lead_s, part.until)), part) for part in _parts(span)
    )
    found = History(slo, span, pieces, Series())
    inside = incidents_of(scene, slo.service, span)
    records = Records(inside, "incident", f"{says(len(inside), slo.service)}, each taken as down")
    return tried_on(scene, found, candidates, records)


def _parts(span: Span) -> Iterator[Span]:
    at = span.since
    while at < span.until:
        yield Span(at, min(at + _PIECE_S, span.until))
        at += _PIECE_S


def _refuse(scene: Scene, service: str) -> NoReturn:
    rows = scene.reader.events(kind=EventKind.INCIDENT)
    names = sorted({one.service for one in rows if one.service})
    raise InputError(
        f'no incident of a service called "{service}" is recorded{did_you_mean(service, names)}',
        where=str(scene.config.path),
        mend="name a service as its incidents do (`burnline incidents` lists them)",
    )
