"""One process writes to a file at a time, however many have it open."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import store_writer
from builders import NOON
from store_importer import store_batch

from collectors.store.opening.locks import FileLock
from collectors.store.store import Store

TESTS = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
BATCHES = 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@contextmanager
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with the store open, which stores each batch whose number it is sent."""
    process = subprocess.Popen(
        [sys.executable, store_writer.__file__, f"sqlite:///{path}"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert said(process) == "open"
        yield process
    finally:
        process.kill()
        process.communicate()


def tell(process: subprocess.Popen[str], *numbers: int) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(f"{number}\n" for number in numbers))
    process.stdin.flush()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def says_something(process: subprocess.Popen[str], within_s: float) -> bool:
    return bool(select.select([process.stdout], [], [], within_s)[0])


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock beside the store at this moment."""
    with path.with_name("a.db.lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_every_transaction_that_writes_is_taken_under_the_lock(path: Path) -> None:
    with Store.open(f"sqlite:///{path}", now=NOON) as store:
        before = is_locked(path)
        with store._database.writing():
            within = is_locked(path)
        after = is_locked(path)

    assert (before, within, after) == (False, True, False)


def test_a_process_stores_nothing_while_another_holds_the_lock(path: Path) -> None:
    with writer(path) as waiting:
        lock = FileLock(path.with_name("a.db.lock"))
        with lock.held():
            tell(waiting, 0)
            assert not says_something(waiting, within_s=1)
        lock.close()

        assert said(waiting) == "0"


def test_two_processes_that_write_at_once_lose_and_double_nothing(
    path: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        writers = [stack.enter_context(writer(path)) for _ in range(2)]
        for first, each in enumerate(writers):
            tell(each, *range(first, BATCHES, 2))
        stored = [said(each) for each in writers for _ in range(BATCHES // 2)]

    assert sorted(stored) == [str(number) for number in range(BATCHES)]
    with ExitStack() as stack:
        store, calm = (
            stack.enter_context(Store.open(f"sqlite:///{place}", now=NOON))
            for place in (path, tmp_path / "calm.db")
        )
        for number in range(BATCHES):
            store_batch(calm, number)
        assert store.reader.figures_digest() == calm.reader.figures_digest()
