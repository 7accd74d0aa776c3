"""Why a store cannot be used, told apart where SQLite says the same useless words.

`unable to open database file` is a missing folder, a path that is a folder, too many open
files or a foreign mount; `no such table` may be a truncated file. Each gets its own sentence.
"""

from __future__ import annotations

import errno
import os
import pwd
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from slo.errors import StoreError

_EFFECTIVE = os.access in os.supports_effective_ids


def check_folder(path: Path) -> None:
    """Refuse a place where no store can be written.

    Raises:
        StoreError: the folder is missing, read-only or not ours to write.
    """
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(
            f"the folder {folder} of the store does not exist",
            where=str(path),
            mend=f"mkdir -p {folder}",
        )
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise StoreError(
            "the store is on a read-only file system",
            where=str(path),
            mend="mount it writable, or only read: check, status, explain, serve",
        )
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK, effective_ids=_EFFECTIVE):
            raise unwritable(place)


def unwritable(place: Path) -> StoreError:
    """The sentence about a folder or file that this user may not write."""
    seen = place.stat()
    return StoreError(
        f"cannot write {place} (owner {_owner(seen.st_uid)}, mode {stat.S_IMODE(seen.st_mode):o}; "
        f"running as uid {os.geteuid()})",
        where=str(place),
        mend="run as the owner, or give this user the folder",
    )


def unopened(path: Path, said: str) -> StoreError:
    """The sentence about a file that SQLite cannot open; it says the same for every cause."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return unreadable(path, error)
    if not os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        return unreadable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return StoreError(
        f"cannot open the store: {said}",
        where=str(path),
        mend=f"look at {path.name}, {path.name}-wal and {path.name}-shm: whose are they?",
    )


def unreadable(path: Path, error: OSError) -> StoreError:
    """The sentence about a file that the system does not let us open."""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return StoreError(
            "too many files are open to open the store",
            where=str(path),
            mend="raise the limit (ulimit -n) or end other processes of this user",
        )
    if error.errno == errno.EACCES:
        return StoreError(
            f"cannot read the store as uid {os.geteuid()}",
            where=str(path),
            mend="run as the user who owns it",
        )
    reason = error.strerror or type(error).__name__
    return StoreError(f"cannot open the store: {reason}", where=str(path), mend="check the path")


def foreign(path: Path, sign: str) -> StoreError:
    """The sentence about a file that something else has written."""
    other = "burnline.db" if path.name != "burnline.db" else "slo.db"
    return StoreError(
        f"not a burnline store ({sign})",
        where=str(path),
        mend=f'move it away, or name another file: store = "sqlite:///{other}"',
    )


def unlike(path: Path, said: str) -> StoreError:
    """The sentence about a file whose beginning SQLite cannot read."""
    return foreign(path, "no SQLite header" if "not a database" in said else said)


def empty(path: Path) -> StoreError:
    """The sentence about a file of no bytes, which may be the rest of a copy that failed."""
    return StoreError(
        "the store is an empty file",
        where=str(path),
        mend=f"restore it from a backup; or rm {path}, and burnline collect --once makes a new one",
    )


def missing(path: Path) -> StoreError:
    """The sentence about a store that nobody has created yet."""
    return StoreError(
        "there is no store yet",
        where=str(path),
        mend="burnline collect --once creates and fills it",
    )


def newer(found: int, known: int, where: str) -> StoreError:
    """The sentence about a store of a later release."""
    return StoreError(
        f"the store was created by version {found} of the schema; this burnline knows {known}",
        where=where,
        mend="install the newer burnline, or restore the backup made before the upgrade",
    )


def older(found: int, known: int, where: str) -> StoreError:
    """The sentence about a store that a writer has to migrate first."""
    return StoreError(
        f"the store has version {found} of the schema; this burnline needs {known}",
        where=where,
        mend="burnline collect --once migrates it, after a backup",
    )


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what the database says into a sentence with a mend.

    Raises:
        StoreError: the database refused; the transaction was rolled back.
    """
    try:
        yield
    except DBAPIError as error:
        raise _sentence(str(error.orig), where, error) from error


@contextmanager
def translated_sqlite(where: str) -> Iterator[None]:
    """The same for who speaks to SQLite without an engine.

    Raises:
        StoreError: SQLite refused.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(str(error), where, error) from error


def _sentence(text: str, where: str, error: DBAPIError | sqlite3.Error) -> StoreError:
    for sign, what, mend in _SIGNS:
        if sign in text:
            return StoreError(what, where=where, mend=mend)
    kind = "cannot be reached" if isinstance(error, OperationalError) else "refused"
    said = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return StoreError(
        f"the store {kind}: {said}", where=where, mend="check the database, then try again"
    )


_AGAIN = "collected again from the watermark when writing works"
_SIGNS = (
    ("is full", "disk full: nothing of this batch was stored", f"free 64 MB or more; {_AGAIN}"),
    ("disk I/O error", "store write failed: disk I/O error", f"check the disk; {_AGAIN}"),
    ("database is locked", "store busy: another process is writing", f"wait; {_AGAIN}"),
    ("lock timeout", "store busy: another process is writing", f"wait; {_AGAIN}"),
    (
        "malformed",
        "the store is damaged",
        "run `burnline doctor`, then put the last backup in its place: `burnline restore FILE`",
    ),
    ("not a database", "not a burnline store", "point `store` at another file"),
    ("readonly", "the store cannot be written by this user", "run as its owner"),
    ("no such table", "not a burnline store: its tables are missing", "restore the last backup"),
    ("interrupted", "a read took longer than 10 s and was ended", "ask for a shorter span"),
    ("statement timeout", "a read took longer than 10 s and was ended", "ask for a shorter span"),
)


def _owner(uid: int) -> str:

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
