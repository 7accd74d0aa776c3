"""Sloth's files mean here what they mean to Sloth; where they cannot, that is said."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from slo.formats import registry
from slo.formats.contract import Definitions, Ledger, Weight
from slo.indicator import Absent, Gauge, Latency, Op, Ratio, RawRatio
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow

EVENTS = (
    "{events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}"
)
HEAD = "version: prometheus/v1\nservice: shop\nslos:\n"


def read(*texts: str) -> tuple[Definitions, list[str]]:
    ledger = Ledger()
    held = registry.read({f"{n}.yml": text for n, text in enumerate(texts)}, ledger)
    return held, [str(one) for one in ledger.findings]


def one(sli: str, more: str = "") -> str:
    return f"{HEAD}- name: a\n  objective: 99.9\n  sli: {sli}\n{more}"


@pytest.mark.parametrize(
    ("sli", "said"),
    [
        ("{plugin: {id: x}}", "the queries of an SLI plugin are in its code"),
        ("{}", "events or raw is missing: it measures nothing"),
        ("{events: {error_query: a}}", "total_query is missing"),
        (
            "{events: {eror_query: a, total_query: b}}",
            'error_query is missing (did you mean "eror_query"?)',
        ),
        ("{events: [1]}", "must be a mapping, but is a list"),
        (EVENTS.replace("e[{{.window}}]))", "e[{{ .window }}])) * 2"), "neither a sum"),
        (EVENTS.replace("e[{{.window}}]", "e[5m]"), "must contain {{.window}}"),
        (
            "{raw: {error_ratio_query: 'max(a[{{.window}}])'}}",
            "neither a quotient of two sums nor the mean",
        ),
        ("words", 'must be a mapping, but is "words"'),
    ],
)
def test_an_indicator_that_cannot_be_understood_is_refused_with_its_reason(
    sli: str, said: str
) -> None:
    held, told = read(one(sli))

    assert held == Definitions()
    assert any(": refused: " in line and said in line for line in told), told


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        ("100", "objective must be below 100"),
        ("0.999", "objective must be a percentage above 1 and below 100, but is 0.999"),
        ("nan", 'must be a number, but is "nan"'),
        ("1e400", 'must be a number, but is "1e400"'),
        ("[99]", "must be a text, but is a list"),
        ("", "objective is missing"),
    ],
)
def test_an_objective_that_is_none_is_refused_on_its_line(objective: str, said: str) -> None:
    text = one(EVENTS).replace("99.9", objective)

    held, told = read(text)

    assert held.slos == ()
    (refused,) = [line for line in told if ": refused: " in line]
    assert refused.startswith(("0.yml:5: slos[0].objective: ", "0.yml:4: slos[0]: "))
    assert said in refused


def test_an_objective_is_the_decimal_that_was_written(shared: Path) -> None:
    held, _ = read((shared / "examples/sloth/getting-started.yml").read_text())

    assert held.slos[0].slo.objective.target == Fraction(999, 1000)
    assert held.slos[0].slo.window == RollingWindow(30 * 86_400)
    assert held.slos[0].slo.policy is None
    assert held.services[0].labels == (
        ("owner", "myteam"),
        ("repo", "myorg/myservice"),
        ("tier", "2"),
    )


def test_the_wifi_of_a_home_is_time_above_a_bound(shared: Path) -> None:
    held, told = read((shared / "examples/sloth/home-wifi.yml").read_text())

    metric = "unifipoller_client_satisfaction_ratio"
    assert [each.slo.indicator for each in held.slos] == [
        Gauge(metric, Op.GTE, 0.75),
        Gauge(metric, Op.GTE, 0.5),
    ]
    # At 95 % a factor of 14.4 is 72 % of all events; at 99.9 % it is 1.44 %.
    (noted,) = [line for line in told if "of all events bad" in line]
    assert noted == (
        "0.yml:29: slos[0]: noted: Sloth's fastest page needs 72 % of all events bad;"
        " the default rows here need half of them at most"
    )


def test_errors_that_never_were_are_none_where_they_are_a_part_of_one_counter() -> None:
    own = one(EVENTS.replace("(e[", '(r{c="5"}[').replace("(t[", "(r["))
    other = one(EVENTS)

    (first,), (second,) = read(own)[0].slos, read(other)[0].slos

    assert first.slo.indicator == Ratio("r", bad='r{c="5"}', absent=Absent.ZERO)
    assert second.slo.indicator == Ratio("t", bad="e", absent=Absent.NO_DATA)


def test_the_resource_of_kubernetes_says_the_same_in_camel_case() -> None:
    query = "sum(rate(h_count[{{.window}}]))"
    under = 'sum(rate(h_bucket{le="0.4"}[{{.window}}]))'
    text = f"""
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {{name: x, namespace: y}}
spec:
  service: shop
  slos:
  - name: a
    objective: 99
    sli: {{events: {{errorQuery: '{query} - {under}', totalQuery: '{query}'}}}}
    alerting: {{ticketAlert: {{disable: true}}}}
