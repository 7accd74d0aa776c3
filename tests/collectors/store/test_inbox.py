"""The inbox: committed before it is answered, applied once whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from builders import NOON

from collectors.store import inbox
from collectors.store.history import first_broken
from collectors.store.inbox import Effect, InboxItem, KnownOtherwiseError
from collectors.store.store import Store
from slo.errors import InputError, StoreError
from slo.facts import EventKind, EventRow

ROOT = Path(__file__).resolve().parents[3]


def put(url: str, word: str = "drill", *, delivery_id: str = "one", **more: Any) -> bool:
    return inbox.put(
        url,
        "annotation",
        {"text": word, **more},
        delivery_id=delivery_id,
        actor="unverified",
        now=NOON,
    )


def effect(item: InboxItem) -> Effect:
    """An event under the delivery id, unless the text is `nonsense`."""
    if item.body["text"] == "nonsense":
        raise InputError("it means nothing", where="here", mend="none")
    event = EventRow(
        EventKind.ANNOTATION, item.delivery_id, NOON, NOON, fields={"text": item.body["text"]}
    )
    return Effect("notes", (event,), "annotate", "all", item.actor)


def texts(store: Store) -> list[object]:
    return [event.fields["text"] for event in store.reader.events(EventKind.ANNOTATION)]


def actions(store: Store) -> list[str]:
    return [entry.action for entry in store.reader.audit_log()]


def test_what_was_put_waits_and_is_drained_into_an_event_with_its_audit_entry(
    store_url: str, store: Store
) -> None:
    assert put(store_url)
    (waiting,) = store.reader.waiting()

    assert (waiting.delivery_id, waiting.body, waiting.taken_at) == ("one", {"text": "drill"}, None)
    assert texts(store) == []

    assert store.drain_inbox(effect, now=NOON + 5) == 1
    assert store.reader.waiting() == ()
    assert texts(store) == ["drill"]
    assert actions(store) == ["annotate"]
    assert first_broken(store.reader.audit_log()) is None


def test_a_delivery_id_that_something_else_has_is_refused_waiting_or_taken(
    store_url: str, store: Store
) -> None:
    assert put(store_url, by="ada", at="now")
    assert not put(store_url, at="now", by="ada")
    for _ in range(2):
        with pytest.raises(
            KnownOtherwiseError, match='something else was sent under the key "one"'
        ):
            put(store_url, "other")
        store.drain_inbox(effect, now=NOON)

    assert texts(store) == ["drill"]


def test_a_delivery_id_that_is_known_adds_nothing_waiting_or_taken(
    store_url: str, store: Store
) -> None:
    assert put(store_url)
    assert not put(store_url)
    store.drain_inbox(effect, now=NOON)
    assert not put(store_url)

    assert store.drain_inbox(effect, now=NOON) == 0
    assert texts(store) == ["drill"]
    assert actions(store) == ["annotate"]


def test_an_item_that_means_nothing_is_taken_with_the_reason_and_holds_up_no_other(
    store_url: str, store: Store
) -> None:
    for number, word in enumerate(["first", "nonsense", "third"]):
        put(store_url, word, delivery_id=str(number))

    assert store.drain_inbox(effect, now=NOON) == 2
    assert texts(store) == ["first", "third"]
    assert store.reader.waiting() == ()
    (refused,) = [entry for entry in store.reader.audit_log() if entry.action == "refuse"]
    assert refused.detail == {"kind": "annotation", "reason": "it means nothing"}


def test_facts_that_the_store_cannot_take_are_refused_whole(store_url: str, store: Store) -> None:
    put(store_url)

    def unfit(item: InboxItem) -> Effect:
        event = EventRow(EventKind.ANNOTATION, "one", NOON, NOON, fields={"text": "\ud800"})
        return Effect("notes", (event,), "annotate", "all", item.actor)

    assert store.drain_inbox(unfit, now=NOON) == 0
    assert texts(store) == []
    assert actions(store) == ["refuse"]


def test_an_item_beyond_its_size_is_refused_and_one_just_within_is_taken(
    store_url: str, store: Store
) -> None:
    room = inbox.MOST_BYTES - len('{"text":""}')

    assert put(store_url, "x" * room, delivery_id="within")
    with pytest.raises(InputError, match="more than 64 kB"):
        put(store_url, "x" * (room + 1), delivery_id="beyond")
    with pytest.raises(InputError, match="more than 64 kB"):
        put(store_url, "é" * (room // 2 + 1), delivery_id="bytes count")

    assert [item.delivery_id for item in store.reader.waiting()] == ["within"]


@pytest.mark.parametrize("delivery_id", ["", "x" * 201, "a\0b", "a\nb"])
def test_a_delivery_id_is_printable_and_short(
    store_url: str, store: Store, delivery_id: str
) -> None:
    with pytest.raises(InputError, match="printable"):
        put(store_url, delivery_id=delivery_id)

    assert store.reader.waiting() == ()


def test_a_body_with_a_nul_is_kept_as_it_is(store_url: str, store: Store) -> None:
    put(store_url, "a\0b")

    assert store.reader.waiting()[0].body == {"text": "a\0b"}


def test_a_full_inbox_refuses_with_a_way_out_until_it_is_drained(
    store_url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 3)
    for number in range(3):
        assert put(store_url, delivery_id=str(number))

    with pytest.raises(StoreError, match="inbox is full: 3 items wait") as full:
        put(store_url, delivery_id="one too many")
    assert "start the collector" in full.value.mend
    assert not put(store_url, delivery_id="2")

    store.drain_inbox(effect, now=NOON)
    assert put(store_url, delivery_id="one too many")


def test_items_taken_long_ago_are_forgotten_and_their_events_stay(
    store_url: str, store: Store
) -> None:
    put(store_url)
    store.drain_inbox(effect, now=NOON)
    later = NOON + inbox.KEPT_S + 1
    put(store_url, "later", delivery_id="two")
    store.drain_inbox(effect, now=later)

    assert put(store_url), "its row is gone"
    assert store.drain_inbox(effect, now=later) == 1
    assert texts(store) == ["drill", "later"]


def test_nothing_is_put_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet"):
        put(f"sqlite:///{tmp_path}/burnline.db")

    assert list(tmp_path.iterdir()) == []


def test_many_at_the_same_time_each_put_theirs_once(store_url: str, store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        new = list(threads.map(lambda n: put(store_url, delivery_id=str(n % 20)), range(60)))

    assert sum(new) == 20
    assert len(store.reader.waiting()) == 20


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_collector_killed_while_it_drains_has_applied_each_item_once_or_not_yet(
    store_url: str, store: Store, before: int
) -> None:
    for number in range(4):
        put(store_url, str(number), delivery_id=str(number))

    killed = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "inbox_drainer.py"), store_url, str(before)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        check=False,
        timeout=120,
    )

    assert killed.returncode == -signal.SIGKILL
    assert texts(store) == [str(number) for number in range(before)]
    assert store.drain_inbox(effect, now=NOON) == 4 - before
    assert sorted(map(str, texts(store))) == ["0", "1", "2", "3"]
    assert actions(store) == ["annotate"] * 4
    assert first_broken(store.reader.audit_log()) is None
