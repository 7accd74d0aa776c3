"""How a promise changed: each version, from when to when it held, what was new and who said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from collectors.store.history import AuditEntry
from collectors.store.versions import Definition
from dashboard.views.slos.promised import Held, held
from slo.definition import document
from slo.objective import Slo

_DEFINED = "define"
_FIRST = ("objective", "window", "further", "indicator", "policy")
_NAMES = {"further": "further windows", "policy": "alert rows", "group_by": "members by"}
Change = tuple[str, str, str]
"""What changed, from what, to what."""


class Versions(Protocol):
    """The part of the store's reader that knows what was promised, and who said so."""

    def definitions(self, slo: str) -> tuple[Definition, ...]:
        """Every version of an SLO, the oldest first."""

    def audit_log(self) -> tuple[AuditEntry, ...]:
        """Who changed what, the oldest entry first."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a promise; `actor` and `recorded_at` are None where it was not recorded yet.

    `changes` are what is new against the version that was recorded before it, `moved` is the
    moment from which that one was to hold where nothing else is new. `is_first` has none before
    it; `is_withdrawn` says that another took its place before it came into force.
    """

    number: int | None
    since: int | None
    until: int | None
    recorded_at: int | None
    actor: str | None
    objective: str
    changes: tuple[Change, ...]
    is_first: bool = False
    moved: Moved | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The same promise from another moment on; None is the beginning."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class History:
    """The versions of an SLO as of a moment, the newest first; `zone` is whose days are told."""

    slo: Slo
    zone: ZoneInfo
    as_of: int
    versions: tuple[Version, ...]


def histories(
    reader: Versions, slos: Sequence[Slo], zone: ZoneInfo, as_of: int
) -> tuple[History, ...]:
    """The history of each SLO up to the moment."""
    actors = _actors(reader.audit_log())
    return tuple(
        History(slo, zone, as_of, tuple(reversed([*_versions(slo, reader, actors, as_of)])))
        for slo in slos
    )


def _actors(log: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """Who defined which version."""
    mine = (entry for entry in log if entry.action == _DEFINED)
    return {(entry.subject, int(entry.detail["version"])): entry.actor for entry in mine}


def _versions(
    slo: Slo, reader: Versions, actors: Mapping[tuple[str, int], str], as_of: int
) -> Iterator[Version]:
    recorded = tuple(one for one in reader.definitions(slo.name) if one.recorded_at <= as_of)
    spans = held(slo, recorded, as_of)
    by_number = {one.version: one for one in spans}
    before: Definition | None = None
    for one in recorded:
        yield _recorded(
            one, by_number.get(one.version), before, actors.get((slo.name, one.version))
        )
        before = one
    new = by_number.get(None)
    if new is not None:
        yield _unrecorded(slo, new, before)


def _recorded(
    one: Definition, span: Held | None, before: Definition | None, actor: str | None
) -> Version:
    changes = _changes(before, one.document)
    moved = None if before is None or changes else Moved(before.effective, one.effective)
    return Version(
        number=one.version,
        since=one.effective if span is None else span.since,
        until=None if span is None else span.until,
        recorded_at=one.recorded_at,
        actor=actor,
        objective=f"{one.document.get('objective')} %",
        changes=changes,
        is_first=before is None,
        moved=moved,
        is_withdrawn=span is None,
    )


def _unrecorded(slo: Slo, span: Held, before: Definition | None) -> Version:
    objective = f"{slo.objective.percent:f} %"
    changes = _changes(before, document(slo))
    return Version(None, span.since, None, None, None, objective, changes, is_first=before is None)


def _changes(earlier: Definition | None, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every key that says something else, the target first."""
    if earlier is None:
        return ()
    before = earlier.document
    keys = dict.fromkeys((*_FIRST, *sorted({*after, *before})))
    return tuple(
        (_NAMES.get(key, key.replace("_", " ")), _said(before.get(key)), _said(after.get(key)))
        for key in keys
        if before.get(key) != after.get(key)
    )


def _said(value: Any) -> str:
    """A value of a definition as people write it; what is not there is none."""
    match value:
        case None | "" | []:
            return "none"
        case {"kind": kind, "zone": zone}:
            return f"{kind} in {zone}" if zone else str(kind)
        case {"kind": kind, **others}:
            parts = (f"{key} {_said(one)}" for key, one in others.items() if one not in (None, ""))
            return f"{kind} {', '.join(parts)}"
        case {"severity": severity, **others}:
            share = f"{severity} {others.get('share')} of the budget"
            return f"{share} in {others.get('long_s')} s and {others.get('short_s')} s"
        case list():
            return "; ".join(map(_said, value))
        case _:
            return str(value)
