"""What each kind of channel hands over, held by what its other side was really sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from builders import NOON
from components.hostile import Hostile, reply
from components.process import free_port
from notify_builders import a_channel, a_notice, refused
from pydantic import SecretStr

from dashboard.notify import registry
from dashboard.notify.contract import ChannelKind
from dashboard.notify.kinds.alertmanager import alert
from dashboard.notify.kinds.pagerduty import event
from dashboard.notify.wire import as_json, of_json
from slo.notices import Happening

KEY = "R0UT1NGKEY4711"
TAKEN = reply("", "202 Accepted")


class Letters:
    """An SMTP server's handler that keeps what came; `refuses` is what it answers first."""

    def __init__(self, *refuses: str) -> None:
        self.refuses, self.kept = list(refuses), list[bytes]()

    async def handle_DATA(self, _server: SMTP, _session: Session, letter: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses.pop(0)
        assert isinstance(letter.content, bytes)
        self.kept.append(letter.content)
        return "250 OK"


def sent(hook: Hostile) -> Any:
    return json.loads(hook.requests[-1].partition(b"\r\n\r\n")[2])


def test_every_kind_is_registered_by_its_file_alone() -> None:
    assert registry.kinds() == ("alertmanager", "apprise", "pagerduty", "webhook")
    for kind in registry.kinds():
        assert isinstance(registry.load(kind, where="a test"), ChannelKind)


def test_a_notice_comes_back_from_the_outbox_as_it_went_in() -> None:
    notice = a_notice(acknowledged_by="ada", links=(("a", "https://b"), ("a", "https://c")))

    assert of_json(json.loads(json.dumps(as_json(notice)))) == notice


def test_alertmanager_is_told_of_no_beginning_after_the_moment_at_which_it_is_told() -> None:
    ahead = alert(a_notice(began_at=NOON + 300, at=NOON), {})

    assert (ahead["startsAt"], ahead["endsAt"] > ahead["startsAt"]) == (
        "2026-01-01T12:00:00Z",
        True,
    )


def test_alertmanager_is_told_the_same_labels_while_it_fires_recovers_and_ends() -> None:
    with Hostile(TAKEN) as hook:
        channel = a_channel("alertmanager", url=hook.url, labels={"cluster": "eu"})
        told = []
        for happening in Happening:
            channel.send(a_notice(happening=happening, labels=(("cost center", "7"),)))
            told += sent(hook)

    assert hook.requests[0].startswith(b"POST /api/v2/alerts ")
    assert {json.dumps(one["labels"], sort_keys=True) for one in told} == {
        (
            '{"alertname": "ErrorBudgetBurn", "cluster": "eu", "cost_center": "7",'
            ' "service": "shop", "severity": "page", "subject": "checkout", "team": "payments"}'
        )
    }
    assert [one["endsAt"] for one in told] == [
        *["2026-01-01T12:05:00Z"] * 3,
        "2026-01-01T12:00:00Z",
    ]
    assert told[0]["annotations"]["runbook_url"] == "https://wiki/shop"


def test_pagerduty_is_triggered_acknowledged_and_resolved_under_one_key() -> None:
    with Hostile(TAKEN) as hook:
        channel = a_channel("pagerduty", url=hook.url, routing_key=SecretStr(KEY))
        events = []
        for notice in (
            a_notice(),
            a_notice(happening=Happening.STILL_FIRING, acknowledged_by="ada"),
            a_notice(happening=Happening.RESOLVED),
        ):
            channel.send(notice)
            events.append(sent(hook))

    assert [one["event_action"] for one in events] == ["trigger", "acknowledge", "resolve"]
    assert len({one["dedup_key"] for one in events}) == 1
    assert events[0]["payload"]["severity"] == "critical"
    assert events[0]["payload"]["timestamp"] == "2026-01-01T11:50:00Z"
    assert events[0]["links"][0] == {"href": "https://wiki/shop", "text": "Runbook"}


def test_pagerduty_gets_no_key_and_no_summary_longer_than_it_takes() -> None:
    long = event(a_notice(key="x" * 900, summary="y" * 5_000), KEY)

    assert len(long["dedup_key"]) <= 255
    assert len(long["payload"]["summary"]) == 1_024


def test_what_pagerduty_says_of_a_wrong_key_is_told_without_the_key() -> None:
    answer = {"status": "invalid event", "errors": [f"routing_key {KEY} is invalid"]}
    with Hostile(reply(answer, "400 Bad Request")) as hook:
        channel = a_channel("pagerduty", url=hook.url, routing_key=SecretStr(KEY))
        error = refused(channel, a_notice())

    assert error.is_final
    assert "routing_key *** is invalid" in error.what
    assert KEY not in error.what
    assert KEY not in repr(channel)


def test_a_webhook_is_signed_and_names_a_repeated_message_the_same() -> None:
    with Hostile(TAKEN) as hook:
        url = SecretStr(f"{hook.url}/x")
        channel = a_channel(
            "webhook", url=url, secret=SecretStr("s3cret"), token=SecretStr("t0ken")
        )
        channel.send(a_notice())
        channel.send(a_notice())

    head, _, body = hook.requests[0].partition(b"\r\n\r\n")
    digest = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert f"X-Burnline-Signature: sha256={digest}".encode() in head
    assert b"Authorization: Bearer t0ken" in head
    keys = [one.lower().partition(b"idempotency-key: ")[2][:64] for one in hook.requests]
    assert keys[0] == keys[1] != b""
    assert json.loads(body)["began_at"] == "2026-01-01T11:50:00Z"


def test_a_letter_comes_through_a_real_mail_server_that_first_puts_it_off() -> None:
    letters, port = Letters("451 Try later"), free_port()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = f"mailto://127.0.0.1:{port}?from=slo@example.org&to=team@example.org"
        channel = a_channel("apprise", url=SecretStr(address))
        error = refused(channel, a_notice())
        channel.send(a_notice())
    finally:
        server.stop()

    assert error.what.startswith("not accepted: ")
    assert "example.org" not in error.what
    (content,) = letters.kept
    letter = message_from_bytes(content, policy=policy.default)
    body = letter.get_body(("plain", "html"))
    assert body is not None
    assert "3.1 % of requests failing for 14 min" in str(letter["subject"])
    assert "https://wiki/shop" in body.get_content()


@pytest.mark.parametrize("address", ["nope://x", "http", "mailto://", "json://a json://b"])
def test_an_address_that_apprise_cannot_use_is_told_without_it(address: str) -> None:
    error = refused(a_channel("apprise", url=SecretStr(address)), a_notice())

    assert error.what == "`url` stands for no address that apprise can use"
