"""`burnline up` on a disk without room: the pages answer, and collecting begins with the room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from components.disks import small_disk
from components.process import START_S, free_port, until
from small_shop import a_promise, a_source
from verdict_builders import burnline

ROOT = Path(__file__).resolve().parents[2]
CONFIG = a_source(every='"1h"') + a_promise()
ROWS = "at,good,total\n2026-11-01T00:00:00Z,9,10\n2026-11-01T00:01:00Z,10,10\n"


@contextmanager
def up(disk: Path, log: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Both processes over that folder, ended with the block."""
    code = "from dashboard.cli import main; main()"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, "up", "--port", str(port)],
            cwd=disk,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_S)


def test_the_pages_answer_on_a_full_disk_and_collecting_begins_with_the_room(
    tmp_path: Path,
) -> None:
    disk, log, port = tmp_path / "disk", tmp_path / "said", free_port()
    with small_disk(disk, 160):
        (disk / "config.toml").write_text(CONFIG)
        (disk / "requests.csv").write_text(ROWS)
        assert burnline("collect", "--once", folder=disk).code == 0
        room = os.statvfs(disk)
        (disk / "logs").write_bytes(bytes(room.f_bavail * room.f_frsize))

        with up(disk, log, port) as process:
            until(lambda: f"http://127.0.0.1:{port}" in log.read_text(), "the pages' address")
            until(lambda: "Disk full: collecting is paused since " in log.read_text(), "the word")
            metrics = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=START_S)
            (disk / "logs").unlink()
            until(lambda: "collecting  " in log.read_text(), "collecting")
            assert process.poll() is None

    assert metrics.status_code == 200
    assert 'slo="checkout"' in metrics.text
    assert "defect" not in log.read_text()
