"""How a store is read: asked in SQL text, or through SQLAlchemy.

What judging needs is asked in text that both engines read. A file answers it through Python's own
SQLite: to load SQLAlchemy would take a third of `check`, so it waits for the first other question.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from collectors.store.opening import refusals, schema, sqlite_file
from collectors.store.opening.sql_text import Ask

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from collectors.store.opening.engine import Database

_SQLITE = "sqlite:///"
_PRAGMAS = ("busy_timeout=2000", "query_only=ON", "trusted_schema=OFF", "cache_size=-65536")


class Readable(Protocol):
    """A store that can be read; `where` is safe to print."""

    @property
    def where(self) -> str:
        """Its file, or its URL without password."""

    @property
    def path(self) -> Path | None:
        """Its file; None of a server."""

    def asking(self) -> AbstractContextManager[Ask]:
        """One consistent view of the store for the block, asked in SQL text."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view of the store for the block, asked through SQLAlchemy."""

    def check(self) -> None:
        """Refuse what is no store, or of another schema."""

    def close(self) -> None:
        """Let go of it."""


def opened(url: str) -> Readable:
    """The store at `url` for reading alone, each read ended after ten seconds.

    Raises:
        StoreError: there is no store, or the file is not one.
    """
    path = _plain_path(url)
    if path is None:
        from collectors.store.opening import engine  # noqa: PLC0415 - see above

        return engine.reader(engine.parsed(url))
    if not path.exists():
        raise refusals.missing(path)
    sqlite_file.check_file(path)
    return File(path, sqlite_file.reading_mode(path))


def _plain_path(url: str) -> Path | None:
    """The file of an SQLite store; None of a server, and of what is no store's URL."""
    path = Path(url.removeprefix(_SQLITE))
    is_plain = url.startswith(_SQLITE) and "?" not in url and not path.name.startswith("file:")
    return path if is_plain and path.name not in {"", ":memory:"} else None


@dataclass(slots=True)
class File:
    """A store in a file, never changed."""

    path: Path
    mode: str
    _engine: Database | None = field(default=None)
    _making: Lock = field(default_factory=Lock)

    @property
    def where(self) -> str:
        """The file."""
        return str(self.path)

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's, made when it is first asked for."""
        return self._database().engine

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        """One consistent view of the store for the block, asked in SQL text.

        Raises:
            StoreError: the store is busy, damaged or out of reach.
        """
        if self._engine is not None:
            with self._engine.asking() as ask:
                yield ask
            return
        with refusals.translated_sqlite(self.where), closing(self._connected()) as connection:
            sqlite_file.begin_reading(connection)
            yield lambda said, bounds=None: connection.execute(said, bounds or ()).fetchall()

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view of the store for the block, asked through SQLAlchemy."""
        return self._database().reading()

    def check(self) -> None:
        """Refuse what is no store, or of another schema.

        Raises:
            StoreError: its identity is missing, newer or older.
        """
        with self.asking() as ask:
            schema.check_version(ask, self.where)

    def close(self) -> None:
        """Let go of the file."""
        if self._engine is not None:
            self._engine.close()

    def _connected(self) -> sqlite3.Connection:
        made = sqlite_file.connected(self.path, self.mode)
        for pragma in _PRAGMAS:
            made.execute(f"PRAGMA {pragma}")
        return made

    def _database(self) -> Database:
        with self._making:  # sessions of the dashboard share a reader
            if self._engine is None:
                from collectors.store.opening import engine  # noqa: PLC0415 - see above

                self._engine = engine.of_file(self.path, self._connected)
            return self._engine
