"""Stores in a known state, for tests that need more than facts."""

from __future__ import annotations

from collectors.store.store import Store
from collectors.store.tables import identity, metadata


def empty(store: Store) -> None:
    """Bring a store back to nothing, for the next example of the same test."""
    with store._database.writing() as connection:
        for table in metadata.sorted_tables:
            if table is not identity:
                connection.execute(table.delete())
