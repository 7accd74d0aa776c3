"""OpenSLO's documents are read by OpenSLO's own rules; what they leave open is said."""

from __future__ import annotations

import json
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import yaml
from openslo_documents import QUERY, document, named, read

from slo.formats.contract import Definitions
from slo.indicator import Absent, Gauge, Op, Ratio, RawRatio, Sliced
from slo.spans import CalendarWindow, Period

ROWS = "{metricSource: {type: files, spec: {rows: '%s', column: %s}}}"


def indicator(spec: str) -> str:
    return document(indicator=f"{{metadata: {{name: x}}, spec: {spec}}}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (document(indicator=""), "write indicator or indicatorRef, one of them"),
        (document(indicatorRef="b"), "write indicator or indicatorRef, one of them"),
        (document(indicator="", indicatorRef="b"), 'no SLI is called "b" in these files'),
        (document(budgetingMethod=""), "budgetingMethod is missing"),
        (document(budgetingMethod="Sometimes"), "must be one of Occurrences, Timeslices, Ratio"),
        (document(objectives=""), "objectives is missing"),
        (document(objectives="[{target: 1}]"), "objective must be below 100"),
        (document(objectives="[{target: 99.9}]"), "must be a ratio below 1, but is 99.9"),
        (document(objectives="[{targetPercent: 0.5}]"), "above 1 and below 100, but is 0.5"),
        (document(objectives="[{target: 0.9, targetPercent: 99}]"),
         "objectives[0].targetPercent: refused: 99 % is not the target of 0.9 beside it"),
        (document(objectives="[{target: 90, targetPercent: 90}]"), "must be a ratio below 1"),
        (document(objectives="[{}]"), "target is missing"),
        (document(budgetingMethod="Timeslices"), "timeSliceWindow is missing"),
        (document(budgetingMethod="Timeslices", objectives="[{target: 0.9, timeSliceTarget: 0,"
                  " timeSliceWindow: 1m}]"), "must be above 0 and up to 1"),
        (document(budgetingMethod="RatioTimeslices", objectives="[{target: 0.9,"
                  " timeSliceWindow: 2h}]"), "slices are 1, 3, 5 or 15 minutes long, not 2h"),
        (document(timeWindow="[{duration: 1M, isRolling: true}]"), "is not a duration"),
        (document(timeWindow="[{duration: 5m, isRolling: true}]"), "must be 1h or more"),
        (document(timeWindow="[{duration: 4w}, {duration: 1w}]"), "only one time window"),
        (document(timeWindow="[{duration: 1M, calendar: {startTime: 2022-01-01 00:00:00,"
                  " timeZone: Mars/Base}}]"), 'there is no time zone "Mars/Base"'),
        (document(timeWindow="[{duration: 1M, calendar: {startTime: soon, timeZone: UTC}}]"),
         'must be a time such as "2024-01-01 00:00:00", but is "soon"'),
        (indicator("{}"), "write ratioMetric or thresholdMetric, one of them"),
        (indicator(f"{{ratioMetric: {{total: {QUERY % 'r'}}}}}"), "write good or bad beside total"),
        (indicator(f"{{ratioMetric: {{raw: {QUERY % 'r'}}}}}"), "rawType is missing"),
        (indicator(f"{{ratioMetric: {{rawType: maybe, raw: {QUERY % 'r'}}}}}"), "must be success or"),
        (indicator(f"{{ratioMetric: {{counter: false, good: {QUERY % 'g'}, total: {QUERY % 'r'}}}}}"),
         "counter is false: burnline sums the increases of counters"),
        (indicator(f"{{ratioMetric: {{good: {ROWS % ('r', 'total')}, total:"
                   f" {ROWS % ('r', 'total')}}}}}"), "of rows, good is the column good and total"),
        (indicator(f"{{ratioMetric: {{good: {ROWS % ('g', 'good')}, total:"
                   f" {ROWS % ('r', 'total')}}}}}"), "of the same rows"),
        (indicator(f"{{thresholdMetric: {QUERY % 'g'}}}"), "op is missing"),
        (indicator("{thresholdMetric: {metricSource: {type: Prometheus}}}"), "query is missing"),
        (indicator(f"{{thresholdMetric: {QUERY % 'sum(lag)'}}}"), "op is missing"),
        (document(indicator=f"{{spec: {{thresholdMetric: {QUERY % 'g'}}}}}",
                  objectives="[{target: 0.9, op: eq, value: 1}]"), "must be one of lt, lte, gt, gte"),
        (document(indicator=f"{{spec: {{thresholdMetric: {QUERY % 'sum(g)'}}}}}",
                  objectives="[{target: 0.9, op: lt, value: 1}]"), "not a gauge alone"),
        (document(budgetingMethod="Timeslices", objectives="[{target: 0.9, timeSliceTarget: 1,"
                  " timeSliceWindow: soon}]"), "is not a duration"),
        (indicator(f"{{ratioMetric: {{rawType: success, raw: {QUERY % 'sum(g) / sum(r)'}}}}}"),
         "write good and total"),
        (indicator(f"{{ratioMetric: {{good: {QUERY % 'max(g)'}, total: {QUERY % 'r'}}}}}"),
         'record it as {record: "good_ratio", expr: "(max(g)) / (r)"} and read that by success_ratio'),
        (indicator(f"{{ratioMetric: {{bad: {QUERY % 'max(b)'}, total: {QUERY % 'r'}}}}}"),
         'record it as {record: "bad_ratio", expr: "(max(b)) / (r)"} and read that by failure_ratio'),
        (indicator(f"{{ratioMetric: {{good: {QUERY % ('max(g) ' * 300)}, total: {QUERY % 'r'}}}}}"),
         "record it as a gauge and read that by success_ratio"),
        (document(timeWindow="[{duration: 1M, calendar: {startTime: 2022-01-01 00:00:00}}]"),
         "timeZone is missing"),
        (document(objectives="[{target: 0.9}]").replace("name: a}", "name: ' a'}"),
         "printable characters without outer blanks"),
        (document(timeWindow="[{duration: 4w, isRolling: maybe}]"), "must be true or false"),
    ],
)  # fmt: skip
def test_what_the_specification_asks_for_is_asked_for_at_its_line(text: str, said: str) -> None:
    held, told = read(text)

    assert held.slos == ()
    assert any(": refused: " in line and said in line for line in told), told
    assert all(line.startswith("a.yaml:") for line in told)


