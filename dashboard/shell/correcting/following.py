"""What a collector does about corrections: aim them as configured, follow planned incidents."""

from __future__ import annotations

from typing import NamedTuple

from collectors.store.store import Store
from dashboard.config import Config
from dashboard.shell.correcting.aims import Aims
from dashboard.shell.correcting.said import FOLLOWING
from slo.corrections import Correction, CorrectionKind, Scope
from slo.delivery.facts import Incident
from slo.delivery.reading import incidents
from slo.facts import EventKind
from slo.spans import Span

_ACTOR = "collector"
_AUTHOR = "the mark of the incident"


class Followed(NamedTuple):
    """How many incidents were newly or differently corrected, and how many no longer are."""

    noted: int
    revoked: int


def follow(config: Config, store: Store, *, now: int) -> Followed:
    """Bring the corrections in line with the configuration and with the incidents that are stored.

    Raises:
        StoreError: the store cannot be written.
    """
    aim(config, store, now=now)
    if not config.follows_planned:
        return Followed(0, 0)
    return follow_planned(config, store, now=now)


def aim(config: Config, store: Store, *, now: int) -> None:
    """Let each correction that holds be about what its SLOs count now.

    Raises:
        StoreError: the store cannot be written.
    """
    held = [one for one in store.reader.corrections() if one.revoked_at is None]
    if held:
        store.corrections.aim(Aims(config, store.reader).by_key(held), now=now)


def follow_planned(config: Config, store: Store, *, now: int) -> Followed:
    """Correct the service of each incident that was planned; take back what is so no longer.

    One that somebody revoked stays revoked.

    Raises:
        StoreError: the store cannot be written.
    """
    events = store.reader.events(EventKind.INCIDENT)
    planned = [one for one in incidents(events, config.delivery).kept if one.is_planned]
    stored = store.reader.corrections()
    refused = {one.correction.key for one in stored if one.revoked_at is not None}
    wanted = [one for one in map(_corrected, planned) if one is not None and one.key not in refused]
    aims = Aims(config)
    notes = [
        store.corrections.put(one, aims.targets(one.scope), actor=_ACTOR, now=now) for one in wanted
    ]
    gone = {one.correction.key for one in stored} - refused - {_key(one) for one in planned}
    why = "the incident is not marked as planned any more"
    for key in sorted(key for key in gone if key.startswith(FOLLOWING)):
        store.corrections.revoke(key, author=_AUTHOR, reason=why, actor=_ACTOR, now=now)
    changed = sum(one.is_new or one.is_changed for one in notes)
    return Followed(changed, sum(key.startswith(FOLLOWING) for key in gone))


def _corrected(one: Incident) -> Correction | None:
    """What a planned incident corrects; nothing while nobody knows its end."""
    if one.ended_at is None or one.ended_at <= one.at:
        return None
    return Correction(
        key=_key(one),
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(services=(one.service,) if one.service else ()),
        when=Span(one.at, one.ended_at),
        reason=one.title or "planned work",
        author=_AUTHOR,
    )


def _key(one: Incident) -> str:
    return f"{FOLLOWING}{one.service or '-'} {one.key}"
