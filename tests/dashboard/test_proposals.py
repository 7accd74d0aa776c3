"""What is proposed of what was counted: by hand arithmetic, and never a guess."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from builders import DAY_S
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.prometheus.discovery.asking import Discovery, Metric, Service
from collectors.prometheus.discovery.catalogue import recognised
from dashboard.config import Config, load
from dashboard.proposals.document import document, empty_document, left_out, proposed
from dashboard.proposals.ladder import met, smallest_edge
from dashboard.proposals.proposal import Proposal
from slo.burn import default_policy, factor
from slo.indicator import Absent, Latency, Ratio, Uptime
from slo.selector import Matcher, Selector
from slo.spans import RollingWindow

SOURCE = {"kind": "prometheus", "url": "http://127.0.0.1:9090"}
Detail = tuple[tuple[Mapping[str, str], float], ...]


def metric(name: str, *services: Service) -> Metric:
    (found,) = recognised([name])
    return Metric(name, found.family, services)


def service(*detail: tuple[Mapping[str, str], float], job: str = "shop") -> Service:
    return Service((Matcher("job", "=", job),), len(detail), detail, 30 * DAY_S, 15 * DAY_S)


def the_only(*metrics: Metric) -> Proposal:
    (one,) = proposed(Discovery(metrics))
    return one.proposal


def written(*metrics: Metric) -> str:
    found = Discovery(metrics)
    return document(SOURCE, found, proposed(found))


def loaded(text: str) -> Config:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(text)
        return load(path, {})


@pytest.mark.parametrize(
    ("good", "total", "percent"),
    [
        (99_990, 100_000, "99.99"),  # at the rung itself: 10 may fail, 10 did
        (99_989, 100_000, "99.95"),
        (99_900, 100_000, "99.9"),
        (98_999, 100_000, "95"),
        (89_999, 100_000, None),
        (1_000, 1_000, "99.9"),  # 99.95 would allow half an event
        (9, 9, None),
        (0, 0, None),
    ],
)
def test_the_proposed_objective_is_the_highest_that_was_met_and_has_a_budget(
    good: int, total: int, percent: str | None
) -> None:
    rung = met(good, total)

    assert (None if rung is None else rung.percent) == (percent and Decimal(percent))


def test_the_proposed_threshold_is_the_smallest_edge_that_95_percent_were_under() -> None:
    edges = [(0.1, 949.0), (0.25, 950.0), (0.5, 1_000.0)]

    assert smallest_edge(edges, 1_000) == (0.25, 950.0)
    assert smallest_edge(edges, 1_060) is None
    assert smallest_edge([], 0) is None


def test_a_value_that_nobody_knows_is_asked_about_and_counts_as_neither() -> None:
    counted = service(({"code": "200"}, 900.0), ({"code": "503"}, 10.0), ({"code": "weird"}, 90.0))

    (slo,) = loaded(text := written(metric("http_requests_total", counted))).slos

    assert slo.indicator == Ratio(
        total='http_requests_total{code!="weird",job="shop"}',
        bad='http_requests_total{code!="weird",code=~"5..",job="shop"}',
        absent=Absent.ZERO,
    )
    assert "# ASK: is code = weird good or bad? That was 9 % of the requests" in text
    assert "98.901 % of 910 requests were good" in text  # 900 of 910, rounded down
    assert slo.objective.percent == 95


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({}, "ASK: none of its labels is known to tell how a request ended; it has job, result."),
        ({"code": "fine"}, "ASK: what do the values of code mean? There are fine."),
    ],
)
def test_without_a_known_status_the_table_is_a_comment_that_asks(
    labels: dict[str, str], said: str
) -> None:
    counted = replace(service((labels, 50.0)), labels=("job", "result"))

    text = written(metric("http_requests_total", counted))

    assert loaded(text).slos == ()
    assert f"# {said}" in text
    assert '# name = "shop-success"' in text


def test_the_label_whose_values_are_all_known_is_the_status() -> None:
    rows = (({"code": "ok", "status": "200"}, 5e4), ({"code": "no", "status": "500"}, 6.0))

    made = the_only(metric("http_requests_total", service(*rows)))

    assert dict(made.keys)["bad"] == 'http_requests_total{job="shop",status=~"5.."}'
    assert dict(made.keys)["objective"] == Decimal("99.95")  # 6 of 50,006 failed: 0.012 %


def test_too_many_unknown_values_are_asked_as_a_whole() -> None:
    rows = [({"code": f"c{n}"}, 1.0) for n in range(9)]

    made = the_only(metric("http_requests_total", service(({"code": "200"}, 5.0), *rows)))

    assert made.asks
    assert "c0, c1, c2, c3, c4, c5, c6, c7, c8" in made.notes[-2]


def test_thresholds_lie_on_edges_whichever_way_they_are_written() -> None:
    rows = [({"le": le}, n) for le, n in {"0.005": 10.0, "0.01": 99.0, "+Inf": 100.0}.items()]

    (slo,) = loaded(written(metric("http_request_duration_seconds_bucket", service(*rows)))).slos

    assert slo.indicator == Latency(
        0.01, histogram='http_request_duration_seconds_bucket{job="shop"}'
    )
    assert slo.objective.percent == 99


def test_buckets_of_one_edge_written_in_two_ways_add_up() -> None:
    rows = [({"le": "1"}, 40.0), ({"le": "1.0"}, 58.0), ({"le": "+Inf"}, 100.0)]

    made = the_only(metric("http_request_duration_seconds_bucket", service(*rows)))

    assert dict(made.keys)["latency"] == "1s"
    assert "98.000 % of 100 requests came within 1 s" in made.notes[1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"0.5": 80.0, "+Inf": 100.0}, "Only 80.0 % of requests came under the last of its"),
        ({"0.5": 0.0, "+Inf": 0.0}, "not measured. Its bucket edges: 500 ms."),
        ({"+Inf": 100.0}, "Only 0 % of requests came under the last of its bucket edges: none."),
        ({"nan": 5.0, "x": 5.0}, "not measured. Its bucket edges: none."),
    ],
)
def test_where_no_edge_will_do_a_person_chooses(rows: dict[str, float], said: str) -> None:
    counted = service(*(({"le": le}, events) for le, events in rows.items()))

    text = written(metric("http_request_duration_seconds_bucket", counted))

    assert loaded(text).slos == ()
    assert said in text.replace("\n# ", " ")
    assert "ASK: which of these edges is fast enough?" in text


def test_uptime_is_the_share_of_probes_that_succeeded() -> None:
    probed = service(({"": "up"}, 9_995.0), ({"": "all"}, 10_000.0))

    (slo,) = loaded(text := written(metric("probe_success", probed))).slos

    assert isinstance(slo.indicator, Uptime)
    assert slo.objective.percent == Decimal("99.95")
    assert "99.950 % of 10,000 probes succeeded, seen for 15 d of it (50.0 %)" in text


def test_what_was_not_measured_says_so_and_begins_at_99() -> None:
    unseen = replace(service(({"code": "200"}, 0.0)), reach_s=0, seen_s=None)

    (slo,) = loaded(
        text := written(replace(metric("http_requests_total", unseen), trouble="it hung"))
    ).slos

    assert slo.objective.percent == 99
    assert "# Not measured: it hung." in text
    assert "# Past: not measured; 99 is only a place to begin." in text
    assert text.endswith("\n# http_requests_total: not measured: it hung\n")


def test_everything_that_was_recognised_and_left_out_is_named() -> None:
    hung = replace(metric("probe_success"), trouble="it hung")
    crowded = replace(
        metric("http_requests_total", service(({"code": "200"}, 5.0))), left_out=7, unread=1
    )

    assert list(left_out(Discovery((hung, crowded), left_out=3))) == [
        "probe_success: not looked at: it hung",
        "http_requests_total: 1 of its services or statuses left out: a label is longer than 1 kB",
        "http_requests_total: 7 further services are not proposed",
        "3 further metrics are recognised and not looked at",
    ]


def test_names_stay_unique_whatever_jobs_are_called() -> None:
    jobs = ("a b", "a-b", "A/B", "…", "!", "", "a b ")
    rows = [service(({"code": "200"}, 5.0), job=job) for job in jobs]
    metrics = [metric(name, *rows) for name in ("http_requests_total", "x_http_requests_total")]

    names = [slo.name for slo in loaded(written(*metrics)).slos]

    assert len(set(names)) == 2 * len(jobs)
    assert {"a-b-success", "service-success"} <= set(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


def test_the_empty_configuration_is_whole_and_so_is_it_with_every_example_taken_in() -> None:
    assert loaded(empty_document()).slos == ()

    head, mark, examples = empty_document().partition("# [[slo]]")
    lines = (mark + examples).splitlines()
    taken_in = head + "\n".join(line.removeprefix("# ").removeprefix("#") for line in lines)

    assert len(loaded(taken_in).slos) == 3


@given(job=st.text(max_size=80), code=st.text(max_size=30), le=st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_foreign_label_can_break_out_of_the_configuration(job: str, code: str, le: str) -> None:
    if any(0xD800 <= ord(char) < 0xE000 for char in job + code + le):
        return  # no answer that is JSON of UTF-8 holds half a surrogate
    requests = service(({"code": "200"}, 500.0), ({"code": code}, 3.0), job=job)
    latency = service(({"le": "0.5"}, 99.0), ({"le": le}, 3.0), ({"le": "+Inf"}, 100.0), job=job)
    text = written(
        metric("http_requests_total", requests),
        metric("y_http_requests_total", replace(service(({}, 5.0), job=job), labels=(code, le))),
        metric("http_request_duration_seconds_bucket", latency),
    )

    config = loaded(text)

    assert set(tomllib.loads(text)) <= {"source", "slo"}
    assert 1 <= len(config.slos) <= 2
    for slo in config.slos:
        indicator = slo.indicator
        total = indicator.total if isinstance(indicator, Ratio) else indicator.histogram  # type: ignore[union-attr]
        assert Selector.parse(str(total)).matchers[-1] == Matcher("job", "=", job)


def test_every_rung_of_a_proposal_has_alerts_that_can_fire() -> None:
    rows = [({"code": "200"}, 99_995.0), ({"code": "500"}, 5.0)]
    (slo,) = loaded(written(metric("http_requests_total", service(*rows)))).slos
    assert isinstance(slo.window, RollingWindow)

    policy = default_policy(slo.objective, slo.window.length_s)

    assert policy
    for row in policy:
        assert factor(row, slo.window.length_s) * slo.objective.error_budget <= Decimal("0.5")