@pytest.mark.parametrize(
    ("query", "expr"),
    [
        ('max(g{x=~".*"})', '(max(g{x=~".*"})) / (r)'),
        ("max(g{x='a'})", "(max(g{x='a'})) / (r)"),
        ("max(g{x='a', y=\"it's\"})", "(max(g{x='a', y=\"it's\"})) / (r)"),
        (r'max(g{x=~"a\\.b: #c  d"})', r'(max(g{x=~"a\\.b: #c  d"})) / (r)'),
        ("max(g{x=`a\nb`})", "(max(g{x=`a\nb`})) / (r)"),
        ('max(g) # "why"\n\n  + 1 # not', "(max(g) + 1) / (r)"),
        ('max(g{x="ü…"}[{{.window}}])', '(max(g{x="ü…"}[5m])) / (r)'),
    ],
)
def test_the_rule_that_is_offered_is_yaml_that_holds_the_very_query(query: str, expr: str) -> None:
    written = QUERY.replace("'%s'", json.dumps(query))

    _, told = read(indicator(f"{{ratioMetric: {{good: {written}, total: {QUERY % 'r'}}}}}"))

    (refused,) = [line for line in told if ": refused: " in line]
    rule = refused.partition("record it as ")[2].rpartition(" and read that by ")[0]
    assert yaml.safe_load(rule) == {"record": "good_ratio", "expr": expr}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("apiVersion: openslo/v2alpha\nkind: SLO\n", "openslo/v1 and openslo/v1alpha are read"),
        ("apiVersion: openslo/v1\nkind: Budget\n", "kind must be one of SLO, Service"),
        ("apiVersion: openslo/v1\nkind: SLO\n", "metadata.name is missing"),
    ],
)
def test_a_document_of_another_version_or_kind_is_refused(text: str, said: str) -> None:
    held, told = read(text)

    assert held == Definitions()
    assert said in told[0]


def test_a_target_that_is_said_twice_alike_is_one() -> None:
    held, told = read(document(objectives="[{target: 0.9950, targetPercent: 99.5}]"))

    assert [one.slo.objective.target for one in held.slos] == [Fraction(995, 1000)]
    assert told == []


def test_several_objectives_are_as_many_slos_by_their_titles() -> None:
    held, told = read(
        document(objectives="[{displayName: Internal objective, target: 0.995}, {target: 0.99}]")
    )

    assert [(one.slo.name, one.slo.objective.target) for one in held.slos] == [
        ("a-internal-objective", Fraction(995, 1000)),
        ("a-2", Fraction(99, 100)),
    ]
    assert told == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("thresholdMetric: " + QUERY % "lag", Gauge("lag", Op.LTE, 5.5)),
        ("ratioMetric: {rawType: failure, raw: " + QUERY % "q" + "}", RawRatio("q", is_failure=True)),
        ("ratioMetric: {bad: " + QUERY % "sum(b) or vector(0)" + ", total: " + QUERY % "sum(r)" + "}",
         Ratio("r", bad="b", absent=Absent.ZERO)),
    ],
)  # fmt: skip
def test_each_kind_of_metric_is_its_own_indicator(written: str, found: object) -> None:
    held, _ = read(
        document(
            indicator=f"{{metadata: {{name: x}}, spec: {{{written}}}}}",
            objectives="[{target: 0.9, op: lte, value: 5.5}]",
        )
    )

    assert [one.slo.indicator for one in held.slos] == [found]


