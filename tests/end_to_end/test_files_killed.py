"""An import that is killed again and again and begun anew loses no row and doubles none."""

from __future__ import annotations

import gzip
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from file_builders import NOW

from collectors.store.store import Reader

KILLS = 25
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from collectors.contract import Named
from collectors.files.table import FileTable
from collectors.sources.files import for_import
from collectors.store.store import Store
from slo.indicator import Latency, Uptime
from slo.spans import Span

url, now, *paths = sys.argv[1:]
table = FileTable(
    path="-",
    holds="probes",
    columns={"at": "ts_utc", "service": "slug", "latency": "response_ms"},
    unit="ms",
    valid_for="26h",
)
wanted = (Uptime("probe", 93_600), Latency(0.5, samples="probe_latency_seconds"))
collector = for_import(Named("files", "-", wanted), table, paths)
with Store.open(url, now=int(now)) as store:
    for stream in collector.streams:
        for batch in collector.collect(stream, Span(0, int(now)), int(now)):
            store.ingest("files", stream, batch, wanted, now=int(now))
            print(stream.name, flush=True)
"""


def started(url: str, paths: list[Path]) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", SCRIPT, url, str(NOW), *map(str, paths)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def finish(url: str, paths: list[Path]) -> str:
    process = started(url, paths)
    process.communicate()
    assert process.returncode == 0
    with Reader.open(url) as reader:
        return reader.figures_digest()


def pieces(shared: Path, folder: Path) -> tuple[list[Path], int]:
    """Some thousand real probes in files of 200 rows, and how many there are."""
    with gzip.open(shared / "data" / "probes_curc" / "probes.csv.gz", "rt") as text:
        head, *rows = text.readlines()[:1_601]
    paths = []
    for since in range(0, len(rows), 200):
        path = folder / f"part-{since}.csv"
        path.write_text("".join([head, *rows[since : since + 200]]))
        paths.append(path)
    return paths, len(rows)


@pytest.mark.timeout(400)
def test_25_kills_at_random_moments_lose_nothing_and_double_nothing(
    tmp_path: Path, shared: Path
) -> None:
    paths, count = pieces(shared, tmp_path)
    chance = random.Random(20_261_122)
    url = f"sqlite:///{tmp_path}/killed.db"
    cut_short = 0

    for _ in range(KILLS):
        chance.shuffle(paths)
        process = started(url, paths)
        assert process.stdout is not None
        for _ in range(chance.randrange(2 * len(paths))):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cut_short += process.returncode == -signal.SIGKILL

    assert finish(url, paths) == finish(f"sqlite:///{tmp_path}/calm.db", paths)
    assert cut_short == KILLS
    with closing(sqlite3.connect(tmp_path / "killed.db")) as raw:
        (stored,) = raw.execute("SELECT count(*) FROM observations").fetchone()
        (sound,) = raw.execute("PRAGMA integrity_check").fetchone()
    assert (stored, sound) == (count, "ok")
