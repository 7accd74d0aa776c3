"""What `burnline doctor` says of the store and of the collector, in a real process."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from components.nobody import NOBODY
from components.process import Server
from page_server import command
from verdict_builders import Ran, burnline

from collectors.store.store import Store


def doctor(folder: Path, *words: str, **environ: str) -> Ran:
    return burnline("doctor", *words, folder=folder, **environ)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("empty", "the store is an empty file"),
        ("foreign", "not a burnline store"),
        ("folder", "the store is a folder, not a file"),
    ],
)
def test_a_store_that_is_none_is_told_as_every_command_tells_it(
    made: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text("")
    path = tmp_path / "burnline.db"
    if made == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"" if made == "empty" else b"<html>" * 1_000)

    ran = doctor(tmp_path)

    assert ran.code == 1
    assert said in ran.out


def test_a_folder_that_is_not_there_comes_with_the_command_that_makes_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('store = "sqlite:///no/such/burnline.db"\n')

    ran = doctor(tmp_path)

    assert ran.code == 1
    assert f"there is no folder {tmp_path}/no/such -> mkdir -p {tmp_path}/no/such" in ran.out


def test_a_sound_store_is_read_and_neither_locked_nor_changed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    url = f"sqlite:///{tmp_path / 'burnline.db'}"
    with Store.open(url, now=1_795_000_000) as store:
        before = store.reader.figures_digest()
        ran = doctor(tmp_path)
        assert store.reader.figures_digest() == before

    assert ran.code == 0, ran.out
    assert "ok     store      can be read" in ran.out
    assert "of its disk are free" in ran.out
    assert "note   collector  none has run on schedule" in ran.out


def test_a_page_that_no_read_meets_by_chance_is_found_damaged(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    path = tmp_path / "burnline.db"
    with Store.open(f"sqlite:///{path}", now=1_795_000_000):
        pass
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'tally_1m'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size + 4] ^= 0x01  # bytes 3 and 4 of a page's header count its cells
    path.write_bytes(content)

    ran = doctor(tmp_path)

    assert ran.code == 1
    assert "WRONG  store      the store is damaged: " in ran.out
    assert "burnline restore FILE" in ran.out


def test_an_entry_of_the_audit_log_that_was_changed_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    path = tmp_path / "burnline.db"
    with Store.open(f"sqlite:///{path}", now=1_795_000_000) as store:
        for who in ("ada", "bob", "eve"):
            store.audit(actor=who, action="silence", subject="api", detail={}, now=1_795_000_000)
    sound = doctor(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE audit SET actor = 'mallory' WHERE actor = 'bob'")

    ran = doctor(tmp_path)

    assert sound.code == 0, sound.out
    assert "ok     store      no entry of the audit log was changed" in sound.out
    assert "ok     store      every page of its file is sound" in sound.out
    assert ran.code == 1
    assert "the audit log was changed: what mallory did (silence api, 2026-" in ran.out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a command as somebody else")
def test_another_user_than_the_stores_owner_is_told_whom_to_run_as(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=1_795_000_000):
        pass
    os.chown(tmp_path / "burnline.db", NOBODY, NOBODY)

    ran = doctor(tmp_path)

    assert ran.code == 1
    assert "it belongs to nobody, but this runs as root -> run every burnline as nobody" in ran.out


def test_a_collector_at_work_is_seen_and_so_is_that_it_has_ended(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[source]]\nkind = "files"\n[[source.file]]\npath = "r.csv"\nholds = "requests"\n'
    )
    (tmp_path / "r.csv").write_text("at,service,good,total\n2026-11-01T00:00:00Z,shop,9,10\n")
    collecting = command(tmp_path / "config.toml", "collect")
    collector = Server(collecting, log=tmp_path / "collector.log")

    collector.start(lambda: "at work since" in doctor(tmp_path).out)
    try:
        pid, seen = collector.pid, doctor(tmp_path)
    finally:
        collector.stop()
    ended = doctor(tmp_path)

    assert f"ok     collector       process {pid} on " in seen.out
    assert seen.code == 0, seen.out
    assert f"process {pid} on " in ended.out
    assert "ended in good order" in ended.out
    assert ended.code == 0, ended.out


@pytest.mark.postgres
def test_a_store_on_a_server_is_read_and_has_no_file_to_look_at(
    tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "config.toml").write_text('store = { env = "STORE" }\n')
    with Store.open(postgres_url, now=1_795_000_000):
        pass

    ran = doctor(tmp_path, STORE=postgres_url)
    gone = doctor(tmp_path, STORE="postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert ran.code == 0, ran.out
    assert "ok     store      can be read" in ran.out
    assert "SQLite" not in ran.out
    assert gone.code == 1
    assert "WRONG  store" in gone.out
