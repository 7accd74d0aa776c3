"""A server that hangs, refuses, redirects or is not there: a sentence in time, without a secret."""

from __future__ import annotations

import gzip
import socket
import time

import pytest
from components.hostile import JSON, Answer, Hostile, dripping, in_turn, reply, reset, silent
from components.process import free_port
from hostile_bodies import CHUNKED, GOOD, OK, refused, rows
from prometheus_source import ask, asked, collector

from collectors.fetch.failures import FetchError
from collectors.fetch.retry import MAX_TRIES

DEADLINE_S = 1.0
SLACK_S = 60.0
"""What a busy machine may add to a promised deadline; what has none goes on for ever."""
HANGS: dict[str, Answer] = {
    "never answers": silent,
    "drips its headers": dripping(OK + b"X-Slow: "),
    "drips its body": dripping(OK + b"Content-Length: 100000\r\n\r\n"),
    "drips a chunk": dripping(CHUNKED + b"ffff\r\n"),
    "drips a status line": dripping(b"HTTP/1.1 2"),
    "drips a gzip": dripping(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(GOOD)[:20]),
    "drips an error": dripping(b"HTTP/1.1 400 Bad\r\nContent-Length: 90000\r\n\r\n"),
}


@pytest.mark.parametrize("kind", HANGS)
def test_an_answer_that_does_not_end_is_ended_at_the_deadline(kind: str) -> None:
    begun = time.monotonic()
    found = refused(HANGS[kind], timeout_s=DEADLINE_S)
    took_s = time.monotonic() - begun

    assert found.what == "no complete answer within 1 s"
    assert DEADLINE_S <= took_s <= DEADLINE_S + SLACK_S


STATUSES = {
    "204 No Content": ("answered 204 No Content instead of data", 1),
    "400 Bad Request": ("query rejected: Prometheus says bad_data: no such thing", 1),
    "422 Unprocessable Entity": ("query rejected: Prometheus says bad_data: no such thing", 1),
    "401 Unauthorized": ("authentication refused (401)", 1),
    "403 Forbidden": ("authentication refused (403)", 1),
    "404 Not Found": ("Prometheus says bad_data: no such thing", 1),
    "429 Too Many Requests": ("Prometheus says bad_data: no such thing", 3),
    "500 Internal Server Error": ("Prometheus says bad_data: no such thing", 3),
    "503 Service Unavailable": ("Prometheus says bad_data: no such thing", 3),
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_is_told_in_its_own_words_and_tried_again_only_where_that_helps(
    status: str,
) -> None:
    said = {"status": "error", "errorType": "bad_data", "error": "no such thing"}
    body: object = b"" if status.startswith("204") else said
    slept: list[float] = []
    with Hostile(reply(body, status)) as server, pytest.raises(FetchError) as caught:
        ask(server.url, slept=slept)

    words, tries = STATUSES[status]
    assert caught.value.what == words
    assert len(server.requests) == tries
    assert slept == [0.5, 1.0][: tries - 1]


def test_a_server_error_that_passes_is_never_noticed() -> None:
    answers = in_turn(reply("", "503 Service Unavailable"), reset(b""), reply(GOOD))

    with Hostile(answers) as server:
        found = rows(ask(server.url))

    assert len(found.at) == 5


def test_a_wish_to_be_left_alone_for_two_minutes_is_honoured() -> None:
    answers = in_turn(reply("", "429 Too Many Requests", JSON, "Retry-After: 120"), reply(GOOD))
    slept: list[float] = []

    with Hostile(answers) as server:
        ask(server.url, slept=slept, longest_s=300.0)

    assert slept == [120.0]


def test_a_wish_longer_than_the_interval_ends_the_run_without_another_request() -> None:
    answer = reply("", "429 Busy", JSON, "Retry-After: 120")

    with Hostile(answer) as server, pytest.raises(FetchError, match="asks to wait 120 s"):
        ask(server.url)

    assert len(server.requests) == 1


REDIRECTS = ["file:///etc/passwd", "http://169.254.169.254/latest", "//elsewhere/", "\x00\xff"]


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_is_followed_wherever_it_leads(target: str) -> None:
    found = refused(reply("", "302 Found", JSON, f"Location: {target}"))

    assert found.what.startswith("redirect to ")
    assert found.what.endswith(" not followed")


def test_another_server_is_never_asked_and_never_told_a_secret() -> None:
    with Hostile(reply(GOOD)) as other:
        answer = reply("", "307 Temporary", JSON, f"Location: {other.url}/?token=abc")
        found = refused(answer, token="canary-secret")

    assert other.requests == []
    assert "token=" not in str(found)


def test_a_closed_port_is_told_by_its_address() -> None:
    port = free_port()

    with pytest.raises(FetchError) as caught:
        ask(f"http://127.0.0.1:{port}")

    assert caught.value.what == f"connection refused by 127.0.0.1:{port}"
    assert caught.value.transient


def test_a_host_that_takes_no_connection_is_given_up_after_the_connect_limit() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        begun = time.monotonic()
        with pytest.raises(FetchError) as caught:
            ask(f"http://127.0.0.1:{port}", connect_s=0.2)
        took_s = time.monotonic() - begun
        for each in waiting:
            each.close()

    assert caught.value.what == "no answer within 0.2 s (connect)"
    assert took_s <= MAX_TRIES * 0.2 + SLACK_S


def test_a_name_without_an_address_is_told_as_such() -> None:
    with pytest.raises(FetchError) as caught:
        ask("http://no-such-host.invalid:9090")

    assert caught.value.what == "no address found for no-such-host.invalid:9090"


def test_secrets_are_in_no_message_even_when_the_server_repeats_them() -> None:
    said = {"status": "error", "errorType": "bad_data", "error": "bad token canary-secret"}

    found = refused(reply(said, "400 Bad Request"), token="canary-secret")

    assert "canary-secret" not in str(found)
    assert "***" in found.what


def test_a_refused_token_is_asked_for_by_its_key_and_its_source() -> None:
    found = refused(reply("no", "401 Unauthorized"), token="canary-secret")

    assert found.mend == 'check `token` of source "hostile"'


def test_control_characters_of_the_server_reach_no_terminal() -> None:
    said = {"status": "error", "errorType": "x", "error": "\x1b[31mred\r\nline"}

    assert refused(reply(said)).what == r"Prometheus says x: \x1b[31mred\x0d\x0aline"


def test_a_query_too_long_for_an_address_is_sent_as_a_form() -> None:
    probe = 'up{job=~"' + "|".join(f"job-{i}" for i in range(400)) + '"}'

    with Hostile(reply(GOOD)) as server:
        ask(server.url, probe=probe)

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/query HTTP/1.1")
    assert b"job-399" in body


def test_the_headers_of_the_source_go_with_every_request() -> None:
    with Hostile(reply(GOOD)) as server:
        ask(server.url, headers={"X-Scope-OrgID": "team-a"}, token="abc")

    assert b"X-Scope-OrgID: team-a" in server.requests[0]
    assert b"Authorization: Bearer abc" in server.requests[0]


def test_the_environment_adds_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    with Hostile(reply(GOOD)) as server:
        assert len(rows(ask(server.url)).at) == 5


def test_a_failing_source_leaves_its_session_usable() -> None:
    answers = in_turn(silent, reply(GOOD))
    with Hostile(answers) as server:
        one = collector(server.url, timeout_s=2)
        with pytest.raises(FetchError):
            asked(one)

        assert len(rows(asked(one)).at) == 5
