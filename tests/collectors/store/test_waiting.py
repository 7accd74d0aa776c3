"""What waits for whom at one store, and for how long."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from builders import NOON, minutes
from sqlalchemy import text

from collectors.contract import Batch, Stream
from collectors.store.opening import sqlite_file
from collectors.store.store import Store
from slo.errors import StoreError
from slo.spans import Span

LIVE = Stream("requests")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON) as opened:
        yield opened


def write(store: Store) -> None:
    store.ingest("shop", LIVE, Batch((minutes([1], [2]),), Span(NOON, NOON + 60)), (), now=NOON)


@contextmanager
def held_by_another_program(path: Path) -> Iterator[sqlite3.Connection]:
    """SQLite's own lock, taken by something that knows nothing of ours."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_short_writer_from_elsewhere_is_waited_for(store: Store, tmp_path: Path) -> None:
    with held_by_another_program(tmp_path / "a.db") as other:
        release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        release.start()
        write(store)
        release.join()
    assert store.reader.watermark("shop", "requests") == Span(NOON, NOON + 60)


def test_a_long_writer_from_elsewhere_ends_in_a_sentence_and_the_next_try_works(
    store: Store, tmp_path: Path
) -> None:
    with held_by_another_program(tmp_path / "a.db") as other:
        with pytest.raises(StoreError, match="store busy: another process is writing"):
            write(store)
        other.execute("ROLLBACK")
    write(store)
    assert store.reader.watermark("shop", "requests") == Span(NOON, NOON + 60)


def test_a_read_without_end_is_ended_and_the_next_one_works(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_READ_DEADLINE_S", 0.2)
    ended = pytest.raises(StoreError, match="a read took longer than 10 s and was ended")

    with ended, store.reader._database.asking() as ask:
        ask(ENDLESS)
    with ended, store.reader._database.reading() as connection:
        connection.execute(text(ENDLESS))

    assert store.reader.watermark("shop", "requests") is None


def test_a_reader_that_stays_keeps_nobody_from_writing_and_sees_one_moment(store: Store) -> None:
    with store.reader._database.reading() as connection:
        count = text("SELECT count(*) FROM watermarks")
        before = connection.execute(count).scalar()
        write(store)
        assert connection.execute(count).scalar() == before == 0
    assert store.reader.watermark("shop", "requests") is not None
