"""`burnline init` asked of a Prometheus that scrapes itself and two of Debian's exporters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from components.presence import BLACKBOX_EXPORTER, NODE_EXPORTER, Component
from components.process import Server, answers, free_port, until
from components.prometheus import Prometheus
from verdict_builders import Ran, burnline

from dashboard.config import load
from slo.indicator import Latency, Ratio, Uptime

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.node_exporter,
    pytest.mark.blackbox_exporter,
]
SCRAPES = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: prometheus
    static_configs: [{{targets: ['127.0.0.1:{own}']}}]
  - job_name: node
    static_configs: [{{targets: ['127.0.0.1:{node}']}}]
  - job_name: website
    metrics_path: /probe
    params: {{module: [http_2xx], target: ['http://127.0.0.1:{node}/']}}
    static_configs: [{{targets: ['127.0.0.1:{blackbox}']}}]
    relabel_configs:
      - {{target_label: instance, replacement: 'http://127.0.0.1:{node}/'}}
"""


def exporter(part: Component, port: int, folder: Path, *arguments: str) -> Server:
    program = part.program(part.programs[0])
    assert program is not None
    command = [program, f"--web.listen-address=127.0.0.1:{port}", *arguments]
    server = Server(command, log=folder / f"{part.name}.log")
    server.start(lambda: answers(f"http://127.0.0.1:{port}/metrics"))
    return server


def answered(server: Prometheus, query: str) -> bool:
    with suppress(requests.RequestException):
        asked = requests.get(f"{server.url}/api/v1/query", params={"query": query}, timeout=60)
        return bool(asked.json()["data"]["result"])
    return False


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus that has scraped all of them several times."""
    folder = tmp_path_factory.mktemp("live")
    node, blackbox = free_port(), free_port()
    modules = folder / "blackbox.yml"
    modules.write_text("modules: {http_2xx: {prober: http, http: {preferred_ip_protocol: ip4}}}\n")
    server = Prometheus(folder)
    scrapes = SCRAPES.format(own=server.port, node=node, blackbox=blackbox)
    (folder / "prometheus.yml").write_text(scrapes)
    running = [
        exporter(NODE_EXPORTER, node, folder),
        exporter(BLACKBOX_EXPORTER, blackbox, folder, f"--config.file={modules}"),
    ]
    try:
        server.start()
        for counted in (
            'prometheus_http_requests_total{handler="/metrics"} > 2',
            'promhttp_metric_handler_requests_total{job="node",code="200"} > 2',
            "sum_over_time(probe_success[1m]) > 2",
        ):
            until(lambda counted=counted: answered(server, counted), counted)  # type: ignore[misc]
        yield server
    finally:
        server.stop()
        for each in running:
            each.stop()


def begin(server: Prometheus, folder: Path) -> Ran:
    return burnline("init", "--from-prometheus", server.url, "--write", folder=folder)


def test_the_proposals_of_debians_own_exporters_are_ready_to_use(
    live: Prometheus, tmp_path: Path
) -> None:
    ran = begin(live, tmp_path)

    assert (ran.code, ran.err) == (0, "")
    slos = {slo.name: slo.indicator for slo in load(tmp_path / "config.toml", {}).slos}
    assert slos["node-success"] == Ratio(
        total='promhttp_metric_handler_requests_total{job="node"}',
        bad='promhttp_metric_handler_requests_total{code=~"5..",job="node"}',
        absent=slos["node-success"].absent,  # type: ignore[union-attr]
    )
    own = slos["prometheus-success"]
    assert isinstance(own, Ratio)
    assert own.total == 'prometheus_http_requests_total{job="prometheus"}'
    (uptime,) = [each for each in slos.values() if isinstance(each, Uptime)]
    assert uptime.probe.startswith('probe_success{instance="http://127.0.0.1:')
    latency = slos["prometheus-latency"]
    assert isinstance(latency, Latency)
    edge = f'{{le="{latency.threshold_s:g}",job="prometheus"}}'
    assert answered(live, f"prometheus_http_request_duration_seconds_bucket{edge}")


def test_what_was_proposed_is_collected_and_checked(live: Prometheus, tmp_path: Path) -> None:
    begin(live, tmp_path)
    names = {slo.name for slo in load(tmp_path / "config.toml", {}).slos}

    collected = burnline("collect", "--once", folder=tmp_path)
    checked = burnline("check", "--json", folder=tmp_path)

    assert collected.code == 0, collected.err
    assert {each["name"] for each in checked.json["slos"]} == names
    assert "malformed" not in collected.out + collected.err
    assert checked.code in {0, 3}, "a server a few seconds old is healthy or not yet measured"
