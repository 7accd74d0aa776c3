"""Where a page sends its visitors: only to what was written, with nothing broken out of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from builders import NOON
from hostile_words import HOSTILE

from dashboard.config import Service
from dashboard.views.happened.links import filled_in, is_web, prometheus_link, service_links
from slo.spans import Span

RANGE = Span(NOON, NOON + 3_600)


def test_links_are_filled_in_and_what_fills_them_stays_in_its_place() -> None:
    service = Service("a&b", runbook="https://wiki/{service}?from={from}&to={to}", logs="/nowhere")

    (link,) = service_links(service, "a&b #1/{to}", RANGE)

    parts = urlsplit(link.address)
    assert parts.path == "/a%26b%20%231%2F%7Bto%7D"
    assert parse_qs(parts.query) == {
        "from": ["2026-01-01T12:00:00Z"],
        "to": ["2026-01-01T13:00:00Z"],
    }
    assert parts.fragment == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_the_address_that_it_stands_in(name: str) -> None:
    parts = urlsplit(filled_in("https://logs.example/q?service={service}&x=1", name, RANGE))

    assert (parts.netloc, parts.path) == ("logs.example", "/q")
    assert parse_qs(parts.query) == {"service": [name], "x": ["1"]}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///etc/passwd",
        "https://",
        "https://a b",
        "http://[",
        "https://a/\u202e",
    ],
)
def test_nothing_but_a_web_address_is_linked(address: str) -> None:
    assert not is_web(address)
    assert filled_in(address, "a", RANGE) == ""
    assert prometheus_link(address, "up", RANGE) is None


def test_the_query_is_asked_where_its_range_ends() -> None:
    link = prometheus_link("http://prom:9090/base/", 'sum(a{b="c & d"})  # time=1', RANGE)

    assert link is not None
    parts = urlsplit(link.address)
    assert (parts.netloc, parts.path) == ("prom:9090", "/base/graph")
    assert parse_qs(parts.query)["g0.expr"] == ['sum(a{b="c & d"})']
    assert parse_qs(parts.query)["g0.moment_input"] == ["2026-01-01 13:00:00"]
