"""slo-generator's files on a Prometheus mean here what they mean to it, without its faults."""

from __future__ import annotations

from fractions import Fraction

import pytest

from slo.formats import registry
from slo.formats.contract import Definitions, Ledger
from slo.indicator import Latency, Ratio, RawRatio
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow

SHARED = """
error_budget_policies:
  default:
    steps:
    - {name: 1 hour, burn_rate_threshold: 9, alert: true, window: 3600, message_alert: Page}
    - {name: 12 hours, burn_rate_threshold: 3, alert: true, window: 43200}
    - {name: 7 days, burn_rate_threshold: 1.5, alert: true, window: 604800}
    - {name: 28 days, burn_rate_threshold: 1, alert: false, window: 2419200}
"""


def definition(
    method: str, indicator: str, goal: str = "0.999", backend: str = "prometheus"
) -> str:
    return (
        "apiVersion: sre.google.com/v2\nkind: ServiceLevelObjective\n"
        "metadata: {name: a, labels: {service_name: shop, feature_name: web, slo_name: a}}\n"
        f"spec:\n  backend: {backend}\n  method: {method}\n  goal: {goal}\n"
        f"  service_level_indicator: {indicator}\n"
    )


def read(*texts: str) -> tuple[Definitions, list[str]]:
    ledger = Ledger()
    held = registry.read({f"{n}.yaml": text for n, text in enumerate(texts)}, ledger)
    return held, [str(one) for one in ledger.findings]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (definition("good_bad_ratio", "{filter_good: a, filter_bad: b}"), "write filter_valid"),
        (definition("good_bad_ratio", "{filter_good: a}"), "filter_valid is missing"),
        (
            definition("good_bad_ratio", "{filter_good: a, filter_valid: b, filter_bad: c}"),
            "slo-generator counts filter_good and filter_bad, and never reads filter_valid",
        ),
        (definition("query_sli", "{expression: 'max(a)'}"), "neither a quotient"),
        (definition("distribution_cut", "{expression: h_sum, threshold_bucket: 1}"), "the buckets"),
        (definition("exponential", "{}"), 'method "exponential" is none of'),
        (definition("query_sli", "{expression: a}", goal="1"), "objective must be below 100"),
        (definition("query_sli", "{expression: a}", goal="99.9"), "must be a ratio below 1"),
        (
            definition("query_sli", "{expression: a}", backend="datadog/eu"),
            "is not one that is read",
        ),
        (
            definition("query_sli", "{expression: 'a{x=\"${PROJECT}\"}'}"),
            "${PROJECT} is a variable",
        ),
    ],
)
def test_what_cannot_be_measured_alike_is_refused_with_the_reason(text: str, said: str) -> None:
    held, told = read(text)

    assert held.slos == ()
    assert any(": refused: " in line and said in line for line in told), told


@pytest.mark.parametrize(
    ("method", "indicator", "found"),
    [
        ("good_bad_ratio", "{filter_good: 'r{c=\"2\"}', filter_valid: r}", Ratio("r", good='r{c="2"}')),
        ("query_sli", "{expression: 'sum(rate(g[window])) / sum(rate(r[window]))'}", Ratio("r", good="g")),
        ("query_sli", "{expression: quality}", RawRatio("quality")),
        ("distribution_cut", "{expression: 'h_bucket{a=\"b\"}[window]', threshold_bucket: 0.25}",
         Latency(0.25, histogram='h_bucket{a="b"}')),
    ],
)  # fmt: skip
def test_each_of_its_ways_to_measure_a_prometheus_is_an_indicator(
    method: str, indicator: str, found: object
) -> None:
    held, told = read(definition(method, indicator))

    (carried,) = held.slos
    assert carried.slo.indicator == found
    assert carried.slo.service == "shop"
    assert carried.labels == (("feature_name", "web"),)
    assert carried.slo.window == RollingWindow(30 * 86_400)
    assert any("the window is 30d and the alert rows are burnline's" in line for line in told)


def test_the_steps_of_the_shared_policy_are_the_window_and_the_rows() -> None:
    held, told = read(definition("query_sli", "{expression: quality}"), SHARED)

    slo = held.slos[0].slo
    # 9 x 1 h, 3 x 12 h and 1.5 x 7 d of 28 days; the last step does not alert.
    assert slo.window == RollingWindow(28 * 86_400)
    assert slo.policy == (
        BurnRow(Severity.PAGE, Fraction(9, 672), 3_600, 300),
        BurnRow(Severity.PAGE, Fraction(36, 672), 43_200, 3_600),
        BurnRow(Severity.TICKET, Fraction(15, 40), 604_800, 50_400),
    )
    assert any("it said 'Page'" in line for line in told)


def test_a_policy_alone_is_shown_as_rows_to_paste() -> None:
    held, _ = read(SHARED)

    assert [name for name, _ in held.policies] == ["default"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("window: 3600,", "window: 60,", "must be whole seconds, 3600 or more"),
        ("window: 3600,", "", "window is missing"),
        (
            "burn_rate_threshold: 9",
            "burn_rate_threshold: 900",
            "a row's budget share lies in (0, 1]",
        ),
        ("burn_rate_threshold: 9", "burn_rate_threshold: much", "must be a number"),
    ],
)
def test_a_step_that_is_none_is_refused_at_its_line(before: str, after: str, said: str) -> None:
    _, told = read(SHARED.replace(before, after))

    assert any(line.startswith("0.yaml:5: ") and said in line for line in told), told


def test_a_resource_of_another_kind_is_refused_by_its_name() -> None:
    for text in (
        definition("query_sli", "{expression: a}"),
        "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\n",
    ):
        _, told = read(text.replace("kind: ServiceLevelObjective", "kind: Service"))

        assert any("kind: refused: must be ServiceLevelObjective" in line for line in told)


def test_a_bucket_without_an_edge_is_refused() -> None:
    held, told = read(definition("distribution_cut", "{expression: h_bucket}"))

    assert held.slos == ()
    assert any("threshold_bucket is missing" in line for line in told)
