"""What happened near a fall of the budget: named where an event says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.views.happened.happenings import version_of, whole_title_of
from dashboard.views.words import cut_words, duration_words
from slo.cliffs import Cliff
from slo.facts import EventKind, EventRow
from slo.spans import Span

HORIZON_S = 3_600
_LONGEST = 30


class CauseKind(StrEnum):
    """What stands near a fall."""

    INCIDENT = "incident"
    DEPLOY = "deploy"
    UNKNOWN = "no known cause"


@dataclass(frozen=True, slots=True)
class Cause:
    """A fall and the event near it: `key` is the shortest, `name` short, `words` say more."""

    cliff: Cliff
    kind: CauseKind
    key: str
    name: str
    words: str


_CHANGES = frozenset({EventKind.DEPLOYMENT, EventKind.RELEASE})


def causes(
    falls: Sequence[Cliff], events: Iterable[EventRow], service: str, step_s: int
) -> tuple[Cause, ...]:
    """The event near each fall: an incident that was going on, else the last deploy before it.

    Events of other services are not asked; a deploy counts up to an hour before the fall began,
    which is known to a step of the bins.
    """
    mine = [one for one in events if not service or one.service in ("", service)]
    return tuple(_cause(fall, mine, step_s) for fall in falls)


def _cause(fall: Cliff, events: Sequence[EventRow], step_s: int) -> Cause:
    incident = max(_going_on(fall, events), key=lambda one: _shared(fall, one), default=None)
    if incident is not None:
        name = f"{incident.key} {whole_title_of(incident)}".strip()
        short = name if len(name) <= _LONGEST else incident.key
        return Cause(fall, CauseKind.INCIDENT, _short(incident.key), _short(short), name)
    change = max(_before(fall, events, step_s), key=lambda one: one.at, default=None)
    if change is None:
        return Cause(fall, CauseKind.UNKNOWN, *[CauseKind.UNKNOWN.value] * 3)
    word = "deploy" if change.kind is EventKind.DEPLOYMENT else "release"
    name = f"{word} {version_of(change)}"
    ago_s = fall.since - change.at
    more = f", {duration_words(ago_s)} before" if ago_s > 0 else ""
    return Cause(fall, CauseKind.DEPLOY, _short(name), _short(name), f"{name}{more}")


def _going_on(fall: Cliff, events: Sequence[EventRow]) -> list[EventRow]:
    return [one for one in events if one.kind is EventKind.INCIDENT and _shared(fall, one) > 0]


def _shared(fall: Cliff, incident: EventRow) -> int:
    """How many seconds of the fall the incident was going on; one without an end still is."""
    until = fall.until if incident.ended_at is None else incident.ended_at
    return min(until, fall.until) - max(incident.at, fall.since)


def _before(fall: Cliff, events: Sequence[EventRow], step_s: int) -> list[EventRow]:
    onset = Span(fall.since - HORIZON_S, fall.since + step_s)
    return [one for one in events if one.kind in _CHANGES and onset.since <= one.at < onset.until]


def _short(words: str) -> str:
    return cut_words(words, _LONGEST)
