"""What a batch did to the store, and how its conflicts and revisions are told."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, insert

from collectors.store.merge import Claim, Merged
from collectors.store.tables import conflicts, revisions
from collectors.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Ingested:
    """How many facts were new, known already, better than what was stored, or contradicted it.

    `thinned` facts came for minutes that retention has folded into quarter hours.
    """

    new: int = 0
    unchanged: int = 0
    revised: int = 0
    conflicts: int = 0
    thinned: int = 0

    def __add__(self, other: Ingested) -> Ingested:
        """Join what two batches did."""
        return Ingested(
            self.new + other.new,
            self.unchanged + other.unchanged,
            self.revised + other.revised,
            self.conflicts + other.conflicts,
            self.thinned + other.thinned,
        )


Show = Callable[[tuple[Any, ...]], dict[str, Any]]
_SETTLE = delete(conflicts).where(
    *(conflicts.c[name] == bindparam(f"_{name}") for name in ("subject", "at", "key"))
)


@dataclass(slots=True)
class Ledger:
    """The books of one transaction: counts, revisions and conflicts, written at its end."""

    now: int
    count: Ingested = Ingested()
    _revisions: list[dict[str, Any]] = field(default_factory=list)
    _conflicts: list[dict[str, Any]] = field(default_factory=list)
    _settled: list[dict[str, Any]] = field(default_factory=list)

    def add(self, **counts: int) -> None:
        """Count facts that no merge has seen."""
        self.count += Ingested(**counts)

    def enter(self, subject: str, merged: Merged[Any], show: Show) -> None:
        """Note what a merge decided about one series (by its digest) or kind of event.

        `show` turns a value, ordered for merging, into what a reader understands.
        """
        self.add(
            new=merged.new,
            unchanged=merged.unchanged,
            revised=len(merged.revised),
            conflicts=len(merged.disputes),
        )
        for change in merged.revised:
            self._revisions.append(
                _place(subject, change.key)
                | {
                    "before": _text(change.before, show),
                    "after": _text(change.after, show),
                    "observed_at": change.after.observed_at,
                    "recorded_at": self.now,
                }
            )
        for key, values in merged.disputes.items():
            shown = (orjson.dumps(show(value)).decode() for value in sorted(values))
            self._conflicts += [_place(subject, key) | {"value": value} for value in shown]
        self._settled += [_place(subject, key) for key in merged.settled]

    def write(self, connection: Connection) -> None:
        """Store what was noted."""
        if self._settled:
            connection.execute(_SETTLE, _renamed(self._settled))
        if self._conflicts:
            unseen = upsert(connection.dialect.name, conflicts).on_conflict_do_nothing()
            connection.execute(unseen, self._conflicts)
        if self._revisions:
            connection.execute(insert(revisions), self._revisions)


def _place(subject: str, key: Hashable) -> dict[str, Any]:
    match key:
        case int():
            return {"subject": subject, "at": key, "key": ""}
        case (int(at), str(inner)):
            return {"subject": subject, "at": at, "key": inner}
        case _:
            return {"subject": subject, "at": 0, "key": str(key)}


def _text(claim: Claim, show: Show) -> str:
    return orjson.dumps(show(claim.value) | {"complete": claim.complete}).decode()


def _renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{f"_{name}": value for name, value in row.items()} for row in rows]
