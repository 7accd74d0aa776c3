"""The rules that burnline exports fire, as promtool runs them, in the minutes burnline fires in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
import yaml
from promtool_judge import Samples, answers, exported, true_minutes

from slo.bins import Bins
from slo.burn import default_policy
from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Owner
from slo.indicator import Absent, Gauge, Indicator, Latency, Op, Ratio, RawRatio, Uptime
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.replay import replay
from slo.spans import RollingWindow
from slo.tally import Tally

HOUR, DAY = 60, 1_440
MONTH = RollingWindow(30 * 86_400)
WEEK = RollingWindow(7 * 86_400)
RATIO = Ratio("r", bad='r{code="500"}', absent=Absent.ZERO)
LATENCY = Latency(0.5, histogram="h_bucket")
Phase = tuple[int, int, int]
"""Minutes, and the good and bad events of each."""

BUSY: tuple[Phase, ...] = ((2 * HOUR, 5, 0), (4 * HOUR, 1_000, 0))
pytestmark = pytest.mark.prometheus


def minutes_of(phases: Sequence[Phase]) -> list[tuple[int, int]]:
    return [(good, bad) for count, good, bad in phases for _ in range(count)]


def counters(indicator: Indicator, phases: Sequence[Phase]) -> Samples:
    """What a server would have scraped of these minutes, a sample a minute."""
    good, bad = zip(*minutes_of(phases), strict=True)
    all_ = [a + b for a, b in zip(good, bad, strict=True)]
    kinds = {
        Ratio: {'r{code="200"}': good, 'r{code="500"}': bad},
        Latency: {
            'h_bucket{le="0.5"}': good,
            'h_bucket{le="1.0"}': all_,
            'h_bucket{le="+Inf"}': all_,
        },
    }
    each = kinds[type(indicator)]
    return {
        name: [float(n) for n in accumulate(counts, initial=0)] for name, counts in each.items()
    }


def burnlines(slo: Slo, phases: Sequence[Phase], severity: Severity) -> set[int]:
    """The minutes in which burnline's own arithmetic asks for that."""
    tallies = [Tally(good, good + bad, 60) for good, bad in minutes_of(phases)]
    assert isinstance(slo.window, RollingWindow)
    length_s = slo.window.length_s
    policy = slo.policy or default_policy(slo.objective, length_s)
    own = tuple(row for row in policy if row.severity is severity)
    found = replay(Bins.of(0, 60, tallies), own, slo.objective, length_s)
    return {found.moment(int(n)) // 60 for n in np.flatnonzero(found.asks(severity))}


@dataclass(frozen=True, slots=True)
class Case:
    slo: Slo
    phases: tuple[Phase, ...]
    severity: Severity
    since: int


def an_slo(percent: str, indicator: Indicator = RATIO, **more: object) -> Slo:
    objective = Objective.from_percent(percent)
    return Slo("shop: 'a'", "shop", objective, MONTH, "p", indicator, **more)  # type: ignore[arg-type]


CASES = {
    "fast burns, few events at night, none at all": Case(
        an_slo("99.9"),
        (
            *BUSY,
            (90, 979, 21),
            (HOUR, 1_000, 0),
            (40, 3, 2),
            (HOUR, 0, 0),
            (5, 0, 3),
            (HOUR, 60, 0),
        ),
        Severity.PAGE,
        6 * HOUR,
    ),
    "a burn at exactly the factor never fires, one event more does": Case(
        an_slo("99.9"),
        (*BUSY, (6 * HOUR, 9_940, 60), (30, 9_939, 61), (HOUR, 10_000, 0)),
        Severity.PAGE,
        6 * HOUR,
    ),
    "a threshold without a decimal: 7/750 of a week": Case(
        Slo("w", "", Objective.from_percent(99), WEEK, "p", RATIO),
        ((3 * DAY, 750, 0), (2 * HOUR, 743, 7), (8 * HOUR, 742, 8), (DAY, 700, 50), (DAY, 750, 0)),
        Severity.TICKET,
        3 * DAY,
    ),
    "latency by buckets": Case(
        an_slo("95", LATENCY),
        (*BUSY, (50, 300, 700), (90, 1_000, 0), (4 * HOUR, 690, 310), (HOUR, 1_000, 0)),
        Severity.PAGE,
        6 * HOUR,
    ),
    "too few bad events": Case(
        an_slo(
            "99",
            policy=(BurnRow(Severity.PAGE, Objective.from_percent(2).target, 3_600, 300, 10),),
        ),
        (*BUSY, (20, 0, 1), (40, 0, 0), (HOUR, 10, 0), (30, 5, 5), (HOUR, 10, 0)),
        Severity.PAGE,
        HOUR,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_exported_alert_fires_in_the_very_minutes_of_burnline(
    tmp_path: Path, case: Case
) -> None:
    rules = exported(case.slo, tmp_path)
    groups = yaml.safe_load(rules.read_text())["groups"]
    recorded = {
        rule["record"]: rule["expr"]
        for group in groups
        for rule in group["rules"]
        if "record" in rule
    }
    name = {Severity.PAGE: "ErrorBudgetPage", Severity.TICKET: "ErrorBudgetTicket"}[case.severity]
    condition = next(rule["expr"] for rule in groups[0]["rules"] if rule.get("alert") == name)
    for record in sorted(recorded, key=len, reverse=True):
        condition = condition.replace(f'{record}{{slo="{case.slo.name}"}}', f"({recorded[record]})")
    last = len(minutes_of(case.phases))

    judged = true_minutes(tmp_path, counters(case.slo.indicator, case.phases), condition, last)

    mine = {
        minute for minute in burnlines(case.slo, case.phases, case.severity) if minute >= case.since
    }
    assert {minute for minute in judged if minute >= case.since} == mine
    assert 0 < len(mine) < last - case.since


def test_recorded_and_alerted_by_a_server_it_is_the_same_and_the_labels_are_there(
    tmp_path: Path,
) -> None:
    case = CASES["fast burns, few events at night, none at all"]
    rules = exported(case.slo, tmp_path)
    mine = burnlines(case.slo, case.phases, Severity.PAGE)
    series = counters(case.slo.indicator, case.phases)
    first, last = min(m for m in mine if m >= case.since), max(mine)
    labels = 'alertstate="firing",severity="page",slo="shop: \'a\'",service="shop"'
    alerts = f'count(ALERTS{{alertname="ErrorBudgetPage",{labels}}}) or vector(0)'
    asked = [(alerts, minute) for minute in (first - 1, first, last, last + 1)]

    assert answers(tmp_path, series, asked, rules) == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("indicator", "values", "bad"),
    [
        (Uptime('probe{job="a"}'), [1.0, 1.0, 0.0, 1.0], 0.25),
        (Gauge("probe", Op.GTE, 0.75), [0.75, 0.8, 0.7, 1.0], 0.25),
        (Gauge("probe", Op.LT, 0.75), [0.75, 0.5, 0.5, 0.5], 0.25),
        (RawRatio("probe"), [1.0, 0.5, 1.0, 0.5], 0.25),
        (RawRatio("probe", is_failure=True), [0.0, 0.5, 0.25, 0.25], 0.25),
    ],
)
def test_the_share_of_time_that_rules_record_is_that_of_the_samples(
    tmp_path: Path, indicator: Indicator, values: list[float], bad: float
) -> None:
    rules = yaml.safe_load(exported(an_slo("99", indicator), tmp_path).read_text())["groups"]
    hour = next(
        rule["expr"] for rule in rules[0]["rules"] if rule.get("record") == "burnline:bad:ratio1h"
    )

    (found,) = answers(tmp_path, {'probe{job="a"}': values * 40}, [(hour, 120)])

    assert found == pytest.approx(bad, rel=1e-12)


def test_the_recorded_budget_is_weighed_by_events_where_a_mean_of_ratios_is_not(
    tmp_path: Path,
) -> None:
    rules = yaml.safe_load(exported(an_slo("99.9"), tmp_path).read_text())["groups"]
    (budget,) = [rule["expr"] for rule in rules[1]["rules"]]
    # At night half of ten requests fail for an hour: 300 of 2,160,600; by the minute it would be half of 60 in 2,220.
    phases = ((36 * HOUR, 1_000, 0), (HOUR, 5, 5))

    (found,) = answers(tmp_path, counters(RATIO, phases), [(budget, 37 * HOUR)])

    assert found == pytest.approx(1 - 300 / 2_160_600 / 0.001, rel=1e-9)


def test_the_links_of_an_alert_hold_the_hour_before_it_as_the_server_knows_it(
    tmp_path: Path,
) -> None:
    write = registry.load("prometheus").write
    assert write is not None
    owner = Owner(name="shop", logs="https://logs/{service}?from={from}&to={to}")
    held = Definitions(slos=(Carried(slo=an_slo("99.9")),), services=(owner,))
    text = write(held, Ledger())
    (tmp_path / "rules.yml").write_text(text)
    burning = counters(RATIO, ((3 * HOUR, 0, 10),))
    series = [{"series": k, "values": " ".join(map(str, v))} for k, v in burning.items()]
    asked = {"eval_time": "100m", "alertname": "ErrorBudgetPage", "exp_alerts": []}
    test = {"interval": "1m", "input_series": series, "alert_rule_test": [asked]}
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yml").write_text(json.dumps(whole))

    ran = subprocess.run(
        ["promtool", "test", "rules", "test.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    said = ran.stdout + ran.stderr
    hours = "from=1970-01-01T00%3A40%3A00Z&to=1970-01-01T01%3A40%3A00Z"
    assert f'logs_url="https://logs/shop?{hours}"' in said
    assert 'summary="shop: 100% of events are bad (allowed 0.1 %)"' in said
