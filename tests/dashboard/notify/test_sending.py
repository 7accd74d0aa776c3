"""What waits is sent until it was accepted: in order, further and further apart, never for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alert_builders import an_alert
from builders import HOUR_S, NOON
from components.hostile import Hostile, in_turn, reply
from components.process import free_port
from notify_builders import a_notice
from pydantic import SecretStr

from collectors.store.alert_book import NewNotice, NoticeState, StoredNotice
from collectors.store.store import Store
from dashboard.notify import registry
from dashboard.notify.contract import ChannelDef
from dashboard.notify.sending import GIVEN_UP_S, LONGEST_PAUSE_S, Outgoing, strays
from dashboard.notify.wire import as_json
from slo.notices import Happening, Notice

BUSY = reply("", "503 Busy", "text/plain")
TAKEN = reply("", "202 Accepted")


class Outbox:
    """A store whose outbox a test fills, and a clock that goes as the test says."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.store = Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON)

    def put(self, notice: Notice, channel: str = "hook") -> None:
        new = NewNotice(
            alert=notice.key,
            channel=channel,
            happening=notice.happening.value,
            body=as_json(notice),
        )
        self.store.alerts.evaluated([an_alert()], [new], now=self.now)

    def send(self, outgoing: Outgoing, after_s: int = 0) -> tuple[str, ...]:
        self.now += after_s
        return outgoing.send(self.store.reader.alerts.due(self.now), self.store.alerts)

    def clock(self) -> int:
        return self.now

    @property
    def rows(self) -> tuple[StoredNotice, ...]:
        return self.store.reader.alerts.told()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    found = Outbox(tmp_path)
    yield found
    found.store.close()


def outgoing(outbox: Outbox, url: str, kind: str = "webhook", name: str = "hook") -> Outgoing:
    options = registry.load(kind, where="a test").options
    value = SecretStr(url) if kind == "webhook" else url
    channel = ChannelDef(
        name=name,
        kind=kind,
        options=options.model_validate({"url": value}),
        where="config.toml:1",
        repeat_s=HOUR_S,
    )
    return Outgoing(channel, outbox.clock)


def bodies(hook: Hostile) -> list[dict[str, object]]:
    return [json.loads(one.partition(b"\r\n\r\n")[2]) for one in hook.requests]


def test_a_receiver_that_fails_twice_gets_each_message_at_the_third_try(outbox: Outbox) -> None:
    with Hostile(in_turn(BUSY, BUSY, TAKEN)) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        first = outbox.send(lane)
        second = outbox.send(lane, after_s=5)
        third = outbox.send(lane, after_s=10)

    assert first == second == ("answered 503 Service Unavailable",)
    assert third == ()
    assert [one["happening"] for one in bodies(hook)] == ["firing"] * 3
    (row,) = outbox.rows
    assert (row.state, row.attempts, row.error) == (NoticeState.SENT, 3, None)


def test_the_end_of_an_alert_never_overtakes_its_beginning(outbox: Outbox) -> None:
    with Hostile(in_turn(BUSY, TAKEN, TAKEN)) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        outbox.put(a_notice(happening=Happening.RESOLVED))
        for _ in range(4):
            outbox.send(lane, after_s=5)

    assert [one["happening"] for one in bodies(hook)] == ["firing", "firing", "resolved"]


def test_tries_are_made_further_apart_and_never_further_than_two_minutes(outbox: Outbox) -> None:
    lane = outgoing(outbox, f"http://127.0.0.1:{free_port()}")
    outbox.put(a_notice())
    pauses = []
    for _ in range(8):
        outbox.send(lane)
        (row,) = outbox.rows
        pauses.append(row.due_at - outbox.now)
        outbox.now = row.due_at

    assert pauses == [5, 10, 20, 40, 80, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_what_nobody_took_for_a_day_is_given_up_and_keeps_its_reason(outbox: Outbox) -> None:
    lane = outgoing(outbox, f"http://127.0.0.1:{free_port()}")
    outbox.put(a_notice())

    outbox.send(lane, after_s=GIVEN_UP_S + 1)

    (row,) = outbox.rows
    assert row.state is NoticeState.FAILED
    assert "connection refused" in str(row.error)


def test_a_channel_that_asks_for_patience_is_sent_nothing_else_before(outbox: Outbox) -> None:
    with Hostile(reply("", "429 Slow", "text/plain", "Retry-After: 300")) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        outbox.put(a_notice(key="another page 1"))
        outbox.send(lane)
        outbox.send(lane, after_s=299)
        asked = len(hook.requests)
        outbox.send(lane, after_s=1)

    assert (asked, len(hook.requests)) == (1, 2)


def test_one_notice_that_a_receiver_chokes_on_does_not_keep_the_others(outbox: Outbox) -> None:
    with Hostile(in_turn(BUSY, TAKEN)) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        outbox.put(a_notice(key="another page 1"))
        outbox.send(lane)

    assert [one.state for one in outbox.rows] == [NoticeState.WAITING, NoticeState.SENT]


def test_a_clock_set_back_does_not_let_a_channel_rest_for_long(outbox: Outbox) -> None:
    with Hostile(in_turn(reply("", "429 Slow"), TAKEN)) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        outbox.send(lane)
        outbox.send(lane, after_s=-86_400)

    assert len(hook.requests) == 2


def test_a_channel_sends_only_its_own_and_what_is_for_none_is_given_up(outbox: Outbox) -> None:
    with Hostile(TAKEN) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice(), channel="gone")
        outbox.send(lane)
        due = outbox.store.reader.alerts.due(outbox.now)
        strays(due, [lane.channel], outbox.store.alerts, outbox.now)

    assert hook.requests == []
    (row,) = outbox.rows
    assert (row.state, row.error) == (
        NoticeState.FAILED,
        'no [[channel]] is called "gone" any more',
    )


def test_what_was_stored_and_is_no_notice_is_given_up_without_asking(outbox: Outbox) -> None:
    with Hostile(TAKEN) as hook:
        lane = outgoing(outbox, hook.url)
        outbox.put(a_notice())
        (row,) = outbox.rows
        lane.send([replace(row, body={"schema": "burnline.notice/9"})], outbox.store.alerts)

    assert hook.requests == []
    assert outbox.rows[0].state is NoticeState.FAILED


def test_alertmanager_holds_a_late_page_for_as_long_as_one_in_time(outbox: Outbox) -> None:
    with Hostile(TAKEN) as hook:
        lane = outgoing(outbox, hook.url, "alertmanager")
        outbox.put(a_notice(valid_s=300))
        outbox.send(lane, after_s=900)

    ((alert,),) = bodies(hook)
    assert alert["startsAt"] == "2026-01-01T11:50:00Z"
    assert alert["endsAt"] == "2026-01-01T12:20:00Z"
