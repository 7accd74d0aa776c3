"""What one look at an HTTP address says: up, down or unknown, with the reason in words."""

from __future__ import annotations

import resource
import socket
import threading
from typing import Any

import pytest
from builders import NOON
from components.hostile import (
    Answer,
    Hostile,
    bomb,
    dripping,
    endless,
    in_turn,
    raw,
    reply,
    reset,
    silent,
)
from components.namespace import in_a_namespace
from components.process import free_port
from file_builders import facts, rows
from probe_builders import looked, named, said, state

from slo.facts import StatusRows

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
PAGE = reply("all is well", kind="text/plain")


def target(url: str, **options: Any) -> dict[str, Any]:
    return {"url": url, "service": "shop", **options}


def moved(to: str, status: str = "302 Found") -> Answer:
    return reply("", status, "text/plain", f"Location: {to}")


def test_an_answer_is_one_observation_and_one_latency_of_the_moment_of_asking() -> None:
    with Hostile(PAGE) as server:
        batches = looked(target(f"{server.url}/health"))

    up, latency = rows(batches)
    assert up == ("probe", NOON, "up")
    assert latency[:2] == ("probe_latency_seconds", NOON)
    assert 0 < latency[2] < 5
    assert batches[0].warnings == ()
    assert batches[0].span is None


def test_the_series_carry_the_service_and_the_target_without_its_query() -> None:
    with Hostile(PAGE) as server:
        batches = looked(target(f"{server.url}/health?token=canary"))

    assert b"GET /health?token=canary HTTP" in server.requests[0]
    keys = {fact.series for fact in facts(batches) if isinstance(fact, StatusRows)}
    assert {key.labels for key in keys} == {
        (("service", "shop"), ("target", f"{server.url}/health"))
    }
    assert "canary" not in repr(batches)


@pytest.mark.parametrize(
    ("status", "expected", "reason"),
    [
        ("503 Service Unavailable", ("200-299",), "down: HTTP 503, expected 200-299"),
        ("404 Not Found", ("200-299", 401), "down: HTTP 404, expected 200-299, 401"),
        ("200 OK", (204,), "down: HTTP 200, expected 204"),
    ],
)
def test_an_unexpected_status_is_down_and_has_no_latency(
    status: str, expected: tuple[int | str, ...], reason: str
) -> None:
    with Hostile(reply("sorry", status)) as server:
        batches = looked(target(server.url, expect_status=list(expected)))

    assert (state(batches), said(batches)) == ("down", reason)
    assert named(batches) == ["probe"]


@pytest.mark.parametrize("status", ["401 Unauthorized", "204 No Content"])
def test_any_status_that_is_expected_is_up(status: str) -> None:
    with Hostile(reply("", status)) as server:
        assert state(looked(target(server.url, expect_status=["200-299", 401]))) == "up"


def test_a_good_answer_holds_the_expected_text_in_its_own_encoding() -> None:
    latin = reply("alles schön".encode("latin-1"), kind="text/plain; charset=latin-1")
    with Hostile(in_turn(PAGE, latin, PAGE)) as server:
        assert state(looked(target(server.url, expect_text="is well"))) == "up"
        assert state(looked(target(server.url, expect_text="schön"))) == "up"
        missing = looked(target(server.url, expect_text="is lost"))

    assert (state(missing), said(missing)) == ("down", 'down: no "is lost" in its 11 bytes')
    assert named(missing) == ["probe"]


def test_a_head_asks_for_no_body() -> None:
    with Hostile(raw(OK + b"Content-Length: 999\r\nConnection: close\r\n\r\n")) as server:
        assert state(looked(target(server.url, method="HEAD"))) == "up"

    assert server.requests[0].startswith(b"HEAD / ")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (silent, "no complete answer within 0.5 s"),
        (dripping(OK + b"\r\n"), "no complete answer within 0.5 s"),
        (dripping(b"HTTP/1.1 200"), "no complete answer within 0.5 s"),
        (reset(OK + b"Content-Length: 500\r\n\r\nabc"), "answer cut off after"),
        (raw(OK + b"Content-Length: 500\r\n\r\nabc"), "answer cut off after 3 bytes"),
        (raw(b""), "closed the connection without an answer"),
        (raw(b"not http at all\r\n\r\n"), "not HTTP"),
    ],
    ids=["silent", "drips", "drips headers", "reset", "cut off", "closed", "no HTTP"],
)
def test_an_answer_that_does_not_come_whole_is_down_in_time(answer: Answer, reason: str) -> None:
    with Hostile(answer) as server:
        timeout = "500ms" if "0.5 s" in reason else "15s"
        batches = looked(target(server.url, timeout=timeout))

    assert state(batches) == "down"
    assert reason in said(batches)
    assert named(batches) == ["probe"]
    assert len(server.requests) <= 1, "a probe is one observation: nothing is tried again"


