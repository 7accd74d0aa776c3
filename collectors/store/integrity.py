"""Whether the file of a store is sound: every page read, every index compared with its table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from collectors.store.history import AuditEntry
from collectors.store.opening import refusals, sqlite_file
from collectors.store.opening.engine import parsed, sqlite_path
from collectors.store.opening.sqlite_file import reading_mode
from slo.lengths import DAY_S

EXAMINED = "integrity"
"""The action in the audit log."""


def is_due(entries: Sequence[AuditEntry], now: int) -> bool:
    """Whether a day has passed since the store was last read through."""
    return all(now - entry.at >= DAY_S for entry in entries if entry.action == EXAMINED)


def damaged(said: str, where: str) -> refusals.DamagedError:
    """The sentence about a store that must not be written to any more."""
    return refusals.DamagedError(
        f"the store is damaged: {said.splitlines()[0]}",
        where=where,
        mend="end burnline, then restore the last backup: burnline restore FILE; what it lacks is"
        " collected again",
    )


def damage(url: str) -> str | None:
    """What is wrong with the file, in SQLite's words; None where it is sound or a server's.

    A value changed within a row stays unseen: only pages, keys and indexes are compared. The
    read lasts as long as the file is large, and keeps nobody from writing.

    Raises:
        StoreError: the file cannot be opened.
    """
    path = sqlite_path(parsed(url))
    if path is None:
        return None
    sqlite_file.check_file(path)
    try:
        with (
            refusals.translated_sqlite(str(path)),
            closing(sqlite_file.connected(path, reading_mode(path))) as looking,
        ):
            return unsound(looking)
    except refusals.DamagedError as error:
        return str(error.__cause__)


def unsound(connection: sqlite3.Connection) -> str | None:
    """What is wrong with the file of an open connection, in SQLite's words; None where it is sound.

    Raises:
        sqlite3.DatabaseError: the damage keeps SQLite from looking.
    """
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return None if said == "ok" else str(said)
