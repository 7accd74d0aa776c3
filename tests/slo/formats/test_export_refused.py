"""What a format has no words for is named by its SLO, and never written as something else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from promise_strategies import slos

from slo.formats import registry
from slo.formats.contract import Carried, Definitions, Ledger, Origin, Owner, Weight
from slo.indicator import Absent, Indicator, Latency, Ratio, Sliced, Uptime
from slo.objective import Objective, Slo
from slo.spans import CalendarWindow, Period, RollingWindow, Window

MONTH = RollingWindow(30 * 86_400)
RATIO = Ratio("r", bad="e")


def an_slo(indicator: Indicator = RATIO, window: Window = MONTH, **more: object) -> Slo:
    objective = Objective.from_percent("99.9")
    return Slo("a", "shop", objective, window, "p", indicator, **more)  # type: ignore[arg-type]


def written(name: str, slo: Slo, *, kind: str = "prometheus") -> tuple[str, list[str]]:
    ledger, write = Ledger(), registry.load(name).write
    assert write is not None
    sources = (Origin(name="p", kind=kind),)
    text = write(Definitions(slos=(Carried(slo=slo),), sources=sources), ledger)
    return text, [f"{one.weight}: {one.what}" for one in ledger.findings]


@pytest.mark.parametrize(
    ("slo", "kind", "said"),
    [
        (an_slo(Ratio("rows")), "prometheus", "its counts are rows of a file"),
        (an_slo(), "files", "its facts come from a source of kind files"),
        (an_slo(Latency(0.5, samples="s")), "prometheus", "it counts single values"),
        (an_slo(Latency(0.5, histogram="h")), "prometheus", "h are no buckets of a histogram"),
        (an_slo(Sliced(RATIO, 60)), "prometheus", "it is made of slices or of other SLOs"),
        (an_slo(group_by=("slo",)), "prometheus", "its group_by names slo, which rules label with"),
        (an_slo(group_by=("members",)), "prometheus", "its group_by names members, which rules"),
    ],
)
def test_what_rules_cannot_count_is_refused_by_its_name(slo: Slo, kind: str, said: str) -> None:
    text, told = written("prometheus", slo, kind=kind)

    assert yaml.safe_load(text) == {"groups": []}
    (refused,) = told
    assert refused.startswith(f'refused: slo "a": {said}')


@pytest.mark.parametrize(
    ("slo", "said"),
    [
        (an_slo(window=RollingWindow(3_601)), "OpenSLO has no word for a window of 3601s"),
        (an_slo(Latency(0.5, histogram="h")), "h are no buckets of a whole histogram"),
        (an_slo(Latency(0.5, histogram='h_bucket{le="1"}')), "are no buckets of a whole histogram"),
        (an_slo(Latency(0.5)), "a latency names neither a histogram nor samples"),
    ],
)
def test_what_openslo_cannot_say_is_refused_by_its_name(slo: Slo, said: str) -> None:
    text, told = written("openslo", slo)

    assert "kind: SLO" not in text
    (refused,) = told
    assert refused.startswith('refused: slo "a": ')
    assert said in refused


@pytest.mark.parametrize("indicator", [Ratio('rows{shop="a"}'), Sliced(Ratio("rows"), 60)])
def test_rows_that_hold_good_and_total_are_never_written_as_one_query_for_both(
    indicator: Indicator,
) -> None:
    """Whoever else reads the file would find that every event is good."""
    text, told = written("openslo", an_slo(indicator), kind="files")

    (slo,) = [one for one in yaml.safe_load_all(text) if one["kind"] == "SLO"]
    ratio = slo["spec"]["indicator"]["spec"]["ratioMetric"]
    good, total = (ratio[key]["metricSource"]["spec"] for key in ("good", "total"))
    assert (good["column"], total["column"]) == ("good", "total")
    assert not {"query"} & {*good, *total}
    assert told == [
        (
            'noted: slo "a": each row holds good and total, so that no query counts either: written as'
            " rows and column, which burnline alone reads"
        )
    ]


def test_what_rules_leave_out_of_an_slo_is_named() -> None:
    calendar = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))

    text, told = written("prometheus", an_slo(window=calendar, further=(MONTH,), breakdown=("x",)))

    budget, *others = told
    assert budget.startswith('left out: slo "a": the budget of a calendar month is not recorded')
    assert others == [
        'left out: slo "a": its further windows (30d) are not recorded',
        'left out: slo "a": its breakdown is not recorded',
    ]
    (group,) = yaml.safe_load(text)["groups"]
    # 2 % of 31 days in an hour is a burn of 14.88, of which 0.1 % may be bad.
    page = next(rule for rule in group["rules"] if rule.get("alert") == "ErrorBudgetPage")
    assert "> 0.01488\n" in page["expr"]


def test_a_label_that_tells_members_apart_is_not_overwritten_by_the_rules_own() -> None:
    text, told = written("prometheus", an_slo(Uptime("up"), group_by=("service", "job")))

    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    assert told == []
    whole = [rule for rule in rules if rule["labels"].get("members") == "all"]
    missing = [rule for rule in rules if rule.get("alert") == "ErrorBudgetNotMeasured"]
    assert all(rule["labels"]["service"] == "shop" for rule in (*whole, *missing))
    assert len(rules) == 2 * len(whole) + 1
    members = [rule for rule in rules if rule not in (*whole, *missing)]
    assert all("service" not in rule["labels"] for rule in members)
    assert "avg by (service, job) (up)" in members[0]["expr"]


def test_the_least_number_of_bad_events_guards_the_default_rows_too() -> None:
    slo = an_slo(Ratio("r", bad="e", absent=Absent.ZERO), min_bad_events=7, group_by=("job",))
    text, _ = written("prometheus", slo)

    alerts = [rule for rule in yaml.safe_load(text)["groups"][0]["rules"] if "alert" in rule]
    guards = ("and on (job)\n  (sum by (job) (increase(e[", "and on ()\n  (sum(increase(e[")
    found = [[rule["expr"].count(guard) for rule in alerts] for guard in guards]
    # A page and a ticket of members, those of all together, and what tells that nothing is measured.
    assert found == [[2, 2, 0, 0, 0], [0, 0, 2, 2, 0]]
    assert all(rule["expr"].count(">= 7") == 2 for rule in alerts[:4])


def test_links_and_words_of_a_service_are_no_templates_of_the_server() -> None:
    owner = Owner(
        name="shop",
        team="payments",
        runbook="https://r/{service}?q={{x}}",
        logs="https://l/?from={from}&to={to}",
    )
    slo = Carried(slo=an_slo(), description="what {{ people }} want")
    write = registry.load("prometheus").write
    assert write is not None

    text = write(Definitions(slos=(slo,), services=(owner,)), Ledger())

    page = next(
        rule
        for rule in yaml.safe_load(text)["groups"][0]["rules"]
        if rule.get("alert") == "ErrorBudgetPage"
    )
    said = page["annotations"]
    assert page["labels"]["team"] == "payments"
    assert said["runbook_url"] == 'https://r/shop?q={{ "{{" }}x}}'
    assert said["about"] == 'what {{ "{{" }} people }} want'
    assert said["logs_url"].count('.UTC.Format "2006-01-02T15:04:05Z" | urlquery }}') == 2
    assert "dashboard_url" not in said


@settings(max_examples=40)
@given(slos())
def test_whatever_is_promised_becomes_rules_or_is_named(slo: Slo) -> None:
    text, told = written("prometheus", slo)

    groups = yaml.safe_load(text)["groups"]
    assert bool(groups) != any(line.startswith(Weight.REFUSED) for line in told)
