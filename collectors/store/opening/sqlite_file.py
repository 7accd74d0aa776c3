"""How the file of an SQLite store is opened: by SQLite alone.

POSIX takes every lock that a process holds on a file when the process closes any descriptor of
it. SQLite minds that among its own connections; a descriptor of ours, were it only to read the
header, would strip them of their locks, and the next process to end would remove the WAL that a
live writer still fills. So nobody but SQLite opens the file, its -wal or its -shm.
"""

from __future__ import annotations

import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from collectors.store.opening import refusals, space
from slo.errors import StoreError

APPLICATION_ID = 0x6275726E  # "burn"
_READ_DEADLINE_S = 10
_STEPS_BETWEEN_LOOKS = 100_000
READ_ONLY = "ro"
READ_WRITE = "rw"
SNAPSHOT = "ro&immutable=1"
"""Without locks and without the WAL: creates nothing beside the file and changes nothing."""


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection of SQLite to the file, which must exist.

    Raises:
        StoreError: the file cannot be opened, and why.
    """
    try:
        return sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.OperationalError as error:
        raise refusals.unopened(path, str(error)) from error


def check_file(path: Path) -> None:
    """Refuse a file that is not a store, and leave it as it is.

    Raises:
        StoreError: it is a folder, cannot be opened, or belongs to another application.
    """
    _check_kind(path)
    with closing(connected(path, SNAPSHOT)) as looking:
        try:
            (found,) = looking.execute("PRAGMA application_id").fetchone()
        except sqlite3.DatabaseError as error:
            if "malformed" in str(error):
                return  # perhaps a checkpoint cut short, which a connection with the WAL mends
            raise refusals.unlike(path, str(error)) from error
    if found != APPLICATION_ID:
        raise refusals.foreign(path, f"application_id 0x{found & 0xFFFFFFFF:08x}")


def _check_kind(path: Path) -> None:
    try:
        seen = path.stat()
    except OSError as error:
        raise refusals.unreadable(path, error) from error
    if stat.S_ISDIR(seen.st_mode):
        raise StoreError(
            "the store is a folder, not a file", where=str(path), mend=f"use {path}/burnline.db"
        )
    if not stat.S_ISREG(seen.st_mode):
        raise refusals.foreign(path, "no regular file")
    if seen.st_size == 0:
        raise refusals.empty(path)


def reading_mode(path: Path) -> str:
    """`immutable` where no -shm can be made and no -wal waits to be read: a snapshot.

    Raises:
        StoreError: a -wal waits to be read, and the disk has no room for the -shm that takes.
    """
    if not space.is_filled(path, "-wal") and not _can_be_joined(path):
        return SNAPSHOT
    if not space.can_be_joined(path):
        raise space.full(path, space.space_at(path).free_bytes)
    return READ_ONLY


def _can_be_joined(path: Path) -> bool:
    try:
        refusals.check_folder(path)
    except StoreError:
        return False
    return space.can_be_joined(path)


def begin_reading(connection: sqlite3.Connection) -> None:
    """Begin a transaction that is ended after ten seconds."""
    connection.execute("BEGIN")
    give_up = time.monotonic() + _READ_DEADLINE_S
    connection.set_progress_handler(lambda: int(time.monotonic() > give_up), _STEPS_BETWEEN_LOOKS)
