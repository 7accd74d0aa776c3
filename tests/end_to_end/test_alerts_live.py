"""A service that begins to fail, by a real Prometheus to a real Alertmanager, through kill and blindness."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from collecting_process import Collecting
from components.alertmanager import Alertmanager
from components.hostile import Hostile, reply
from components.instrumented import Service
from components.process import START_S, until
from components.prometheus import Prometheus
from components.relay import Relay

CONFIG = """
[alerts]
every = "15s"
address = "https://slo.example.org"

[[service]]
name = "shop"
team = "payments"
runbook = "https://wiki.example.org/{{service}}"

[[channel]]
name = "on-call"
kind = "alertmanager"
url = "{alertmanager}"

[[source]]
kind = "prometheus"
name = "metrics"
url = "{prometheus}"
every = "5s"
backfill = "1h"
timeout = "2s"

[[slo]]
name = "checkout"
service = "shop"
objective = 99
total = "http_requests_total"
bad = 'http_requests_total{{code=~"5.."}}'
absent = "zero"
[[slo.alert]]
severity = "page"
budget = 0.1
long = "5m"
short = "1m"
"""
# What fires is there when the collector starts: so long it and the sending, on a busy machine,
# the source and two evaluations may take.
TOLD_S = START_S + 5 + 2 * 15
# Data of 100 s ago are stale; what is good must be so for a minute, and for another, and settle.
STALE_S, OVER_S = 100 + TOLD_S, 60 + 60 + 60 + 30 + TOLD_S
STEP_S, BURNT_S = 5, 360


class Traffic:
    """Requests every 20 ms until the block ends; `code` is what they are answered with."""

    def __init__(self, service: Service) -> None:
        self.service, self.code = service, "500"
        self._ending = threading.Event()

    @contextmanager
    def driven(self) -> Iterator[None]:
        driver = threading.Thread(target=self._drive)
        driver.start()
        try:
            yield
        finally:
            self._ending.set()
            driver.join()

    def _drive(self) -> None:
        while not self._ending.wait(0.02):
            self.service.work(self.code, 0.05)


def burning(path: Path, target: str) -> Path:
    """A history in which all requests fail, up to this moment, as what is scraped goes on with."""
    now = int(time.time())  # noqa: TID251 - the servers under test live in real time
    labels = f'code="500",instance="{target}",job="shop"'
    lines = [
        f"http_requests_total{{{labels}}} {50 * (at - now + BURNT_S)} {at}"
        for at in range(now - BURNT_S, now, STEP_S)
    ]
    path.write_text("\n".join(("# TYPE http_requests counter", *lines, "# EOF", "")))
    return path


def told(hook: Hostile, subject: str) -> list[str]:
    """What Alertmanager handed on of a subject, in order."""
    bodies = [json.loads(one.partition(b"\r\n\r\n")[2]) for one in hook.requests]
    return [
        alert["status"]
        for body in bodies
        for alert in body["alerts"]
        if alert["labels"]["subject"] == subject
    ]


def firing(manager: Alertmanager, subject: str) -> list[dict[str, Any]]:
    return [one for one in manager.alerts() if one["labels"]["subject"] == subject]


@dataclass(frozen=True, slots=True)
class Live:
    """What fails and is told of it; the way to the server can be cut."""

    folder: Path
    traffic: Traffic
    way: Relay
    hook: Hostile
    manager: Alertmanager

    def collecting(self) -> Collecting:
        """The collector, begun."""
        return Collecting(self.folder)


@contextmanager
def live(folder: Path) -> Iterator[Live]:
    """A service of which every request fails, scraped by a server that knows of six minutes of it."""
    service = Service(folder).start()
    target = service.url.removeprefix("http://")
    seed, traffic = burning(folder / "burning.openmetrics", target), Traffic(service)
    server = Prometheus(folder / "prometheus", openmetrics=seed, scrape={"shop": target}).start()
    way = Relay(server.port)
    way.start()
    try:
        with (
            Hostile(reply("")) as hook,
            Alertmanager(folder / "alertmanager", hook.url) as manager,
            traffic.driven(),
        ):
            urls = {"alertmanager": manager.url, "prometheus": way.url}
            (folder / "config.toml").write_text(CONFIG.format(**urls))
            yield Live(folder, traffic, way, hook, manager)
    finally:
        way.cut()
        server.stop()
        service.stop()


@pytest.mark.prometheus
@pytest.mark.alertmanager
def test_a_page_reaches_alertmanager_once_outlives_kill_and_blindness_and_ends_when_all_is_well(
    tmp_path: Path,
) -> None:
    """The source is out of reach when the new process starts: it knows of the page alone."""
    with live(tmp_path) as shop:
        hook, manager, collecting = shop.hook, shop.manager, shop.collecting()
        try:
            until(lambda: bool(firing(manager, "checkout")), "the page", deadline_s=TOLD_S)
            (page,) = firing(manager, "checkout")
            until(lambda: told(hook, "checkout") == ["firing"], "its way on")

            collecting.process.kill()
            collecting.process.wait()
            shop.way.cut()
            shop.traffic.code = "200"
            (before,) = firing(manager, "checkout")
            collecting = shop.collecting()
            until(
                lambda: firing(manager, "checkout")[0]["updatedAt"] > before["updatedAt"],
                "its refresh by the new process",
                deadline_s=TOLD_S,
            )

            until(lambda: bool(firing(manager, "metrics")), "staleness", deadline_s=STALE_S)
            (frozen,) = firing(manager, "checkout")
            assert frozen["startsAt"] == page["startsAt"]
            assert told(hook, "checkout") == ["firing"]

            shop.way.start()
            until(lambda: told(hook, "checkout")[1:] == ["resolved"], "the end", deadline_s=OVER_S)
        finally:
            collecting.process.kill()
            collecting.process.wait()

    assert told(hook, "checkout") == ["firing", "resolved"]
    assert page["labels"]["alertname"] == "ErrorBudgetBurn"
    assert page["labels"]["severity"] == "page"
    assert page["labels"]["team"] == "payments"
    assert page["annotations"]["runbook_url"] == "https://wiki.example.org/shop"
    assert page["generatorURL"] == "https://slo.example.org/now"
    assert page["annotations"]["summary"].startswith("checkout: 100 % of requests failing")
