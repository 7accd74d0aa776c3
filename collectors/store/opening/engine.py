"""How the store is opened: settings, locks and checkpoints of SQLite, sessions of PostgreSQL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from collectors.store.opening import refusals, schema, space, sqlite_file
from collectors.store.opening.locks import FileLock
from collectors.store.opening.sql_text import Ask, Bounds, Rows
from slo.errors import StoreError

_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "wal_autocheckpoint=0",
    "journal_size_limit=67108864",
    "mmap_size=0",
    "cache_size=-65536",
)
_CHECKPOINT_PAGES = 1_000
_TRUNCATE_PAGES = 16_384  # 64 MiB of 4 KiB pages
_WRITER_LOCK = 0x6275726E
_NAMED = re.compile(r":([a-z_0-9]+)")
_PG_WRITER = "-c jit=off -c timezone=UTC -c lock_timeout=5000"
# Workers take longer to start than the longest of our reads to run.
_PG_READER = (
    "-c jit=off -c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=10000"
    " -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0"
)


@dataclass(slots=True)
class Database:
    """An open engine, with the lock under which it writes; `where` is safe to print."""

    engine: Engine
    where: str
    path: Path | None = None
    lock: FileLock | None = None
    _commits: int = 0
    _pages_a_commit: float = field(default=128.0)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the file on this machine."""
        return self.path is not None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction, alone; committed when the block ends, else rolled back.

        Raises:
            StoreError: the store is busy, full, damaged or out of reach.
        """
        with translated(self.where), self.lock.held() if self.lock else nullcontext():
            if self.path is not None:
                space.refuse_full(self.path)
            with self.engine.begin() as connection:
                if not self.is_sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
                yield connection
            if self.is_sqlite:
                self._checkpoint_when_due()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store for the block."""
        with translated(self.where), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """The same view, asked in SQL text."""
        with self.reading() as connection:
            yield asked(connection)

    def check(self) -> None:
        """Refuse what is no store, or of another schema.

        Raises:
            StoreError: its identity is missing, newer or older.
        """
        with self.asking() as ask:
            schema.check_version(ask, self.where)

    def tidy(self) -> None:
        """Empty the write-ahead log into the file."""
        if self.lock is not None:
            with translated(self.where), self.lock.held():
                self._checkpoint("TRUNCATE")

    def close(self) -> None:
        """Let go of everything; SQLite's last checkpoint happens under the lock."""
        with self.lock.held() if self.lock else nullcontext():
            self.engine.dispose()
        if self.lock:
            self.lock.close()

    def _checkpoint_when_due(self) -> None:
        self._commits += 1
        if self._commits * self._pages_a_commit < _CHECKPOINT_PAGES:
            return
        _, pages, _ = self._checkpoint("PASSIVE")
        if pages > _TRUNCATE_PAGES:
            self._checkpoint("TRUNCATE")
        self._pages_a_commit, self._commits = max(1.0, pages / self._commits), 0

    def _checkpoint(self, mode: str) -> tuple[int, int, int]:
        raw = self.engine.raw_connection()
        try:
            with refusals.translated_sqlite(self.where):
                busy, pages, done = (
                    raw.cursor().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
                )
        finally:
            raw.close()
        return busy, pages, done


def parsed(url: str) -> URL:
    """The URL of a store: SQLite by file, PostgreSQL through psycopg.

    Raises:
        StoreError: it is neither.
    """
    mend = 'store = "sqlite:///burnline.db" or "postgresql+psycopg://user@host/name"'
    try:
        made = make_url(url)
    except ArgumentError as error:
        raise StoreError("the store is no URL", where="store", mend=mend) from error
    if made.drivername in {"postgresql", "postgresql+psycopg"}:
        return made.set(drivername="postgresql+psycopg")
    if made.drivername != "sqlite":
        shown = made.render_as_string(hide_password=True)
        raise StoreError(f"{shown} is no store that burnline knows", where="store", mend=mend)
    name = Path(made.database or "").name
    if name in {"", ":memory:"} or name.startswith("file:"):
        raise StoreError(f'"{name}" is no file to keep a store in', where="store", mend=mend)
    if made.query:
        what = f"an SQLite store takes no options: {', '.join(made.query)}"
        raise StoreError(what, where="store", mend=f'store = "sqlite:///{name}"')
    return made


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite store; None for a server."""
    return Path(str(url.database)) if url.drivername == "sqlite" else None


def writer(url: URL) -> Database:
    """The engine that writes: one connection, every transaction alone.

    Raises:
        StoreError: the place cannot be written.
    """
    path = sqlite_path(url)
    if path is None:
        return Database(_server(url, _PG_WRITER), url.render_as_string(hide_password=True))
    refusals.check_folder(path)
    lock = FileLock(path.with_name(path.name + ".lock"))
    engine = _engine(partial(_connected, path), 1)
    event.listen(engine, "begin", lambda connection: _say(connection, "BEGIN IMMEDIATE"))
    return Database(engine, str(path), path, lock)


def reader(url: URL) -> Database:
    """The engine of a server that only reads, each read ended after ten seconds."""
    return Database(_server(url, _PG_READER), url.render_as_string(hide_password=True))


def of_file(path: Path, connect: Callable[[], sqlite3.Connection]) -> Database:
    """The engine that only reads a file, through connections that are made so."""
    engine = _engine(connect, 4)
    event.listen(engine, "begin", _begin_reading)
    return Database(engine, str(path), path)


def _connected(path: Path) -> sqlite3.Connection:
    made = sqlite_file.connected(path, sqlite_file.READ_WRITE)
    for pragma in _WRITER_PRAGMAS:
        made.execute(f"PRAGMA {pragma}")
    return made


def _engine(connect: Callable[[], sqlite3.Connection], size: int) -> Engine:
    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
    )


def _server(url: URL, options: str) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 5},
        hide_parameters=True,
    )


def _begin_reading(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    sqlite_file.begin_reading(raw)


def _say(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def asked(connection: Connection) -> Ask:
    """The connection as what SQL text is asked of."""
    return lambda said, bounds=None: _rows(connection, said, bounds)


def _rows(connection: Connection, said: str, bounds: Bounds | None) -> Rows:
    """The driver's own rows: wrapping thousands of them takes as long as reading them."""
    if connection.dialect.name == "postgresql":
        said = _NAMED.sub(r"%(\1)s", said)
    result = connection.exec_driver_sql(said, dict(bounds) if bounds else None)
    rows: Rows = result.cursor.fetchall()
    result.close()
    return rows


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what the database says into a sentence with a mend.

    Raises:
        StoreError: the database refused; the transaction was rolled back.
    """
    try:
        with refusals.translated_sqlite(where):
            yield
    except DBAPIError as error:
        is_away = isinstance(error, OperationalError)
        raise refusals.sentence(error.orig or error, where, is_away=is_away) from error
