"""What is recognised on a Prometheus, and how little a hostile one can do to who asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from components.hostile import Answer, Hostile, dripping, reply, silent, success

from collectors.contract import Named
from collectors.prometheus.discovery.asking import (
    MOST_METRICS,
    MOST_SERVICES,
    PATIENCE_S,
    Discovery,
    discover,
)
from collectors.prometheus.discovery.catalogue import (
    CATALOGUE,
    Family,
    Kind,
    any_name,
    recognised,
)
from collectors.sources.prometheus import Options, client
from slo.errors import SourceError

NOW = 1_795_000_000
# What exporters of these names really send, each with the title it must be known by.
REAL = {
    "http_requests_total": "HTTP server",
    "prometheus_http_requests_total": "HTTP server",
    "http_request_duration_seconds_bucket": "HTTP server",
    "http_request_duration_seconds_count": "HTTP server",
    "prometheus_http_request_duration_seconds_bucket": "HTTP server",
    "http_server_request_duration_seconds_bucket": "OpenTelemetry HTTP server",
    "http_server_request_duration_seconds_count": "OpenTelemetry HTTP server",
    "http_server_requests_seconds_bucket": "Spring Boot HTTP server",
    "http_server_requests_seconds_count": "Spring Boot HTTP server",
    "grpc_server_handled_total": "gRPC server",
    "grpc_server_handling_seconds_bucket": "gRPC server",
    "istio_requests_total": "Istio",
    "nginx_ingress_controller_requests": "ingress-nginx",
    "nginx_ingress_controller_request_duration_seconds_bucket": "ingress-nginx",
    "traefik_service_requests_total": "Traefik service",
    "traefik_service_request_duration_seconds_bucket": "Traefik service",
    "traefik_entrypoint_requests_total": "Traefik entry point",
    "traefik_entrypoint_request_duration_seconds_bucket": "Traefik entry point",
    "probe_success": "blackbox-exporter",
    "promhttp_metric_handler_requests_total": "a Go exporter's own handler",
}
UNKNOWN = (
    "up",
    "http_requests",
    "http_requests_total_created",
    "xhttp_requests_total",
    "http_request_duration_seconds_sum",
    "probe_success_total",
    "istio_request_bytes_count",
)


@pytest.mark.parametrize(("name", "title"), REAL.items())
def test_a_metric_is_recognised_as_what_it_is(name: str, title: str) -> None:
    (found,) = recognised([name, *UNKNOWN])

    assert (found.name, found.family.title) == (name, title)


def test_every_entry_of_the_catalogue_recognises_a_metric_of_the_list() -> None:
    silent_ones = [
        family.pattern
        for family in CATALOGUE
        if not any(re.fullmatch(family.pattern, name) for name in REAL)
    ]

    assert silent_ones == []


def test_the_server_filters_by_exactly_the_names_that_are_recognised() -> None:
    kept = [name for name in (*REAL, *UNKNOWN) if re.fullmatch(any_name(), name)]

    assert kept == list(REAL)
    assert len(any_name()) < 1_500, "label values are asked by GET: the address must stay short"


@pytest.mark.parametrize(
    ("counted", "same"),
    [
        ("http_requests_total", "http_request_duration_seconds_count"),
        ("shop_http_requests_total", "shop_http_request_duration_seconds_count"),
        ("traefik_service_requests_total", "traefik_entrypoint_requests_total"),
    ],
)
def test_requests_that_two_metrics_count_are_proposed_once(counted: str, same: str) -> None:
    assert [each.name for each in recognised([counted, same])] == [counted]
    assert [each.name for each in recognised([same])] == [same]


def test_a_family_of_another_prefix_takes_nothing_away() -> None:
    names = ["a_http_requests_total", "b_http_request_duration_seconds_count"]

    assert [each.name for each in recognised(names)] == names


@pytest.mark.parametrize("family", CATALOGUE, ids=lambda family: family.pattern)
def test_no_status_is_both_good_and_bad(family: Family) -> None:
    codes = [str(code) for code in range(100, 600)]
    words = [word for each in family.statuses for word in (each.good + "|" + each.bad).split("|")]
    for each in family.statuses:
        for value in (*codes, *words, "2xx", "5xx"):
            assert not (re.fullmatch(each.bad, value) and re.fullmatch(each.good, value))
    assert bool(family.statuses) == (family.kind is Kind.REQUESTS)


def serving(names: list[str], answer: Callable[[str], object]) -> Callable[[bytes], Answer]:
    """A server that knows these names, and answers queries with what `answer` makes of them."""

    def chosen(request: bytes) -> Answer:
        parts = urlsplit(request.split(b" ")[1].decode())
        if parts.path.endswith("/values"):
            return reply({"status": "success", "data": names})
        made = answer(parse_qs(parts.query)["query"][0])
        return made if callable(made) else reply(made)

    return chosen


def found(
    names: list[str],
    answer: Callable[[str], object],
    timeout: str = "5s",
    patience_s: float = PATIENCE_S,
) -> Discovery:
    with Hostile(silent, by_request=serving(names, answer)) as server:
        options = Options(url=server.url, timeout=timeout)
        one = client(Named("prometheus", "test"), options, tries=1)
        return discover(one, NOW, patience_s)


def vector(*rows: tuple[dict[str, str], str]) -> object:
    return success("vector", [{"metric": labels, "value": [NOW, v]} for labels, v in rows])


def test_a_query_too_heavy_for_a_month_is_asked_of_a_week_and_so_are_the_next() -> None:
    asked: list[str] = []

    def answer(query: str) -> object:
        asked.append(query)
        if "2592000s" in query:
            return TOO_MANY
        return vector(({"job": "a", "code": "200"}, "7"))

    (metric,) = found(["http_requests_total"], answer).metrics

    assert metric.services[0].reach_s == 7 * 86_400
    assert len([query for query in asked if "2592000s" in query]) == 1


TOO_MANY = reply(
    {"status": "error", "errorType": "execution", "error": "too many samples"},
    "422 Unprocessable Entity",
)


def test_all_that_is_said_of_a_metric_reaches_equally_far_back() -> None:
    def answer(query: str) -> object:
        if "count_over_time(probe_success[2592000s])" in query:
            return TOO_MANY
        counts = {"sum_over_time": 40 if "2592000s" in query else 9, "count_over_time": 10}
        kind = next(
            (kind for kind in counts if query.startswith(f"sum by (job, instance) ({kind}")), ""
        )
        return vector(({"job": "a", "instance": "b"}, str(counts.get(kind, 1))))

    (metric,) = found(["probe_success"], answer).metrics
    (service,) = metric.services

    assert service.reach_s == 7 * 86_400
    assert {labels[""]: events for labels, events in service.detail if labels} == {
        "up": 9.0,  # of seven days, not the 40 of thirty
        "all": 10.0,
    }


def test_when_the_time_for_questions_is_over_the_rest_is_named_and_not_asked() -> None:
    discovery = found(["http_requests_total", "probe_success"], lambda _: vector(), patience_s=-1)

    assert {metric.trouble for metric in discovery.metrics} == {"the server was too slow before"}


def test_a_server_that_hangs_on_every_query_is_left_alone_after_a_while() -> None:
    asked: list[str] = []

    def answer(query: str) -> object:
        asked.append(query)
        return silent

    names = [f"s{n}_http_requests_total" for n in range(30)]
    discovery = found(names, answer, timeout="200ms")

    assert len(discovery.metrics) == 30
    assert all(metric.trouble for metric in discovery.metrics)
    assert len(asked) < 10


def test_a_metric_that_cannot_be_measured_keeps_its_statuses() -> None:
    def answer(query: str) -> object:
        if "increase" in query:
            return reply(
                {"status": "error", "errorType": "bad_data", "error": "no"}, "400 Bad Request"
            )
        return vector(({"job": "a", "code": "500"}, "2"))

    (metric,) = found(["http_requests_total"], answer).metrics
    (service,) = metric.services

    assert metric.trouble == "query rejected: Prometheus says bad_data: no"
    assert (service.detail, service.reach_s) == ((({"code": "500"}, 0.0),), 0)


def test_of_endless_metrics_and_services_only_so_many_are_looked_at_and_the_rest_counted() -> None:
    rows = vector(*(({"job": f"j{n:03}", "code": "200"}, str(n)) for n in range(500)))
    discovery = found([f"s{n:03}_http_requests_total" for n in range(60)], lambda _: rows)

    assert (len(discovery.metrics), discovery.left_out) == (MOST_METRICS, 60 - MOST_METRICS)
    assert {len(metric.services) for metric in discovery.metrics} == {MOST_SERVICES}
    assert {metric.left_out for metric in discovery.metrics} == {500 - MOST_SERVICES}
    assert discovery.metrics[0].services[0].job == "j499", "the busiest come first"


def test_a_job_whose_label_is_endless_is_left_out_alone_and_counted() -> None:
    rows = vector(*(({"job": job, "code": "200"}, "7") for job in ("a", "j" * 2_000, "b")))

    (metric,) = found(["http_requests_total"], lambda _: rows).metrics

    assert sorted(service.job for service in metric.services) == ["a", "b"]
    assert (metric.unread, metric.trouble) == (1, "")


def test_more_names_than_an_answer_may_hold_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 50,000 texts"):
        found(["x_http_requests_total"] * 50_001, lambda _: vector())


@pytest.mark.parametrize("answer", [silent, dripping(b"HTTP/1.1 200 OK\r\n\r\n{")])
def test_a_server_that_never_ends_its_answer_is_asked_once_and_left(answer: Answer) -> None:
    with Hostile(answer) as server:
        one = client(Named("prometheus", "test"), Options(url=server.url, timeout="300ms"), tries=1)
        with pytest.raises(SourceError, match=r"no complete answer within 0\.3 s"):
            discover(one, NOW)

    assert len(server.requests) == 1
