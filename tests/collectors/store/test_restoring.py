"""A backup is put in place of whatever has become of the store."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON
from store_importer import store_batch, stored_batches

from collectors.store.backup import back_up, rehearse, restore, verified
from collectors.store.integrity import damage
from collectors.store.opening.refusals import DamagedError
from collectors.store.store import Reader, Store
from slo.errors import StoreError

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN")
held.execute("SELECT count(*) FROM events").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def garbage_after_the_first_page(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + random.Random(7).randbytes(len(whole) - 4_096))


def zeroed_header(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def web_page(path: Path) -> None:
    path.write_text("<html><body>502 Bad Gateway</body></html>")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def name_that_is_no_text(path: Path) -> None:
    """One byte of the schema is flipped: SQLite's words about it hold the byte."""
    with closing(sqlite3.connect(path, isolation_level=None)) as harmed:
        harmed.execute("PRAGMA writable_schema=ON")
        harmed.execute(
            "UPDATE sqlite_master SET name = CAST(x'73e9726965' AS TEXT), sql = 'CREATE nothing'"
            " WHERE name = 'series'"
        )


HARMS = [
    *(truncated, garbage_after_the_first_page, zeroed_header, web_page, emptied),
    name_that_is_no_text,
]


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path}/a.db"
    with Store.open(made, now=NOON) as store:
        store_batch(store, 0)
    return made


@pytest.mark.parametrize("harm", HARMS)
def test_a_store_that_cannot_be_read_any_more_makes_room_for_its_backup(
    tmp_path: Path, url: str, harm: Callable[[Path], None]
) -> None:
    copy, store = back_up(url, tmp_path / "copy.db").path, tmp_path / "a.db"
    harm(store)
    harmed = store.read_bytes()

    aside = restore(url, copy, stamp="then")

    assert aside == tmp_path / "a.db.replaced-then"
    assert aside.read_bytes() == harmed
    with Store.open(url, now=NOON) as restored:
        assert stored_batches(restored) == 1


@pytest.mark.parametrize("harm", [garbage_after_the_first_page, name_that_is_no_text])
def test_whoever_opens_a_damaged_store_is_told_that_it_is(
    url: str, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "a.db")

    with pytest.raises(DamagedError, match="the store is damaged"):
        Reader.open(url)
    with pytest.raises(DamagedError, match="the store is damaged"):
        Store.open(url, now=NOON)
    assert "malformed" in str(damage(url))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("labels", text) for text in ("{", '[["region", "eu"]', "\xe9", "[1]", "7", '[["b"]]')),
        *(("bin_s", length_s) for length_s in (0, -60, 61, 2**62, "x")),
        *(("until", at) for at in ("z", -(2**62), 1.5, b"\xff")),
        *(("name", b"\xff"), ("minutes_since", "x"), ("kind", "zzz")),
    ],
)
def test_a_row_that_others_wrote_is_damage_and_no_defect_of_the_program(
    url: str, tmp_path: Path, column: str, value: object
) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as harmed:
        harmed.execute(f"UPDATE series SET {column} = ?", (value,))

    with Reader.open(url) as reader:
        with pytest.raises(DamagedError, match="the store is damaged"):
            reader.series()
        reader.waiting()  # from now on SQLAlchemy asks
        with pytest.raises(DamagedError, match="the store is damaged"):
            reader.series()


def test_a_table_that_lost_a_column_is_damage_of_a_store_that_can_be_reached(
    url: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as harmed:
        harmed.execute("ALTER TABLE definitions RENAME COLUMN document TO dokument")

    with Reader.open(url) as reader, pytest.raises(DamagedError, match="the store is damaged"):
        reader.changed_definitions()


def test_what_sqlite_kept_beside_an_unreadable_store_goes_with_it(tmp_path: Path, url: str) -> None:
    copy, store = back_up(url, tmp_path / "copy.db").path, tmp_path / "a.db"
    zeroed_header(store)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).write_bytes(b"left behind" * 4_000)

    aside = restore(url, copy, stamp="then")

    assert aside is not None
    for suffix in ("-wal", "-shm"):
        assert aside.with_name(aside.name + suffix).read_bytes() == b"left behind" * 4_000
    with Store.open(url, now=NOON) as restored:
        assert stored_batches(restored) == 1


def test_the_wal_of_a_store_that_was_removed_is_not_taken_for_that_of_its_backup(
    tmp_path: Path, url: str
) -> None:
    copy, store = back_up(url, tmp_path / "copy.db").path, tmp_path / "a.db"
    with Store.open(url, now=NOON) as later:
        store_batch(later, 1)
        wal = store.with_name("a.db-wal").read_bytes()
    store.unlink()
    store.with_name("a.db-wal").write_bytes(wal)

    assert restore(url, copy, stamp="then") is None
    with Reader.open(url) as reader:
        before = reader.figures_digest()
    with Reader.open(f"sqlite:///{copy}") as reader:
        assert reader.figures_digest() == before


@pytest.mark.parametrize("harm", [truncated, zeroed_header])
def test_a_damaged_store_that_another_process_has_open_is_not_taken_away_from_it(
    tmp_path: Path, url: str, harm: Callable[[Path], None]
) -> None:
    copy, store = back_up(url, tmp_path / "copy.db").path, tmp_path / "a.db"
    command = [sys.executable, "-c", HOLD, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        harm(store)
        harmed = store.read_bytes()
        with pytest.raises(StoreError, match="another process has the store open"):
            restore(url, copy, stamp="then")
        assert store.read_bytes() == harmed
        holder.communicate()

    assert restore(url, copy, stamp="then") is not None


def test_a_damaged_backup_is_told_as_the_backup_and_not_as_the_store(
    tmp_path: Path, url: str
) -> None:
    copy = back_up(url, tmp_path / "copy.db").path
    truncated(copy)
    with pytest.raises(StoreError) as refused:
        rehearse(copy, now=NOON)
    assert refused.value.what == "the backup is damaged"
    assert refused.value.mend == "take an older one, or make a new one"


@pytest.mark.parametrize("harm", [emptied, web_page, zeroed_header])
def test_what_is_no_backup_is_answered_with_how_one_is_made(
    tmp_path: Path, url: str, harm: Callable[[Path], None]
) -> None:
    copy = back_up(url, tmp_path / "copy.db").path
    harm(copy)
    with pytest.raises(StoreError) as refused:
        verified(copy)
    assert refused.value.mend == "name a file that `burnline backup` has made"
    assert "the store" not in refused.value.what


@pytest.mark.parametrize("harm", [truncated, garbage_after_the_first_page])
def test_a_backup_of_a_damaged_store_names_the_store(
    tmp_path: Path, url: str, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "a.db")
    with pytest.raises(StoreError, match="the store is damaged") as refused:
        back_up(url, tmp_path / "copy.db")
    assert refused.value.where == str(tmp_path / "a.db")
    assert sorted(path.name for path in tmp_path.glob("copy*")) == []


def test_an_index_that_lost_its_entries_is_damage_of_the_store_and_not_of_its_copy(
    tmp_path: Path, url: str
) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name ="
            " 'revisions_by_subject') WHERE name = 'events_by_time'"
        )
    connection.close()
    with pytest.raises(StoreError, match="the store is damaged") as refused:
        back_up(url, tmp_path / "copy.db")
    assert refused.value.where == str(tmp_path / "a.db")
