"""Copies of a store: made while it is written, checked before they are called copies, put back.

A copy is taken by SQLite within one read transaction, so writers go on and the copy is the store
of one moment. It gets its name only after it was found whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from collectors.store.integrity import unsound
from collectors.store.opening import refusals, sqlite_file
from collectors.store.opening.engine import parsed, sqlite_path
from collectors.store.opening.locks import FileLock
from collectors.store.opening.schema import SCHEMA_VERSION
from collectors.store.opening.sqlite_file import reading_mode
from collectors.store.store import Store
from slo.errors import StoreError

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, and would take for the next one's that is put in its place."""
_LOCKED_AT, _LOCKED_BYTES = 0x4000_0000, 512
"""The bytes of a file by which every connection of SQLite says that it has it open."""
_ANOTHER = "name a file that `burnline backup` has made"
_FACTS = ("tally_1m", "tally_15m", "observations", "samples", "events")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was found whole; `rows` counts facts, `digest` is the SHA-256 of its bytes."""

    path: Path
    size_bytes: int
    schema_version: int
    rows: int
    digest: str


def file_of(url: str) -> Path:
    """The file of the store.

    Raises:
        StoreError: the store is a server, which has tools of its own.
    """
    path = sqlite_path(parsed(url))
    if path is None:
        raise StoreError(
            "a PostgreSQL store is backed up by its own tools",
            where=parsed(url).render_as_string(hide_password=True),
            mend="pg_dump --format=custom, and pg_restore to put it back",
        )
    return path


def back_up(url: str, target: Path) -> Backup:
    """A copy of the store at `target`, checked whole; whoever writes to the store goes on writing.

    Raises:
        StoreError: there is no store, the target exists or cannot be written, or the copy is damaged.
    """
    path = file_of(url)
    if not path.exists():
        raise refusals.missing(path)
    sqlite_file.check_file(path)
    _refuse_existing(target)
    refusals.check_folder(target)
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with refusals.translated_sqlite(str(target)):
            _copy(path, fresh)
        made = verified(fresh)
        fresh.rename(target)
    except refusals.DamagedError as error:  # a copy has the damage of what it was made of
        raise refusals.damaged(str(path)) from error
    finally:
        with suppress(OSError):  # it has its name by then, or is not worth one
            fresh.unlink(missing_ok=True)
    return Backup(target, made.size_bytes, made.schema_version, made.rows, made.digest)


def verified(path: Path) -> Backup:
    """What the copy holds, after every page of it was read.

    Raises:
        StoreError: it is no store, it is damaged, or a newer burnline made it.
    """
    if not path.exists():
        raise StoreError("there is no such backup", where=str(path), mend="check the path")
    _refuse_other(path)
    try:
        with (
            refusals.translated_sqlite(str(path)),
            closing(sqlite_file.connected(path, sqlite_file.SNAPSHOT)) as copy,
        ):
            if unsound(copy) is not None:
                raise _damaged(path)
            version, rows = _identity(copy, path), _rows(copy)
    except refusals.DamagedError as error:
        raise _damaged(path) from error
    if version > SCHEMA_VERSION:
        raise refusals.newer(version, SCHEMA_VERSION, str(path))
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Backup(path, path.stat().st_size, version, rows, digest)


def rehearse(backup: Path, *, now: int) -> Backup:
    """What the copy holds, after a store was made of it in a folder of its own and opened to write.

    An older schema is migrated on the way, as it would be in earnest; the backup stays as it is.

    Raises:
        StoreError: the copy is damaged, or cannot be brought to this schema.
    """
    made = verified(backup)
    with TemporaryDirectory(prefix="burnline-restore-") as folder:
        trial = Path(folder) / "burnline.db"
        _copy(backup, trial)
        Store.open(f"sqlite:///{trial}", now=now).close()
    return made


def restore(url: str, backup: Path, *, stamp: str) -> Path | None:
    """Put the copy in the store's place; the store that was there, now under a name with `stamp`.

    None where there was none. What the copy lacks is collected again from its watermarks. A
    store that is damaged, or is none, goes as it is, with what SQLite kept beside it.

    Raises:
        StoreError: the copy is damaged, or another process has the store open.
    """
    path = file_of(url)
    verified(backup)
    refusals.check_folder(path)
    fresh = path.with_name(path.name + ".restoring")
    fresh.unlink(missing_ok=True)
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        with lock.held():
            with refusals.translated_sqlite(str(fresh)):
                _copy(backup, fresh)
            aside = _moved_aside(path, stamp)
            fresh.rename(path)
    finally:
        lock.close()
        fresh.unlink(missing_ok=True)
    return aside


def _copy(path: Path, fresh: Path) -> None:
    """The whole of it in one step, as one file without a WAL, on disk when this returns."""
    with (
        closing(sqlite_file.connected(path, reading_mode(path))) as source,
        closing(sqlite3.connect(fresh, isolation_level=None)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _moved_aside(path: Path, stamp: str) -> Path | None:
    """Where the store went; only a store that nobody else has open may go."""
    aside = path.with_name(f"{path.name}.replaced-{stamp}")
    for suffix in ("", *_BESIDE):
        _refuse_existing(aside.with_name(aside.name + suffix))
    is_there = path.exists()
    if is_there:
        _refuse_open(path)
        if _took_in_its_wal(path) and path.with_name(path.name + "-wal").exists():
            raise _is_open(path)  # whoever closes a store last takes its WAL along
        path.rename(aside)
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside if is_there else None


def _refuse_open(path: Path) -> None:
    """Refuse a store that another process has open, however damaged it is.

    Closing a file takes the locks away that this process has on it: nothing here may have the
    store open, and nothing that restores it has.
    """
    if not path.is_file():
        raise StoreError("the store is no file", where=str(path), mend="move it away")
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED_BYTES, _LOCKED_AT)
    except OSError as error:
        raise _is_open(path) from error
    finally:
        os.close(descriptor)


def _is_open(path: Path) -> StoreError:
    return StoreError(
        "another process has the store open",
        where=str(path),
        mend="end `burnline up`, `collect` and `serve`, then restore again",
    )


def _took_in_its_wal(path: Path) -> bool:
    """Whether it is a store that SQLite can still read, and its WAL is now part of the file."""
    try:
        sqlite_file.check_file(path)
        with (
            refusals.translated_sqlite(str(path)),
            closing(sqlite_file.connected(path, sqlite_file.READ_WRITE)) as last,
        ):
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except StoreError:
        return False
    return True


def _refuse_other(path: Path) -> None:
    """Refuse what is not even a store, in words about a backup."""
    if path.is_file() and path.stat().st_size == 0:
        raise StoreError("the backup is an empty file", where=str(path), mend=_ANOTHER)
    try:
        sqlite_file.check_file(path)
    except refusals.ForeignError as error:
        raise refusals.ForeignError(error.what, where=str(path), mend=_ANOTHER) from error


def _identity(copy: sqlite3.Connection, path: Path) -> int:
    try:
        found = copy.execute("SELECT schema_version FROM burnline_store").fetchone()
    except sqlite3.OperationalError as error:
        raise _damaged(path) from error
    if found is None:
        raise _damaged(path)
    return int(found[0])


def _rows(copy: sqlite3.Connection) -> int:
    counted = (copy.execute(f"SELECT count(*) FROM {table}").fetchone() for table in _FACTS)  # noqa: S608 - names of ours
    return sum(int(number) for (number,) in counted)


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise StoreError(
            "a file of that name exists, and a backup overwrites nothing",
            where=str(target),
            mend="name another file, or move that one away",
        )


def _damaged(path: Path) -> refusals.DamagedError:
    return refusals.DamagedError(
        "the backup is damaged", where=str(path), mend="take an older one, or make a new one"
    )
