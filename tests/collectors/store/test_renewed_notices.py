"""Notices that say again what was said: they take the place of the one before, and are told once."""

from __future__ import annotations

from alert_builders import an_alert
from builders import HOUR_S, NOON
from outbox_builders import due, notice

from collectors.store.alert_book import NoticeState
from collectors.store.store import Store


def test_a_refresh_takes_the_place_of_the_one_before_it_alone(store: Store) -> None:
    one = an_alert()
    store.alerts.evaluated([one], [notice(one)], now=NOON)
    for minute in range(1, 6):
        refresh = notice(one, "still-firing", is_refresh=True)
        other = notice(one, "still-firing", channel="mail")
        store.alerts.evaluated([one], [refresh, other], now=NOON + minute)
        (mail,) = (each for each in due(store, NOON + minute) if each.channel == "mail")
        store.alerts.sent(mail.id, now=NOON + minute)

    told = store.reader.alerts.told()

    assert [(each.happening, each.at) for each in told if each.channel == "pager"] == [
        ("firing", NOON),
        ("still-firing", NOON + 5),
    ]
    assert len([each for each in told if each.channel == "mail"]) == 5


def test_what_waits_behind_a_channel_that_takes_nothing_is_renewed_and_not_heaped_up(
    store: Store,
) -> None:
    one = an_alert()
    store.alerts.evaluated([one], [notice(one)], now=NOON)
    for hour in range(1, 7):
        again = notice(one, "still-firing")
        store.alerts.evaluated([one], [again], now=NOON + hour * HOUR_S)

    told = store.reader.alerts.told()

    assert [(each.happening, each.at, each.state) for each in told] == [
        ("firing", NOON, NoticeState.WAITING),
        ("still-firing", NOON + 6 * HOUR_S, NoticeState.WAITING),
    ]


def test_a_refresh_is_due_again_once_sent_and_keeps_its_turn_while_it_is_tried(
    store: Store,
) -> None:
    one, refresh = an_alert(), notice(an_alert(), "still-firing", is_refresh=True)
    store.alerts.evaluated([one], [refresh], now=NOON)
    (first,) = due(store)
    store.alerts.sent(first.id, now=NOON)
    store.alerts.evaluated([one], [refresh], now=NOON + 60)
    (again,) = due(store, NOON + 60)
    store.alerts.failed(again.id, "no answer", NOON + 600, now=NOON + 60)

    store.alerts.evaluated([one], [refresh], now=NOON + 120)

    assert (again.id, again.attempts, again.error) == (first.id, 0, None)
    assert due(store, NOON + 120) == []
    (tried,) = due(store, NOON + 600)
    assert (tried.at, tried.attempts) == (NOON + 120, 1)


def test_whoever_sends_a_refresh_never_marks_another_notice_as_sent(store: Store) -> None:
    one, other = an_alert(), an_alert("login")
    refresh = notice(one, "still-firing", is_refresh=True)
    store.alerts.evaluated([one], [refresh], now=NOON)
    (sending,) = due(store)

    store.alerts.evaluated([one, other], [notice(other), refresh], now=NOON + 60)
    store.alerts.sent(sending.id, now=NOON + 61)

    assert [waiting.alert for waiting in due(store, NOON + 61)] == [other.key]


def test_a_refresh_of_a_notice_that_was_given_up_is_told_as_a_new_one(store: Store) -> None:
    one, refresh = an_alert(), notice(an_alert(), "still-firing", is_refresh=True)
    store.alerts.evaluated([one], [refresh], now=NOON)
    (first,) = due(store)
    store.alerts.failed(first.id, "refused for good", None, now=NOON)

    store.alerts.evaluated([one], [refresh], now=NOON + 60)

    (again,) = due(store, NOON + 60)
    assert (again.id > first.id, again.at, again.attempts) == (True, NOON + 60, 0)
