"""Stores in a known state, for tests that need more than facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from collectors.store.store import Store
from collectors.store.tables import identity, metadata


def empty(store: Store) -> None:
    """Bring a store back to nothing, for the next example of the same test."""
    with store._database.writing() as connection:
        for table in metadata.sorted_tables:
            if table is not identity:
                connection.execute(table.delete())


@contextmanager
def refusing(store: Store, table: str) -> Iterator[None]:
    """Have the database itself refuse the first row that the table is to take."""
    with store._database.writing() as connection:
        for statement in _refusal(connection.dialect.name, table):
            connection.execute(text(statement))
    try:
        yield
    finally:
        of = "" if store._database.is_sqlite else f" ON {table}"
        with store._database.writing() as connection:
            connection.execute(text(f"DROP TRIGGER refuse{of}"))


def _refusal(engine: str, table: str) -> list[str]:
    if engine == "sqlite":
        then = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        return [f"CREATE TRIGGER refuse BEFORE INSERT ON {table} {then}"]
    body = "BEGIN RAISE EXCEPTION 'refused'; END"
    return [
        f"CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
        f"CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refused()",
    ]
