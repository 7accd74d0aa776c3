"""Proposals from histories in a real Prometheus: the SLIs are those computed by hand.

Each history grows evenly from nothing to the counts written beside it, so that whatever the
server extrapolates at the ends, the share of the bad is the share of these counts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import StartPrometheus
from verdict_builders import Ran, burnline

from dashboard.config import Config, load
from slo.indicator import Indicator, Latency, Ratio
from slo.objective import Slo

MINUTES = 180
HOSTILE_JOB = "bad\" job'\n[[slo]]\\"
Counts = Mapping[str, float]

# metric and labels -> how many events after three hours
HISTORY: Counts = {
    # Spring: 300 of 100,000 failed, and of the client's errors none is ours
    'http_server_requests_seconds_count{job="orders",outcome="SUCCESS",status="200"}': 90_000,
    'http_server_requests_seconds_count{job="orders",outcome="CLIENT_ERROR",status="404"}': 9_700,
    'http_server_requests_seconds_count{job="orders",outcome="SERVER_ERROR",status="500"}': 300,
    # OpenTelemetry: 5 of 20,000 failed; 97 % within 0.25 s
    'http_server_request_duration_seconds_count{job="cart",http_response_status_code="200"}': 19_995,
    'http_server_request_duration_seconds_count{job="cart",http_response_status_code="503"}': 5,
    'http_server_request_duration_seconds_bucket{job="cart",le="0.1"}': 18_000,
    'http_server_request_duration_seconds_bucket{job="cart",le="0.25"}': 19_400,
    'http_server_request_duration_seconds_bucket{job="cart",le="0.5"}': 19_900,
    'http_server_request_duration_seconds_bucket{job="cart",le="+Inf"}': 20_000,
    # gRPC: Unavailable and Internal are the server's, NotFound is not: 40 of 8,000
    'grpc_server_handled_total{job="pricing",grpc_code="OK"}': 7_000,
    'grpc_server_handled_total{job="pricing",grpc_code="NotFound"}': 960,
    'grpc_server_handled_total{job="pricing",grpc_code="Unavailable"}': 30,
    'grpc_server_handled_total{job="pricing",grpc_code="Internal"}': 10,
    # Istio: both sides report the same requests; 20 of 2,000, as the destination saw them
    'istio_requests_total{job="mesh",reporter="destination",destination_service_name="reviews",'
    'response_code="200"}': 1_980,
    'istio_requests_total{job="mesh",reporter="destination",destination_service_name="reviews",'
    'response_code="500"}': 20,
    'istio_requests_total{job="mesh",reporter="source",destination_service_name="reviews",'
    'response_code="200"}': 1_900,
    'istio_requests_total{job="mesh",reporter="source",destination_service_name="reviews",'
    'response_code="0"}': 100,
    # ingress-nginx: two ingresses of one job, 0 of 50,000 and 100 of 1,000
    'nginx_ingress_controller_requests{job="nginx",ingress="shop",status="200"}': 50_000,
    'nginx_ingress_controller_requests{job="nginx",ingress="admin",status="200"}': 900,
    'nginx_ingress_controller_requests{job="nginx",ingress="admin",status="502"}': 100,
    # Traefik: the entry point counts the same requests once more
    'traefik_service_requests_total{job="edge",service="web@docker",code="200"}': 990,
    'traefik_service_requests_total{job="edge",service="web@docker",code="504"}': 10,
    'traefik_entrypoint_requests_total{job="edge",entrypoint="websecure",code="200"}': 1_000,
    # the same metric of two jobs: one whose status nobody knows, one with a hostile name
    'http_requests_total{job="odd",result="fine"}': 1_000,
    'http_requests_total{job="bad\\" job\'\\n[[slo]]\\\\",code="200"}': 96,
    'http_requests_total{job="bad\\" job\'\\n[[slo]]\\\\",code="500"}': 4,
}
# name -> SLI in percent as printed, proposed objective
PROPOSED = {
    "orders-success": ("99.700", "99.5"),
    "cart-success": ("99.975", "99.95"),
    "cart-latency": ("97.000", "95"),
    "pricing-success": ("99.500", "99.5"),
    "reviews-success": ("99.000", "99"),
    "shop-success": ("100.000", "99.99"),
    "admin-success": ("90.000", "90"),
    "web-docker-success": ("99.000", "99"),
    "bad-job-slo-success": ("96.000", "95"),
}


def now() -> int:
    return int(time.time())  # noqa: TID251 - the server under test lives in real time


def openmetrics(path: Path, counts: Counts) -> Path:
    """The histories as OpenMetrics, one sample a minute up to the last whole minute."""
    until = now() // 60 * 60
    lines = [
        f"{series} {events * minute / MINUTES!r} {until - (MINUTES - minute) * 60}"
        for series, events in counts.items()
        for minute in range(MINUTES + 1)
    ]
    path.write_text("\n".join([*lines, "# EOF", ""]))
    return path


@pytest.fixture(scope="module")
def begun(
    prometheus_of_module: StartPrometheus, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ran]:
    """The folder in which `init --write` ran, and what it said."""
    folder = tmp_path_factory.mktemp("init")
    history = openmetrics(folder / "history.txt", HISTORY)
    server = prometheus_of_module(openmetrics=history)
    return folder, burnline("init", "--from-prometheus", server.url, "--write", folder=folder)


def config(begun: tuple[Path, Ran]) -> Config:
    return load(begun[0] / "config.toml", {})


def comments(begun: tuple[Path, Ran], name: str) -> str:
    """What stands above the table of that name, on one line."""
    blocks = (begun[0] / "config.toml").read_text().split("\n\n")
    (block,) = [block for block in blocks if f'\nname = "{name}"' in block]
    return block.partition("[[slo]]\nname")[0].replace("\n# ", " ")


def the_slo(begun: tuple[Path, Ran], name: str) -> Slo:
    (found,) = [slo for slo in config(begun).slos if slo.name == name]
    return found


@pytest.mark.prometheus
@pytest.mark.parametrize("name", PROPOSED)
def test_the_sli_is_the_one_computed_by_hand_and_its_objective_was_met(
    begun: tuple[Path, Ran], name: str
) -> None:
    sli, objective = PROPOSED[name]

    printed = re.search(r"Last 30 d: ([0-9.]+) % of [0-9,]+ requests", comments(begun, name))

    assert printed is not None
    assert printed[1] == sli
    assert the_slo(begun, name).objective.percent == Decimal(objective)
    assert re.search(r"seen for (3 h|2 h 45 m|3 h 15 m) of it \(0\.[34] %\)", comments(begun, name))


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        (
            "orders-success",
            Ratio(
                'http_server_requests_seconds_count{job="orders"}',
                bad='http_server_requests_seconds_count{job="orders",outcome=~"SERVER_ERROR"}',
            ),
        ),
        (
            "cart-latency",
            Latency(0.25, histogram='http_server_request_duration_seconds_bucket{job="cart"}'),
        ),
        (
            "reviews-success",
            Ratio(
                'istio_requests_total{destination_service_name="reviews",job="mesh",'
                'reporter="destination"}',
                bad='istio_requests_total{destination_service_name="reviews",job="mesh",'
                'reporter="destination",response_code=~"5.."}',
            ),
        ),
        (
            "admin-success",
            Ratio(
                'nginx_ingress_controller_requests{ingress="admin",job="nginx"}',
                bad='nginx_ingress_controller_requests{ingress="admin",job="nginx",status=~"5.."}',
            ),
        ),
    ],
)
def test_the_selectors_name_what_was_measured(
    begun: tuple[Path, Ran], name: str, indicator: Indicator
) -> None:
    found = the_slo(begun, name).indicator

    assert type(found) is type(indicator)
    for key in ("total", "bad", "histogram", "threshold_s"):
        assert getattr(found, key, None) == getattr(indicator, key, None)


@pytest.mark.prometheus
def test_everything_that_was_found_is_proposed_once_or_asked(begun: tuple[Path, Ran]) -> None:
    folder, ran = begun

    assert {slo.name for slo in config(begun).slos} == set(PROPOSED)
    assert ran.code == 0, ran.err
    assert ran.err == "init: odd-success waits for an answer: look for ASK\n"
    assert ran.out == "wrote config.toml: SLOs proposed: 9, waiting for an answer: 1\n"
    text = (folder / "config.toml").read_text()
    assert "it has job, result." in text
    assert "reporter=source: the same requests once more" in text
    assert "traefik_entrypoint" not in text


@pytest.mark.prometheus
def test_a_hostile_job_is_a_matcher_and_nothing_else(begun: tuple[Path, Ran]) -> None:
    found = the_slo(begun, "bad-job-slo-success").indicator

    assert isinstance(found, Ratio)
    assert found.total == 'http_requests_total{job="bad\\" job\'\\n[[slo]]\\\\"}'


@pytest.mark.prometheus
def test_what_was_proposed_is_collected_and_judged_as_it_stands(begun: tuple[Path, Ran]) -> None:
    folder, _ = begun

    collected = burnline("collect", "--once", folder=folder)
    judged = burnline("check", "--json", folder=folder)

    assert collected.code == 0, collected.err
    slis = {each["name"]: each["sli"] for each in judged.json["slos"]}
    assert set(slis) == set(PROPOSED)
    for name, (sli, _) in PROPOSED.items():
        assert slis[name] == pytest.approx(float(sli) / 100, abs=1e-4)
