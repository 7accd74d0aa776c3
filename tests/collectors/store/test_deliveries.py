"""A report is handed over once: what was started, sent or failed survives whoever wrote it."""

from __future__ import annotations

from builders import HOUR_S, NOON

from collectors.store.deliveries import DeliveryState, Ended
from collectors.store.store import Store

KEY = ("weekly", "2026-W01", "folder")
SENT = Ended(DeliveryState.SENT, digest="abc", place="/reports")


def opened(url: str) -> Store:
    return Store.open(url, now=NOON - HOUR_S)


def test_a_start_is_there_for_others_before_anything_is_written(store_url: str) -> None:
    with opened(store_url) as store:
        assert store.begin_delivery(*KEY, due_at=NOON, now=NOON + 5) is None

        with opened(store_url) as other:
            (seen,) = other.reader.deliveries()
    assert (seen.report, seen.period, seen.channel) == KEY
    assert (seen.state, seen.started_at, seen.ended_at, seen.attempts) == (
        "started",
        NOON + 5,
        None,
        1,
    )


def test_what_was_sent_is_never_started_again(store_url: str) -> None:
    with opened(store_url) as store:
        store.begin_delivery(*KEY, due_at=NOON, now=NOON)
        store.end_delivery(*KEY, SENT, now=NOON + 1)

        known = store.begin_delivery(*KEY, due_at=NOON, now=NOON + 2)

        (kept,) = store.reader.deliveries()
    assert known == kept
    assert (kept.state, kept.digest, kept.place, kept.ended_at) == (
        "sent",
        "abc",
        "/reports",
        NOON + 1,
    )


def test_what_failed_or_was_cut_off_starts_again_and_counts_its_attempts(store_url: str) -> None:
    with opened(store_url) as store:
        store.begin_delivery(*KEY, due_at=NOON, now=NOON)
        store.end_delivery(*KEY, Ended(DeliveryState.FAILED, error="no room"), now=NOON + 1)
        failed = store.begin_delivery(*KEY, due_at=NOON + 9, now=NOON + 2)
        cut_off = store.begin_delivery(*KEY, due_at=NOON + 9, now=NOON + 3)

        (again,) = store.reader.deliveries()
    assert failed is not None
    assert (failed.state, failed.error) == ("failed", "no room")
    assert cut_off is not None
    assert cut_off.state == "started"
    assert (again.attempts, again.due_at, again.error) == (3, NOON, None)


def test_an_end_without_a_start_changes_nothing(store_url: str) -> None:
    with opened(store_url) as store:
        store.end_delivery(*KEY, SENT, now=NOON)

        assert store.reader.deliveries() == ()
        assert store.reader.audit_log() == ()


def test_each_end_is_in_the_audit_log(store_url: str) -> None:
    with opened(store_url) as store:
        store.begin_delivery(*KEY, due_at=NOON, now=NOON)
        store.end_delivery(*KEY, SENT, now=NOON + 1)

        (entry,) = store.reader.audit_log()
    assert (entry.action, entry.subject, entry.at) == (
        "deliver",
        "weekly 2026-W01 folder",
        NOON + 1,
    )
    assert entry.detail == {"state": "sent", "digest": "abc", "place": "/reports", "error": None}


def test_reports_are_told_apart_and_the_store_knows_its_age(store_url: str) -> None:
    with opened(store_url) as store:
        store.begin_delivery(*KEY, due_at=NOON, now=NOON)
        store.begin_delivery("daily", "2026-01-01", "folder", due_at=NOON - 1, now=NOON)

        assert [one.report for one in store.reader.deliveries()] == ["daily", "weekly"]
        assert [one.report for one in store.reader.deliveries("weekly")] == ["weekly"]
        assert store.reader.born_at() == NOON - HOUR_S
