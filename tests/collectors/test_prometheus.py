"""The Prometheus source without a Prometheus: its options and selectors, what its answers mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from components.hostile import Hostile, in_turn, matrix, reply
from hypothesis import given
from hypothesis import strategies as st
from prometheus_source import HOUR, SINCE, ask, asked, collector
from pydantic import SecretStr, ValidationError

from collectors.contract import Named
from collectors.prometheus.buckets import Buckets
from collectors.prometheus.decode import Raw
from collectors.prometheus.tracks import is_within, may_hide_a_birth, up_selector
from collectors.sources.prometheus import SOURCE, Options
from slo.errors import ConfigError
from slo.facts import SampleRows, Status, StatusRows, TallyRows
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.selector import Selector

URL = "http://127.0.0.1:9090"


def built(*indicators: Indicator, **options: Any) -> Any:
    return SOURCE.build(Named("p", "config.toml:1", indicators), Options(url=URL, **options))


def test_a_url_alone_is_a_complete_source() -> None:
    assert [stream.backfill_s for stream in built(Uptime("up")).streams] == [30 * 86_400]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://x"},
        {"url": "127.0.0.1:9090"},
        {"url": "http://me:secret@x"},
        {"url": "http://x/?query=1"},
        {"url": "file:///etc/passwd"},
        {"url": URL, "proxy": "http://me:secret@proxy:3128"},
        {"url": URL, "lookback": "5"},
        {"url": URL, "timeout": "0s"},
        {"url": URL, "username": "me"},
        {"url": URL, "cert_file": "x.pem"},
        {"url": URL, "token": SecretStr("x"), "username": "me", "password": SecretStr("x")},
        {"url": URL, "max_raw_series": 0},
        {"url": URL, "tokn": "x"},
        {"url": URL, "verify": "no"},
    ],
)
def test_options_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**wrong)


@pytest.mark.parametrize(
    "indicator",
    [
        Ratio("requests_total"),
        Ratio("rate(requests_total[5m])", bad="errors_total"),
        Uptime("up == 1"),
        Latency(0.5, histogram="sum(x_bucket)"),
        Latency(0.5, samples="x", only_if="y > 0"),
    ],
)
def test_an_indicator_that_is_no_plain_selector_is_refused_with_its_place(
    indicator: Indicator,
) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:1"):
        built(indicator)


def test_a_certificate_that_is_not_there_is_refused_with_its_path() -> None:
    with pytest.raises(ConfigError, match=r"/no/such\.pem"):
        built(ca_file="/no/such.pem")


def test_each_indicator_is_a_stream_and_equal_ones_are_one() -> None:
    one, same = Uptime('up{job="a",env="b"}'), Uptime("up{env='b', job='a'}")

    names = [stream.name for stream in built(one, same, Latency(0.5, samples="x")).streams]

    assert names == ['uptime up{env="b",job="a"}', "samples x"]


layout = st.lists(st.integers(0, 100), min_size=5, max_size=5)


@given(layout, st.floats(0.001, 20))
def test_an_estimate_lies_between_its_bounds_and_on_an_edge_they_meet(
    counts: list[int], threshold: float
) -> None:
    edges = (0.1, 0.5, 1.0, 10.0, float("inf"))
    cumulative = np.cumsum(np.array(counts, dtype=float)).reshape(5, 1)
    each = Buckets(edges, np.array([0]), cumulative, np.array([60_000]))

    low, estimate, high = each.bounds(threshold)

    assert low[0] <= estimate[0] <= high[0]
    assert [bound[0] for bound in each.bounds(0.5)] == [cumulative[1][0]] * 3


def test_a_bucket_renamed_from_1_to_1_0_stays_one_bucket() -> None:
    def bucket(le: str, *counts: tuple[int, int]) -> tuple[dict[str, str], list[list[object]]]:
        labels = {"__name__": "x_bucket", "le": le}
        return labels, [[SINCE + at, str(count)] for at, count in counts]

    old, new = bucket("1", (0, 5), (60, 7)), bucket("1.0", (120, 9), (180, 12))
    every = bucket("+Inf", (0, 5), (60, 8), (120, 10), (180, 20))
    with Hostile(reply(matrix(old, new, every))) as server:
        batches = asked(collector(server.url, Latency(1.0, histogram="x_bucket")))

    rows = [fact for batch in batches for fact in batch.facts if isinstance(fact, TallyRows)]
    assert [row.good.tolist() for row in rows] == [[2, 2, 3]]
    assert [row.total.tolist() for row in rows] == [[3, 2, 10]]


def test_a_part_of_a_selector_has_the_same_name_and_all_its_conditions() -> None:
    whole = Selector.parse('x{job="a"}')

    assert is_within(Selector.parse('x{code=~"5..",job="a"}'), whole)
    assert not is_within(Selector.parse('x{code=~"5.."}'), whole)
    assert not is_within(Selector.parse('y{job="a"}'), whole)


def test_the_scrapes_of_targets_are_asked_for_by_their_escaped_names() -> None:
    labels = [{"job": "a.b", "instance": "[::1]:80"}, {"job": "c", "instance": "d|e"}]

    found = Selector.parse(up_selector(labels) or "")

    assert all(found.matches("up", each) for each in labels)
    assert not found.matches("up", {"job": "axb", "instance": "[::1]:80"})
    assert up_selector([{"service": "x"}]) is None


@pytest.mark.parametrize(
    ("kept", "fresh", "may"),
    [
        ([], [15, 30, 45], True),  # it is new
        ([0, 15], [30, 45], False),  # it came at every scrape
        ([0, 15], [45, 60], True),  # it was absent at one of them
        ([0], [60], True),  # who knows how often it is scraped
        ([0, 60], [], False),
    ],
)
def test_a_birth_may_hide_where_a_counter_is_new_or_comes_unevenly(
    kept: list[int], fresh: list[int], may: bool
) -> None:
    before, after = (
        Raw({}, np.array(at, np.int64) * 1_000, np.zeros(len(at))) for at in (kept, fresh)
    )

    assert may_hide_a_birth(before if kept else None, after) is may


def test_values_count_only_while_the_condition_of_the_same_moment_is_one() -> None:
    took: list[list[object]] = [[SINCE + 15 * i, str(i)] for i in range(4)]
    up: list[list[object]] = [[SINCE, "1"], [SINCE + 15, "0"], [SINCE + 30.001, "1"]]
    named = {"__name__": "took", "site": "a"}, {"__name__": "took", "site": "b"}
    values = reply(matrix((named[0], took), (named[1], took)))
    conditions = reply(matrix(({"__name__": "ok", "site": "a"}, up)))

    with Hostile(in_turn(values, conditions)) as server:
        latency = Latency(0.5, samples="took", only_if="ok")
        found = asked(collector(server.url, latency))

    rows = [fact for batch in found for fact in batch.facts if isinstance(fact, SampleRows)]
    kept = {(dict(r.series.labels)["site"], v) for r in rows for v in r.value.tolist()}
    assert kept == {("a", 0.0)}


def test_counts_from_an_answer_with_warnings_are_partial() -> None:
    values: list[list[object]] = [[SINCE + 60 * i, str(i)] for i in range(5)]
    labels = {"__name__": "x_total", "code": "500"}
    body = matrix((labels, values), warnings=["store gateway down"])

    with Hostile(reply(body)) as server:
        ratio = Ratio("x_total", bad='x_total{code="500"}')
        batches = asked(collector(server.url, ratio))

    facts = [fact for batch in batches for fact in batch.facts]
    assert [fact.partial for fact in facts if isinstance(fact, TallyRows)] == [True]
    assert any("store gateway down" in batch.warnings for batch in batches)


def test_a_status_that_is_neither_zero_nor_one_is_unknown() -> None:
    values: list[list[object]] = [[SINCE, "1"], [SINCE + 60, "0.5"], [SINCE + 120, "0"]]

    with Hostile(reply(matrix(({"__name__": "up"}, values)))) as server:
        (batch,) = ask(server.url)

    (fact,) = batch.facts
    assert isinstance(fact, StatusRows)
    assert list(fact.state) == [Status.UP, Status.UNKNOWN, Status.DOWN]


def test_a_counter_is_no_probe_and_its_series_is_refused_with_the_count() -> None:
    counter: list[list[object]] = [[SINCE + 60 * n, str(100 + n)] for n in range(5)]
    probe: list[list[object]] = [[SINCE, "1"], [SINCE + 60, "0.5"]]
    both = matrix(({"a": "1"}, counter), ({"a": "2"}, probe))

    with Hostile(reply(both)) as server:
        (batch,) = ask(server.url)

    assert [fact.series.labels for fact in batch.facts if isinstance(fact, StatusRows)] == [
        (("a", "2"),)
    ]
    (warning,) = batch.warnings
    assert warning == ("not a probe: 6 of 7 values of up are neither 0 nor 1, 1 series refused")


def test_facts_at_the_edges_of_the_span_belong_to_one_span_only() -> None:
    edges: list[list[object]] = [[HOUR.since, "1"], [HOUR.until - 0.001, "1"], [HOUR.until, "1"]]

    with Hostile(reply(matrix(({"__name__": "up"}, edges)))) as server:
        (batch,) = ask(server.url)

    (fact,) = batch.facts
    assert isinstance(fact, StatusRows)
    assert fact.at.tolist() == [HOUR.since, HOUR.until - 1]
    assert batch.span == HOUR
