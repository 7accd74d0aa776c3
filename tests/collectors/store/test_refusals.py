from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from builders import NOON, minutes
from components.lacks import lacking
from components.nobody import as_nobody

from collectors.contract import Batch, Stream
from collectors.store.opening.locks import FileLock
from collectors.store.store import Reader, Store
from slo.errors import StoreError
from slo.spans import Span

LIVE = Stream("requests")


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def refused(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        Store.open(url(path), now=NOON)
    return caught.value


def filled(path: Path) -> None:
    with Store.open(url(path), now=NOON) as store:
        store.ingest("shop", LIVE, Batch((minutes([1], [2]),)), (), now=NOON)


@contextmanager
def limit(which: int, soft: int) -> Iterator[None]:
    before = resource.getrlimit(which)
    resource.setrlimit(which, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(which, before)


def test_a_missing_folder_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    error = refused(tmp_path / "not" / "there" / "a.db")

    assert error.what == f"the folder {tmp_path}/not/there of the store does not exist"
    assert error.mend == f"mkdir -p {tmp_path}/not/there"


def test_a_folder_in_place_of_the_store_is_called_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).what == "the store is a folder, not a file"


def test_too_many_open_files_are_told_apart_from_a_missing_store(tmp_path: Path) -> None:
    filled(tmp_path / "a.db")

    with limit(resource.RLIMIT_NOFILE, 0):
        error = refused(tmp_path / "a.db")

    assert error.what == "too many files are open to open the store"


def test_a_folder_of_another_user_is_named_with_owner_mode_and_uid() -> None:
    folder = Path(tempfile.mkdtemp(prefix="burnline-"))
    folder.chmod(0o555)
    try:
        with as_nobody():
            error = refused(folder / "a.db")
            uid = os.geteuid()
    finally:
        shutil.rmtree(folder)

    assert error.what.startswith(f"cannot write {folder} (owner ")
    assert error.what.endswith(f"mode 555; running as uid {uid})")


def test_a_read_only_file_system_is_named_as_such() -> None:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    read_only = [Path(m[1]) for m in mounts if "ro" in m[3].split(",") and Path(m[1]).is_dir()]
    if not read_only:
        lacking("a read-only mount to try; most Linux machines have some")

    assert refused(read_only[0] / "a.db").what == "the store is on a read-only file system"


def _web_page(path: Path) -> None:
    path.write_text("<html><body>502 Bad Gateway</body></html>")


def _zeroes(path: Path) -> None:
    path.write_bytes(bytes(8_192))


def _other_application(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA application_id=0x0f055112")
        other.execute("CREATE TABLE notes (text)")
    other.close()


@pytest.mark.parametrize(
    ("make", "sign"),
    [
        (_web_page, "no SQLite header"),
        (_zeroes, "no SQLite header"),
        (_other_application, "application_id 0x0f055112"),
    ],
)
def test_what_is_no_store_is_refused_and_not_touched(
    tmp_path: Path, make: Callable[[Path], None], sign: str
) -> None:
    path = tmp_path / "other.db"
    make(path)
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    assert refused(path).what == f"not a burnline store ({sign})"
    with pytest.raises(StoreError, match="not a burnline store"):
        Reader.open(url(path))

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_an_empty_file_is_named_with_the_way_to_a_store_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "burnline.db"
    path.touch()

    error = refused(path)

    assert error.what == "the store is an empty file"
    assert f"rm {path}" in error.mend
    assert [file.name for file in tmp_path.iterdir()] == ["burnline.db"]
    path.unlink()
    filled(path)


def test_the_way_out_of_a_foreign_file_never_names_that_file(tmp_path: Path) -> None:
    for name in ("burnline.db", "slo.db"):
        _web_page(tmp_path / name)

        assert f"sqlite:///{name}" not in refused(tmp_path / name).mend


def test_a_pipe_in_place_of_the_store_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.db")

    assert refused(tmp_path / "a.db").what == "not a burnline store (no regular file)"


def test_another_application_with_a_wal_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE notes (text)")
        subprocess.run(["cp", path, tmp_path / "copy.db"], check=True)
        subprocess.run(["cp", f"{path}-wal", tmp_path / "copy.db-wal"], check=True)
    other.close()
    copies = [tmp_path / "copy.db", tmp_path / "copy.db-wal"]
    before = [copy.read_bytes() for copy in copies]

    assert refused(tmp_path / "copy.db").what.startswith("not a burnline store")

    assert [copy.read_bytes() for copy in copies] == before
    assert {file.name for file in tmp_path.iterdir()} == {"other.db", "copy.db", "copy.db-wal"}


@pytest.mark.parametrize("place", [":memory:", "", "file:a.db", "{}/:memory:", "{}/file:a.db"])
def test_a_store_that_is_no_file_is_refused(tmp_path: Path, place: str) -> None:
    for open_it in (Reader.open, lambda url: Store.open(url, now=NOON)):
        with pytest.raises(StoreError, match="is no file to keep a store in"):
            open_it(f"sqlite:///{place.format(tmp_path)}")

    assert list(tmp_path.iterdir()) == []


def test_options_in_the_url_of_a_file_are_refused_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="takes no options: mode\n") as caught:
        Store.open(f"{url(tmp_path / 'a.db')}?mode=ro", now=NOON)

    assert caught.value.mend == 'store = "sqlite:///a.db"'
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_its_wal_is_known_and_its_watermark_fits_its_rows(tmp_path: Path) -> None:
    with Store.open(url(tmp_path / "a.db"), now=NOON) as store:
        for minute in range(30):
            since = NOON + 60 * minute
            batch = Batch((minutes([1], [1], since=since),), Span(since, since + 60))
            store.ingest("shop", LIVE, batch, (), now=NOON)
        subprocess.run(["cp", tmp_path / "a.db", tmp_path / "torn.db"], check=True)

    with Reader.open(url(tmp_path / "torn.db")) as torn:
        complete = torn.watermark("shop", LIVE.name)
        kept = torn.series("shop")

    assert [Span(one.since or 0, one.until or 0) for one in kept] == (
        [complete] if complete else []
    )


@pytest.mark.parametrize("at", [100, 2 * 4_096 + 8, 3 * 4_096])
def test_a_damaged_page_ends_in_a_sentence_and_not_in_an_accident(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.db"
    filled(path)
    page = bytearray(path.read_bytes())
    page[at : at + 2_000] = b"\xa5" * 2_000
    path.write_bytes(page)

    with (
        pytest.raises(StoreError, match=r"damaged|not a burnline store"),
        Store.open(url(path), now=NOON) as store,
    ):
        store.reader.figures_digest()


def test_a_reader_of_a_store_that_nobody_made_says_how_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet") as caught:
        Reader.open(url(tmp_path / "a.db"))

    assert "burnline collect --once" in caught.value.mend


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    filled(tmp_path / "a.db")

    with (
        Reader.open(url(tmp_path / "a.db")) as reader,
        pytest.raises(StoreError, match="cannot be written"),
        reader._database.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM series")


def test_a_store_held_by_another_writer_is_busy_and_names_the_process(tmp_path: Path) -> None:
    lock = tmp_path / "a.db.lock"
    first, second = FileLock(lock), FileLock(lock)

    with (
        first.held(),
        pytest.raises(StoreError, match=rf"store busy \(pid {os.getpid()} "),
        second.held(patience_s=0.05),
    ):
        pass

    with second.held(patience_s=0.05):
        first.close()
    second.close()


def test_a_write_that_fails_leaves_the_batch_out_and_the_next_one_works(tmp_path: Path) -> None:
    batch = Batch((minutes([1] * 4_000, [2] * 4_000),), Span(NOON, NOON + 240_000))
    with Store.open(url(tmp_path / "a.db"), now=NOON) as store:
        failing = pytest.raises(StoreError, match=r"disk I/O error|disk full")
        with limit(resource.RLIMIT_FSIZE, 40_000), failing:
            store.ingest("shop", LIVE, batch, (), now=NOON)
        assert store.reader.watermark("shop", LIVE.name) is None
        assert store.reader.series() == ()

        assert store.ingest("shop", LIVE, batch, (), now=NOON).new == 4_000


def test_a_url_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("mysql://root:secret@db/x", now=NOON)

    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_a_sentence_without_the_password(free_port: int) -> None:
    with pytest.raises(StoreError, match="the store cannot be reached") as caught:
        Store.open(f"postgresql+psycopg://me:secret@127.0.0.1:{free_port}/x", now=NOON)

    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_of_something_else_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as session:
        session.execute("CREATE TABLE notes (text text)")

    with pytest.raises(StoreError, match="the database holds 1 other tables"):
        Store.open(postgres_url, now=NOON)