def test_a_refused_connection_is_down() -> None:
    port = free_port()

    batches = looked(target(f"http://127.0.0.1:{port}"))

    assert (state(batches), said(batches)) == (
        "down",
        f"down: connection refused by 127.0.0.1:{port}",
    )


@pytest.mark.parametrize(
    "answer",
    [
        endless(OK + b"\r\n", b"x" * 65_536),
        reply(bomb(64), "200 OK", "text/plain", "Content-Encoding: gzip"),
    ],
    ids=["endless", "bomb"],
)
def test_a_huge_answer_is_read_to_the_limit_and_that_is_told(answer: Answer) -> None:
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Hostile(answer) as server:
        batches = looked(target(server.url))

    assert state(batches) == "up"
    assert said(batches) == "only the first 8 MiB were read"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 96 * 1024


def test_a_redirect_on_the_same_host_is_followed_without_what_the_first_was_sent() -> None:
    with Hostile(in_turn(moved("/login"), PAGE)) as server:
        batches = looked(target(server.url, headers={"Authorization": "Bearer canary"}))

    assert state(batches) == "up"
    assert b"canary" in server.requests[0]
    assert server.requests[1].startswith(b"GET /login ")
    assert b"canary" not in server.requests[1]


def test_a_redirect_to_another_host_is_not_followed_and_is_down() -> None:
    other = Hostile(PAGE, host="127.0.0.2")
    with other, Hostile(moved(f"{other.url}/x?token=canary")) as server:
        batches = looked(target(server.url))

    assert state(batches) == "down"
    assert said(batches) == f"down: redirect to {other.url}/x not followed: another host"
    assert other.requests == []


@pytest.mark.parametrize(
    ("to", "why"),
    [("file:///etc/passwd", "not HTTP"), ("http://[bad", "no address")],
)
def test_a_redirect_to_what_is_no_web_address_is_down(to: str, why: str) -> None:
    with Hostile(moved(to)) as server:
        assert said(looked(target(server.url))).endswith(f"not followed: {why}")


def test_a_circle_of_redirects_ends_after_three() -> None:
    with Hostile(moved("/again")) as server:
        batches = looked(target(server.url))

    assert len(server.requests) == 4
    assert said(batches).endswith("not followed: `follow` allows no more")


def test_a_redirect_that_is_expected_is_the_answer() -> None:
    with Hostile(moved("/login")) as server:
        assert state(looked(target(server.url, expect_status=[302]))) == "up"

    assert len(server.requests) == 1


IN_THERE = """
from components.hostile import Hostile, reply
from probe_builders import looked
def tell(url, **options):
    try:
        batches = looked({"url": "http://127.0.0.1:9/"}, {"url": url, "service": "shop", **options})
        print(*batches[0].warnings[1:] or ["shop: up"])
    except Exception as error:
        print(error)
with Hostile(reply("ok"), host="169.254.169.254") as server:
    tell(server.url, headers={"Authorization": "canary"})
    print(len(server.requests), "requests")
    tell(server.url, allow_special=True)
tell("http://198.51.100.7/")
tell("http://shop.example/")
"""


def test_what_this_machine_cannot_or_must_not_ask_is_unknown_and_not_down() -> None:
    special, requests, allowed, routeless, nameless = in_a_namespace(IN_THERE).splitlines()

    assert special.startswith("shop: unknown: not asked: 169.254.169.254 is link-local")
    assert requests == "0 requests"
    assert allowed == "shop: up"
    assert routeless.startswith("shop: unknown: cannot connect to 198.51.100.7:80")
    assert routeless.endswith("(this machine has no route there)")
    assert nameless.startswith("shop: unknown: no address found for shop.example:80")


def test_a_target_that_hangs_delays_no_other() -> None:
    waiting, all_quick_answered = list(range(30)), threading.Event()

    def quick(connection: socket.socket) -> None:
        PAGE(connection)
        waiting.pop()
        if not waiting:
            all_quick_answered.set()

    def slow(connection: socket.socket) -> None:
        # Answered only once every other was: a queue behind it would never let that come.
        if all_quick_answered.wait(100):
            PAGE(connection)

    with Hostile(slow) as hanging, Hostile(quick) as others:
        batches = looked(
            *(target(hanging.url, name=f"slow {count}", timeout="100s") for count in range(30)),
            *(target(others.url, name=f"quick {count}", timeout="100s") for count in range(30)),
            every="5m",
        )

    assert [row[2] for row in rows(batches) if row[0] == "probe"] == ["up"] * 60
