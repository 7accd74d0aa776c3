"""An import that is killed again and again and begun anew loses no row and doubles none."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from itertools import count
from pathlib import Path

from components.burnline import MAIN

from collectors.store.store import Reader

KILLS, KILLS_A_STORE = 12, 4
PARTS, ROWS_A_PART = 5, 800
ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
store = "sqlite:///burnline.db"
[[source]]
name = "probes"
kind = "files"
[[source.file]]
path = "../part-*.csv"
holds = "probes"
columns = { at = "ts_utc", service = "slug", latency = "response_ms" }
unit = "ms"
valid_for = "26h"

[[slo]]
name = "up"
objective = 99
uptime = "probe"
valid_for = "26h"

[[slo]]
name = "fast"
objective = 99
samples = "probe_latency_seconds"
latency = "500ms"
"""


def pieces(shared: Path, folder: Path) -> list[str]:
    """Some thousand real probes in files, each row of another moment or slug than all others."""
    with gzip.open(shared / "data" / "probes_curc" / "probes.csv.gz", "rt") as text:
        head, *rows = text.readlines()[: 1 + PARTS * ROWS_A_PART]
    names = []
    for number in range(PARTS):
        part = rows[number * ROWS_A_PART : (number + 1) * ROWS_A_PART]
        (folder / f"part-{number}.csv").write_text("".join([head, *part]))
        names.append(f"../part-{number}.csv")
    return names


def prepared(folder: Path) -> Path:
    """A folder with a configuration and no store."""
    folder.mkdir()
    (folder / "config.toml").write_text(CONFIG)
    return folder


def started(folder: Path, names: list[str]) -> subprocess.Popen[bytes]:
    """The command that a person types, in a process of its own."""
    return subprocess.Popen(
        [*MAIN, "import", *names, "--as", "probes", "--source", "probes"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed(folder: Path, names: list[str], after_s: float) -> bool:
    """Whether the import was still at work when it was killed."""
    process = started(folder, names)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def stored(folder: Path) -> int:
    """How many probes the store holds; none before it is there."""
    path = folder / "burnline.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        (sound,) = raw.execute("PRAGMA integrity_check").fetchone()
        assert sound == "ok"
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        if "observations" not in tables:
            return 0
        (rows,) = raw.execute("SELECT count(*) FROM observations").fetchone()
    return int(rows)


def finished(folder: Path, names: list[str]) -> str:
    """What the store holds after an import that nobody disturbs."""
    assert started(folder, names).wait() == 0
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return reader.figures_digest()


def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    tmp_path: Path, shared: Path
) -> None:
    chance = random.Random(20_261_122)
    names = pieces(shared, tmp_path)
    begun = time.monotonic()
    calm = finished(prepared(tmp_path / "calm"), names)
    takes_s = time.monotonic() - begun
    cut_short = in_part = 0

    for number in count():
        folder, before = prepared(tmp_path / f"store-{number}"), 0
        for _ in range(KILLS_A_STORE):
            chance.shuffle(names)
            cut_short += killed(folder, names, chance.uniform(0, takes_s))
            after = stored(folder)
            assert before <= after
            before, in_part = after, in_part + (0 < after < PARTS * ROWS_A_PART)
        assert finished(folder, names) == calm
        assert stored(folder) == PARTS * ROWS_A_PART
        if cut_short >= KILLS and in_part:
            break
