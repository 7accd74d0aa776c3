"""A configuration that was written out of other tools' files is one that is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import load
from dashboard.proposals.carried_over import whole
from slo.formats import registry
from slo.formats.contract import Ledger

QUERIES = "error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'"
SLOTH = f"version: prometheus/v1\nservice: shop\nslos: [{{name: a, objective: 99.9, sli: {{events: {{{QUERIES}}}}}}}]\n"
RATIO = "{counter: true, good: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(g[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(t[5m]))'}}}}"
OPENSLO = f"""\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: NAME}}
spec:
  service: SERVICE
  indicator: {{metadata: {{name: i}}, spec: {{ratioMetric: {RATIO}}}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: TARGET}}]
  alertPolicies: [{{kind: AlertPolicy, metadata: {{name: fast}}, spec: {{conditions: [CONDITION], notificationTargets: []}}}}]
"""
CONDITION = "{kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, op: gte, threshold: 14, lookbackWindow: 1h, alertAfter: 5m}}}"


def openslo(name: str = "a", service: str = "shop", target: str = "0.999") -> str:
    text = OPENSLO.replace("CONDITION", CONDITION).replace("NAME", name)
    return text.replace("SERVICE", service).replace("TARGET", target)


@pytest.mark.parametrize(
    "text",
    [
        SLOTH,
        SLOTH.replace("shop", r'"s\e[31m"'),
        SLOTH.replace("shop", "s" * 110).replace("name: a", "name: " + "n" * 100),
        SLOTH.replace("99.9", "99." + "9" * 5_000),
        openslo(),
        openslo(service=r'"s\e[31m"'),
        openslo(name='"' + "n" * 200 + '"'),
        openslo(target="0.99" + "9" * 20),
        openslo(service="s" * 200),
    ],
    ids=lambda text: text[:40],
)
def test_whatever_is_written_is_accepted(tmp_path: Path, text: str) -> None:
    held = registry.read(
        {"a.yml": text + "---\n" + SLOTH.replace("name: a", "name: sound")}, Ledger()
    )
    path = tmp_path / "config.toml"
    path.write_text(whole(held))

    config = load(path, {})

    assert "shop-sound" in [slo.name for slo in config.slos]


def test_a_factor_that_no_short_percentage_says_comes_through_to_the_last_digit(
    tmp_path: Path,
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(whole(registry.read({"a.yml": openslo()}, Ledger())))

    (slo,) = load(path, {}).slos

    (row,) = slo.policy or ()
    assert abs(row.share * 28 * 24 - 14) < 1e-24
