"""Folders with a config and a store in every state that pages must survive, and what they then say."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fleet_history import AS_OF, LINES, filled

from collectors.store.leases import Standing
from collectors.store.store import Store
from dashboard.config import load

Made = Callable[[Path], Path]
"""Makes a state in a folder; the answer is its config."""

_FEW = LINES[:2]


def _file(folder: Path) -> Path:
    return folder / "burnline.db"


def without_store(folder: Path) -> Path:
    config = filled(folder, *_FEW)
    _file(folder).unlink()
    return config


def empty(folder: Path) -> Path:
    config = without_store(folder)
    Store.open(f"sqlite:///{_file(folder)}", now=AS_OF).close()
    return config


def stale_collector(folder: Path) -> Path:
    """The collector of a good store, three minutes later."""
    config = filled(folder, *_FEW)
    _standing(config, Standing(_digest(config)), at=AS_OF - 5)
    return config


def disk_full(folder: Path) -> Path:
    config = filled(folder, *_FEW)
    words = "Disk full: collecting is paused since 14:02 UTC. Free 64 MB or more"
    _standing(config, Standing(_digest(config), paused=words), at=AS_OF - 5)
    return config


def unreadable(folder: Path) -> Path:
    config = without_store(folder)
    _file(folder).write_bytes(b"<html>not a store</html>" * 10)
    return config


def damaged(folder: Path) -> Path:
    """Pages in the middle of the file are overwritten, as a failing disk does."""
    config = filled(folder, *_FEW)
    _settle(folder)
    noise = random.Random(7).randbytes
    with _file(folder).open("r+b") as file:
        for page in range(2, 40):
            file.seek(page * 4_096)
            file.write(noise(4_096))
    return config


def newer_schema(folder: Path) -> Path:
    config = filled(folder, *_FEW)
    with closing(sqlite3.connect(_file(folder))) as store:
        store.execute("UPDATE burnline_store SET schema_version = 9")
        store.commit()
    return config


def good(folder: Path) -> Path:
    config = filled(folder)
    _standing(config, Standing(_digest(config)), at=AS_OF - 5)
    return config


@dataclass(frozen=True, slots=True)
class BadState:
    """How to make it, what every page then says, and how long after the drawn moment that is."""

    made: Made
    says: str
    later_s: int = 0


STATES: Mapping[str, BadState] = {
    "good": BadState(good, ""),
    "without-store": BadState(without_store, "Nothing collected yet"),
    "empty": BadState(empty, ""),
    "stale-collector": BadState(
        stale_collector, "Collector not seen for 3 min: figures stop at 15:41 UTC.", 180
    ),
    "disk-full": BadState(disk_full, "Disk full: collecting is paused since 14:02 UTC."),
    "unreadable": BadState(unreadable, "Not a burnline store"),
    "damaged": BadState(damaged, "The store is damaged"),
    "newer-schema": BadState(newer_schema, "created by version 9 of the schema"),
}
"""Every state by its name."""


def _digest(config: Path) -> str:
    return load(config, {}, with_sources=False).digest


def _standing(config: Path, standing: Standing, *, at: int) -> None:
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        store.beat("ops-2", standing, now=at)


def _settle(folder: Path) -> None:
    """Have all rows in the one file."""
    with closing(sqlite3.connect(_file(folder))) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
