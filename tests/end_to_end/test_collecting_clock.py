"""A clock that is set while a collector is at work (libfaketime), and a disk that fills up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from collecting_process import collecting, reader
from components.disks import small_disk
from components.presence import FAKETIME
from components.process import until
from odd_sources import runs, source

from slo.facts import SeriesKind
from slo.spans import Span

EVERY_S = 2
AHEAD_S = 300
BACK_S = 600


class Clock:
    """The clock of one process, which the test sets; its stopwatch goes on as it is."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set("+0")

    def set(self, offset: str) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.rename(self._file)

    @property
    def environment(self) -> dict[str, str]:
        library = FAKETIME.program("libfaketimeMT.so.1")
        assert library is not None
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    return Clock(tmp_path)


@pytest.mark.faketime
def test_a_clock_set_back_is_waited_for_by_no_source(tmp_path: Path, clock: Clock) -> None:
    """Whoever kept to the moment that was due would be silent for all of the ten minutes."""
    shop = source(tmp_path, "shop", every=f"{EVERY_S}s")
    with collecting(tmp_path, shop, environment=clock.environment) as collector:
        collector.has_run("shop", 3)
        before = runs(tmp_path, "shop")

        clock.set(f"-{BACK_S}")
        collector.has_run("shop", len(before) + 4)
        collector.says("the clock was set back")
        between = before[-1].now - BACK_S // 2
        until(lambda: collector.seen().seen_at < between, "a beat of the clock that was set back")

    asked = runs(tmp_path, "shop")
    back = [(a, b) for a, b in pairwise(asked) if b.now < a.now]
    assert len(back) == 1
    assert max(b.stopwatch_s - a.stopwatch_s for a, b in pairwise(asked)) < BACK_S / 2


@pytest.mark.faketime
def test_a_clock_set_forward_by_an_hour_stores_nothing_of_the_future_and_runs_once(
    tmp_path: Path, clock: Clock
) -> None:
    shop = source(tmp_path, "shop", every=f"{EVERY_S}s")
    with collecting(tmp_path, shop, environment=clock.environment) as collector:
        collector.has_run("shop", 3)

        before = len(runs(tmp_path, "shop"))
        clock.set("+3600")
        collector.has_run("shop", before + 3)

    asked = runs(tmp_path, "shop")
    jumps = [number for number, (a, b) in enumerate(pairwise(asked)) if b.now - a.now > 3_000]
    assert len(jumps) == 1
    begun = [run.stopwatch_s for run in asked[jumps[0] + 1 :]]
    assert len([at for at in begun if at < begun[0] + 0.5]) <= 2
    with reader(tmp_path) as opened:
        (one,) = opened.series("shop", SeriesKind.STATUS)
        said = opened.measured.observations(one.id, Span(0, 2**40)).at
    assert said.max() <= asked[-1].now + AHEAD_S


@pytest.mark.faketime
def test_a_clock_that_was_an_hour_ahead_leaves_nothing_of_that_hour(
    tmp_path: Path, clock: Clock
) -> None:
    shop = source(tmp_path, "shop", every=f"{EVERY_S}s")
    with collecting(tmp_path, shop, environment=clock.environment) as collector:
        collector.has_run("shop", 3)
        clock.set("+3600")
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 3)
        clock.set("+0")
        collector.says("the clock was set back")
        collector.has_run("shop", len(runs(tmp_path, "shop")) + 3)

    *ended, last = (run.now for run in runs(tmp_path, "shop"))
    with reader(tmp_path) as opened:
        (one,) = opened.series("shop", SeriesKind.STATUS)
        said = opened.measured.observations(one.id, Span(0, 2**40)).at
        assert opened.conflicts() == ()
    assert said.max() <= last
    assert {now for now in ended if now <= last} <= {*said.tolist()}


def test_collecting_pauses_while_the_disk_is_full_and_goes_on_by_itself(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 160), collecting(disk, source(disk, "shop")) as collector:
        collector.has_run("shop", 2)
        filler = disk / "logs"
        filler.write_bytes(bytes(110 * 2**20))
        collector.says("Disk full: collecting is paused since ")
        until(lambda: bool(collector.seen().standing.paused), "the word beside the store")
        paused = collector.seen().standing.paused
        kept_at = runs(disk, "shop")[-1].now
        filler.unlink()

        collector.says("the store can be written again")
        until(lambda: not collector.seen().standing.paused, "the word of the beat")
        collector.has_run("shop", len(runs(disk, "shop")) + 2)
        with reader(disk) as opened:
            (one,) = opened.series("shop", SeriesKind.STATUS)
            observed = opened.measured.observations(one.id, Span(0, 2**40)).at

    assert " UTC. Free 64 MB or more" in paused
    assert kept_at in observed, "what a probe saw meanwhile is stored afterwards"


def test_a_collector_that_begins_on_a_full_disk_waits_for_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 160):
        with collecting(disk, source(disk, "shop")) as first:
            first.has_run("shop")
            assert first.ends() == 0
        filler = disk / "logs"
        filler.write_bytes(bytes(110 * 2**20))
        before = len(runs(disk, "shop"))

        with collecting(disk, source(disk, "shop")) as collector:
            collector.says("Disk full: collecting is paused since ")
            collector.has_run("shop", before + 1)
            first_seen = runs(disk, "shop")[before].now
            filler.unlink()
            collector.says("the store can be written again")
            until(lambda: not collector.seen().standing.paused, "the word of the beat")
            collector.has_run("shop", len(runs(disk, "shop")) + 2)
            seen = collector.seen()
            with reader(disk) as opened:
                (one,) = opened.series("shop", SeriesKind.STATUS)
                observed = opened.measured.observations(one.id, Span(0, 2**40)).at

    assert first_seen in observed
    assert (seen.pid, seen.standing.paused) == (collector.process.pid, "")
