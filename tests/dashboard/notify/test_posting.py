"""What becomes of a notice that the other side does not take: a sentence, and no secret in it."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from components.authority import Authority
from components.hostile import Hostile, bomb, dripping, endless, late, raw, reply
from components.process import free_port
from notify_builders import a_channel, a_notice, refused
from pydantic import SecretStr

from collectors.fetch.terms import Terms
from dashboard.notify.posting import Target
from dashboard.notify.reached import ReachedAsOwn

SECRET = "xoxb-canary-4711"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def webhook(url: str, **more: object) -> object:
    return a_channel("webhook", url=SecretStr(f"{url}/hooks/{SECRET}"), **more)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            reply("", "301 Moved", "text/plain", "Location: http://evil/x"),
            "redirect to http://evil",
        ),
        (reply("", "307 Elsewhere", "text/plain", "Location: /x"), "redirect not followed (307)"),
        (reply({}, "401 Unauthorized"), "authentication refused (401)"),
        (reply({}, "403 Forbidden"), "authentication refused (403)"),
        (reply("", "500 Oops", "text/html"), "answered 500 Internal Server Error"),
        (reply("no route", "404 Not Found", "text/plain"), "answered 404 Not Found: no route"),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "malformed answer"),
    ],
)
def test_an_answer_that_is_no_acceptance_is_told_in_a_sentence_and_tried_again(
    answer: object, said: str
) -> None:
    with Hostile(answer) as hook:  # type: ignore[arg-type]
        error = refused(webhook(hook.url), a_notice())  # type: ignore[arg-type]

    assert said in error.what
    assert not error.is_final
    assert len(hook.requests) == 1


def test_a_redirect_sends_nothing_to_where_it_leads() -> None:
    with Hostile(reply("")) as other:
        location = f"Location: {other.url}/hooks/{SECRET}"
        with Hostile(reply("", "308 Moved", "text/plain", location)) as hook:
            error = refused(webhook(hook.url), a_notice())  # type: ignore[arg-type]

    assert other.requests == []
    assert SECRET not in error.what


@pytest.mark.parametrize("status", ["400 Bad Request", "413 Too Large", "422 Unprocessable"])
def test_a_message_that_is_refused_for_what_it_says_is_not_sent_again(status: str) -> None:
    with Hostile(reply({"message": f"invalid {SECRET}"}, status)) as hook:
        error = refused(webhook(hook.url), a_notice())  # type: ignore[arg-type]

    assert error.is_final
    assert "invalid ***" in error.what
    assert SECRET not in error.what


@pytest.mark.parametrize(
    ("path", "echoed"),
    [
        ("/x/T0F2%2FSECRETPART%3D", "T0F2/SECRETPART="),
        ("/hook?SECRETKEYONLY", "SECRETKEYONLY"),
        ("/hook?token=SEC%2BRET%20XX9", "SEC+RET XX9"),
        ("/hook?a=1&token=SEC+RET", "SEC RET"),
        ('/hook#SEC"RET', 'SEC\\"RET'),
    ],
)
def test_a_secret_that_is_echoed_in_another_form_is_hidden_too(path: str, echoed: str) -> None:
    with Hostile(reply(f"not for {echoed} at all", "422 No", "text/plain")) as hook:
        error = refused(a_channel("webhook", url=SecretStr(hook.url + path)), a_notice())

    assert "not for *** at all" in error.what


def test_of_secrets_one_inside_another_nothing_of_the_longer_is_left() -> None:
    short, *longer = "canary", "canary-4711", "xoxb-canary", "xoxb-canary-4711"
    terms = Terms("webhook", "http://hook", token=longer[-1])

    for secrets in ((short, *longer), (*longer, short)):
        assert (
            Target("http://hook", terms, secrets).hidden(f"no {longer[-1]} here") == "no *** here"
        )


def test_credentials_that_are_echoed_in_one_word_are_hidden() -> None:
    word = b64encode(b"bob:PASSSECRETW").decode()
    with Hostile(reply(f"who is Basic {word}", "422 No", "text/plain")) as hook:
        password = SecretStr("PASSSECRETW")
        channel = a_channel("alertmanager", url=hook.url, username="bob", password=password)
        error = refused(channel, a_notice())

    assert "who is Basic ***" in error.what


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("webhook", {"url": SecretStr("http://far.example")}),
        ("alertmanager", {"url": "http://far.example"}),
        ("pagerduty", {"url": "http://far.example", "routing_key": SecretStr("KEY4711")}),
    ],
)
def test_each_kind_goes_through_the_proxy_and_shows_what_its_keys_say(
    kind: str, options: dict[str, object]
) -> None:
    shown = {"token": SecretStr("T0KEN"), "headers": {"X-Team": SecretStr("payments")}}
    is_own = kind != "pagerduty"
    with Hostile(reply("", "202 Accepted")) as proxy:
        a_channel(kind, **options, **(shown if is_own else {}), proxy=proxy.url).send(a_notice())

    (asked,) = proxy.requests
    assert asked.startswith(b"POST http://far.example/")
    assert (b"Authorization: Bearer T0KEN\r\n" in asked) is is_own
    assert (b"X-Team: payments\r\n" in asked) is is_own


def test_an_address_of_metadata_is_told_only_where_that_is_allowed() -> None:
    refusal = refused(a_channel("alertmanager", url="http://169.254.169.254"), a_notice())

    assert "not asked: 169.254.169.254 is link-local" in refusal.what
    assert ReachedAsOwn(allow_special=True).terms("hook", "its address").allow_special


def test_who_asks_to_wait_is_heard_up_to_an_hour() -> None:
    with Hostile(reply("", "429 Slow down", "text/plain", "Retry-After: 120")) as hook:
        error = refused(webhook(hook.url), a_notice())  # type: ignore[arg-type]
    with Hostile(reply("", "429 Slow down", "text/plain", "Retry-After: 99999999")) as hook:
        forever = refused(webhook(hook.url), a_notice())  # type: ignore[arg-type]

    assert error.retry_after_s == 120
    assert "asks to wait 120 s" in error.what
    assert forever.retry_after_s == 3_600


@pytest.mark.parametrize(
    "end", [endless(OK, b"x" * 4_096), reply(bomb(64), "200 OK", "a/b", "Content-Encoding: gzip")]
)
def test_an_endless_answer_of_acceptance_is_read_no_further_than_it_must(end: object) -> None:
    with Hostile(end) as hook:  # type: ignore[arg-type]
        webhook(hook.url).send(a_notice())  # type: ignore[attr-defined]

    assert len(hook.requests) == 1


def test_nobody_listening_is_told_by_the_port_and_without_the_secret_path() -> None:
    port = free_port()

    error = refused(webhook(f"http://127.0.0.1:{port}"), a_notice())  # type: ignore[arg-type]

    assert error.what == f"connection refused by 127.0.0.1:{port}"
    assert error.is_unreachable


def test_a_certificate_that_ended_or_is_of_another_is_not_accepted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    ended = authority.server(until=datetime(2020, 1, 1, tzinfo=UTC))
    with Hostile(reply(""), tls=ended) as hook:
        error = refused(webhook(hook.url, ca_file=authority.file), a_notice())  # type: ignore[arg-type]
    with Hostile(reply(""), tls=authority.server()) as stranger:
        unknown = refused(webhook(stranger.url), a_notice())  # type: ignore[arg-type]

    assert "certificate has expired" in error.what
    assert "not accepted" in unknown.what
    assert hook.requests == stranger.requests == []


def test_a_certificate_of_a_named_authority_is_accepted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Hostile(reply("", "202 Accepted"), tls=authority.server()) as hook:
        webhook(hook.url, ca_file=authority.file).send(a_notice())  # type: ignore[attr-defined]

    assert len(hook.requests) == 1


def test_addresses_where_clouds_keep_credentials_are_told_nothing() -> None:
    error = refused(webhook("http://169.254.169.254"), a_notice())  # type: ignore[arg-type]

    assert "169.254.169.254" in error.what or "no answer" in error.what


def test_an_answer_that_drips_is_given_up() -> None:
    with Hostile(dripping(OK)) as hook:
        channel = a_channel(
            "apprise", url=SecretStr(f"json://127.0.0.1:{hook.port}/{SECRET}"), timeout="1s"
        )
        error = refused(channel, a_notice())

    assert error.what == "no complete answer within 1 s"


def test_apprise_waits_for_an_answer_as_long_as_the_channel_says_and_no_less() -> None:
    # By itself it gives up after 4 s, and what was taken would be told again and again.
    with Hostile(late(reply(""), after_s=5)) as hook:
        a_channel("apprise", url=SecretStr(f"json://127.0.0.1:{hook.port}/{SECRET}")).send(
            a_notice()
        )

    assert len(hook.requests) == 1


def test_apprise_neither_reads_an_endless_answer_for_ever_nor_tells_what_was_secret() -> None:
    flood = endless(b"HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n", b"x" * 65_536)
    with Hostile(flood) as hook:
        channel = a_channel("apprise", url=SecretStr(f"json://127.0.0.1:{hook.port}/{SECRET}"))
        error = refused(channel, a_notice())

    # It ends because its process may not grow: no time of its own would end it so soon.
    assert error.what.startswith("not accepted: ")
    assert error.is_unreachable
    assert SECRET not in error.what
