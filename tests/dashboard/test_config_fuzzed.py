"""Whatever stands in the file, reading it ends in a configuration or in sentences with lines."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.config import Config, load
from slo.errors import ConfigError

LONG = """\
include = ["none.d/*.toml"]
store = "sqlite:///x.db"
timezone = "Europe/Berlin"
[[service]]
name = "shop"
labels = { tier = "1" }
[[source]]
name = "prom"
kind = "prometheus"
url = "http://127.0.0.1:9090"
every = "1m"
backfill = "30d"
token = { env = "TOKEN" }
headers = { X-Scope-OrgID = "team" }
timeout = "10s"
max_raw_series = 500
verify = true
[[source]]
name = "csv"
kind = "files"
[[source.file]]
path = "a.csv"
holds = "probes"
columns = { at = "ts" }
labels = ["region"]
up = ["yes"]
max_malformed = 2.5
[[slo]]
name = "a"
service = "shop"
objective = 99.95
source = "prom"
histogram = 'x_bucket{job="a"}'
latency = "500ms"
window = "month"
[[slo.alert]]
severity = "page"
budget = 2.5
long = "1h"
short = "5m"
[[slo]]
name = "b"
objective = 99
source = "csv"
uptime = "probe"
valid_for = "26h"
combine = "any"
[[slo]]
name = "c"
objective = 50
source = "prom"
total = "t"
bad = "b"
absent = "zero"
[delivery]
environments = ["live"]
fail_within = "12h"
severities = ["1"]
count_rollbacks = true
[[migration]]
name = "cloud"
timezone = "Pacific/Apia"
before = [2025-01-01, 2025-07-01]
after = ["2025-10-01", "2026-04-01"]
transition = [2025-07-01, 2025-10-01]
evaluate_on = 2026-04-02
confidence = 90
multiple = "bh"
min_coverage = 70.5
[[migration.metric]]
id = "p95"
kind = "latency_quantile"
quantile = 99.9
samples = 'request_seconds{service="api"}'
source = "csv"
service = "shop"
role = "guardrail"
max_worse = 20
[[migration.metric]]
id = "incidents"
kind = "event_rate"
events = "incident"
goal = "< 1 a month"
same_within = 10
[[migration.metric]]
id = "rating"
kind = "snapshot"
gauge = "rating"
source = "csv"
unit = "points"
better = "higher"
[[migration.service]]
name = "shop"
cutover = 2025-08-14
settle = "14d"
source = "csv"
old = 'requests{side="old"}'
new = 'requests{side="new"}'
[[migration.beside]]
title = "p95"
kind = "latency_quantile"
source = "csv"
old = 'request_seconds{side="old"}'
new = 'request_seconds{side="new"}'
days = [2025-08-01, 2025-09-01]
[[migration.break]]
at = 2025-03-01
text = "fewer are published"
metrics = ["incidents"]
[[report]]
name = "moved"
about = "migration"
migration = "cloud"
"""
LINES = LONG.splitlines()
VALUES = st.sampled_from(
    [
        "1",
        "-1",
        "0",
        "1.5",
        "nan",
        "-inf",
        "1e300",
        "true",
        '""',
        '"x"',
        '"\\u0000"',
        "[]",
        "[[]]",
        "{}",
        '{env="TOKEN"}',
        '{file="/"}',
        "2026-01-01",
        "0001-01-01",
        "[2025-07-01, 9999-12-31]",
        "2026-01-01T00:00:00Z",
        '"= 5 ms"',
        '"snapshot"',
        "07:32:00",
        '["a",1]',
        "'{'",
        "[{}]",
        '"5m"',
        '"99999999w"',
        "{a={b=[1]}}",
        '"../../.."',
        "9223372036854775808",
    ]
)
KEYS = st.sampled_from([i for i, line in enumerate(LINES) if " = " in line])
PROBLEM = re.compile(r"config\.toml:\d+: .+")


def attempt(text: str) -> Config | ConfigError:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return load(path, {"TOKEN": "hunter2"})
        except ConfigError as error:
            return error


def sound(outcome: Config | ConfigError) -> None:
    if isinstance(outcome, ConfigError):
        for problem in outcome.what.split("\n"):
            assert PROBLEM.search(problem), problem
        assert "hunter2" not in str(outcome)


def test_the_long_form_with_every_kind_of_table_is_read() -> None:
    outcome = attempt(LONG)

    assert isinstance(outcome, Config), outcome
    assert len(outcome.slos) == 3
    (migration,) = outcome.migrations
    assert len(migration.metrics) == 3
    assert all((migration.services, migration.besides, migration.breaks))


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_any_value_under_any_key_ends_in_values_or_in_problems_with_lines(
    changed: dict[int, str],
) -> None:
    written = [
        f"{line.partition(' = ')[0]} = {changed[index]}" if index in changed else line
        for index, line in enumerate(LINES)
    ]

    sound(attempt("\n".join(written)))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=8), st.randoms())
def test_lines_lost_doubled_or_shuffled_end_in_values_or_in_problems(
    lost: list[int], random: object
) -> None:
    written = [line for index, line in enumerate(LINES) if index not in lost]
    written += [LINES[index] for index in lost[:3]]
    random.shuffle(written)  # type: ignore[attr-defined]

    sound(attempt("\n".join(written)))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_ends_in_values_or_in_problems(text: str) -> None:
    sound(attempt(text.encode("utf-8", "replace").decode()))
