"""A live service, scraped each second: what burnline counted is what the service counted."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from components.instrumented import THRESHOLD_S, Service
from components.process import until
from components.prometheus import Prometheus
from conftest import StartPrometheus
from prometheus_api_client import PrometheusConnect

from collectors.contract import Named
from collectors.run import Lane, Pace, collect_once
from collectors.sources.prometheus import SOURCE, Options
from collectors.store.store import Store
from collectors.store.windows import WindowAsk
from slo.indicator import Absent, Indicator, Latency, Ratio
from slo.spans import Span
from slo.tally import Tally

SETTLE_S = 3
RATIO = Ratio("http_requests_total", bad='http_requests_total{code=~"5.."}', absent=Absent.ZERO)
LATENCY = Latency(THRESHOLD_S, histogram="http_request_duration_seconds_bucket")
INDICATORS: tuple[Indicator, ...] = (RATIO, LATENCY)


def clock() -> int:
    return int(time.time())  # noqa: TID251 - the services under test live in real time


@contextmanager
def load(service: Service) -> Iterator[None]:
    """Send requests of mixed outcomes until the block ends; none is under way after it."""
    ending, chance = threading.Event(), random.Random(7)

    def drive() -> None:
        while not ending.wait(0.01):
            code = chance.choice(["200", "200", "200", "404", "500", "503"])
            service.work(code, chance.choice([0.05, 0.25, 0.3, 2.0]))

    driver = threading.Thread(target=drive)
    driver.start()
    try:
        yield
    finally:
        ending.set()
        driver.join()


def await_last_scrape(server: Prometheus, service: Service) -> dict[str, int]:
    """The service's own books, once Prometheus has seen the last of its requests."""
    own, connect = service.counts(), PrometheusConnect(server.url)

    def seen() -> bool:
        names = ("http_requests_total", "http_request_duration_seconds_count")
        answers = [connect.custom_query(f"sum({name})") for name in names]
        return all(rows and float(rows[0]["value"][1]) == own["total"] for rows in answers)

    until(seen, "the scrape of the last request")
    return own


def end_of_minute() -> int:
    """When the running minute will have ended and settled."""
    return clock() // 60 * 60 + 60 + SETTLE_S + 1


def collect(server: Prometheus, folder: Path, now: int) -> None:
    """One run of a collector that knows nothing but the store."""
    named = Named("live", "config.toml:1", INDICATORS)
    collector = SOURCE.build(named, Options(url=server.url, backfill="1h"))
    lane = Lane("live", collector, INDICATORS, backfill_s=3_600, settle_s=SETTLE_S)
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=clock()) as store:
        run = collect_once(lane, store, now, Pace(lambda: now, lambda: 0.0, lambda _: None))
    assert run.error is None, run.error


def counted(folder: Path, indicator: Indicator) -> Tally:
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=clock()) as store:
        (picked,) = store.reader.pick("live", indicator)
        span = Span(clock() - 3_600, end_of_minute())
        (found,) = store.reader.windows([WindowAsk((picked.id,), (span,))])[0]
    assert found is not None
    return found


@pytest.mark.prometheus
def test_good_and_total_equal_the_services_own_counters_across_restarts_of_both(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    service = Service(tmp_path).start()
    try:
        server = prometheus(scrape={"shop": f"127.0.0.1:{service.port}"}, every="1s")
        connect = PrometheusConnect(server.url)
        until(lambda: bool(connect.custom_query("up == 1")), "the first scrape")
        with load(service):
            end = end_of_minute()
            until(lambda: clock() >= end, "the end of the minute")
            collect(server, tmp_path, clock())
        truth = Counter(await_last_scrape(server, service))

        service.stop()
        service.start()
        with load(service):
            collect(server, tmp_path, clock())
            until(lambda: service.counts()["total"] > 200, "some load after the restart")
        truth.update(await_last_scrape(server, service))
        # Nothing more will happen in the running minute: it is told as if it were over.
        collect(server, tmp_path, end_of_minute())
    finally:
        service.stop()

    ratio, latency = counted(tmp_path, RATIO), counted(tmp_path, LATENCY)
    assert (ratio.total, ratio.bad) == (truth["total"], truth["bad"])
    assert (latency.total, latency.good) == (truth["total"], truth["fast"])
    assert truth["bad"] > 100
    assert ratio.estimated_s == latency.estimated_s == 0
