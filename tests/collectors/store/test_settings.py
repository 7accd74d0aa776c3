"""The settings of a store as its own open connections report them."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON
from sqlalchemy import Connection, text

from collectors.store.store import Store

WRITER = {
    "journal_mode": "wal",
    "synchronous": 1,
    "busy_timeout": 5_000,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "wal_autocheckpoint": 0,
    "journal_size_limit": 67_108_864,
    "mmap_size": 0,
    "cache_size": -65_536,
    "query_only": 0,
}
READER = {"journal_mode": "wal", "busy_timeout": 2_000, "query_only": 1, "trusted_schema": 0}
SESSION = {"jit": "off", "TimeZone": "UTC"}


def reported(connection: Connection, names: list[str], how: str) -> dict[str, object]:
    """What the open connection itself says of its settings; without a word, the value 0."""
    return {name: connection.execute(text(f"{how} {name}")).scalar() or 0 for name in names}


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON)


@pytest.fixture
def server_store(postgres_url: str) -> Store:
    return Store.open(postgres_url, now=NOON)


def test_the_writer_of_a_file_works_under_the_settings_that_keep_it_whole(
    file_store: Store,
) -> None:
    with file_store as store, store._database.writing() as connection:
        assert reported(connection, list(WRITER), "PRAGMA") == WRITER


def test_the_readers_of_a_file_can_neither_write_nor_wait_for_long(file_store: Store) -> None:
    with file_store as store, store.reader._database.reading() as connection:
        assert reported(connection, list(READER), "PRAGMA") == READER


@pytest.mark.postgres
def test_the_writer_of_a_server_compiles_no_query_and_waits_five_seconds_for_a_lock(
    server_store: Store,
) -> None:
    with server_store as store, store._database.writing() as connection:
        wanted = SESSION | {"lock_timeout": "5s", "default_transaction_read_only": "off"}
        assert reported(connection, list(wanted), "SHOW") == wanted


@pytest.mark.postgres
def test_the_readers_of_a_server_compile_no_query_and_write_nothing(server_store: Store) -> None:
    with server_store as store, store.reader._database.reading() as connection:
        wanted = SESSION | {
            "default_transaction_read_only": "on",
            "statement_timeout": "10s",
            "plan_cache_mode": "force_generic_plan",
            "max_parallel_workers_per_gather": "0",
        }
        assert reported(connection, list(wanted), "SHOW") == wanted
