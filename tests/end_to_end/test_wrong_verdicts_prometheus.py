"""Verdicts on a real Prometheus that other tools get wrong, right here, by `check --json`.

slo-generator's were seen by running it from its own source, Sloth's by running its rules under
promtool. Every command is a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asked_checks import SLO, checked
from builders import HOUR_S, MINUTE_S
from verdict_builders import Ran, burnline

from dashboard import wiring

PROMETHEUS = """
[[source]]
kind = "prometheus"
name = "shop"
url = "{url}"
"""


def exposition(until: int, families: dict[str, dict[str, Callable[[int], int]]]) -> str:
    """Three hours of counters, scraped each 15 s, in OpenMetrics; the value follows the second."""
    lines: list[str] = []
    for family, series in families.items():
        kind = "histogram" if any("_bucket" in name for name in series) else "counter"
        lines.append(f"# TYPE {family} {kind}")
        for name, value in series.items():
            lines += [
                f"{name} {value(at - until + 3 * HOUR_S)} {at}"
                for at in range(until - 3 * HOUR_S, until + 1, 15)
            ]
    return "\n".join([*lines, "# EOF", ""])


def rate(per_s: int) -> Callable[[int], int]:
    return lambda second: per_s * second


@pytest.fixture(scope="module")
def counted(prometheus_of_module: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """A real Prometheus with requests without a single error, and buckets at 0.25 and 1 s."""
    until = (wiring.now() - 300) // MINUTE_S * MINUTE_S
    history = tmp_path_factory.mktemp("history") / "requests.openmetrics"
    requests = {"requests_total": rate(10)}
    buckets = {
        'latency_seconds_bucket{le="0.25"}': rate(4),
        'latency_seconds_bucket{le="1.0"}': rate(9),
        'latency_seconds_bucket{le="+Inf"}': rate(10),
        "latency_seconds_count": rate(10),
        "latency_seconds_sum": rate(5),
    }
    text = exposition(until, {"requests": requests, "latency_seconds": buckets})
    history.write_text(text)
    return prometheus_of_module(openmetrics=history).url, until


def prometheus_checked(folder: Path, counted: tuple[str, int], indicator: str) -> Ran:
    """What `check` says of the indicator after one collection from the server."""
    url, until = counted
    folder.mkdir(exist_ok=True)
    config = PROMETHEUS.format(url=url) + SLO.format(objective="99.9", window="1h")
    (folder / "config.toml").write_text(f"{config}{indicator}\n")
    collected = burnline("collect", "--once", "--since", "2h", folder=folder)
    assert collected.code == 0, collected.err
    return checked(folder, until)


@pytest.fixture
def judged(tmp_path: Path, counted: tuple[str, int]) -> Callable[[str], Ran]:
    """Asks `check` about an indicator, in the store of this test."""
    return lambda indicator: prometheus_checked(tmp_path, counted, indicator)


@pytest.mark.prometheus
def test_an_error_series_that_is_missing_is_not_measured_unless_told_otherwise(
    judged: Callable[[str], Ran],
) -> None:
    """slo-generator: SLI 1.0 and "OK"; Sloth: no SLO at all, whatever it means."""
    ran = judged('total = "requests_total"\nbad = "request_errors_total"')

    assert (ran.code, ran.slo["state"], ran.slo["now"]) == (3, "NO_DATA", "frozen")
    assert (ran.slo["sli"], ran.slo["budget_remaining"]) == (None, None)


@pytest.mark.prometheus
def test_an_error_series_that_is_missing_is_a_true_zero_where_configured(
    judged: Callable[[str], Ran],
) -> None:
    ran = judged('total = "requests_total"\nbad = "request_errors_total"\nabsent = "zero"')

    assert (ran.code, ran.slo["state"]) == (0, "OK")
    assert (ran.slo["bad"], ran.slo["total"]) == (0, 36_000)
    assert (ran.slo["sli"], ran.slo["budget_remaining"]) == (1, 1)


@pytest.mark.prometheus
def test_a_good_series_that_is_missing_is_a_true_zero_only_where_configured(
    tmp_path: Path, counted: tuple[str, int]
) -> None:
    good = 'total = "requests_total"\ngood = "request_successes_total"'

    # Each in a store of its own: the past of one is judged by the promise that it then had.
    unknown = prometheus_checked(tmp_path / "unknown", counted, good)
    zero = prometheus_checked(tmp_path / "zero", counted, f'{good}\nabsent = "zero"')

    assert (unknown.code, unknown.slo["state"]) == (3, "NO_DATA")
    assert (zero.code, zero.slo["sli"], zero.slo["now"]) == (2, 0, "paging")


@pytest.mark.prometheus
def test_a_threshold_without_a_bucket_is_an_interval_and_never_a_page(
    judged: Callable[[str], Ran],
) -> None:
    """slo-generator: the bucket is missing, so SLI 0 % and a page. Pyrra: the same."""
    ran = judged('histogram = "latency_seconds_bucket"\nlatency = "500ms"')

    assert ran.slo["state"] == "ESTIMATED"
    assert 0.4 < ran.slo["sli"] < 0.9
    assert ran.slo["now"] in {"ticket", "quiet"}
    assert ran.code == 1
    assert any("SLI from 40.00 % to 90.00 %" in reason for reason in ran.slo["reasons"])


@pytest.mark.prometheus
def test_a_threshold_on_a_bucket_is_exact_however_the_server_writes_it(
    tmp_path: Path, counted: tuple[str, int]
) -> None:
    ran = prometheus_checked(
        tmp_path, counted, 'histogram = "latency_seconds_bucket"\nlatency = "1s"'
    )

    assert (ran.slo["good"], ran.slo["total"]) == (32_400, 36_000)
    assert (ran.slo["state"], ran.slo["sli"]) == ("OK", 0.9)
