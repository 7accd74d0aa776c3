"""How a store reaches this schema: backed up first, in one transaction, checked before commit."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, func, insert, select, update

from collectors.store.opening.schema import SCHEMA_VERSION
from collectors.store.tables import identity
from slo.errors import StoreError

_FOLDER = Path(__file__).parents[1] / "migrations"


def create(connection: Connection, *, now: int) -> None:
    """Make every table in an empty database, and its identity."""
    run_steps(connection)
    values = {"one": 1, "store_id": str(uuid.uuid4()), "created_at": now}
    connection.execute(insert(identity).values(**values, schema_version=SCHEMA_VERSION))


def upgrade(connection: Connection, where: str) -> None:
    """Bring an older store to this schema within the transaction of the connection.

    Raises:
        StoreError: rows were lost or references broken; the transaction must be rolled back.
    """
    before = _rows(connection)
    run_steps(connection)
    connection.execute(update(identity).values(schema_version=SCHEMA_VERSION))
    after = _rows(connection)
    lost = sorted(name for name, rows in before.items() if after.get(name, rows) != rows)
    if lost or _broken(connection):
        raise StoreError(
            f"the migration would lose rows of {', '.join(lost) or 'a reference'}",
            where=where,
            mend="nothing was changed; keep the old burnline and report this",
        )


def run_steps(connection: Connection) -> None:
    """Run the steps that the database has not seen, and note each one."""
    steps = ScriptDirectory(str(_FOLDER))
    context = MigrationContext.configure(connection)
    ahead = steps.iterate_revisions("head", context.get_current_revision() or "base")
    with Operations.context(context):
        for step in reversed(list(ahead)):
            step.module.upgrade()
            context.stamp(steps, step.revision)


def backup_file(path: Path, version: int) -> Path:
    """A copy of an SQLite store as it was before its migration."""
    copy = path.with_name(f"{path.name}.v{version}-backup")
    fresh = copy.with_name(copy.name + ".new")
    fresh.unlink(missing_ok=True)
    with sqlite3.connect(path) as source, sqlite3.connect(fresh) as target:
        source.backup(target)
    source.close()
    target.close()
    return fresh.rename(copy)


def _rows(connection: Connection) -> dict[str, int]:
    found = MetaData()
    found.reflect(connection)
    tables: list[Any] = [t for t in found.sorted_tables if t.name != "alembic_version"]
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
    }


def _broken(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False
    return bool(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
