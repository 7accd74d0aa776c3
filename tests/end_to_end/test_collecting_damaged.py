"""A store that rotted on its disk is found by the collector, and written to no more."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import odd_sources
import orjson
from collecting_process import collecting, reader
from components.process import until

from collectors.store.integrity import EXAMINED
from collectors.store.opening.locks import collector_lock, noted


def damage_an_index(path: Path) -> None:
    """Spoil a page that nothing reads by itself: the root of an index over revisions."""
    with sqlite3.connect(path) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'revisions_by_subject'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size + 4] ^= 0x01  # how many cells the page says it has
    path.write_bytes(content)


def test_a_damaged_store_is_written_to_no_more_and_the_sentence_names_the_way_out(
    tmp_path: Path,
) -> None:
    source = odd_sources.source(tmp_path, "good", "counted", "1s")
    with collecting(tmp_path, source) as whole:
        whole.has_run("good")
        until(lambda: _examined(tmp_path), "the reading through of the store")
        whole.ends()
    _forget_that_it_was_read(tmp_path / "burnline.db")
    damage_an_index(tmp_path / "burnline.db")

    with collecting(tmp_path, source) as collector:
        collector.says("The store is damaged")
        until(lambda: bool(collector.seen().standing.paused), "the beat that tells it")
        paused = collector.seen().standing.paused
        # A run that was under way when the damage was found has ended before the next one begins.
        collector.has_run("good", len(odd_sources.runs(tmp_path, "good")) + 2)
        before = _recorded(tmp_path / "burnline.db")
        told_at = collector.seen().seen_at
        until(lambda: collector.seen().seen_at > told_at, "a later beat")
        assert collector.seen().standing.paused == paused
        assert _recorded(tmp_path / "burnline.db") == before
    assert "collecting is paused since" in paused
    assert "burnline restore FILE" in paused


def test_damage_that_a_lane_meets_is_logged_at_once_and_stays_said(tmp_path: Path) -> None:
    store = tmp_path / "burnline.db"
    with collecting(tmp_path, odd_sources.source(tmp_path, "good", "counted", "1s")) as collector:
        collector.has_run("good", 3)
        size = store.stat().st_size
        with store.open("r+b") as file:
            file.seek(8_192)
            file.write(random.Random(5).randbytes(size - 8_192))
        _forget_the_pages(store)

        collector.says("The store is damaged: collecting is paused since ")
        for beat in ("a later beat", "another"):
            since = _noted_at(store)
            until(lambda since=since: _noted_at(store) > since, beat)  # type: ignore[misc]
        assert (
            "The store is damaged: collecting is paused since "
            in _noted(store)["standing"]["paused"]
        )
        assert "the store can be written again" not in collector.said
        assert collector.said.count("collecting is paused since") == 1
        assert collector.ends() == 0


def _forget_the_pages(path: Path) -> None:
    """Have the collector read its pages anew: another writer moves the store on."""
    with sqlite3.connect(path, timeout=120) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA user_version=7")
    connection.close()


def _noted(path: Path) -> dict[str, Any]:
    """What the collector last said beside the store."""
    found: dict[str, Any] = orjson.loads(noted(collector_lock(path)))
    return found


def _noted_at(path: Path) -> int:
    return int(_noted(path)["seen_at"])


def _recorded(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    connection.close()
    return int(count)


def _examined(folder: Path) -> bool:
    with reader(folder) as opened:
        return any(entry.action == EXAMINED for entry in opened.audit_log())


def _forget_that_it_was_read(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM audit WHERE action = ?", (EXAMINED,))
    connection.close()
