"""A measure that nobody could make or judge is refused on its line, with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from migration_builders import (
    BESIDE,
    BREAK,
    COST,
    FILES,
    INCIDENTS,
    LATENCY,
    MOVED,
    PERIODS,
    PROMETHEUS,
)

from dashboard.config import load
from dashboard.measures import registry
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SERVICES = '[[service]]\nname = "checkout"\n'
ON_OLD_AND_NEW = "old = 'requests{side=\"old\"}'\nnew = 'requests{side=\"new\"}'\n"


def problems(text: str) -> list[str]:
    Path("config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(Path("config.toml"), {}, with_sources=False)
    return [one.removeprefix("config.toml:") for one in caught.value.what.split("\n")]


def refused(text: str, key: str, said: str) -> None:
    """The text has one problem, on its last line that holds the key."""
    (found,) = problems(text)
    assert found.startswith(f"{text.count(chr(10))}: "), found
    assert f": {key}: {said}" in found, found


@pytest.mark.parametrize(
    ("metric", "key", "said"),
    [
        (INCIDENTS, 'goal = "5 a month"', "'5 a month' is no goal: begin with <"),
        (INCIDENTS, 'goal = "< 5 a fortnight"', "'< 5 a fortnight' counts by something else"),
        (INCIDENTS, "goal = 5", "must be text in quotes"),
        (INCIDENTS, 'goal = ">= 5 a month"', "asks for more, but lower is better"),
        (LATENCY, 'goal = "< 500"', "'< 500' is no limit of time"),
        (LATENCY, 'goal = "= 500ms"', "'= 500ms' is no goal"),
        (LATENCY, 'goal = "< 95 %"', "'< 95 %' is no limit of time"),
        (LATENCY, 'better = "less"', "must be one of"),
        (
            LATENCY,
            'role = "context"\nmax_worse = 20',
            "is the limit of a guardrail, but this is con",
        ),
        (LATENCY, "max_worse = 20", "is the limit of a guardrail, but this is a goal; write role"),
        (LATENCY, 'role = "context"\nsame_within = 20', "is for goals, but this is context"),
        (LATENCY, 'role = "target"', "must be one of"),
        (LATENCY, "same_within = 0", "must be a percentage above 0 and up to 100 such as 10"),
        (LATENCY, 'role = "guardrail"\nmax_worse = -1', "must be a percentage from 0 to 1000"),
        (LATENCY, 'source = "shp"', 'no source is called "shp" (did you mean "shop"?)'),
        (LATENCY, "quantil = 95", 'unknown key (did you mean "quantile"?)'),
        (LATENCY, 'sourc = "shop"', 'unknown key (did you mean "source"?)'),
        (LATENCY, "quantile = 0", "must be a percentage between 0 and 100"),
        (LATENCY, "quantile = 1e999999", "must be a percentage such as"),
        (INCIDENTS, 'source = "shp"', 'no source is called "shp"'),
    ],
)
def test_a_key_of_a_metric_that_cannot_be_is_told_on_its_line(
    metric: str, key: str, said: str
) -> None:
    name = key.rpartition("\n")[2].partition(" = ")[0]

    refused(FILES + PERIODS + metric + key + "\n", name, said)


def test_a_guardrail_needs_its_limit() -> None:
    (found,) = problems(PERIODS + INCIDENTS + 'role = "guardrail"\n')

    assert found == (
        '5: migration "cloud": metric "incidents": max_worse: missing; add for example '
        "max_worse = 20: by how many percent it may get worse"
    )


def test_what_nobody_can_say_is_better_must_say_so_unless_it_is_context() -> None:
    (found,) = problems(FILES + PERIODS + COST)

    assert "better: missing; nobody can tell which way is better" in found


def test_an_unknown_kind_names_the_nearest_and_all_there_are() -> None:
    (found,) = problems(PERIODS + INCIDENTS.replace("event_rate", "event_rates"))

    assert 'kind: unknown kind "event_rates" (did you mean "event_rate"?)' in found
    assert ", ".join(registry.names()) in found


def test_two_metrics_of_one_id_and_one_called_all_are_refused() -> None:
    text = PERIODS + INCIDENTS + INCIDENTS + INCIDENTS.replace('"incidents"', '"all"')

    first, second = problems(text)

    assert first.startswith('10: migration "cloud": metric "incidents": id: "incidents" is already')
    assert 'metric "all": id: "all" means every metric' in second


def test_of_several_sources_a_series_names_its_own_and_events_need_none() -> None:
    (found,) = problems(FILES + PROMETHEUS + PERIODS + LATENCY + INCIDENTS)

    assert 'metric "p95": source: missing; there are several: shop, prom' in found


def test_a_series_without_any_source_is_nothing_to_measure_with() -> None:
    (found,) = problems(PERIODS + LATENCY)

    assert "nothing to measure it with; add a [[source]]" in found


@pytest.mark.parametrize(
    ("source", "metric", "key", "said"),
    [
        (FILES, LATENCY.replace("samples", "histogram"), "histogram", "files hold no histograms"),
        (
            PROMETHEUS,
            '[[migration.metric]]\nid = "e"\nkind = "share"\ntotal = "requests"\n',
            "total",
            "requests alone names no good and no bad events",
        ),
        (FILES, BESIDE.replace("ds{", "ds_bucket{"), "old", "files hold no histograms"),
        (
            '[[source]]\nkind = "git"\npath = "."\n',
            MOVED + ON_OLD_AND_NEW,
            "old",
            "tags measure nothing",
        ),
    ],
)
def test_what_its_source_cannot_answer_is_told_on_the_line_of_the_series(
    source: str, metric: str, key: str, said: str
) -> None:
    text = source + PERIODS + metric

    (found,) = problems(text)

    line = next(i for i, one in enumerate(text.splitlines(), 1) if one.startswith(f"{key} = "))
    assert found.startswith(f"{line}: ")
    assert said in found


def test_a_metric_and_a_promise_keep_one_probe_in_one_way() -> None:
    slo = '[[slo]]\nname = "a"\nobjective = 99\nuptime = "probe"\nvalid_for = "26h"\n'
    metric = '[[migration.metric]]\nid = "up"\nkind = "uptime"\nuptime = "probe"\n'

    (found,) = problems(FILES + slo + PERIODS + metric + 'valid_for = "20m"\n')

    assert 'valid_for: a status holds 20m here and 26h in slo "a" (config.toml:7)' in found


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (BESIDE + 'samples = "x"\n', "samples: unknown key"),
        (BESIDE + 'role = "goal"\n', "role: unknown key"),
        (BESIDE.replace('"new"', '"old"'), "new: is the same series as old"),
        (BESIDE.replace("latency_quantile", "event_rate"), "kind: reads no series"),
        (BESIDE + 'better = "lower"\n', "better: unknown key"),
        (BESIDE + "days = [2025-08-01, 2025-08-01]\n", "days: is empty"),
        (
            BESIDE.replace("'request_seconds{side=\"old\"}'", '"sum(x)"'),
            "old: 'sum(x)' is not a sel",
        ),
        (BESIDE + BESIDE, 'title: "checkout" is already defined'),
    ],
)
def test_what_cannot_stand_side_by_side_is_told(beside: str, said: str) -> None:
    (found,) = problems(FILES + PERIODS + beside)

    assert said in found


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (MOVED.replace("2025-08-14", "2026-04-01"), "cutover: 2026-04-01 lies outside of the migr"),
        (MOVED.replace("2025-08-14", "2025-01-01"), "cutover: 2025-01-01 lies outside of the migr"),
        (MOVED.replace("2025-08-14", "2025-08-14T12:00:00"), "cutover: is a moment"),
        (MOVED.replace("checkout", "chekout"), 'name: no [[service]] is called "chekout"'),
        (MOVED + "settle = 14\n", "settle: must be text in quotes"),
        ('[[migration.service]]\nname = "checkout"\nsettle = "14d"\n', "settle: follows a cutover"),
        (MOVED + 'old = "x"\n', "new: missing; old alone is no share"),
        (MOVED + 'old = "x"\nnew = "x"\n', "new: is the same series as old"),
        (MOVED + MOVED, 'name: "checkout" is already defined'),
        (MOVED + 'source = "shp"\n', 'source: no source is called "shp"'),
    ],
)
def test_a_service_that_cannot_have_moved_so_is_told(moved: str, said: str) -> None:
    (found,) = problems(SERVICES + FILES + PERIODS + INCIDENTS + moved)

    assert said in found


def test_a_metric_of_a_service_that_nobody_has_is_refused_where_services_are_listed() -> None:
    (found,) = problems(SERVICES + PERIODS + INCIDENTS + 'service = "chekout"\n')

    assert 'service: no [[service]] is called "chekout" (did you mean "checkout"?)' in found


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (BREAK.replace("2025-03-01", "2025-01-01"), "at: 2025-01-01 breaks nothing"),
        (BREAK.replace("2025-03-01", "2026-04-01"), "at: 2026-04-01 breaks nothing"),
        (BREAK.replace("2025-03-01", "2025-03-01T00:00:00Z"), "at: is a moment"),
        (BREAK + 'metrics = ["incident"]\n', 'no metric has the id "incident" (did you mean'),
        (BREAK + "metrics = []\n", "metrics: must not be empty"),
        (BREAK.replace("fewer are published", ""), "text: must be 1 to"),
    ],
)
def test_a_break_lies_inside_of_what_is_compared_and_names_metrics_there_are(
    broken: str, said: str
) -> None:
    (found,) = problems(PERIODS + INCIDENTS + broken)

    assert said in found


def test_a_break_may_lie_in_the_own_period_of_a_service_moved_early() -> None:
    early = MOVED.replace("2025-08-14", "2025-02-01") + BREAK.replace("2025-03", "2024-09")
    Path("config.toml").write_text(PERIODS + INCIDENTS + early)

    (found,) = load(Path("config.toml"), {}).migrations

    assert len(found.breaks) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("environments = []", "environments: must not be empty"),
        ("environments = [1]", "environments 1: must be text in quotes"),
        ('fail_within = "0s"', "fail_within: must be greater than 0"),
        ("fail_within = 24", "fail_within: must be text in quotes"),
        ('lead_from = ""', "lead_from: must be 1 to"),
        ("severity = []", 'severity: unknown key (did you mean "severities"?)'),
        ("count_rollbacks = 1", "count_rollbacks: must be true or false"),
    ],
)
def test_a_rule_of_delivery_that_cannot_be_is_told_on_its_line(written: str, said: str) -> None:
    (found,) = problems(f"[delivery]\n{written}\n")

    assert found.startswith("2: delivery.")
    assert said in found


def test_the_rules_of_delivery_are_one_table_in_the_main_file() -> None:
    Path("more.toml").write_text("[delivery]\ncount_rollbacks = true\n")

    assert "delivery: must be a table" in problems("[[delivery]]\n")[0]
    (found,) = problems('include = ["more.toml"]\n')
    assert found == "more.toml:1: delivery: stands in config.toml alone"
