"""`/metrics`, scraped by a real Prometheus: the figures of `check`, and nothing that is not known."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from builders import NOON, minutes, series
from components.presence import PROMETHEUS
from components.process import until
from conftest import StartPrometheus
from page_server import served
from prometheus_client.parser import text_string_to_metric_families
from small_shop import SOURCE, a_promise
from verdict_builders import burnline, stored

from collectors.store.deliveries import DeliveryState, Ended
from collectors.store.leases import Standing
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from slo.spans import moment

HOURS = 20
AS_OF = NOON + HOURS * 3_600
SPOKEN = moment(AS_OF).isoformat()
CONFIG = (
    SOURCE
    + a_promise(service='"web"')
    + a_promise(r"quo\"te \\ back", "95", "other", service='"a,b={c}"')
    + a_promise("silent", "99", "nothing", window='"month"')
)


def history(folder: Path) -> None:
    """Twenty hours of requests of which ever more fail, and of one that always works."""
    good = [100 - minute // 100 for minute in range(HOURS * 60)]
    total = [100] * len(good)
    stored(folder, minutes(good, total), minutes(total, total, key=series("other")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one SLO that burns, one that does not, and one without data."""
    made = tmp_path_factory.mktemp("exposed")
    (made / "config.toml").write_text(CONFIG)
    history(made)
    with Store.open(f"sqlite:///{made / 'burnline.db'}", now=AS_OF) as store:
        store.record(RunRecord("shop", AS_OF - 40, AS_OF - 30))
        store.record(RunRecord("shop", AS_OF - 20, AS_OF - 10, error="connection refused"))
        store.take_lease("me", 1, "here", Standing("cafe", version="1"), now=AS_OF - 5)
        store.release_lease("me", now=AS_OF - 5)
        for period, state in (("2026-W01", "sent"), ("2026-W02", "failed")):
            store.begin_delivery("weekly", period, "folder", due_at=NOON, now=NOON)
            ended = Ended(DeliveryState(state), error=None if state == "sent" else "disk full")
            store.end_delivery("weekly", period, "folder", ended, now=NOON + 7)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server whose moment is fixed, so that it can be compared."""
    with served(folder / "config.toml", "--as-of", SPOKEN) as url:
        yield url


@pytest.fixture(scope="module")
def text(address: str) -> str:
    """What a scrape without any wishes reads."""
    return requests.get(f"{address}/metrics", timeout=120).text


@pytest.fixture(scope="module")
def judged(folder: Path) -> list[dict[str, Any]]:
    """What `check` says as of the same moment."""
    slos: list[dict[str, Any]] = burnline("check", "--json", "--as-of", SPOKEN, folder=folder).json[
        "slos"
    ]
    return slos


Series = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Series:
    """Every sample, by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def epoch(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC).timestamp()


