"""A service that begins to fail, by a real Prometheus to a real Alertmanager, through kill and blindness."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from collecting_process import Collecting
from components.alertmanager import Alertmanager
from components.hostile import Hostile, reply
from components.instrumented import Service
from components.process import until
from components.prometheus import Prometheus

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
# A minute must end and settle for 30 s, then come the source, two evaluations and the sending.
TOLD_S = 60 + 60 + 30 + 5 + 2 * 15 + 10


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


@pytest.mark.prometheus
@pytest.mark.alertmanager
@pytest.mark.timeout(900)
def test_a_page_reaches_alertmanager_once_outlives_kill_and_blindness_and_ends_when_all_is_well(
    tmp_path: Path,
) -> None:
    service = Service(tmp_path).start()
    traffic = Traffic(service)
    server = Prometheus(
        tmp_path / "prometheus", scrape={"shop": service.url.removeprefix("http://")}
    ).start()
    with (
        Hostile(reply("")) as hook,
        Alertmanager(tmp_path / "alertmanager", hook.url) as manager,
        traffic.driven(),
    ):
        urls = {"alertmanager": manager.url, "prometheus": server.url}
        (tmp_path / "config.toml").write_text(CONFIG.format(**urls))
        collecting = Collecting(tmp_path)
        try:
            until(lambda: bool(firing(manager, "checkout")), "the page", deadline_s=TOLD_S)
            (page,) = firing(manager, "checkout")
            until(lambda: told(hook, "checkout") == ["firing"], "its way on")

            collecting.process.kill()
            collecting.process.wait()
            collecting = Collecting(tmp_path)
            (before,) = firing(manager, "checkout")
            until(
                lambda: firing(manager, "checkout")[0]["updatedAt"] > before["updatedAt"],
                "its refresh by the new process",
                deadline_s=TOLD_S,
            )

            server.stop()
            until(lambda: bool(firing(manager, "metrics")), "staleness", deadline_s=150)
            (frozen,) = firing(manager, "checkout")
            assert frozen["startsAt"] == page["startsAt"]
            assert told(hook, "checkout") == ["firing"]

            traffic.code = "200"
            server.start()
            until(lambda: told(hook, "checkout")[1:] == ["resolved"], "the end", deadline_s=400)
        finally:
            collecting.process.kill()
            collecting.process.wait()
            server.stop()
    service.stop()

    assert told(hook, "checkout") == ["firing", "resolved"]
    assert page["labels"]["alertname"] == "ErrorBudgetBurn"
    assert page["labels"]["severity"] == "page"
    assert page["labels"]["team"] == "payments"
    assert page["annotations"]["runbook_url"] == "https://wiki.example.org/shop"
    assert page["generatorURL"] == "https://slo.example.org/now"
    assert page["annotations"]["summary"].startswith("shop: 100 % of requests failing")