@pytest.mark.parametrize(
    ("objective", "found"),
    [
        (
            "timeSliceTarget: 0.95, timeSliceWindow: 5m",
            Sliced(Ratio("r", "g"), 300, Fraction(19, 20)),
        ),
        ("timeSliceTarget: 1, timeSliceWindow: 15", Sliced(Ratio("r", "g"), 900, Fraction(1))),
    ],
)
def test_slices_have_the_length_that_is_written_a_bare_number_being_minutes(
    objective: str, found: Sliced
) -> None:
    held, _ = read(
        document(budgetingMethod="Timeslices", objectives=f"[{{target: 0.9, {objective}}}]")
    )

    assert [one.slo.indicator for one in held.slos] == [found]


@pytest.mark.parametrize(
    ("duration", "start", "period", "is_told"),
    [
        ("1M", "2022-02-01 00:00:00", Period.MONTH, False),
        ("1Q", "2022-04-01T00:00:00", Period.QUARTER, False),
        ("1Y", "2022-01-01 00:00:00", Period.YEAR, False),
        ("1w", "2022-01-03 00:00:00", Period.WEEK, False),
        ("1w", "2022-01-02 00:00:00", Period.WEEK, True),
        ("1M", "2022-01-31 00:00:00", Period.MONTH, True),
        ("1Q", "2022-02-01 00:00:00", Period.QUARTER, True),
    ],
)
def test_a_calendar_that_begins_otherwise_than_ours_is_named(
    duration: str, start: str, period: Period, is_told: bool
) -> None:
    calendar = f"{{startTime: {start}, timeZone: Europe/Berlin}}"

    held, told = read(document(timeWindow=f"[{{duration: {duration}, calendar: {calendar}}}]"))

    assert held.slos[0].slo.window == CalendarWindow(period, ZoneInfo("Europe/Berlin"))
    assert any("left out: periods begin" in line for line in told) == is_told


def test_an_indicator_and_a_source_by_reference_are_those_of_the_files() -> None:
    metric = "{metricSource: {metricSourceRef: mine, spec: {query: '%s'}}}"
    ratio = f"{{ratioMetric: {{good: {metric % 'sum(g)'}, total: {metric % 'sum(r)'}}}}}"
    source = "{type: Prometheus, connectionDetails: {url: 'http://p:9090', token: s3cret}}"
    text = (
        document(indicator="", indicatorRef="b")
        + named("SLI", "b", ratio)
        + named("DataSource", "mine", source)
    )

    held, told = read(text)

    assert (held.slos[0].slo.indicator, held.slos[0].slo.source) == (Ratio("r", "g"), "mine")
    assert [one.address for one in held.sources] == ["http://p:9090"]
    assert any("secrets are not copied" in line for line in told)
    assert not any("s3cret" in line for line in told)


def test_annotations_of_others_stay_with_them_and_an_empty_list_of_policies_is_none() -> None:
    text = document(alertPolicies="").replace("{name: a}", "{name: a, annotations: {x/y: z}}")

    held, told = read(f"{text}  alertPolicies:\n")

    assert held.slos[0].slo.policy is None
    assert [line.partition(": noted: ")[2] for line in told] == ["what others read stays with them"]


def test_an_alpha_document_without_queries_or_windows_says_what_it_lacks() -> None:
    text = "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: a}\nspec: {service: b}\n"

    held, told = read(text)

    assert held.slos == ()
    assert any("write indicator or indicatorRef" in line for line in told)
    assert any("objectives is missing" in line for line in told)


def test_an_alpha_indicator_that_is_no_counter_says_so() -> None:
    text = (
        "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: a}\nspec:\n"
        "  budgetingMethod: Occurrences\n"
        "  objectives: [{target: 0.9, ratioMetrics: {incremental: false,"
        " good: {query: g}, total: {query: r}}}]\n"
    )

    assert any("counter is false" in line for line in read(text)[1])


def test_annotations_that_claim_to_be_burnlines_and_are_not_are_refused() -> None:
    text = document().replace("{name: a}", "{name: a, annotations: {burnline/effective: soon}}")

    held, told = read(text)

    assert held.slos == ()
    assert any("of burnline's own: " in line for line in told)