"""
    held, told = read(text)

    (found,) = held.slos
    assert found.slo.indicator == Latency(0.4, histogram="h_bucket")
    # Only pages are left of the default rows, so that they are written out.
    assert {row.severity for row in found.slo.policy or ()} == {Severity.PAGE}
    assert not any("left out" in line or "refused" in line for line in told)


def test_a_table_of_alert_windows_beside_an_slo_gives_its_period_and_its_rows(
    shared: Path,
) -> None:
    examples = shared / "examples/sloth"
    table = (examples / "google-28d.yaml").read_text().replace("Percent: 2", "Percent: 2.5")

    held, _ = read((examples / "getting-started.yml").read_text(), table)

    (found,) = held.slos
    assert found.slo.window == RollingWindow(28 * 86_400)
    assert found.slo.policy == (
        BurnRow(Severity.PAGE, Fraction(25, 1000), 3_600, 300),
        BurnRow(Severity.PAGE, Fraction(5, 100), 21_600, 1_800),
        BurnRow(Severity.TICKET, Fraction(10, 100), 86_400, 7_200),
        BurnRow(Severity.TICKET, Fraction(10, 100), 259_200, 21_600),
    )
    assert held.policies == ()


def test_a_row_that_can_never_fire_is_left_out_and_named(shared: Path) -> None:
    table = (shared / "examples/sloth/google-30d.yaml").read_text()
    text = one(EVENTS).replace("99.9", "90")

    held, told = read(text, table)

    assert len(held.slos[0].slo.policy or ()) == 3
    (left,) = [line for line in told if "left out" in line]
    assert left.endswith(
        "the alert over 1h and 5m can never fire: it asks for a burn of 14.4 of at most 10"
    )


def test_alerts_that_are_switched_off_whole_are_named_as_switched_on() -> None:
    off = "  alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}\n"

    held, told = read(one(EVENTS, off))

    assert held.slos[0].slo.policy is None
    assert any(
        line.endswith("alerts cannot be switched off; they are the default's") for line in told
    )


def test_a_ratio_that_is_recorded_already_is_weighed_by_time() -> None:
    query = "1 - avg_over_time(ok:ratio[{{.window}}])"

    held, _ = read(one(f"{{raw: {{error_ratio_query: '{query}'}}}}"))

    assert held.slos[0].slo.indicator == RawRatio("ok:ratio", is_failure=False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("errorBudgetPercent: 0", "budget share lies in (0, 1], not 0"),
        ("errorBudgetPercent: 2%", 'must be a number, but is "2%"'),
        ("shortWindow: 2h", "windows must be 0 < short <= long"),
        ("longWindow: 90", "has no unit"),
        ("longWindow: 500ms", "must be whole seconds"),
    ],
)
def test_a_table_of_alert_windows_with_a_wrong_row_is_refused_there(
    shared: Path, row: str, said: str
) -> None:
    key = row.partition(":")[0]
    text = (shared / "examples/sloth/google-30d.yaml").read_text()
    before = re.search(rf"{key}: \S+", text)
    assert before is not None

    held, told = read(text.replace(before[0], row, 1))

    assert held == Definitions()
    assert any(": refused: " in line and said in line for line in told), told


def test_of_several_tables_of_alert_windows_that_of_sloths_own_period_holds(shared: Path) -> None:
    tables = [(shared / f"examples/sloth/google-{days}d.yaml").read_text() for days in (28, 30)]

    held, _ = read(one(EVENTS), tables[0], tables[1].replace("Percent: 2", "Percent: 3"))

    (found,) = held.slos
    assert found.slo.window.kind == "30d"
    assert [row.share for row in found.slo.policy or ()][:2] == [Fraction(3, 100), Fraction(5, 100)]


def test_what_plugins_do_is_named_since_it_is_code(shared: Path) -> None:
    text = (shared / "examples/sloth/getting-started.yml").read_text()

    ledger = Ledger()
    held = registry.read({"a.yml": text + "slo_plugins: {chain: []}\n"}, ledger)

    assert len(held.slos) == 1
    (left,) = [found for found in ledger.findings if found.weight is Weight.LEFT_OUT]
    assert (left.path, left.what) == ("slo_plugins", "what plugins do is code of Sloth's")
