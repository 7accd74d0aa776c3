"""How a store comes to be: whole or not at all, and never inside another application's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, Connection, NullPool, create_engine, event, inspect

from collectors.store.opening import engine, refusals, space, sqlite_file
from collectors.store.opening.schema import SCHEMA_VERSION, check_version, version
from collectors.store.opening.sqlite_file import APPLICATION_ID
from collectors.store.tables import identity
from slo.errors import StoreError


def open_writer(url: URL, *, now: int) -> engine.Database:
    """The database to write to: created where there is none, migrated where it is older.

    Raises:
        StoreError: it cannot be written, is not a store, or is of a newer schema.
    """
    path = engine.sqlite_path(url)
    if path is not None:
        refusals.check_folder(path)
        if path.exists():
            sqlite_file.check_file(path)
    opened = engine.writer(url)
    with ExitStack() as undo:
        undo.callback(opened.close)
        if path is None:
            _prepare_server(opened, now)
        else:
            _prepare_file(opened, path, now)
        undo.pop_all()
    return opened


def _prepare_file(opened: engine.Database, path: Path, now: int) -> None:
    assert opened.lock is not None
    with opened.lock.held(), engine.translated(opened.where):
        if not path.exists():
            space.refuse_full(path)
            _create_file(path, now)
        elif not space.can_be_joined(path):
            raise space.full(path, space.space_at(path).free_bytes)
        else:
            _refuse_newer(path)
        with opened.engine.connect() as connection:
            found = version(engine.asked(connection), opened.where)
        if found > SCHEMA_VERSION:
            raise refusals.newer(found, SCHEMA_VERSION, opened.where)
        if found < SCHEMA_VERSION:
            _upgrade_file(path, found)


def _refuse_newer(path: Path) -> None:
    """Look at the schema before anything that a newer store would be changed by, as its journal.

    Raises:
        StoreError: a newer burnline made it.
    """
    waits = space.is_filled(path, "-wal")
    mode = sqlite_file.READ_ONLY if waits else sqlite_file.SNAPSHOT
    with closing(sqlite_file.connected(path, mode)) as looking, suppress(sqlite3.Error):
        found = looking.execute(f"SELECT schema_version FROM {identity.name}").fetchone()  # noqa: S608 - ours
        if found is not None and found[0] > SCHEMA_VERSION:
            raise refusals.newer(found[0], SCHEMA_VERSION, str(path))


def _create_file(path: Path, now: int) -> None:
    """Build the store beside its place and move it there: a kill leaves nothing half made."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with _own_connection(fresh) as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        _steps().create(connection, now=now)
    fresh.rename(path)


def _upgrade_file(path: Path, found: int) -> None:
    _steps().backup_file(path, found)
    with _own_connection(path) as connection:
        _steps().upgrade(connection, str(path))


@contextmanager
def _own_connection(path: Path) -> Iterator[Connection]:
    """One transaction that may change tables: foreign keys off before it begins."""

    def connect() -> sqlite3.Connection:
        made = sqlite3.connect(path, isolation_level=None)
        made.execute("PRAGMA auto_vacuum=INCREMENTAL")
        made.execute("PRAGMA foreign_keys=OFF")
        return made

    own = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(own, "begin", lambda it: it.exec_driver_sql("BEGIN IMMEDIATE"))
    with own.begin() as connection:
        yield connection
    own.dispose()


def _prepare_server(opened: engine.Database, now: int) -> None:
    with opened.writing() as connection:
        if not _holds_store(connection, opened.where):
            _steps().create(connection, now=now)
        elif version(engine.asked(connection), opened.where) < SCHEMA_VERSION:
            _steps().upgrade(connection, opened.where)
        check_version(engine.asked(connection), opened.where)


def _holds_store(connection: Connection, where: str) -> bool:
    """Whether the database is ours; False when it is empty.

    Raises:
        StoreError: it holds tables of something else.
    """
    tables = inspect(connection).get_table_names()
    if identity.name in tables:
        return True
    if tables:
        raise StoreError(
            f"not a burnline store (the database holds {len(tables)} other tables)",
            where=where,
            mend="create a database of its own: createdb burnline",
        )
    return False


def _steps() -> ModuleType:
    """The migrations; Alembic takes long to load and most openings need none."""
    return import_module("collectors.store.opening.migrate")
