"""How long the server works for a page: on the demo, on a year of many services, for a crowd."""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psutil
import requests
from bad_company import prometheus
from collecting_process import collecting
from components.process import Server, answers, free_port
from components.process import until as wait_until
from components.prometheus import Prometheus
from page_server import command

from bench import store
from bench.measured import say
from bench.traffic import TOTAL, Traffic
from bench.visits import Visitor
from collectors.store.store import Store

_WARM = 9
_REFRESH_S = 30.0
_SOURCES, _EVERY_S, _VISITORS = 100, 15, 50
_MIB = 2**20

Asked = tuple[str, str]
"""A page and what its address asks for."""


def on_the_demo(folder: Path) -> None:
    """Every page while the demo collects and goes on."""
    folder.mkdir()
    url = f"http://127.0.0.1:{free_port()}"
    words = ["demo", "--dir", str(folder / "demo"), "--port", url.rpartition(":")[2]]
    server = Server(
        [sys.executable, "-c", "from dashboard.cli import main; main()", *words],
        log=folder / "demo.log",
    )
    begun = time.perf_counter()
    server.start(lambda: answers(f"{url}/healthz"))
    try:
        wait_until(partial(_has_figures, url), "the demo's first figures", deadline_s=120)
        say("demo: first figures after its start", f"{time.perf_counter() - begun:.1f} s")
        wait_until(
            lambda: "source=generated new" in (folder / "demo.log").read_text(),
            "the demo's collection",
            deadline_s=300,
        )
        for page in _pages("checkout-availability"):
            _tell_times(url, page, "the demo", "goal <= 150 ms")
    finally:
        server.stop()


def on_a_year(folder: Path, traffic: Traffic) -> None:
    """The same on many services with a year of minutes, at a fixed moment's figures."""
    folder.mkdir()
    config = folder / "config.toml"
    url = f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=traffic.until) as opened:
        for number in range(traffic.services):
            ready = list(store.batches(traffic, range(number, number + 1)))
            store.take_in(opened, ready, traffic.until)
    config.write_text(store.config(url, traffic.names(), TOTAL), encoding="utf-8")
    with served(config) as (address, _):
        for page in _pages(traffic.names()[0]):
            of = f"{traffic.services} SLOs x {traffic.days} d"
            _tell_times(address, page, of, "goal <= 300 ms")


def for_a_crowd(folder: Path, minutes: float) -> None:
    """Fifty visitors who look again every 30 s, while a hundred sources come in every 15 s."""
    folder.mkdir()
    scraped = Prometheus(folder / "scraped").start()
    target = {"scraped": f"127.0.0.1:{scraped.port}"}
    facts = Prometheus(folder / "prometheus", scrape=target, every="5s").start()
    names = [f"service {number}" for number in range(_SOURCES)]
    tables = [prometheus(name, facts.url, f"{_EVERY_S}s", "7s") for name in names]
    pages = _pages("service%201")
    try:
        with collecting(folder, *tables) as collector:
            collector.says(f'source="{names[-1]}"', deadline_s=120)
            with served(folder / "config.toml") as (url, server):
                _tell_crowd(_crowd(url, pages, minutes * 60), server)
            say(f"  meanwhile runs of {_SOURCES} sources", str(_runs(folder / "burnline.db")))
    finally:
        facts.stop()
        scraped.stop()


@contextmanager
def served(config: Path, *words: str) -> Iterator[tuple[str, Server]]:
    """The address of `burnline serve` on that configuration, and its process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = config.parent / "serve.log"
    server = Server(command(config, "serve", "--port", str(port), *words), log=log)
    server.start(lambda: answers(f"{url}/healthz"))
    try:
        yield url, server
    finally:
        server.stop()


def _pages(slo: str) -> tuple[Asked, ...]:
    return (
        ("objectives", ""),
        ("now", ""),
        ("objective", f"id={slo}"),
        ("health", ""),
        ("definitions", ""),
    )


def _runs(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as looking:
        (count,) = looking.execute("SELECT count(*) FROM runs").fetchone()
    return int(count)


def _has_figures(url: str) -> bool:
    return "burnline_slo_sli_ratio{" in requests.get(f"{url}/metrics", timeout=30).text


def _tell_times(url: str, asked: Asked, of: str, goal: str) -> None:
    """The first visit of a page, and the middle of nine more by the same visitor."""
    page, query = asked
    with Visitor(url, page, query) as visitor:
        first_ms = visitor.arrive_ms()
        warm_ms = statistics.median(visitor.arrive_ms() for _ in range(_WARM))
        weight_kb = visitor.bytes / (_WARM + 1) / 1_000
    said = f"{goal}; first {first_ms:.0f} ms, {weight_kb:.0f} kB"
    say(f"page {page} of {of}, server", f"{warm_ms:.0f} ms", said)
    if visitor.errors:
        raise RuntimeError(f"the page {page} showed an error")


def _crowd(url: str, pages: Sequence[Asked], for_s: float) -> list[float]:
    """How long each refresh took, in milliseconds.

    Each visitor looks again every 30 s, more or less, as browsers do that were opened at any time.

    Raises:
        RuntimeError: a page failed for somebody.
    """
    spent: list[float] = []
    failed: list[str] = []

    def stay(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - when to look, not what to hide
        end = time.monotonic() + for_s
        try:
            with Visitor(url, *pages[number % len(pages)]) as visitor:
                visitor.arrive_ms()
                time.sleep(chance.uniform(0, _REFRESH_S))
                while time.monotonic() < end:
                    spent.append(visitor.refresh_ms())
                    time.sleep(chance.uniform(0.8, 1.2) * _REFRESH_S)
                if visitor.errors:
                    failed.append(f"visitor {number} saw an error")
        except (OSError, TimeoutError) as error:
            failed.append(f"visitor {number}: {error}")

    visitors = [threading.Thread(target=stay, args=(number,)) for number in range(_VISITORS)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    if failed:
        raise RuntimeError("; ".join(failed))
    return spent


def _tell_crowd(spent: Sequence[float], server: Server) -> None:
    found = statistics.quantiles(spent, n=100)
    figures = " / ".join(f"{found[percent - 1]:.0f}" for percent in (50, 95, 99))
    what = f"{len(spent)} refreshes of {_VISITORS} visitors, p50/95/99"
    say(what, f"{figures} ms", "goal p95 <= 1,000 ms")
    assert server.pid is not None, "the server has ended"
    held = psutil.Process(server.pid).memory_info().rss / _MIB
    say("  their server's memory", f"{held:.0f} MiB", "goal <= 500 MiB")
