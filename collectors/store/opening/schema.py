"""Whether a database is a store of ours, and of the schema this code reads."""

from __future__ import annotations

from collectors.store.opening import refusals
from collectors.store.opening.sql_text import Ask

SCHEMA_VERSION = 4
_VERSION = "SELECT schema_version FROM burnline_store"


def check_version(ask: Ask, where: str) -> None:
    """Refuse what is no store, or not of the schema this code reads.

    Raises:
        StoreError: its identity is missing, newer or older.
    """
    found = version(ask, where)
    if found > SCHEMA_VERSION:
        raise refusals.newer(found, SCHEMA_VERSION, where)
    if found < SCHEMA_VERSION:
        raise refusals.older(found, SCHEMA_VERSION, where)


def version(ask: Ask, where: str) -> int:
    """The schema version of the store.

    Raises:
        StoreError: the database holds no identity of ours; of a table that is missing the
            database says so itself, and whoever asks translates it.
    """
    rows = ask(_VERSION)
    if not rows or not isinstance(rows[0][0], int):
        raise refusals.unidentified(where)
    return int(rows[0][0])
