"""A disk that fails and a disk that fills up, by real injection."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import store_stubborn
from builders import NOON, minutes
from components.burnline import integrity
from components.disks import grown, small_disk
from components.lacks import lacking
from store_importer import store_batch, stored_batches

from collectors.contract import Batch, Stream
from collectors.store.opening.space import Space
from collectors.store.store import Store
from slo.errors import StoreError
from slo.spans import Span

BATCHES = 12
TESTS = Path(__file__).parents[2]
LIVE = Stream("requests")


def traced(tmp_path: Path, file: str, injection: str) -> subprocess.CompletedProcess[str]:
    """A stubborn writer to `a.db`, whose calls on one of its files meet that."""
    if shutil.which("strace") is None:
        lacking("strace; Debian: apt-get install strace")
    url = f"sqlite:///{tmp_path}/a.db"
    acknowledged, refused = tmp_path / "acknowledged", tmp_path / "refused"
    acknowledged.touch()
    refused.touch()
    tracer = ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(tmp_path / file)]
    writer = [sys.executable, store_stubborn.__file__, url, str(acknowledged), str(refused)]
    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
    with Store.open(url, now=NOON) as holder:  # its WAL is there before the tracer looks for it
        holder.ensure("shop", ())
        ran = subprocess.run(
            [*tracer, "-e", f"inject={injection}", *writer, str(BATCHES)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if "ptrace" in ran.stderr.lower():
        lacking("the right to trace a process (ptrace)", fatal=False)
    return ran


def written_under(tmp_path: Path, injection: str) -> tuple[str, list[str], list[str]]:
    """What a writer stored whose writes to the WAL fail so: its URL, what was taken, what refused."""
    ran = traced(tmp_path, "a.db-wal", injection)
    assert ran.returncode == 0, ran.stderr
    taken, refused = tmp_path / "acknowledged", tmp_path / "refused"
    url = f"sqlite:///{tmp_path}/a.db"
    return url, taken.read_text().split(), refused.read_text().splitlines()


def whole(url: str, tmp_path: Path) -> bool:
    """Whether the store is sound, and holds what one in peace would."""
    verdict = integrity(url.removeprefix("sqlite:///"))
    with Store.open(f"sqlite:///{tmp_path}/peace.db", now=NOON) as peace:
        for number in range(BATCHES):
            store_batch(peace, number)
        undisturbed = peace.reader.figures_digest()
    with Store.open(url, now=NOON) as store:
        return bool(verdict == "ok" and store.reader.figures_digest() == undisturbed)


@pytest.mark.parametrize(
    ("injection", "said"),
    [
        ("pwrite64:error=EIO:when=40+900", "store write failed: disk I/O error"),
        ("pwrite64:error=ENOSPC:when=40+900", "disk full: nothing of this was written"),
    ],
)
def test_a_write_to_the_wal_that_fails_costs_a_try_and_no_row(
    tmp_path: Path, injection: str, said: str
) -> None:
    url, taken, refused = written_under(tmp_path, injection)
    assert taken == [str(number) for number in range(BATCHES)]
    assert set(refused) == {said}
    assert whole(url, tmp_path)


def test_a_sync_that_fails_costs_a_try_and_no_row(tmp_path: Path) -> None:
    url, taken, refused = written_under(tmp_path, "fsync,fdatasync:error=EIO:when=1+2")
    assert taken == [str(number) for number in range(BATCHES)]
    assert set(refused) == {"store write failed: disk I/O error"}
    assert whole(url, tmp_path)


@pytest.mark.parametrize("page", [1, 2, 30, 200])
def test_a_kill_in_the_middle_of_a_checkpoint_loses_nothing(tmp_path: Path, page: int) -> None:
    # Nothing but a checkpoint writes to the file itself; the rest goes to the WAL.
    ran = traced(tmp_path, "a.db", f"pwrite64:signal=SIGKILL:when={page}")
    assert ran.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}, "no checkpoint was met"
    url = f"sqlite:///{tmp_path}/a.db"
    acknowledged = len((tmp_path / "acknowledged").read_text().split())

    with Store.open(url, now=NOON) as survivor:
        stored = stored_batches(survivor)
        assert stored >= acknowledged
        for number in range(stored, BATCHES):
            store_batch(survivor, number)
    assert whole(url, tmp_path)


def test_on_a_full_disk_reading_goes_on_and_writing_does_once_there_is_room(
    tmp_path: Path,
) -> None:
    with (
        small_disk(tmp_path / "disk", 80) as disk,
        Store.open(f"sqlite:///{disk}/a.db", now=NOON) as store,
    ):
        store_batch(store, 0)
        before = store.reader.figures_digest()
        (disk / "logs").write_bytes(bytes(20 * 2**20))

        with pytest.raises(StoreError, match=r"disk full: \d\d MB are left") as full:
            store_batch(store, 1)
        assert "free 64 MB or more" in full.value.mend
        assert store.reader.figures_digest() == before

        grown(disk, 120)
        store_batch(store, 1)
        assert store.reader.figures_digest() != before


def test_a_batch_too_large_for_the_rest_of_the_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.store.opening.space.FLOOR_BYTES", 0)
    with (
        small_disk(tmp_path / "disk", 3) as disk,
        Store.open(f"sqlite:///{disk}/a.db", now=NOON) as store,
    ):
        room = os.statvfs(disk)
        (disk / "logs").write_bytes(bytes(room.f_bavail * room.f_frsize - 65_536))
        with pytest.raises(StoreError, match="disk full: nothing of this was written"):
            store_batch(store, 0)
        assert store.reader.watermark("shop", "history") is None

        grown(disk, 30)
        store_batch(store, 0)
        assert store.reader.watermark("shop", "history") is not None


def test_the_last_room_of_a_disk_stays_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db", now=NOON) as store:
        monkeypatch.setattr("collectors.store.opening.space.FLOOR_BYTES", 2**62)
        with pytest.raises(StoreError, match="nothing is written below"):
            store.ingest("shop", LIVE, Batch((minutes([1], [2]),), Span(0, 60)), (), now=NOON)
        monkeypatch.undo()
        assert store.reader.watermark("shop", "requests") is None


@pytest.mark.parametrize(
    ("free_mb", "total_mb", "is_low"),
    [(200, 1_000, True), (300, 1_000, False), (900, 100_000, True), (1_100, 100_000, False)],
)
def test_a_disk_is_low_before_writing_ends(free_mb: int, total_mb: int, *, is_low: bool) -> None:
    mega = 2**20
    assert Space(free_mb * mega, total_mb * mega).is_low is is_low
