"""`slo import`, `slo export` and `init --from` in real processes: files in, files out, codes."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from verdict_builders import burnline

from dashboard.config import load

CHANNEL = """
[[channel]]
name = "pager"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
"""
CONFIG = """
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"

[[source]]
kind = "files"
name = "rows"

[[service]]
name = "shop"
team = "payments"
owner = "Ann"
notify = ["pager"]
runbook = "https://runs/{service}?since={from}&until={to}"
dashboard = "https://boards/{service}"

[[slo]]
name = "requests"
service = "shop"
objective = 99.9
window = ["30d", "month"]
source = "prometheus"
total = 'requests_total{job="shop"}'
bad = 'requests_total{job="shop",code=~"5.."}'
absent = "zero"
min_bad_events = 10

[[slo]]
name = "latency"
service = "shop"
objective = 95
source = "prometheus"
histogram = 'seconds_bucket{job="shop"}'
latency = "500ms"

[[slo]]
name = "up"
service = "shop"
objective = 99.5
window = "7d"
source = "prometheus"
uptime = 'probe_success{job="shop"}'

[[slo]]
name = "wifi"
objective = 95
source = "prometheus"
gauge = "quality"
op = ">="
value = 0.75
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = CHANNEL + CONFIG.replace('\n[[source]]\nkind = "files"\nname = "rows"\n', "")
    (tmp_path / "config.toml").write_text(lines)
    return tmp_path


def test_what_can_be_carried_over_is_and_the_rest_makes_it_a_part(
    tmp_path: Path, shared: Path
) -> None:
    example = shared / "examples/openslo/gosdk/slos.yaml"

    ran = burnline("slo", "import", str(example), "--out", "slo.toml", folder=tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert "slos.yaml:35: [0].spec.timeWindow[0].calendar.startTime: left out" in ran.err
    (found,) = tomllib.loads((tmp_path / "slo.toml").read_text())["slo"]
    assert (found["window"], found["method"], found["slice_objective"]) == (
        "week",
        "timeslices",
        95,
    )


def test_a_file_that_stands_there_is_never_overwritten(folder: Path, shared: Path) -> None:
    example = shared / "examples/sloth/getting-started.yml"
    before = (folder / "config.toml").read_text()

    for words in (
        ("slo", "import", str(example), "--out", "config.toml"),
        ("slo", "export", "--format", "openslo", "--out", "config.toml"),
        ("init", "--from", "sloth", str(example), "--write"),
    ):
        ran = burnline(*words, folder=folder)
        assert (ran.code, ran.out) == (2, "")
        assert "never overwritten" in ran.err
    assert (folder / "config.toml").read_text() == before


def test_init_from_files_of_several_tools_writes_a_configuration_that_loads(
    tmp_path: Path, shared: Path
) -> None:
    examples = shared / "examples"
    words = [
        "--from", "sloth", str(examples / "sloth/home-wifi.yml"),
        "--from", "pyrra", str(examples / "pyrra/prometheus-http.yaml"),
        "--from", "openslo", str(examples / "sloth/openslo-getting-started.yml"),
    ]  # fmt: skip

    ran = burnline("init", *words, "--write", folder=tmp_path)

    assert (ran.code, ran.out) == (0, "wrote config.toml: SLOs carried over: 4\n")
    assert [slo.name for slo in load(tmp_path / "config.toml", {}).slos] == [
        "home-wifi-good-wifi-client-satisfaction",
        "home-wifi-risk-wifi-client-satisfaction",
        "prometheus-api-query",
        "sloth-slo-my-service",
    ]


def test_init_from_a_file_that_holds_nothing_to_carry_over_writes_none(
    tmp_path: Path, shared: Path
) -> None:
    example = str(shared / "examples/slo-generator/slo_config_v2.yaml")

    ran = burnline("init", "--from", "slo-generator", example, "--write", folder=tmp_path)
    wrong = burnline("init", "--from", "prometheus", example, folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert 'backend "cloud_monitoring" is not one that is read here' in ran.err
    assert (wrong.code, wrong.out) == (2, "")
    assert "Prometheus rules can be written, not read" in wrong.err
    assert list(tmp_path.iterdir()) == []


def test_two_ways_to_begin_at_once_are_refused(tmp_path: Path) -> None:
    ran = burnline(
        "init", "--from", "sloth", "a.yml", "--from-prometheus", "http://p", folder=tmp_path
    )

    assert (ran.code, ran.out) == (2, "")
    assert "--from and --from-prometheus are two ways to begin" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "pyrra"), "Pyrra can be read, not written"),
        (("--format", "opensl"), 'there is no format "opensl" (did you mean "openslo"?)'),
        (("request", "--format", "openslo"), 'no [[slo]] is called "request" (did you mean'),
    ],
)
def test_an_export_that_cannot_be_made_says_what_can(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = burnline("slo", "export", *words, folder=folder)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_an_export_to_openslo_is_taken_over_as_the_same_promises(folder: Path) -> None:
    exported = burnline("slo", "export", "--format", "openslo", folder=folder)
    (folder / "slo.yaml").write_text(exported.out)

    ran = burnline(
        "init", "--from", "openslo", "slo.yaml", "--write", "--out", "again.toml", folder=folder
    )

    assert (exported.code, exported.err) == (0, "")
    assert ran.code == 0, ran.err
    with (folder / "again.toml").open("a") as written:
        written.write(CHANNEL)
    first, again = load(folder / "config.toml", {}), load(folder / "again.toml", {})
    assert again.slos == first.slos
    assert again.services == first.services


@pytest.mark.prometheus
def test_exported_rules_pass_promtool_and_carry_the_links_of_their_service(folder: Path) -> None:
    ran = burnline("slo", "export", "--format", "prometheus", "--out", "r.yml", folder=folder)

    checked = subprocess.run(
        ["promtool", "check", "rules", folder / "r.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert ran.code == 1
    assert 'slo "requests": its further windows (month) are not recorded' in ran.err
    groups = yaml.safe_load((folder / "r.yml").read_text())["groups"]
    page = next(rule for rule in groups[0]["rules"] if rule.get("alert") == "ErrorBudgetPage")
    assert page["labels"] == {
        "severity": "page",
        "slo": "requests",
        "service": "shop",
        "team": "payments",
    }
    assert page["annotations"]["dashboard_url"] == "https://boards/shop"
    assert page["annotations"]["runbook_url"].startswith("https://runs/shop?since={{")
    assert "> 0.0144" in page["expr"]
