"""A disk without any room at all: what is stored can still be read, and nothing is left lying."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON
from components.disks import grown, small_disk
from small_shop import SOURCE, a_promise
from store_importer import store_batch
from verdict_builders import burnline

from collectors.store.backup import back_up
from collectors.store.opening.space import FullError
from collectors.store.store import Reader, Store
from slo.errors import StoreError

CONFIG = SOURCE + a_promise("shop-success", "99", 'requests{service="shop"}')
ROWS = "at,service,good,total\n2026-11-01T00:00:00Z,shop,9,10\n2026-11-01T00:01:00Z,shop,10,10\n"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 80) as folder:
        yield folder


def filled(disk: Path) -> None:
    """Write until not one byte is left."""
    with (disk / "logs").open("wb", buffering=0) as file:
        while (room := os.statvfs(disk).f_bavail) > 0:
            file.write(bytes(room * os.statvfs(disk).f_frsize))


def stored(disk: Path) -> tuple[str, str]:
    """A store that was closed in good order, its figures, and then no room."""
    url = f"sqlite:///{disk}/a.db"
    with Store.open(url, now=NOON) as store:
        store_batch(store, 0)
        before = store.reader.figures_digest()
    filled(disk)
    return url, before


def test_a_store_closed_in_good_order_is_read_without_room_for_one_byte(disk: Path) -> None:
    url, before = stored(disk)
    files = sorted(path.name for path in disk.iterdir())

    with Reader.open(url) as reader:
        assert reader.figures_digest() == before

    assert sorted(path.name for path in disk.iterdir()) == files


def test_opening_to_write_without_room_says_so_and_leaves_nothing_behind(disk: Path) -> None:
    url, _ = stored(disk)
    files = sorted(path.name for path in disk.iterdir())

    with pytest.raises(FullError, match="disk full: 0 MB are left, and nothing is written below"):
        Store.open(url, now=NOON)
    assert {path.name for path in disk.iterdir()} <= {*files, "a.db.lock"}

    grown(disk, 200)
    with Store.open(url, now=NOON) as store:
        store_batch(store, 1)


def test_a_wal_that_waits_to_be_read_is_not_passed_over_in_silence(disk: Path) -> None:
    url = f"sqlite:///{disk}/a.db"
    with Store.open(url, now=NOON) as store:
        store_batch(store, 0)
        wal = (disk / "a.db-wal").read_bytes()
    (disk / "a.db-wal").write_bytes(wal)
    filled(disk)

    with pytest.raises(StoreError, match="disk full"):
        Reader.open(url)
    assert not (disk / "a.db-shm").exists()
    assert (disk / "a.db-wal").read_bytes() == wal


def test_a_store_is_not_begun_where_nothing_would_be_written_to_it(disk: Path) -> None:
    filled(disk)
    with pytest.raises(FullError, match="disk full"):
        Store.open(f"sqlite:///{disk}/a.db", now=NOON)
    assert not list(disk.glob("a.db*new"))
    assert not (disk / "a.db").exists()


def test_verdicts_are_given_on_a_full_disk_and_collecting_says_why_it_is_not(disk: Path) -> None:
    (disk / "config.toml").write_text(CONFIG)
    (disk / "requests.csv").write_text(ROWS)
    assert burnline("collect", "--once", folder=disk).code == 0
    at = ("--as-of", "2026-11-01T00:02:00Z")
    status, check = burnline("status", *at, folder=disk), burnline("check", *at, folder=disk)
    filled(disk)
    before = hashlib.sha256((disk / "burnline.db").read_bytes()).hexdigest()

    assert burnline("status", *at, folder=disk).out == status.out
    assert burnline("check", *at, folder=disk).out == check.out
    refused = burnline("collect", "--once", folder=disk)

    assert refused.code == 2
    assert "disk full" in refused.err
    assert "free 64 MB or more" in refused.err
    assert hashlib.sha256((disk / "burnline.db").read_bytes()).hexdigest() == before
    assert not (disk / "burnline.db-wal").exists()


def test_the_room_that_is_left_is_told_in_the_unit_of_the_floor(
    disk: Path,
) -> None:
    with Store.open(f"sqlite:///{disk}/a.db", now=NOON) as store:
        room = os.statvfs(disk)
        spare = room.f_bavail * room.f_frsize - 63_500_000
        (disk / "logs").write_bytes(bytes(spare))
        with pytest.raises(FullError) as full:
            store_batch(store, 0)
    assert full.value.what == "disk full: 63 MB are left, and nothing is written below 64 MB"


def test_a_backup_that_finds_no_room_says_so_of_the_backup(disk: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with Store.open(url, now=NOON) as store:
        store_batch(store, 0)
    filled(disk)
    with pytest.raises(StoreError, match="disk full: nothing of this was written") as refused:
        back_up(url, disk / "copy.db")
    assert refused.value.where == str(disk / "copy.db")
    assert not list(disk.glob("copy*"))
