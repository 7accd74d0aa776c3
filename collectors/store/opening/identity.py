"""Whether a database is a store of ours, and of which schema."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select

from collectors.store.opening import refusals
from collectors.store.tables import identity
from slo.errors import StoreError

SCHEMA_VERSION = 3


def check_version(connection: Connection, where: str) -> None:
    """Refuse what is no store, or not of the schema this code reads.

    Raises:
        StoreError: the identity row is missing, newer or older.
    """
    found = version(connection, where)
    if found > SCHEMA_VERSION:
        raise refusals.newer(found, SCHEMA_VERSION, where)
    if found < SCHEMA_VERSION:
        raise refusals.older(found, SCHEMA_VERSION, where)


def version(connection: Connection, where: str) -> int:
    """The schema version of the store.

    Raises:
        StoreError: the database holds no identity of ours.
    """
    if not inspect(connection).has_table(identity.name):
        raise StoreError(
            "not a burnline store: its identity is missing",
            where=where,
            mend="restore the last backup, or name another store",
        )
    return int(connection.execute(select(identity.c.schema_version)).scalar_one())
