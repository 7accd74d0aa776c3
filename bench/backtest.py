"""How long a year of minutes with 7,000 outages takes to be replayed, the whole process."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np

from bench.measured import median_ms, say
from bench.store import SOURCE, config
from bench.traffic import TOTAL
from collectors.contract import MAX_BATCH_ROWS, Batch, Stream
from collectors.store.store import Store
from slo.facts import EventKind, EventRow, Integers, Reals, SeriesKey, SeriesKind, TallyRows
from slo.lengths import DAY_S, MINUTE_S

OUTAGES, DAYS, SERVICE = 7_000, 400, "svc_0000"
_LONGEST_MIN, _EVENTS = 15, 1_000.0


def of_many_outages(folder: Path, until: int, outages: int = OUTAGES, days: int = DAYS) -> None:
    """One policy, two of them, and the advice, each as a command of its own."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'bench.db'}"
    at = np.arange(until - days * DAY_S, until, MINUTE_S, dtype=np.int64)
    bad, noted = _outages(at, outages)
    _fill(url, at, bad, noted)
    path = folder / "config.toml"
    path.write_text(config(url, [SERVICE], TOTAL), encoding="utf-8")
    what = f"backtest, {outages:,} outages in {days} d of minutes"
    for words, goal in (
        (("backtest", SERVICE), "goal <= 5 s"),
        (("backtest", SERVICE, "--policy", "own", "--policy", "pyrra"), ""),
        (("advise", SERVICE), ""),
    ):
        spent_ms = median_ms(partial(_run, path, *words), 3)
        said = what if words[-1] == SERVICE and words[0] == "backtest" else f"  {' '.join(words)}"
        say(said, f"{spent_ms / 1_000:.1f} s", goal)


def _outages(at: Integers, count: int) -> tuple[Reals, list[EventRow]]:
    """The bad events of each minute, and the incident that each outage is."""
    chance = np.random.default_rng(7)
    bad, noted = np.zeros(len(at)), []
    begins = np.sort(chance.choice(len(at) - _LONGEST_MIN, count, replace=False))
    for number, begin in enumerate(begins.tolist()):
        lasted = int(chance.integers(2, _LONGEST_MIN))
        bad[begin : begin + lasted] = chance.integers(100, int(_EVENTS))
        since, until = int(at[begin]), int(at[begin]) + lasted * MINUTE_S
        key = f"INC-{number}"
        noted.append(EventRow(EventKind.INCIDENT, key, since, until, SERVICE, until))
    return bad, noted


def _fill(url: str, at: Integers, bad: Reals, noted: list[EventRow]) -> None:
    until = int(at[-1]) + MINUTE_S
    key = SeriesKey(
        SOURCE, TOTAL, SeriesKind.TALLY, labels=(("service", SERVICE),), service=SERVICE
    )
    with Store.open(url, now=until) as store:
        for first in range(0, len(at), MAX_BATCH_ROWS):
            cut = slice(first, first + MAX_BATCH_ROWS)
            total = np.full(len(at[cut]), _EVENTS)
            seconds = np.full(len(at[cut]), MINUTE_S, np.int64)
            rows = TallyRows(key, at[cut], total - bad[cut], total, seconds, until)
            store.ingest(SOURCE, Stream("bench"), Batch((rows,)), (), now=until)
        for first in range(0, len(noted), MAX_BATCH_ROWS):
            part = tuple(noted[first : first + MAX_BATCH_ROWS])
            store.ingest(SOURCE, Stream("noted"), Batch(part), (), now=until)


def _run(config_path: Path, *words: str) -> None:
    code = "from dashboard.cli import main; main()"
    command = [sys.executable, "-c", code, "--config", str(config_path), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
