"""Whether a database is a store of ours, and of which schema."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select

from collectors.store.opening.schema import refuse_other, unidentified
from collectors.store.tables import identity


def check_version(connection: Connection, where: str) -> None:
    """Refuse what is no store, or not of the schema this code reads.

    Raises:
        StoreError: the identity row is missing, newer or older.
    """
    refuse_other(version(connection, where), where)


def version(connection: Connection, where: str) -> int:
    """The schema version of the store.

    Raises:
        StoreError: the database holds no identity of ours.
    """
    if not inspect(connection).has_table(identity.name):
        raise unidentified(where)
    return int(connection.execute(select(identity.c.schema_version)).scalar_one())
