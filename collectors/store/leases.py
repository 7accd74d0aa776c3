"""Which collector is at work: one holds the lease, and says at each beat how it stands.

On SQLite the lock of a file keeps a second one out: the kernel frees it when its holder dies,
however it dies. On a server the row itself does, until it expires or its process is gone. The
row is there for everyone to read; while it cannot be written, as on a full disk, the same is said
in the file of the lock.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, select, update

from collectors.store.opening.locks import NOTE_BYTES, collector_lock, noted
from collectors.store.tables import leases
from collectors.store.upserts import upsert
from slo.errors import StoreError

COLLECTOR = "collector"
BEAT_S = 10
LEASE_S = 3 * BEAT_S


class LeaseHeldError(StoreError):
    """Another collector holds the lease: this one cannot begin."""


class LeaseLostError(StoreError):
    """Another collector has taken the lease: this one must end."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A source that is not asked until `until`, after so many `tries` that failed one by one."""

    tries: int
    until: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the collector says of itself at each beat.

    `resting` are the sources it gives time to recover, `slow` those whose runs take longer than
    their interval, with the sentence that says so.
    """

    config_digest: str
    config_problem: str = ""
    paused: str = ""
    version: str = ""
    resting: Mapping[str, Resting] = field(default_factory=dict)
    slow: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CollectorSeen:
    """The last collector that held the lease; it is `released` when it ended in good order."""

    holder: str
    pid: int
    host: str
    since: int
    seen_at: int
    expires_at: int
    standing: Standing
    released: bool

    def works_at(self, now: int) -> bool:
        """Whether it held the lease at that moment, as far as it has said since."""
        return not self.released and self.expires_at > now


def read_collector(connection: Connection) -> CollectorSeen | None:
    """The last holder of the lease; None when none ever held it."""
    row = connection.execute(select(leases).where(leases.c.name == COLLECTOR)).first()
    if row is None:
        return None
    return CollectorSeen(
        holder=row.holder,
        pid=row.pid,
        host=row.host,
        since=row.since,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        standing=_standing(orjson.loads(row.standing)),
        released=row.expires_at <= row.seen_at,
    )


def take(
    connection: Connection, holder: str, pid: int, host: str, standing: Standing, *, now: int
) -> None:
    """Write the row of a new holder, whoever held it before."""
    values = {"holder": holder, "pid": pid, "host": host, "since": now, **_beaten(standing, now)}
    statement = upsert(connection.dialect.name, leases).values(name=COLLECTOR, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def beat(connection: Connection, holder: str, standing: Standing, *, now: int) -> bool:
    """Whether the holder still held the lease; it then holds it for longer."""
    mine = (leases.c.name == COLLECTOR, leases.c.holder == holder)
    done = connection.execute(update(leases).where(*mine).values(**_beaten(standing, now)))
    return done.rowcount > 0


def release(connection: Connection, holder: str, *, now: int) -> None:
    """Let go of the lease, if the holder still has it; what it last said stays."""
    mine = (leases.c.name == COLLECTOR, leases.c.holder == holder)
    connection.execute(update(leases).where(*mine).values(seen_at=now, expires_at=now))


def is_at_work(seen: CollectorSeen | None, host: str, *, now: int) -> bool:
    """Whether that collector may be at work still: it did not end, expire or vanish from here."""
    if seen is None or not seen.works_at(now):
        return False
    return seen.host != host or _is_alive(seen.pid)


def note(holder: str, standing: Standing, now: int) -> bytes:
    """A beat as it is written beside the store; the least that fits."""
    said = orjson.dumps({"holder": holder, "seen_at": now, "standing": asdict(standing)})
    if len(said) <= NOTE_BYTES:
        return said
    return note(holder, replace(standing, resting={}, slow={}), now)


def collector_at(connection: Connection, path: Path | None) -> CollectorSeen | None:
    """The collector as it was last seen, in the store or by what it wrote beside the file."""
    seen = read_collector(connection)
    return seen if path is None else _with_note(seen, noted(collector_lock(path)))


def _with_note(seen: CollectorSeen | None, said: bytes) -> CollectorSeen | None:
    if seen is None or not said.startswith(b"{"):
        return seen
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        return seen
    if found["holder"] != seen.holder or found["seen_at"] <= seen.seen_at or seen.released:
        return seen
    at = found["seen_at"]
    standing = _standing(found["standing"])
    return replace(seen, seen_at=at, expires_at=at + LEASE_S, standing=standing)


def held_by(seen: CollectorSeen | None, where: str) -> LeaseHeldError:
    """The sentence about a lease that another collector holds."""
    who = "another collector holds the lock"
    if seen is not None:
        since = datetime.fromtimestamp(seen.since, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        who = f"another collector (pid {seen.pid} on {seen.host}, since {since}) holds the lock"
    return LeaseHeldError(
        who, where=where, mend="let it work, or end it first: one collector fills a store"
    )


def lost(where: str) -> LeaseLostError:
    """The sentence about a lease that another collector took meanwhile."""
    return LeaseLostError(
        "the lease was lost: another collector has taken it",
        where=where,
        mend="run one collector for a store; see which on the page Data health",
    )


def _beaten(standing: Standing, now: int) -> dict[str, Any]:
    text = orjson.dumps(asdict(standing)).decode()
    return {"seen_at": now, "expires_at": now + LEASE_S, "standing": text}


def _standing(said: dict[str, Any]) -> Standing:
    resting = {name: Resting(**rest) for name, rest in said.pop("resting", {}).items()}
    return Standing(**said, resting=resting)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
