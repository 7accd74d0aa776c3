"""Two queries whose quotient would be no share of events are carried over with a word on it."""

from __future__ import annotations

import pytest
from openslo_documents import QUERY, document, read

from slo.formats import registry
from slo.formats.contract import Ledger
from slo.indicator import Ratio

LENGTHS = "look back by different lengths (5m, 1h)"
UNITS = "mix rate and increase"
EVENTS = "{events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: '%s'}}"
OTHERWISE = ", so that their quotient is no share of events"


def openslo(good: str, total: str) -> list[str]:
    spec = f"{{ratioMetric: {{good: {QUERY % good}, total: {QUERY % total}}}}}"
    held, told = read(document(indicator=f"{{metadata: {{name: x}}, spec: {spec}}}"))
    assert [one.slo.indicator for one in held.slos] == [Ratio("r", good="g")]
    return told


def sloth(sli: str) -> list[str]:
    ledger = Ledger()
    head = "version: prometheus/v1\nservice: shop\nslos:\n- {name: a, objective: 99.9, sli: "
    held = registry.read({"a.yml": f"{head}{sli}}}\n"}, ledger)
    assert [one.slo.indicator for one in held.slos] == [Ratio("t", bad="e")]
    return [str(one) for one in ledger.findings]


@pytest.mark.parametrize(
    ("good", "total", "said"),
    [
        ("sum(increase(g[5m]))", "sum(increase(r[1h]))", LENGTHS),
        ("sum(rate(g[5m]))", "sum(increase(r[5m]))", UNITS),
        ("sum(rate(g[5m]))", "sum(increase(r[1h]))", f"{LENGTHS} and {UNITS}"),
    ],
)
def test_openslo_queries_that_count_unlike_are_noted(good: str, total: str, said: str) -> None:
    (told,) = openslo(good, total)

    assert told.startswith("a.yaml:5: spec.indicator.spec.ratioMetric: noted: its queries ")
    assert f"its queries {said}{OTHERWISE}" in told


@pytest.mark.parametrize(
    ("good", "total"),
    [
        ("sum(rate(g[5m]))", "sum(rate(r[300s]))"),
        ("sum(increase(g[1h]))", "sum(increase(r[ 60m ]))"),
        ("sum(g)", "sum(r)"),
    ],
)
def test_openslo_queries_that_count_alike_are_not(good: str, total: str) -> None:
    assert openslo(good, total) == []


@pytest.mark.parametrize(
    "sli",
    [
        EVENTS % "sum(increase(t[{{.window}}]))",
        "{raw: {error_ratio_query: 'sum(rate(e[{{.window}}])) / sum(increase(t[{{.window}}]))'}}",
    ],
)
def test_sloth_queries_of_a_rate_and_an_increase_are_noted(sli: str) -> None:
    (told,) = [line for line in sloth(sli) if UNITS in line]

    assert told.startswith("a.yml:4: slos[0].sli.")
    assert f": noted: its queries {UNITS}{OTHERWISE}" in told


def test_sloth_queries_of_one_window_are_not() -> None:
    told = sloth(EVENTS % "sum(rate(t[{{ .window }}]))")

    assert not any("its queries" in line for line in told)
