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

import orjson

from collectors.store.opening import space
from collectors.store.opening.holders import writers
from slo.errors import StoreError

_EFFECTIVE = os.access in os.supports_effective_ids
_UNIDENTIFIED = "not a burnline store: its identity is missing"
_RESTORE = "restore the last backup, or name another store"
_NEEDED_FILES = 8
"""What SQLite opens for a store and its copy: each file with its -wal, its -shm and a journal."""


class DamagedError(StoreError):
    """The file of the store is damaged: what is written to it may damage more."""


class OddRowError(Exception):
    """A row is in the store that burnline does not write."""


class ForeignError(StoreError):
    """What is there is no store."""


def check_folder(path: Path) -> None:
    """Refuse a place where no store can be written.

    Raises:
        StoreError: the folder is missing, read-only or not ours to write.
    """
    folder = path.parent
    if not folder.is_dir():
        raise _no_folder(path)
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise StoreError(
            "the store is on a read-only file system",
            where=str(path),
            mend="mount it writable, or only read: check, status, explain, serve",
        )
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK, effective_ids=_EFFECTIVE):
            raise unwritable(place)


def _no_folder(path: Path) -> StoreError:
    return StoreError(
        f"the folder {path.parent} of the store does not exist",
        where=str(path),
        mend=f"mkdir -p {path.parent}",
    )


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
        _open_as_many()
    except OSError as error:
        return unreadable(path, error)
    if path.exists() and not os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        return unreadable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return StoreError(
        f"cannot open the store: {said}",
        where=str(path),
        mend=f"look at {path.name}, {path.name}-wal and {path.name}-shm: whose are they?",
    )


def _open_as_many() -> None:
    """Open as many files as SQLite would, and close them again.

    Raises:
        OSError: so many cannot be opened.
    """
    opened: list[int] = []
    try:
        for _ in range(_NEEDED_FILES):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401 - closed after a failure
    finally:
        for descriptor in opened:
            os.close(descriptor)


def unreadable(path: Path, error: OSError) -> StoreError:
    """The sentence about a file that the system does not let us open."""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return StoreError(
            "too many files are open to open the store",
            where=str(path),
            mend="raise the limit (ulimit -n), or end other processes of this user",
        )
    if error.errno == errno.EACCES:
        return StoreError(
            f"cannot read the store as uid {os.geteuid()}",
            where=str(path),
            mend="run as the user who owns it",
        )
    reason = error.strerror or type(error).__name__
    return StoreError(f"cannot open the store: {reason}", where=str(path), mend="check the path")


def foreign(path: Path, sign: str) -> ForeignError:
    """The sentence about a file that something else has written."""
    other = "burnline.db" if path.name != "burnline.db" else "slo.db"
    return ForeignError(
        f"not a burnline store ({sign})",
        where=str(path),
        mend=f'move it away, or name another file: store = "sqlite:///{other}"',
    )


def unlike(path: Path, said: str) -> ForeignError:
    """The sentence about a file whose beginning SQLite cannot read."""
    return foreign(path, "no SQLite header" if "not a database" in said else said)


def empty(path: Path) -> ForeignError:
    """The sentence about a file of no bytes, which may be the rest of a copy that failed."""
    return ForeignError(
        "the store is an empty file",
        where=str(path),
        mend=f"restore it from a backup; or rm {path}, and burnline collect --once makes a new one",
    )


def missing(path: Path) -> StoreError:
    """The sentence about a store that nobody has created yet, or whose folder nobody has."""
    if not path.parent.is_dir():
        return _no_folder(path)
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


def unidentified(where: str) -> StoreError:
    """The sentence about a database without an identity of ours."""
    return StoreError(_UNIDENTIFIED, where=where, mend=_RESTORE)


@contextmanager
def translated_sqlite(where: str) -> Iterator[None]:
    """Turn what SQLite says, and rows that others wrote, into a sentence with a mend.

    Raises:
        StoreError: SQLite refused, or what was read is not as it was written.
    """
    try:
        yield
    except sqlite3.Error as error:
        is_away = isinstance(error, sqlite3.OperationalError)
        raise sentence(error, where, is_away=is_away) from error
    except UnicodeDecodeError as error:  # its words quote bytes of the file that are no text
        said = sqlite3.DatabaseError(error.object.decode(errors="replace"))
        raise sentence(said, where, is_away=False) from said
    except (OddRowError, orjson.JSONDecodeError) as error:
        raise damaged(where) from error


def sentence(error: BaseException, where: str, *, is_away: bool) -> StoreError:
    """What the driver's error means, and how to mend it; `is_away` of what cannot be reached."""
    text, path = str(error), Path(where)
    if "unable to open database file" in text:
        return unopened(path, text)
    if "malformed" in text or "no such column" in text:
        return damaged(where)
    if "disk I/O error" in text:
        return _failed_disk(path, error)
    if "database is locked" in text:
        return _busy(path)
    for sign, what, mend in _SIGNS:
        if sign in text:
            return StoreError(what, where=where, mend=mend)
    kind = "cannot be reached" if is_away else "refused"
    said = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return StoreError(
        f"the store {kind}: {said}", where=where, mend="check the database, then try again"
    )


def damaged(where: str) -> DamagedError:
    """The sentence about a store in whose file pages are broken."""
    return DamagedError(
        "the store is damaged",
        where=where,
        mend="run `burnline doctor`, then put the last backup in its place: `burnline restore FILE`",
    )


def _failed_disk(path: Path, error: BaseException) -> StoreError:
    """The sentence about a disk that fails; SQLite's long code tells reading from writing."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith("SQLITE_IOERR_SHM") and not space.can_be_joined(path):
        return space.full(path, space.space_at(path).free_bytes)
    doing = "read" if name.endswith("READ") else "write"
    return StoreError(
        f"store {doing} failed: disk I/O error", where=str(path), mend="check the disk"
    )


def _busy(path: Path) -> StoreError:
    who = ", ".join(f"pid {pid}" for pid in writers(path))
    return StoreError(
        "store busy: another process is writing" + (f" ({who})" if who else ""),
        where=str(path),
        mend="wait for it, or end it, then try again",
    )


_SIGNS = (
    ("is full", "disk full: nothing of this was written", "free 64 MB or more"),
    ("lock timeout", "store busy: another process is writing", "wait for it, then try again"),
    ("not a database", "not a burnline store", "point `store` at another file"),
    ("readonly", "the store cannot be written by this user", "run as its owner"),
    ("no such table: burnline_store", _UNIDENTIFIED, _RESTORE),
    ('relation "burnline_store" does not exist', _UNIDENTIFIED, _RESTORE),
    ("no such table", "not a burnline store: its tables are missing", "restore the last backup"),
    ("interrupted", "a read took longer than 10 s and was ended", "ask for a shorter span"),
    ("statement timeout", "a read took longer than 10 s and was ended", "ask for a shorter span"),
)


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
