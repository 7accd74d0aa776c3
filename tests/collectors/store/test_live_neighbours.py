"""Processes and readers that come and go beside a live writer of the same SQLite store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import store_writer
from builders import NOON, minutes
from store_importer import store_batch, stored_batches

from collectors.contract import Batch, Stream
from collectors.files.reading import text_of
from collectors.store.store import Reader, Store
from slo.errors import InputError
from slo.spans import Span

TESTS = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
LOCKS = Path("/proc/locks")
WATCHED = """
import os, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from builders import NOON
from store_importer import store_batch, stored_batches
from collectors.store.store import Reader, Store
url = sys.argv[1]
for _ in range(2):
    with Store.open(url, now=NOON) as store:
        store_batch(store, stored_batches(store))
        with Reader.open(url) as reader:
            reader.figures_digest()
        store.retain(now=NOON, minutes_s=86_400)
print(*(name for name in opened if os.path.basename(name).startswith("a.db")), sep="\\n")
"""


class Writer:
    """A process with the store open, which writes when told."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, store_writer.__file__, url],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "open"

    def store(self, number: int) -> None:
        """Have one batch stored, and acknowledged."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        assert self._said() == str(number)

    def end(self) -> int:
        """Close its store in order; the exit code."""
        self.process.communicate(timeout=120)
        return self.process.returncode

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def writer(url: str) -> Iterator[Writer]:
    made = Writer(url)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a.db"


def undisturbed(tmp_path: Path, batches: int) -> str:
    with Store.open(f"sqlite:///{tmp_path}/undisturbed.db", now=NOON) as store:
        for number in range(batches):
            store_batch(store, number)
        return store.reader.figures_digest()


def come_and_go(url: str, number: int) -> None:
    """A whole process that stores one batch and ends."""
    with writer(url) as passing:
        passing.store(number)
        assert passing.end() == 0


def locks_of_this_process(path: Path) -> int:
    """How many locks the kernel says we hold on the file."""
    inode = path.stat().st_ino
    lines = [line.split() for line in LOCKS.read_text().splitlines() if "->" not in line]
    return sum(
        1
        for line in lines
        if line[1] == "POSIX" and int(line[4]) == os.getpid() and line[5].endswith(f":{inode}")
    )


def stored_at(reader: Reader) -> int:
    complete = reader.watermark("shop", "requests")
    return complete.until if complete else 0


def store_minute(store: Store, number: int) -> int:
    since = NOON + 60 * number
    batch = Batch((minutes([1], [1], since=since),), Span(since, since + 60))
    store.ingest("shop", Stream("requests"), batch, (), now=NOON)
    return since + 60


def test_a_writer_outlives_shorter_writers_and_every_row_of_all_is_kept(
    url: str, tmp_path: Path
) -> None:
    with writer(url) as long:
        long.store(0)
        come_and_go(url, 1)
        long.store(2)
        come_and_go(url, 3)
        long.store(4)
        assert long.end() == 0

    with Store.open(url, now=NOON) as store:
        assert store.reader.figures_digest() == undisturbed(tmp_path, 5)


def test_what_was_acknowledged_survives_a_kill_after_another_writer_came_and_went(
    url: str, tmp_path: Path
) -> None:
    with writer(url) as killed:
        killed.store(0)
        come_and_go(url, 1)
        killed.store(2)
        killed.store(3)

    with Store.open(url, now=NOON) as store:
        assert stored_batches(store) == 4
        assert store.reader.figures_digest() == undisturbed(tmp_path, 4)


def test_a_reader_sees_what_others_store_however_many_readers_came_and_went_beside_it(
    url: str,
) -> None:
    come_and_go(url, 0)
    with Reader.open(url) as old:
        for number in range(1, 4):
            Reader.open(url).close()
            come_and_go(url, number)
            with Reader.open(url) as young:
                seen = [reader.watermark("shop", "history") for reader in (old, young)]

            assert seen == [Span(NOON, NOON + (number + 1) * 72_000)] * 2


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux shows the locks of a process")
def test_the_locks_of_a_store_stay_while_readers_and_writers_of_its_process_come_and_go(
    url: str, tmp_path: Path
) -> None:
    def held() -> list[bool]:
        return [locks_of_this_process(tmp_path / name) > 0 for name in ("a.db", "a.db-shm")]

    with Store.open(url, now=NOON) as store:
        store_minute(store, 0)
        assert held() == [True, True]
        Reader.open(url).close()
        assert held() == [True, True]
        Store.open(url, now=NOON).close()
        assert held() == [True, True]
        assert stored_at(store.reader) == NOON + 60


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux shows the locks of a process")
def test_a_store_that_is_named_as_a_file_of_facts_is_refused_and_keeps_its_locks(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "linked.csv").symlink_to(tmp_path / "a.db")

    with Store.open(url, now=NOON) as store:
        store_minute(store, 0)
        for name in ("a.db", "a.db-wal", "a.db-shm", "linked.csv"):
            refused = pytest.raises(InputError, match="an SQLite database that is in use")
            with refused, text_of(tmp_path / name, max_expanded=1_000_000):
                pass

            assert locks_of_this_process(tmp_path / "a.db") > 0
            assert locks_of_this_process(tmp_path / "a.db-shm") > 0


def test_nothing_but_sqlite_opens_the_file_of_a_store(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, url],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {Path(name).name for name in done.stdout.split()} == {"a.db.lock"}


def test_a_reader_that_ends_never_takes_the_wal_of_a_killed_writer_away(
    url: str, tmp_path: Path
) -> None:
    with writer(url) as killed:
        killed.store(0)
    before = (tmp_path / "a.db-wal").stat().st_size

    for _ in range(2):
        with Reader.open(url) as reader:
            assert reader.watermark("shop", "history") == Span(NOON, NOON + 72_000)

    assert (tmp_path / "a.db-wal").stat().st_size == before > 0
