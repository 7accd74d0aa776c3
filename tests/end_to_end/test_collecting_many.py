"""Many lanes: those that hang, flood, drip or lie take nothing from the others."""

from __future__ import annotations

from pathlib import Path

import psutil
from bad_company import bad_company
from collecting_process import collecting, reader
from odd_sources import runs, source

ROUNDS = 8
MOST_MIB = 256


def test_sources_that_hang_or_are_hostile_take_no_run_from_the_others(tmp_path: Path) -> None:
    good = [f"good {number}" for number in range(25)]
    tables = [source(tmp_path, name, every="2s") for name in good]
    with (
        bad_company(tmp_path, hung=4, hostile=6, every="2s", timeout="1s") as bad,
        collecting(tmp_path, *tables, *bad) as collector,
    ):
        for name in good:
            collector.has_run(name, ROUNDS)
        made = {name: len(runs(tmp_path, name)) for name in good}
        memory_mib = psutil.Process(collector.process.pid).memory_info().rss / 2**20
        with reader(tmp_path) as opened:
            last = {health.last.source: health.last for health in opened.last_runs()}

    assert max(made.values()) - min(made.values()) <= 3, "no lane is behind the others"
    assert all(last[name].error is None for name in good)
    assert all(last[f"hostile {number}"].error for number in range(6))
    assert len(runs(tmp_path, "hung 1")) == len(runs(tmp_path, "hung 3")) == 1
    assert memory_mib < MOST_MIB
