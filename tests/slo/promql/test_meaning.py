"""What two queries count is told where it is certain, and refused with a reason where it is not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.indicator import Absent, Gauge, Latency, Op, Ratio, RawRatio
from slo.promql.expressions import parsed
from slo.promql.meaning import Meaning, gauge_of, meant_by, meant_by_ratio

W = "[{{.window}}]"


@pytest.mark.parametrize(
    ("counted", "total", "why"),
    [
        ("rate(a[5m])", "rate(b[5m])", "one result a series"),
        ("sum(a) * 2", "sum(b)", "neither a sum of counters nor"),
        ("sum(rate(a[5m]))", "sum by (job) (rate(b[5m]))", "grouped by different labels"),
        ("sum without (pod) (rate(a[5m]))", "sum(rate(b[5m]))", "use by"),
        ("histogram_quantile(0.9, sum(rate(a[5m])))", "sum(b)", "neither a sum"),
        ("sum(rate(a[5m])) or vector(1)", "sum(b)", "neither a sum"),
        ("sum(rate(a[5m])) - sum(rate(b[5m]))", "sum(rate(c[5m]))", "something else than all"),
        ("sum(a)", "sum(b) - sum(c)", "all events are a difference"),
        ("sum(a) - sum by (x) (b)", "sum(a)", "not grouped alike"),
        ("sum(a) - sum(count_over_time(b[1h]))", "sum(a)", "not one of two sums of counters"),
        ("a" * 30_000, "b", "longer than 20,000 characters"),
        ("sum(max_over_time(a[5m]))", "sum(b)", "not the increase of a counter"),
        ("sum_over_time((count(a < 1))[1h:])", "sum(rate(b[5m]))", "samples of a gauge"),
        (
            "sum_over_time((count(a < b))[1h:])",
            "sum_over_time((count(a))[1h:])",
            "against a number",
        ),
        ("sum_over_time((count(a < 1))[1h:])", "sum_over_time((count(b))[1h:])", "one gauge"),
    ],
)
def test_queries_of_which_it_is_not_certain_what_they_count_are_refused(
    counted: str, total: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        meant_by(counted, total, is_bad=True)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "(",
        "sum(",
        "a{",
        "a[5m",
        'a{b="',
        "sum(a))",
        "a b",
        "1 +",
        "{job='a'}",
        "a @ 5",
        "((((" * 99,
    ],
)
def test_what_is_no_query_is_refused_in_words(query: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parsed(query)


@given(st.text(alphabet="abu_sm(){}[]<>=!~+-*/,.0159\"' \n", max_size=60))
def test_no_text_makes_the_grammar_fail_otherwise_than_by_refusing(text: str) -> None:
    with suppress(ValueError):
        assert parsed(text)


def test_sums_of_increases_are_a_ratio_however_they_are_written() -> None:
    plain = meant_by('sum(rate(r{code="5"}[5m]))', "sum(rate(r[5m]))", is_bad=True)

    for counted, total in (
        (f'sum(increase(r{{code="5"}}{W}))', f"sum(increase(r{W}))"),
        ("sum(rate(r{ code='5', }[5m]))", "(sum(rate(r[5m])))"),
        ('sum(r{code="5"})', "r"),
        ('SUM (rate(r{code="5"}[5m])) # errors', "sum(\nrate(r[5m])\n)"),
    ):
        assert meant_by(counted, total, is_bad=True) == plain
    assert plain == Meaning(Ratio("r", bad='r{code="5"}'))


def test_a_zero_for_what_is_not_there_is_kept() -> None:
    for zero in ("or vector(0)", "OR on() vector(0)"):
        found = meant_by(f"sum(rate(e[5m])) {zero}", "sum(rate(r[5m]))", is_bad=True)
        assert found.indicator == Ratio("r", bad="e", absent=Absent.ZERO)


def test_two_sides_of_a_quotient_that_count_unlike_things_are_refused() -> None:
    for query in ("sum by (x) (a) / sum(b)", "sum(a) / sum(count_over_time(b[1h]))"):
        with pytest.raises(ValueError, match="do not count the same events"):
            meant_by_ratio(query, is_failure=True)


def test_an_edge_that_is_no_number_leaves_a_bucket_a_counter() -> None:
    found = meant_by('sum(h_bucket{le="many"})', "sum(h_count)", is_bad=False)

    assert found.indicator == Ratio("h_count", good='h_bucket{le="many"}')


def test_words_between_two_sides_are_kept_with_their_sign() -> None:
    tree = parsed("a > bool 1 and on (x) group_left b")

    assert tree.words == ("on", "x", "group_left")  # type: ignore[union-attr]
    assert tree.left.words == ("bool",)  # type: ignore[union-attr]


def test_labels_of_by_are_the_groups() -> None:
    for query in ("sum by (job, route) (rate({}[5m]))", "sum(rate({}[5m])) by (job, route)"):
        found = meant_by(query.format("e"), query.format("r"), is_bad=True)
        assert found.group_by == ("job", "route")


def test_all_less_those_under_an_edge_are_a_latency() -> None:
    total = f'sum(rate(h_count{{job="a"}}{W}))'
    under = f'sum(rate(h_bucket{{job="a",le="0.4"}}{W}))'
    everything = f'sum(rate(h_bucket{{job="a",le="+Inf"}}{W}))'
    latency = Meaning(Latency(0.4, histogram='h_bucket{job="a"}'))

    assert meant_by(under, total, is_bad=False) == latency
    assert meant_by(under, everything, is_bad=False) == latency
    assert meant_by(f"({total} - {under})", total, is_bad=True) == latency


def test_a_bucket_among_other_requests_is_two_counters_found_under_either_spelling() -> None:
    found = meant_by('sum(h_bucket{le="1",status="5"})', "sum(h_count)", is_bad=False)

    assert found.indicator == Ratio("h_count", good='h_bucket{le=~"1(\\\\.0)?",status="5"}')


@pytest.mark.parametrize(
    ("written", "is_bad", "kept"),
    [("<", True, Op.GTE), ("<=", True, Op.GT), (">", True, Op.LTE), (">=", False, Op.GTE)],
)
def test_samples_against_a_bound_are_a_gauge_that_keeps_to_the_other_side(
    written: str, is_bad: bool, kept: Op
) -> None:
    queries = (
        (
            f"sum_over_time((count(q {written} 0.75)){W[:-1]}:])",
            f"sum_over_time((count(q)){W[:-1]}:])",
        ),
        (f"sum(count_over_time((q {written} 0.75)[1h:]))", "sum(count_over_time(q[1h]))"),
    )
    for counted, total in queries:
        assert meant_by(counted, total, is_bad=is_bad).indicator == Gauge("q", kept, 0.75)


def test_a_ratio_is_a_gauge_weighed_by_time_or_a_quotient_of_two_sums() -> None:
    for query in (
        "q",
        "avg_over_time(q[1h])",
        "avg(avg_over_time(q[1h]))",
        "sum(sum_over_time(q[1h])) / sum(count_over_time(q[1h]))",
        "1 - (1 - q)",
    ):
        assert meant_by_ratio(query, is_failure=True).indicator == RawRatio("q", is_failure=True)
    quotient = meant_by_ratio("1 - sum(rate(ok[5m])) / sum(rate(r[5m]))", is_failure=True)
    assert quotient.indicator == Ratio("r", good="ok")


def test_a_gauge_that_is_worked_on_is_refused_with_the_rule_that_records_it() -> None:
    with pytest.raises(ValueError, match=r'record it as \{record: "service:quality:gauge"'):
        gauge_of("sum(min_over_time(lag[2m]))")
