"""Copies of a store: whole, of one moment, and enough to go on from."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import store_importer
from builders import NOON
from components.burnline import integrity
from components.process import until
from store_importer import store_batch, stored_batches

from collectors.store.backup import back_up, rehearse, restore, verified
from collectors.store.store import Store
from slo.errors import StoreError

ROUNDS = 15
TESTS = Path(__file__).parents[2]


def store_of(path: Path, batches: int) -> str:
    url = f"sqlite:///{path}"
    with Store.open(url, now=NOON) as store:
        for number in range(batches):
            store_batch(store, number)
    return url


def figures(url: str) -> str:
    with Store.open(url, now=NOON) as store:
        return store.reader.figures_digest()


@contextmanager
def importing(url: str, acknowledged: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that stores batch after batch all through the block, unless it is paused."""
    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
    command = [sys.executable, store_importer.__file__, url, str(acknowledged)]
    importer = subprocess.Popen(command, env=environment)
    try:
        yield importer
        assert importer.poll() is None, "the importer ended by itself"
    finally:
        importer.send_signal(signal.SIGKILL)
        importer.wait()


def batches_in(copy: Path) -> int:
    with Store.open(f"sqlite:///{copy}", now=NOON) as restored:
        return stored_batches(restored)


def acknowledged_in(path: Path) -> int:
    return int((path.read_text().split() or ["0"])[-1])


def wait_for_more(path: Path, than: int) -> None:
    until(lambda: acknowledged_in(path) > than, "another batch of the importer")


def test_each_backup_made_during_writes_has_every_batch_acknowledged_before_it_began(
    tmp_path: Path,
) -> None:
    url, acknowledged = store_of(tmp_path / "a.db", 1), tmp_path / "acknowledged"
    acknowledged.touch()
    held = []
    with importing(url, acknowledged) as importer:
        for number in range(ROUNDS):
            before = acknowledged_in(acknowledged)
            copy = back_up(url, tmp_path / f"copy-{number}.db").path
            held.append(batches_in(copy))
            assert held[-1] >= before
            wait_for_more(acknowledged, before)
            # What it would store while nobody copies makes the test longer, not harder.
            importer.send_signal(signal.SIGSTOP)
            assert integrity(copy) == "ok"
            importer.send_signal(signal.SIGCONT)
    assert held[-1] > held[0]
    assert figures(f"sqlite:///{copy}") == figures(store_of(tmp_path / "peace.db", held[-1]))


def test_a_store_put_back_and_collected_again_equals_one_that_was_never_lost(
    tmp_path: Path,
) -> None:
    url = store_of(tmp_path / "a.db", 2)
    copy = back_up(url, tmp_path / "copy.db").path
    store_of(tmp_path / "a.db", 4)

    aside = restore(url, copy, stamp="then")

    with Store.open(url, now=NOON) as store:
        assert stored_batches(store) == 2
        for number in (2, 3):
            store_batch(store, number)
    assert figures(url) == figures(store_of(tmp_path / "undisturbed.db", 4))
    assert aside == tmp_path / "a.db.replaced-then"
    assert figures(f"sqlite:///{aside}") == figures(url)


def test_a_backup_is_put_where_no_store_is_left(tmp_path: Path) -> None:
    url = store_of(tmp_path / "a.db", 1)
    copy = back_up(url, tmp_path / "copy.db").path
    before = figures(url)
    (tmp_path / "a.db").unlink()

    assert restore(url, copy, stamp="then") is None
    assert figures(url) == before


def test_a_store_that_another_process_has_open_is_not_taken_away_from_it(tmp_path: Path) -> None:
    url, acknowledged = store_of(tmp_path / "a.db", 1), tmp_path / "acknowledged"
    copy = back_up(url, tmp_path / "copy.db").path
    acknowledged.touch()
    with importing(url, acknowledged):
        wait_for_more(acknowledged, 0)
        with pytest.raises(StoreError, match="another process has the store open") as refused:
            restore(url, copy, stamp="then")
    assert "burnline up" in refused.value.mend
    assert not (tmp_path / "a.db.replaced-then").exists()
    assert not (tmp_path / "a.db.restoring").exists()


def test_a_damaged_backup_is_refused_and_the_store_stays(tmp_path: Path) -> None:
    url = store_of(tmp_path / "a.db", 1)
    copy = back_up(url, tmp_path / "copy.db").path
    before = figures(url)
    content = bytearray(copy.read_bytes())
    for page in range(8_192, len(content), 4_096):
        content[page : page + 64] = b"\xff" * 64
    copy.write_bytes(content)

    with pytest.raises(StoreError, match="damaged"):
        restore(url, copy, stamp="then")
    assert figures(url) == before


@pytest.mark.parametrize("cut", [0, 100, 5_000])
def test_a_backup_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    copy = back_up(store_of(tmp_path / "a.db", 1), tmp_path / "copy.db").path
    copy.write_bytes(copy.read_bytes()[:cut])
    with pytest.raises(StoreError) as refused:
        verified(copy)
    assert refused.value.mend


def test_another_applications_database_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(StoreError, match="not a burnline store"):
        verified(other)


def test_a_backup_of_a_newer_schema_is_refused_with_both_numbers(tmp_path: Path) -> None:
    copy = back_up(store_of(tmp_path / "a.db", 1), tmp_path / "copy.db").path
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE burnline_store SET schema_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="version 99 of the schema"):
        verified(copy)


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    url = store_of(tmp_path / "a.db", 1)
    kept = tmp_path / "kept.db"
    kept.write_text("mine")
    with pytest.raises(StoreError, match="overwrites nothing"):
        back_up(url, kept)
    with pytest.raises(StoreError, match="does not exist"):
        back_up(url, tmp_path / "nowhere" / "copy.db")
    assert kept.read_text() == "mine"
    assert not list(tmp_path.glob("*.new"))


def test_trying_a_backup_changes_neither_it_nor_the_store(tmp_path: Path) -> None:
    url = store_of(tmp_path / "a.db", 1)
    copy = back_up(url, tmp_path / "copy.db")
    bytes_before = copy.path.read_bytes()
    before = sorted(path.name for path in tmp_path.iterdir())

    assert rehearse(copy.path, now=NOON) == copy
    assert copy.path.read_bytes() == bytes_before
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_rows_of_a_backup_are_those_of_the_store(tmp_path: Path) -> None:
    # One batch: 1,200 counted minutes with 80 quarter hours, 240 states, 240 values, 1 incident;
    # derived from them: uptime of 240 x 5 minutes and one limit's counts, in minutes and quarters.
    copy = back_up(store_of(tmp_path / "a.db", 1), tmp_path / "copy.db")
    with sqlite3.connect(copy.path) as connection:
        counted = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("observations", "samples", "events")
        ]
    connection.close()
    assert counted == [240, 240, 1]
    assert copy.rows > sum(counted) + 1_200 + 80


def test_a_server_is_sent_to_its_own_tools() -> None:
    with pytest.raises(StoreError, match="its own tools") as refused:
        back_up("postgresql+psycopg://me:secret@127.0.0.1/slo", Path("copy.db"))
    assert "pg_dump" in refused.value.mend
    assert "secret" not in str(refused.value)


def test_a_folder_that_is_full_of_nothing_gives_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreError, match="there is no such backup"):
        verified(tmp_path / "copy.db")
