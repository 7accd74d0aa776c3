"""Damage that no read meets by chance is found by the one that looks for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from builders import NOON
from store_importer import store_batch

from collectors.store.integrity import damage
from collectors.store.store import Store
from slo.errors import StoreError


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path}/a.db"
    with Store.open(made, now=NOON) as store:
        store_batch(store, 0)
    return made


def root_page_of(path: Path, name: str) -> tuple[int, int]:
    with sqlite3.connect(path) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    return page, size


def test_a_sound_store_has_no_damage(url: str) -> None:
    assert damage(url) is None


def test_one_flipped_byte_in_the_structure_is_found(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    page, size = root_page_of(path, "tally_1m")
    content = bytearray(path.read_bytes())
    # Bytes 3 and 4 of a page's header count its cells.
    content[(page - 1) * size + 4] ^= 0x01
    path.write_bytes(content)
    assert damage(url) is not None


def test_an_index_that_lost_an_entry_is_found(url: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("PRAGMA writable_schema=ON")
        index = "events_by_time"
        connection.execute("CREATE TABLE spare AS SELECT 1")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name ="
            " 'revisions_by_subject') WHERE name = ?",
            (index,),
        )
    connection.close()
    assert damage(url) is not None


def test_looking_keeps_nobody_from_writing(url: str) -> None:
    with Store.open(url, now=NOON) as store:
        assert damage(url) is None
        store_batch(store, 1)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        damage(f"sqlite:///{tmp_path}/none.db")
