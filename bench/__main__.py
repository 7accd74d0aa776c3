"""make bench: how fast, beside what, on which data; every ratio with its caveat."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import click
import requests
from components.postgres import Postgres
from components.presence import FOR_BENCH
from components.process import until as wait_until

from bench import (
    backtest,
    charts,
    evidence,
    lanes,
    pages,
    peers,
    slo_generator,
    store,
    wrong_verdicts,
)
from bench.measured import median_ms, once_s, say
from bench.traffic import BAD, TOTAL, Traffic
from collectors.store.store import Reader, Store
from slo.lengths import DAY_S, HOUR_S

CAVEAT = """
Caveat to every ratio: the local store holds pre-aggregated deltas and is timed without HTTP or
ingest; Prometheus and VictoriaMetrics work from raw counters over HTTP. It is what a user waits
for, not equal work. Both longest windows are a day shorter than the history. Machines are noisy:
trust ratios taken in one run.
"""
PARTS = ("windows", "ingest", "check", "backfill")
WHEN_NAMED = ("lanes", "pages", "charts", "year", "crowd", "evidence", "slo-generator", "backtest")
"""What takes minutes, whatever the machine."""
_YEAR_D = 365


@click.command()
@click.option("--services", default=100, show_default=True, help="How many services.")
@click.option("--days", default=90, show_default=True, help="How many days of minutes.")
@click.option("--only", type=click.Choice(PARTS + WHEN_NAMED), multiple=True, help="These parts.")
@click.option("--minutes", default=5.0, show_default=True, help="How long lanes and crowds last.")
def main(services: int, days: int, only: tuple[str, ...], minutes: float) -> None:
    """Measure burnline beside Prometheus and VictoriaMetrics."""
    chosen = only or PARTS
    named: dict[str, Callable[[Path], None]] = {
        "lanes": partial(lanes.lanes, minutes=minutes),
        "pages": pages.on_the_demo,
        "charts": partial(charts.twenty, traffic=Traffic(10, 60, _moment())),
        "year": partial(pages.on_a_year, traffic=Traffic(services, _YEAR_D, _moment())),
        "crowd": partial(pages.for_a_crowd, minutes=minutes),
        "evidence": evidence.on_known_truths,
        "backtest": partial(backtest.of_many_outages, until=_moment()),
        "slo-generator": _slo_generator,
    }
    for part in WHEN_NAMED:
        if part in chosen:
            with tempfile.TemporaryDirectory(prefix="burnline-bench-") as name:
                named[part](Path(name) / part)
    if set(chosen) <= set(WHEN_NAMED):
        return
    until = _moment()
    traffic = Traffic(services, days, until)
    say(f"{services} services x {days} d of minutes", f"{traffic.rows:,} rows")
    say("load of the machine (1 min), cores", f"{os.getloadavg()[0]:.1f}, {os.cpu_count()}")
    with tempfile.TemporaryDirectory(prefix="burnline-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        ingest(url, traffic, "SQLite", "goal >= 300,000 rows/s")
        if "ingest" in chosen:
            on_postgres(Traffic(min(services, 10), min(days, 30), until))
        if "windows" in chosen:
            windows(url, traffic, folder)
        if "check" in chosen:
            check(url, traffic, folder)
        if "backfill" in chosen:
            backfill(Traffic(min(services, 50), min(days, 30), until), folder)
    sys.stdout.write(CAVEAT)


def _slo_generator(folder: Path) -> None:
    """Its times beside ours, then where its verdicts are wrong."""
    theirs = slo_generator.beside(folder)
    if theirs is not None:
        wrong_verdicts.told(folder / "wrong", theirs)


def _moment() -> int:
    """The whole minute at which the data ends: ten minutes ago."""
    return int(datetime.now(UTC).timestamp()) // 60 * 60 - 600  # noqa: TID251 (a root of its own)


def ingest(url: str, traffic: Traffic, engine: str, goal: str) -> None:
    """Rows a second into an empty store; making the rows is not timed."""
    opened = Store.open(url, now=traffic.until)
    spent_s = 0.0
    for number in range(0, traffic.services, 10):
        some = range(number, min(number + 10, traffic.services))
        ready = list(store.batches(traffic, some))
        spent_s += once_s(partial(store.take_in, opened, ready, traffic.until))
    opened.close()
    say(f"ingest, four levels, {engine}", f"{traffic.rows / spent_s:,.0f} rows/s", goal)


def on_postgres(traffic: Traffic) -> None:
    """The same on PostgreSQL with its ordinary durability, and its windows."""
    if FOR_BENCH["postgres"].missing:
        say("PostgreSQL", "missing", FOR_BENCH["postgres"].how_to_get)
        return
    with running(
        Postgres(fsync="on", full_page_writes="on", synchronous_commit="on").start()
    ) as server:
        url = server.database()
        ingest(url, traffic, "PostgreSQL", "goal >= 100,000 rows/s")
        local(url, traffic, f"PostgreSQL, {traffic.services} services x {traffic.days} d")


def local(url: str, traffic: Traffic, engine: str) -> tuple[float, list[float]]:
    """Milliseconds of all windows at once, and the shares of the longest one."""
    windows_s = store.windows_of(traffic)
    reader = Reader.open(url)
    asked = store.asks(reader, traffic, windows_s)
    spent_ms = median_ms(partial(reader.windows, asked), 9)
    shares = store.bad_shares(reader.windows(asked), len(windows_s) - 1)
    say(f"{len(windows_s)} windows x {len(asked)} services, {engine}", f"{spent_ms:.1f} ms")
    for window_s in (windows_s[0], windows_s[-1]):
        one = store.asks(reader, traffic, [window_s])
        spent = median_ms(partial(reader.windows, one), 9)
        say(f"  one window of {_length(window_s)}", f"{spent:.1f} ms", "goal <= 5 ms")
    reader.close()
    return spent_ms, shares


def windows(url: str, traffic: Traffic, folder: Path) -> None:
    """All windows of all services here and there, and how far the answers are apart."""
    ours_ms, ours = local(url, traffic, "SQLite")
    starts: dict[str, Callable[[Path, Traffic], Peer]] = {
        "prometheus": peers.start_prometheus,
        "victoria-metrics": peers.start_victoria,
    }
    goals = {"prometheus": "goal >= 200 x", "victoria-metrics": "goal >= 24 x"}
    for name, start in starts.items():
        if FOR_BENCH[name].missing:
            say(name, "missing", FOR_BENCH[name].how_to_get)
            continue
        with running(start(folder / name, traffic)) as server:
            theirs_ms, theirs = remote(server.url, traffic)
        say(f"the same, {name}", f"{theirs_ms:.1f} ms")
        say(f"  {name} / burnline", f"{theirs_ms / ours_ms:.0f} x", goals[name])
        apart = max(abs(a - theirs[s]) for a, s in zip(ours, traffic.names(), strict=True))
        say("  largest difference of a bad share, longest window", f"{apart:.2e}")


def remote(url: str, traffic: Traffic) -> tuple[float, Mapping[str, float]]:
    """Milliseconds of one grouped query a window, and the shares of the longest one."""
    windows_s = store.windows_of(traffic)
    session = requests.Session()

    def every_window() -> None:
        for window_s in windows_s:
            peers.ratios(url, window_s, traffic.until, session)

    wait_until(
        lambda: len(peers.ratios(url, HOUR_S, traffic.until, session)) == traffic.services,
        "the loading of all services",
    )
    spent_ms = median_ms(every_window, 3)
    return spent_ms, peers.ratios(url, windows_s[-1], traffic.until, session)


def check(url: str, traffic: Traffic, folder: Path) -> None:
    """`burnline check` over every service, as a process of its own."""
    config = folder / "check.toml"
    config.write_text(store.config(url, traffic.names(), TOTAL), encoding="utf-8")
    spent_ms = median_ms(lambda: burnline("--config", str(config), "check", "--json"), 5)
    what = f"burnline check, {traffic.services} SLOs, whole process"
    say(what, f"{spent_ms:.0f} ms", "goal <= 350 ms for 100")


def backfill(traffic: Traffic, folder: Path) -> None:
    """Two counters a service out of a Prometheus into an empty store."""
    if FOR_BENCH["prometheus"].missing:
        say("backfill", "missing", FOR_BENCH["prometheus"].how_to_get)
        return
    with running(peers.start_prometheus(folder / "backfill", traffic)) as server:
        config = folder / "backfill.toml"
        slos = "".join(
            f'[[slo]]\nname = "{name}"\nobjective = 99.9\n'
            f"total = '{TOTAL}_total{{service=\"{name}\"}}'\n"
            f"bad = '{BAD}_total{{service=\"{name}\"}}'\n"
            for name in traffic.names()
        )
        source = f'[[source]]\nkind = "prometheus"\nurl = "{server.url}"\n'
        config.write_text(f'store = "sqlite:///{folder / "backfill.db"}"\n{source}{slos}')
        collect = ("--config", str(config), "collect", "--once", "--since", f"{traffic.days}d")
        spent_s, peak_mb = burnline(*collect)
    what = f"backfill, {2 * traffic.services} series x {traffic.days} d from Prometheus"
    say(what, f"{spent_s:.1f} s", "goal <= 5 s for 100 x 30 d")
    say("  its peak memory", f"{peak_mb:.0f} MB", "goal <= 200 MB")


def burnline(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one run; its verdict is not the bench's matter."""
    command = [sys.executable, "-c", "from dashboard.cli import main; main()", *arguments]
    with tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)  # noqa: S603
        _, _, usage = os.wait4(process.pid, 0)
        spent_s = time.perf_counter() - begin
        process.returncode = 0
        errors.seek(0)
        said = errors.read()
    if "Traceback" in said:
        raise RuntimeError(said)
    # Kilobytes on Linux, bytes on macOS.
    return spent_s, usage.ru_maxrss / (1_024 if sys.platform == "linux" else 1_024**2)


class Stoppable(Protocol):
    """A server that was started and can be ended."""

    def stop(self) -> None:
        """End it."""


class Peer(Stoppable, Protocol):
    """One that is asked over HTTP."""

    url: str


Server = TypeVar("Server", bound=Stoppable)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server for as long as it is needed."""
    try:
        yield server
    finally:
        server.stop()


def _length(window_s: int) -> str:
    return f"{window_s // DAY_S} d" if window_s >= DAY_S else f"{window_s // 60} min"


if __name__ == "__main__":
    main()
