"""Addresses that can never be asked, redirects to them, and a look that breaks."""

from __future__ import annotations

import socket
import threading

import pytest
from builders import NOON
from components.hostile import Answer, Hostile, reply
from file_builders import rows
from probe_builders import looked, said, state

from collectors.observed import Watched
from collectors.plan import present
from collectors.probe.address import unaskable
from collectors.probe.asking import Look, terms_of
from collectors.probe.collector import Probe, ProbeCollector
from collectors.probe.target import TargetTable

PAGE = reply("all is well", kind="text/plain")
PORT = "its port is no number from 1 to 65535"
IPV6 = "what stands in [ ] is no IPv6 address"
SIGN = "its host holds a character that no name of the net has"
NAME = "its host is no name of the net"
EMPTY = "its host has an empty part between two dots"
LONG = "its host is longer than 63 letters a part or 253 in all"


def moved(to: str) -> Answer:
    return reply("", "302 Found", "text/plain", f"Location: {to}")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://a..b/", EMPTY),
        ("http://.a/", EMPTY),
        ("http://./", NAME),
        ("http://☃.example/", NAME),
        ("http://h%00x/", SIGN),
        ("http://a b/", SIGN),
        ("http://*.example/", SIGN),
        ("http://a\\b/", SIGN),
        (f"http://{'a' * 64}.example/", LONG),
        (f"http://{'a' * 300}/", LONG),
        (f"http://{'.'.join(['a' * 63] * 4)}/", LONG),
        ("http://shop.example:0/", PORT),
        ("http://shop.example:65536/", PORT),
        ("http://shop.example:80:80/", PORT),
        ("http://shop.example:٣/", PORT),
        ("http://[::1/", IPV6),
        ("http://[zz]/", IPV6),
        ("http://[::1]x/", IPV6),
        ("http://256.0.0.1/", "its numbers are no IPv4 address"),
        ("http://shop@shop.example/", "it holds a user or a password"),
        ("ftp://shop.example/", "it does not begin with http:// or https:// and a host"),
    ],
)
def test_an_address_from_which_no_answer_can_come_says_why(url: str, why: str) -> None:
    assert unaskable(url) == why


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://127.1/",
        "https://shop.example.:65535/a b?q=ä",
        "http://web_1/",
        "http://web.1/",
        f"http://{'a' * 63}/",
        "http://[::1]:9090/",
        "http://[fe80::1%25eth0]/",
        "http://münchen.example/",
        "http://shop.example:/",
    ],
)
def test_whatever_a_resolver_may_know_can_be_asked(url: str) -> None:
    assert unaskable(url) == ""


@pytest.mark.parametrize("port", ["999999", "65536", "0", "80:80", "-1", "x"])
def test_a_redirect_to_a_port_that_is_none_is_down_and_every_other_target_stands(
    port: str,
) -> None:
    to = f"http://127.0.0.1:{port}/"
    with Hostile(moved(to)) as hostile, Hostile(PAGE) as good:
        (batch,) = looked(
            {"url": hostile.url, "service": "odd"}, {"url": good.url, "service": "good"}
        )

    assert [row[2] for row in rows([batch]) if row[0] == "probe"] == ["down", "up"]
    assert batch.warnings == (f"odd: down: redirect to {to} not followed: {PORT}",)


@pytest.mark.parametrize("sign", ["\\", ""])
def test_a_redirect_that_two_programs_would_read_differently_asks_nobody(sign: str) -> None:
    with Hostile(PAGE, host="127.0.0.2") as inside:
        to = f"{inside.url}{sign}@127.0.0.1/"
        with Hostile(moved(to)) as hostile:
            batches = looked({"url": hostile.url, "service": "shop"})

    assert inside.requests == []
    assert state(batches) == "down"
    assert said(batches).endswith("not followed: it holds a user or a password")


def test_a_look_that_breaks_is_unknown_by_kind_and_line_and_every_other_target_stands() -> None:
    with Hostile(PAGE) as server:
        probes = tuple(probe(url) for url in ("http://[", server.url))
        collector = ProbeCollector("web", probes)
        (batch,) = collector.collect(collector.streams[0], present(NOON), NOON)

    assert [row[2] for row in rows([batch]) if row[0] == "probe"] == ["unknown", "up"]
    (told,) = batch.warnings
    assert told.startswith("shop (http://[): unknown: unexpected ValueError at parse.py:")


def test_redirects_share_the_time_of_one_look() -> None:
    """The first answer takes more than half of the time: the second has less than it needs."""
    never = threading.Event()

    def later(answer: Answer) -> Answer:
        def answered(connection: socket.socket) -> None:
            never.wait(1.2)
            answer(connection)

        return answered

    def answer(request: bytes) -> Answer:
        return later(PAGE if b" /on " in request else moved("/on"))

    with Hostile(PAGE, by_request=answer) as server:
        batches = looked({"url": server.url, "service": "shop", "timeout": "2s"})

    assert state(batches) == "down"
    assert said(batches).startswith("down: no complete answer within ")


def probe(url: str) -> Probe:
    """A probe of the address as it is, past every check of the configuration."""
    target = TargetTable.model_construct(url=url, service="shop", name=url or "x")
    look = Look(target, terms_of("web", TargetTable(url="http://shop"), {}, 5.0))
    return Probe(look, Watched("web", "shop", 70, (("target", url),)))
