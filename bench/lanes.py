"""Whether 85 good sources are asked in time while ten hang and five are hostile, and in what room."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import psutil
from bad_company import bad_company, prometheus
from collecting_process import Collecting, collecting
from components.prometheus import Prometheus

from bench.measured import say

GOOD, HUNG, HOSTILE = 85, 10, 5
EVERY_S, TIMEOUT_S = 15, 7
LATE_S = EVERY_S // 10 + 1  # the store keeps whole seconds
_LOOK_S = 0.5
_MIB = 2**20


def lanes(folder: Path, minutes: float) -> None:
    """Every good source is a real Prometheus that is asked how a server it scrapes fares."""
    folder.mkdir()
    scraped = Prometheus(folder / "scraped").start()
    target = {"scraped": f"127.0.0.1:{scraped.port}"}
    server = Prometheus(folder / "prometheus", scrape=target, every="5s").start()
    names = [f"good {number}" for number in range(GOOD)]
    every, timeout = f"{EVERY_S}s", f"{TIMEOUT_S}s"
    good = [prometheus(name, server.url, every, timeout) for name in names]
    try:
        with (
            bad_company(folder, hung=HUNG, hostile=HOSTILE, every=every, timeout=timeout) as bad,
            collecting(folder, *good, *bad) as collector,
        ):
            collector.says("collecting")
            peak_mib, spent_s = _watched(collector, minutes * 60)
            _tell(_starts(folder, names), peak_mib, spent_s)
            begun = time.perf_counter()
            collector.ends()
            say("  told to end, ended after", f"{time.perf_counter() - begun:.1f} s", "goal <= 5 s")
    finally:
        server.stop()
        scraped.stop()


def _watched(collector: Collecting, seconds: float) -> tuple[float, float]:
    """The most memory the process took in that time, and the processor time it used."""
    process, give_up, peak = psutil.Process(collector.process.pid), time.monotonic() + seconds, 0
    while time.monotonic() < give_up:
        peak = max(peak, process.memory_info().rss)
        time.sleep(_LOOK_S)
    used = process.cpu_times()
    return peak / _MIB, used.user + used.system


def _starts(folder: Path, names: Sequence[str]) -> Mapping[str, list[int]]:
    """When each run of those sources began, by the store."""
    with closing(sqlite3.connect(f"file:{folder / 'burnline.db'}?mode=ro", uri=True)) as store:
        rows = store.execute("SELECT source, started_at FROM runs ORDER BY started_at").fetchall()
    return {name: [at for source, at in rows if source == name] for name in names}


def _tell(starts: Mapping[str, list[int]], peak_mib: float, spent_s: float) -> None:
    # The first run is made at once, the second begins the lane's own rhythm.
    gaps = [b - a for at in starts.values() for a, b in pairwise(at[1:])]
    due = sum(max(round(gap / EVERY_S), 1) for gap in gaps)
    on_time = sum(gap <= EVERY_S + LATE_S for gap in gaps)
    what = f"{GOOD} good sources at {EVERY_S} s beside {HUNG} hung, {HOSTILE} hostile"
    share = f"{100 * on_time / due:.2f} % of {due:,}" if due else "no runs"
    say(what, share, "on time; goal >= 99 %")
    say("  longest time between two runs", f"{max(gaps, default=0)} s")
    say("  memory at its peak", f"{peak_mib:.0f} MiB", "goal <= 256 MiB")
    say("  processor time", f"{spent_s:.1f} s")
