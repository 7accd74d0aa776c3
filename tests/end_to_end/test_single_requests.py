"""Availability of requests reported one by one: a file, the collector, `check --json`."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import HOUR_S, NOON
from verdict_builders import Ran, burnline

from slo.spans import moment

CONFIG = """
[[source]]
kind = "files"
name = "shop"

[[source.file]]
path = "requests.csv"
holds = "requests"
name = "request"
key = ["id"]
columns = { latency = "ms" }
unit = "ms"

[[slo]]
name = "answered"
objective = 99
window = "30d"
total = 'request_success{service="checkout"}'

[[slo]]
name = "fast"
objective = 99
window = "30d"
samples = 'request_latency_seconds{service="checkout"}'
latency = "500ms"
"""


def utc(at: int) -> str:
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"


def shop(folder: Path, *, config: str = CONFIG) -> Ran:
    """An hour of a request each 6 seconds, one in fifty failed; collected into a store."""
    rows = [
        f"{utc(at)},{number},{'fail' if number % 50 == 0 else 'ok'},{100 + number % 7},checkout"
        for number, at in enumerate(range(NOON - HOUR_S, NOON + 1, 6))
    ]
    (folder / "requests.csv").write_text("\n".join(["at,id,status,ms,service", *rows, ""]))
    (folder / "config.toml").write_text(config)
    return burnline("collect", "--once", folder=folder)


@pytest.fixture
def checked(tmp_path: Path) -> dict[str, dict[str, object]]:
    """The answers of `check --json` by SLO."""
    collected = shop(tmp_path)
    assert collected.code == 0, collected.err
    ran = burnline("check", "--json", "--as-of", utc(NOON), folder=tmp_path)
    assert ran.code == 1, ran.err
    return {slo["name"]: slo for slo in ran.json["slos"]}


def test_the_share_of_requests_that_succeeded_is_an_slo_of_total_alone(
    checked: dict[str, dict[str, object]],
) -> None:
    answered = checked["answered"]

    assert (answered["good"], answered["total"], answered["sli"]) == (588, 600, 0.98)
    assert answered["coverage"] == pytest.approx(60 / (30 * 24 * 60))


def test_latency_of_the_same_rows_is_counted_beside_it(
    checked: dict[str, dict[str, object]],
) -> None:
    assert (checked["fast"]["good"], checked["fast"]["total"]) == (600, 600)


def test_a_promise_on_values_that_are_no_outcomes_fails_its_source_in_a_sentence(
    tmp_path: Path,
) -> None:
    shop(tmp_path)
    wrong = CONFIG.replace("'request_success{", "'request_latency_seconds{")

    collected = shop(tmp_path, config=wrong)

    assert collected.code != 0
    assert "requests count as 1 where good and 0 where not" in collected.err + collected.out