def expected(slos: list[dict[str, Any]]) -> Series:
    """The series of the SLOs, made from nothing but the answer of `check`."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], float | None] = {}
    for slo in slos:
        named = {"slo": slo["name"], "service": slo["service"]}

        def put(name: str, value: float | None, **more: str) -> None:
            found["burnline_slo_" + name, frozenset({**named, **more}.items())] = value  # noqa: B023 - used at once

        put("good_events", slo["good"])
        put("total_events", slo["total"])
        put("bad_events", slo["bad"])
        put("sli_ratio", slo["sli"])
        put("objective_ratio", slo["objective"])
        put("error_budget_remaining_ratio", slo["budget_remaining"])
        put("coverage_ratio", slo["coverage"])
        put("data_until_timestamp_seconds", epoch(slo["data_until"]))
        put("exhausts_timestamp_seconds", epoch(slo["exhausts_at"]))
        for window, rate in slo["burn_rates"].items():
            put("burn_rate", rate, window=window)
        for word in ("paging", "ticket", "quiet", "frozen"):
            put("now", float(slo["now"] == word), now=word)
        for word in ("OK", "WARNING", "CRITICAL", "UNKNOWN"):
            put("status", float(slo["status"] == word), status=word)
        for word in ("OK", "NO_TRAFFIC", "NO_DATA", "PARTIAL", "ESTIMATED", "CONFLICT"):
            put("state", float(slo["state"] == word), state=word)
        window = slo["window"]["kind"]
        put("info", 1, source="shop", window=window, generated="false")
    return {key: value for key, value in found.items() if value is not None}


def of_slos(found: Series) -> Series:
    return {key: value for key, value in found.items() if key[0].startswith("burnline_slo_")}


@pytest.mark.prometheus
def test_a_real_prometheus_scrapes_exactly_the_figures_of_check(
    address: str, judged: list[dict[str, Any]], prometheus: StartPrometheus
) -> None:
    server = prometheus(scrape={"burnline": address.removeprefix("http://")})

    def asked(query: str) -> list[dict[str, Any]]:
        answer = requests.get(f"{server.url}/api/v1/query", params={"query": query}, timeout=120)
        result: list[dict[str, Any]] = answer.json()["data"]["result"]
        return result

    # A scrape that is late on a busy machine takes nothing away from the one before it.
    until(lambda: bool(asked("last_over_time(burnline_ready[1h])")), "the first scrape")
    scraped = {
        (
            each["metric"].pop("__name__"),
            frozenset(
                (name, value)
                for name, value in each["metric"].items()
                if name not in {"job", "instance"}
            ),
        ): float(each["value"][1])
        for each in asked('last_over_time({__name__=~"burnline_slo_.*"}[1h])')
    }

    # Prometheus knows no empty label: it is the same as none.
    wanted = {
        (name, frozenset(pair for pair in labels if pair[1])): value
        for (name, labels), value in expected(judged).items()
    }
    assert scraped == wanted
    assert asked("max_over_time(up{job='burnline'}[1h])")[0]["value"][1] == "1"


def test_every_value_equals_that_of_check_to_the_last_bit(
    text: str, judged: list[dict[str, Any]]
) -> None:
    assert of_slos(parsed(text)) == expected(judged)
    assert {slo["status"] for slo in judged} == {"CRITICAL", "OK", "UNKNOWN"}


@pytest.mark.prometheus
def test_promtool_finds_nothing_to_say_about_names_and_help(text: str) -> None:
    checked = subprocess.run(
        [str(PROMETHEUS.program("promtool")), "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_what_is_not_known_is_no_series_at_all(text: str) -> None:
    named = ("slo", "silent")
    silent = {name: value for (name, labels), value in parsed(text).items() if named in labels}

    assert set(silent) == {
        "burnline_slo_objective_ratio",
        "burnline_slo_coverage_ratio",
        "burnline_slo_now",
        "burnline_slo_state",
        "burnline_slo_status",
        "burnline_slo_info",
    }
    assert silent["burnline_slo_coverage_ratio"] == 0
    assert not [line for line in text.splitlines() if line.endswith(("NaN", "Inf"))]


def test_sources_and_collector_stand_beside_the_figures(text: str) -> None:
    found = parsed(text)
    shop = frozenset({("source", "shop")})
    nothing: frozenset[tuple[str, str]] = frozenset()

    assert found["burnline_source_last_run_timestamp_seconds", shop] == AS_OF - 10
    assert found["burnline_source_last_success_timestamp_seconds", shop] == AS_OF - 30
    assert found["burnline_source_failing", shop] == 1
    assert found["burnline_source_lag_seconds", shop] == 0
    assert found["burnline_collector_heartbeat_timestamp_seconds", nothing] == AS_OF - 5
    assert found["burnline_collector_paused", nothing] == 0
    digest = frozenset({("digest", "cafe"), ("version", "1")})
    assert found["burnline_collector_config_info", digest] == 1
    assert found["burnline_config_in_force", nothing] == 1
    assert found["burnline_ready", nothing] == 1
    assert found["burnline_inbox_waiting_items", nothing] == 0


def test_a_report_that_failed_is_told_with_when_one_was_last_sent(text: str) -> None:
    weekly = frozenset({("report", "weekly"), ("channel", "folder")})
    found = parsed(text)

    assert found["burnline_report_failing", weekly] == 1
    assert found["burnline_report_last_sent_timestamp_seconds", weekly] == NOON + 7


def test_the_age_of_anything_says_nothing_where_the_moment_is_fixed(text: str) -> None:
    assert not [name for name, _ in parsed(text) if name.endswith("_age_seconds")]


def test_ages_grow_with_the_clock_where_it_is_followed(folder: Path) -> None:
    with served(folder / "config.toml") as address:
        found = parsed(requests.get(f"{address}/metrics", timeout=120).text)

    source = found["burnline_source_age_seconds", frozenset({("source", "shop")})]
    collector = found["burnline_collector_heartbeat_age_seconds", frozenset()]
    assert source == collector + 25 > 0


def test_without_a_store_the_configuration_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    with served(tmp_path / "config.toml") as address:
        answer = requests.get(f"{address}/metrics", timeout=120)

    found = parsed(answer.text)
    assert answer.status_code == 200
    assert found["burnline_ready", frozenset()] == 0
    assert {name for name, _ in found} == {
        "burnline_config_info",
        "burnline_config_in_force",
        "burnline_ready",
    }


def test_a_config_that_breaks_is_told_and_the_figures_stay(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    history(tmp_path)
    with served(tmp_path / "config.toml", "--as-of", SPOKEN) as address:
        before = parsed(requests.get(f"{address}/metrics", timeout=120).text)
        (tmp_path / "config.toml").write_text("[[slo]]\nobjectve = 1\n")
        after = parsed(requests.get(f"{address}/metrics", timeout=120).text)

    assert of_slos(after) == of_slos(before) != {}
    for name in ("burnline_config_in_force", "burnline_ready"):
        assert (before[name, frozenset()], after[name, frozenset()]) == (1, 0)


@pytest.mark.parametrize(
    ("wish", "kind"),
    [("", "text/plain"), ("application/openmetrics-text", "application/openmetrics-text")],
)
def test_the_answer_is_of_the_kind_that_was_asked_for(address: str, wish: str, kind: str) -> None:
    answer = requests.get(f"{address}/metrics", headers={"Accept": wish}, timeout=120)

    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["Cache-Control"] == "no-store"
