"""The collector process among other processes, signals and sources that misbehave."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from collecting_process import Collecting, collecting, prepare, reader, write_config
from components.process import START_S, until
from odd_sources import CANARY, VALID_S, runs, source

from collectors.store.leases import Standing
from dashboard import wiring
from slo.facts import SeriesKind
from slo.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

STOPPED_S = 9


def test_a_second_collector_ends_with_code_2_and_names_the_first(tmp_path: Path) -> None:
    with collecting(tmp_path, source(tmp_path, "shop")) as first:
        first.has_run("shop")

        second = Collecting(tmp_path)

        assert second.process.wait(START_S) == 2
        assert f"another collector (pid {first.process.pid} on " in first.said
        assert first.process.poll() is None
        before = len(runs(tmp_path, "shop"))
        first.has_run("shop", before + 1)


def test_the_lock_of_a_killed_collector_is_free_at_once(tmp_path: Path) -> None:
    with collecting(tmp_path, source(tmp_path, "shop")) as first:
        first.has_run("shop")
        first.process.kill()
        first.process.wait()
        before = len(runs(tmp_path, "shop"))

        with collecting(tmp_path, source(tmp_path, "shop")) as second:
            second.has_run("shop", before + 1)
            seen = second.seen()

    assert (seen.pid, seen.released) == (second.process.pid, False)


@pytest.mark.postgres
def test_on_a_server_the_row_keeps_a_second_collector_out_until_the_first_is_gone(
    tmp_path: Path, postgres_url: str
) -> None:
    tables = f'store = "{postgres_url}"\n', source(tmp_path, "shop")
    with collecting(tmp_path, *tables) as first:
        first.has_run("shop")
        second = Collecting(tmp_path)
        assert second.process.wait(START_S) == 2
        assert f"another collector (pid {first.process.pid} on " in first.said
        first.process.kill()
        first.process.wait()
        before = len(runs(tmp_path, "shop"))

        with collecting(tmp_path, *tables) as third:
            third.has_run("shop", before + 1)


def test_a_collector_that_lost_its_lease_ends_with_code_2(tmp_path: Path) -> None:
    with collecting(tmp_path, source(tmp_path, "shop")) as collector:
        collector.has_run("shop")
        with closing(sqlite3.connect(tmp_path / "burnline.db", timeout=120)) as thief, thief:
            thief.execute("UPDATE leases SET holder = 'another'")

        assert collector.process.wait(START_S) == 2

    assert "the lease was lost: another collector has taken it" in collector.said


def test_a_collector_told_to_end_lets_go_of_its_lease_with_code_0(tmp_path: Path) -> None:
    with collecting(tmp_path, source(tmp_path, "shop")) as collector:
        collector.has_run("shop")

        assert collector.ends() == 0

    assert collector.seen().released
    assert "ended  unfinished=nothing" in collector.said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_source_that_hangs_for_ever_holds_up_no_end(tmp_path: Path, how: signal.Signals) -> None:
    sources = source(tmp_path, "hung", "hanging"), source(tmp_path, "shop")
    with collecting(tmp_path, *sources) as collector:
        collector.has_run("hung")
        collector.has_run("shop", 3)

        assert collector.ends(how) == 0

    assert len(runs(tmp_path, "hung")) == 1
    assert 'unfinished="source hung"' in collector.said
    assert collector.seen().released


def test_a_source_that_raises_is_told_without_its_text_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    sources = source(tmp_path, "shop"), source(tmp_path, "broken", "broken")
    with collecting(tmp_path, *sources) as collector:
        collector.has_run("broken", 5)
        until(lambda: "broken" in collector.seen().standing.resting, "the beat that tells it")
        resting = collector.seen().standing.resting
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 3)
        with reader(tmp_path) as opened:
            run = opened.last_run("broken")

    assert run is not None
    assert "a defect of this source kind: unexpected ValueError at odd_sources.py:" in run.error
    assert (list(resting), resting["broken"].tries) == (["broken"], 5)
    asked = [run.now for run in runs(tmp_path, "broken")]
    assert all(at >= asked[4] + 60 for at in asked[5:]), "it is left alone for a minute"
    assert CANARY not in run.error + collector.said + resting["broken"].reason
    assert "unexpected ValueError" in collector.said


def test_a_run_longer_than_its_interval_is_told_in_the_standing(tmp_path: Path) -> None:
    long = source(tmp_path, "shop", takes=2.5)
    with collecting(tmp_path, long) as collector:
        collector.has_run("shop", 3)
        until(lambda: _told_s(collector.seen().standing.slow) >= 2.5, "the beat of a whole run")
        said = collector.seen().standing.slow["shop"]

    assert said.endswith(" s, interval 1 s")
    starts = [run.stopwatch_s for run in runs(tmp_path, "shop")]
    assert min(b - a for a, b in pairwise(starts)) >= 2.5


def _told_s(slow: Mapping[str, str]) -> float:
    """How long the runs of the shop take as the last beat tells it; 0 before it does."""
    found = re.match(r"takes (\d+\.\d) s,", slow.get("shop", ""))
    return float(found[1]) if found else 0.0


def test_a_broken_configuration_leaves_the_last_in_force_and_its_line_is_told(
    tmp_path: Path,
) -> None:
    shop, more = source(tmp_path, "shop"), source(tmp_path, "more")
    with collecting(tmp_path, shop) as collector:
        collector.has_run("shop")
        before = collector.seen().standing

        write_config(tmp_path, shop, 'speed = "fast"', more)
        collector.says("the last configuration stays in force")
        until(lambda: bool(collector.seen().standing.config_problem), "the word of the beat")
        broken = collector.seen().standing
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 2)

        write_config(tmp_path, shop, more)
        collector.has_run("more")
        until(lambda: is_another(collector.seen().standing, broken), "the beat that tells it")

    assert 'config.toml:7: source "shop": speed: ' in broken.config_problem
    assert before.config_digest == broken.config_digest
    assert "another configuration is in force" in collector.said


def is_another(standing: Standing, before: Standing) -> bool:
    """Whether another configuration is in force than before, and none is refused."""
    return standing.config_digest != before.config_digest and not standing.config_problem


def test_a_configuration_that_is_put_back_as_it_was_is_told_to_be_in_force(tmp_path: Path) -> None:
    shop = source(tmp_path, "shop")
    with collecting(tmp_path, shop) as collector:
        collector.has_run("shop")
        write_config(tmp_path, shop, 'speed = "fast"')
        collector.says("the last configuration stays in force")

        write_config(tmp_path, shop)

        collector.says("the configuration on disk is in force")
        assert "another configuration" not in collector.said


def test_a_source_that_is_taken_out_is_asked_no_more_and_sighup_is_heard(tmp_path: Path) -> None:
    shop, gone = source(tmp_path, "shop"), source(tmp_path, "gone")
    with collecting(tmp_path, shop, gone) as collector:
        collector.has_run("gone")
        collector.has_run("shop")

        write_config(tmp_path, shop)
        collector.process.send_signal(signal.SIGHUP)
        collector.says("another configuration is in force")
        asked = len(runs(tmp_path, "gone"))
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 4)

    assert len(runs(tmp_path, "gone")) <= asked + 1


def test_a_stopped_process_makes_up_with_one_run_a_source_and_leaves_a_hole(
    tmp_path: Path,
) -> None:
    names = [f"shop {number}" for number in range(4)]
    with collecting(tmp_path, *(source(tmp_path, name) for name in names)) as collector:
        for name in names:
            collector.has_run(name, 3)
        collector.process.send_signal(signal.SIGSTOP)
        stopped_at, stopped_now = time.monotonic(), wiring.now()
        until(lambda: time.monotonic() > stopped_at + STOPPED_S, "the time")
        before = {name: len(runs(tmp_path, name)) for name in names}
        collector.process.send_signal(signal.SIGCONT)
        resumed_at = time.monotonic()
        for name in names:
            collector.has_run(name, before[name] + 4)
        holes = [hole_s(tmp_path, name) for name in names]
        collector.says("was stopped; each source makes up for it by one run  seconds=")

    for name in names:
        # A run that the stop met between its moment and its note is none that makes up for it.
        noted = runs(tmp_path, name)[before[name] :]
        later = [run.stopwatch_s for run in noted if run.now >= stopped_now + STOPPED_S - 1]
        caught_up = [at for at in later if at < later[0] + 0.5]
        assert later[0] >= resumed_at - 0.1
        assert len(caught_up) <= 2, "one run for all that were missed, and perhaps the next one"
    assert all(hole >= STOPPED_S - VALID_S - 3 for hole in holes)


def hole_s(folder: Path, name: str) -> int:
    """The longest time between two stretches in which the state of the source is known."""
    with reader(folder) as opened:
        (one,) = opened.series(name, SeriesKind.STATUS)
        last = runs(folder, name)[-1].now
        (known,) = opened.measured.status_intervals([one.id], Span(last - 600, last + 60))
    gaps = [int(b) - int(a) for a, b in zip(known.until, known.since[1:], strict=False)]
    return max(gaps, default=0)


def test_the_collector_runs_on_where_nobody_reads_what_it_says(tmp_path: Path) -> None:
    sources = source(tmp_path, "shop"), source(tmp_path, "broken", "broken")
    prepare(tmp_path, *sources)
    reading, writing = os.pipe()
    os.close(reading)
    unread = Collecting(tmp_path, stderr=writing)
    os.close(writing)
    try:
        unread.has_run("broken", 2)
        unread.has_run("shop", 4)
        assert unread.ends() == 0
    finally:
        unread.process.kill()
        unread.process.wait()
