from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import store_importer
from builders import NOON
from components.burnline import integrity
from components.process import until
from store_importer import store_batch, stored_batches

from collectors.store.store import Store

KILLS = 12
TESTS = Path(__file__).parents[2]


def run_and_kill(url: str, acknowledged: Path, after_s: float) -> None:
    """Start the importer, let it store one batch, and kill it a moment later."""
    before = acknowledged.read_text()
    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
    command = [sys.executable, store_importer.__file__, url, str(acknowledged)]
    importer = subprocess.Popen(command, env=environment)
    try:
        wait_for_more(acknowledged, before, importer)
        time.sleep(after_s)
    finally:
        importer.send_signal(signal.SIGKILL)
        importer.wait()


def wait_for_more(acknowledged: Path, before: str, importer: subprocess.Popen[bytes]) -> None:
    def is_more() -> bool:
        assert importer.poll() is None, "the importer ended by itself"
        return acknowledged.read_text() != before

    until(is_more, "a batch of the importer", every_s=0.002)


def test_killed_at_random_and_resumed_an_import_loses_nothing_and_doubles_nothing(
    store_url: str, tmp_path: Path
) -> None:
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    moments = random.Random(20_260_101)

    for _ in range(KILLS):
        run_and_kill(store_url, acknowledged, after_s=moments.uniform(0, 0.06))
        with Store.open(store_url, now=NOON) as survivor:
            stored = stored_batches(survivor)
            assert stored >= int((acknowledged.read_text().split() or ["0"])[-1])

    with Store.open(store_url, now=NOON) as survivor:
        after_kills = survivor.reader.figures_digest()
    assert after_kills == undisturbed(tmp_path, stored)
    if store_url.startswith("sqlite"):
        assert integrity(store_url.removeprefix("sqlite:///")) == "ok"


def undisturbed(tmp_path: Path, batches: int) -> str:
    """The digest of a store that took the same batches in peace."""
    with Store.open(f"sqlite:///{tmp_path}/undisturbed.db", now=NOON) as store:
        for number in range(batches):
            store_batch(store, number)
        return store.reader.figures_digest()
