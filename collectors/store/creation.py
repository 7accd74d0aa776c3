"""How a store comes to be: whole or not at all, and never inside another application's file."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, insert

from collectors.store import engine, refusals
from collectors.store.identity import SCHEMA_VERSION, check_version
from collectors.store.tables import APPLICATION_ID, identity, metadata


def open_writer(url: URL, *, now: int) -> engine.Database:
    """The database to write to, created where there is none.

    Raises:
        StoreError: it cannot be written, is not a store, or is of a newer schema.
    """
    path = engine.sqlite_path(url)
    if path is not None:
        refusals.check_folder(path)
        if path.exists():
            refusals.check_file(path)
    opened = engine.writer(url)
    try:
        if path is not None and not path.exists():
            _create_file(opened, path, now)
        with opened.writing() as connection:
            if path is None:
                _create_tables_once(connection, now)
            check_version(connection, opened.where)
    except BaseException:
        opened.close()
        raise
    return opened


def _create_file(opened: engine.Database, path: Path, now: int) -> None:
    """Build the store beside its place and move it there: a kill leaves nothing half made."""
    assert opened.lock is not None
    with opened.lock.held(), refusals.translated(opened.where):
        if path.exists():
            return
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        building = create_engine(f"sqlite:///{fresh}")
        with building.begin() as connection:
            connection.exec_driver_sql("PRAGMA auto_vacuum=INCREMENTAL")
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            _create_tables(connection, now)
        building.dispose()
        fresh.rename(path)


def _create_tables_once(connection: Connection, now: int) -> None:
    if not connection.dialect.has_table(connection, identity.name):
        _create_tables(connection, now)


def _create_tables(connection: Connection, now: int) -> None:
    metadata.create_all(connection)
    values = {"one": 1, "store_id": str(uuid.uuid4()), "created_at": now}
    connection.execute(insert(identity).values(**values, schema_version=SCHEMA_VERSION))
