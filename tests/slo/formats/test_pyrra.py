"""Pyrra's resources mean here what they mean to Pyrra; its own refusals are ours."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from builders import HOUR_S, NOON, samples, series
from verdict_builders import one_judged, stored

from slo.facts import SeriesKind
from slo.formats import registry
from slo.formats.contract import Definitions, Ledger
from slo.indicator import Absent, Latency, Ratio, RawRatio
from slo.spans import RollingWindow

RATIO = "{ratio: {errors: {metric: 'r{c=\"5\"}'}, total: {metric: r}}}"


def resource(indicator: str = RATIO, **spec: str) -> str:
    lines = {"target": "'99.5'", "window": "28d", **spec}
    inside = "".join(f"  {key}: {text}\n" for key, text in lines.items())
    return (
        "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\n"
        f"spec:\n{inside}  indicator: {indicator}\n"
    )


def read(text: str) -> tuple[Definitions, list[str]]:
    ledger = Ledger()
    held = registry.read({"a.yaml": text}, ledger)
    return held, [str(one) for one in ledger.findings]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (resource("{}"), "one of ratio, latency, latencyNative, bool_gauge: is missing"),
        (resource(f"{RATIO[:-1]}, bool_gauge: {{metric: up}}}}"), "cannot have several indicators"),
        (resource("{latency: {success: {metric: h_bucket}, total: {metric: h_count}}}"),
         "latency success metric must contain a le label matcher"),
        (resource("{ratio: {errors: {metric: 'sum(r)'}, total: {metric: r}}}"), "is not a selector"),
        (resource("{ratio: {errors: {metric: r}}}"), "metric is missing"),
        (resource(target="'0.995'"), "objective must be a percentage above 1 and below 100"),
        (resource(target="'100'"), "objective must be below 100"),
        (resource(window="30m"), "must be 1h or more"),
        (resource(window="'30'"), "has no unit"),
        (resource("{latencyNative: {latency: fast, total: {metric: h}}}"), "is not a duration"),
    ],
)  # fmt: skip
def test_what_pyrra_refuses_or_cannot_be_read_is_refused_with_the_reason(
    text: str, said: str
) -> None:
    held, told = read(text)

    assert held.slos == ()
    assert any(": refused: " in line and said in line for line in told), told


def test_errors_that_never_occurred_are_none_as_pyrra_takes_them() -> None:
    held, _ = read(resource())

    (found,) = held.slos
    assert found.slo.indicator == Ratio("r", bad='r{c="5"}', absent=Absent.ZERO)
    assert found.slo.objective.percent == Decimal("99.5")
    assert found.slo.window == RollingWindow(28 * 86_400)


def test_a_bucket_of_its_own_histogram_is_a_latency_that_matches_its_edge_as_a_number() -> None:
    latency = "{latency: {success: {metric: 'h_bucket{le=\"1.0\"}'}, total: {metric: h_count}}}"

    held, told = read(resource(latency))

    assert held.slos[0].slo.indicator == Latency(1.0, histogram="h_bucket")
    assert not any("same requests" in line for line in told)


def test_a_boolean_gauge_is_the_mean_of_its_series_of_each_target(shared: Path) -> None:
    held, told = read((shared / "examples/pyrra/prometheus-probe-success.yaml").read_text())

    assert held.slos[0].slo.indicator == RawRatio("probe_success")
    assert held.slos[0].slo.group_by == ("target",)
    (noted,) = [line for line in told if "bool_gauge: noted: " in line]
    assert "each series counts by itself, as it does to Pyrra" in noted
    assert "write uptime and combine in place of success_ratio" in noted


def test_of_three_probes_of_which_one_is_down_a_third_of_the_time_is_bad(tmp_path: Path) -> None:
    """Pyrra: sum(sum_over_time) of 2 x 60 ones over sum(count_over_time) of 3 x 60 samples."""
    held, _ = read(resource("{bool_gauge: {metric: 'probe{job=\"x\"}'}}", target="'99'"))
    slo = replace(held.slos[0].slo, source="shop")
    keys = [series("probe", SeriesKind.SAMPLE, job="x", at=place) for place in "abc"]
    facts = [
        samples([up] * 60, since=NOON - HOUR_S, key=key)
        for key, up in zip(keys, (1, 1, 0), strict=True)
    ]

    view = one_judged(stored(tmp_path, *facts, indicators=(slo.indicator,)), slo)

    assert view.sli == Fraction(2, 3)


def test_a_native_histogram_is_refused_with_the_two_counters_that_say_the_same(
    shared: Path,
) -> None:
    _, told = read((shared / "examples/pyrra/pyrra-connect-latency.yaml").read_text())

    selector = 'connect_server_requests_duration_seconds{code="ok",job="pyrra"}'
    (refused,) = [line for line in told if ": refused: " in line]
    good = f"histogram_fraction(0, 0.2, {selector}) * histogram_count({selector})"
    rules = [yaml.safe_load(each) for each in re.findall(r"\{record: .*?'\}", refused)]
    name = "connect_server_requests_duration_seconds"
    assert rules == [
        {"record": f"{name}:good", "expr": good},
        {"record": f"{name}:total", "expr": f"histogram_count({selector})"},
    ]


def test_the_resources_of_a_list_are_read_one_by_one() -> None:
    items = "".join(
        f"- {resource(window=w).replace(chr(10), chr(10) + '  ').rstrip()}\n" for w in ("7d", "14d")
    )
    text = f"apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjectiveList\nitems:\n{items}"

    held, told = read(text)

    assert [each.slo.window.kind for each in held.slos] == ["7d"]
    (refused,) = [line for line in told if ": refused: " in line]
    assert '"a" is the name of the SLO at a.yaml:4' in refused


def test_alerts_that_are_switched_off_are_named() -> None:
    _, told = read(resource(alerting="{disabled: true, absent: false, burnrates: true, name: X}"))

    assert [line.partition(": ")[2] for line in told if "left out" in line] == [
        f"spec.alerting.{key}: left out: alerts cannot be switched off here; give it channels that"
        " nobody reads, or none"
        for key in ("disabled", "absent")
    ]
