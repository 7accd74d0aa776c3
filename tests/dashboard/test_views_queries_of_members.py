"""The query that reproduces the counts of a member of a group: its own labels in every selector."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import NOON, minutes, series
from verdict_builders import an_slo, one_judged, stored

from dashboard.views.slos.queries import source_query
from slo.indicator import Gauge, Indicator, Latency, Op, Ratio, RawRatio, Sliced, Uptime
from slo.spans import Span
from slo.splits import Labels

SPAN = Span(0, 3_600)
EU: Labels = (("region", "eu"),)


def asked(indicator: Indicator, member: Labels = EU, kind: str = "prometheus") -> str:
    labels = tuple(label for label, _ in member)
    slo = replace(an_slo(indicator=indicator), group_by=labels, member=member)
    return source_query(slo, kind, SPAN).partition("  #")[0]


@pytest.mark.parametrize(
    ("indicator", "query"),
    [
        (
            Ratio("all_total", bad='all_total{code=~"5.."}'),
            (
                '1 - sum(increase(all_total{code=~"5..",region="eu"}[3600s])) / '
                'sum(increase(all_total{region="eu"}[3600s]))'
            ),
        ),
        (
            Latency(0.5, histogram="seconds_bucket"),
            (
                'sum(increase(seconds_bucket{le="0.5",region="eu"}[3600s])) / '
                'sum(increase(seconds_bucket{le="+Inf",region="eu"}[3600s]))'
            ),
        ),
        (
            Latency(0.5, samples="seconds"),
            'avg_over_time((seconds{region="eu"} <= bool 0.5)[3600s:])',
        ),
        (Uptime("up"), 'avg_over_time(up{region="eu"}[3600s])'),
        (
            Gauge("queue", Op.LT, 5.0),
            'avg_over_time((queue{region="eu"} < bool 5.0)[3600s:])',
        ),
        (RawRatio("success"), 'avg_over_time(success{region="eu"}[3600s])'),
        (
            Sliced(RawRatio("success"), 300, Fraction(1, 2)),
            'avg_over_time((avg_over_time(success{region="eu"}[300s]) >= bool 0.5)[3600s:300s])',
        ),
    ],
)
def test_every_selector_of_a_member_holds_its_labels(indicator: Indicator, query: str) -> None:
    assert asked(indicator) == query


def test_a_value_is_escaped_and_an_absent_label_is_asked_for_as_empty() -> None:
    assert asked(Uptime("up"), (("code", ""), ("path", 'a"b\\'))) == (
        'avg_over_time(up{code="",path="a\\"b\\\\"}[3600s])'
    )


def test_a_label_that_the_selector_asks_for_already_stands_once() -> None:
    assert asked(Uptime('up{region="eu"}')) == 'avg_over_time(up{region="eu"}[3600s])'


def test_the_view_of_a_member_names_the_rows_of_that_member_alone(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([9], [10], since=NOON - 60, key=series(region="eu")))

    (member,) = one_judged(url, replace(an_slo(), group_by=("region",))).parts

    assert member.query == 'good of requests{region="eu"}  # rows of source shop'
