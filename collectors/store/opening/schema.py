"""Which schema of the store this code reads, and what it says to others; without SQLAlchemy."""

from __future__ import annotations

from collectors.store.opening import refusals
from slo.errors import StoreError

SCHEMA_VERSION = 3


def refuse_other(found: int, where: str) -> None:
    """Refuse what is not of the schema this code reads.

    Raises:
        StoreError: it is newer or older.
    """
    if found > SCHEMA_VERSION:
        raise refusals.newer(found, SCHEMA_VERSION, where)
    if found < SCHEMA_VERSION:
        raise refusals.older(found, SCHEMA_VERSION, where)


def unidentified(where: str) -> StoreError:
    """The sentence about a database without an identity of ours."""
    return StoreError(
        "not a burnline store: its identity is missing",
        where=where,
        mend="restore the last backup, or name another store",
    )
