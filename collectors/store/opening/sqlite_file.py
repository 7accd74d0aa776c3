"""How the file of an SQLite store is opened: by SQLite alone.

POSIX takes every lock that a process holds on a file when the process closes any descriptor of
it. SQLite minds that among its own connections; a descriptor of ours, were it only to read the
header, would strip them of their locks, and the next process to end would remove the WAL that a
live writer still fills. So nobody but SQLite opens the file, its -wal or its -shm.
"""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from collectors.store.opening import refusals
from collectors.store.tables import APPLICATION_ID
from slo.errors import StoreError

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
