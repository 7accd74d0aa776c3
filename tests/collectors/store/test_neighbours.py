"""What others do to a store's file, and have made of it, is told before anything is changed."""

from __future__ import annotations

import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import NOON
from store_importer import store_batch

from collectors.store.store import Reader, Store
from slo.errors import StoreError

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(path: Path) -> Iterator[int]:
    """Another application's process that keeps the file for itself; its id."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid
        holder.communicate()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells whose a lock is")
def test_a_busy_store_names_the_process_that_holds_sqlites_own_lock(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON) as store,
        holding(tmp_path / "a.db") as pid,
        pytest.raises(StoreError, match="store busy") as busy,
    ):
        store_batch(store, 0)
    assert busy.value.what == f"store busy: another process is writing (pid {pid})"


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_store_of_a_newer_schema_is_refused_without_one_changed_byte(
    tmp_path: Path, mode: str
) -> None:
    path = tmp_path / "a.db"
    Store.open(f"sqlite:///{path}", now=NOON).close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE burnline_store SET schema_version = 99")
        newer.commit()
        newer.execute(f"PRAGMA journal_mode={mode}")
    newer.close()
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    with pytest.raises(StoreError, match="created by version 99 of the schema"):
        Store.open(f"sqlite:///{path}", now=NOON)

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert {file.name for file in tmp_path.iterdir()} == {"a.db", "a.db.lock"}


def test_a_reader_in_a_folder_that_is_not_there_is_told_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        Reader.open(f"sqlite:///{tmp_path}/gone/a.db")
    assert refused.value.what == f"the folder {tmp_path}/gone of the store does not exist"
    assert refused.value.mend == f"mkdir -p {tmp_path}/gone"


@pytest.mark.parametrize("spare", [1, 2, 3])
def test_too_few_files_for_the_store_are_told_as_such_at_every_step_of_opening(
    tmp_path: Path, spare: int
) -> None:
    Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON).close()
    with only_so_many_more_files(spare), pytest.raises(StoreError) as refused:
        Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON)
    assert refused.value.what == "too many files are open to open the store"
    assert "ulimit -n" in refused.value.mend


@contextmanager
def only_so_many_more_files(spare: int) -> Iterator[None]:
    """A limit that leaves so many numbers free: those below the highest one in use are taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(each.name) for each in Path("/proc/self/fd").iterdir())
    taken: list[int] = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        while not taken or taken[-1] <= highest:
            taken.append(os.open(os.devnull, os.O_RDONLY))
        resource.setrlimit(resource.RLIMIT_NOFILE, (taken[-1] + 1 + spare, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for each in taken:
            os.close(each)
