"""Alerts, outbox and silences in the store: whoever dies in between loses nothing and repeats nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dying_evaluation
import pytest
from alert_builders import an_alert
from builders import HOUR_S, NOON
from outbox_builders import due, notice, over
from store_builders import refusing

from collectors.store.alert_book import NoticeState
from collectors.store.notices import KEPT_S, LONGEST_WAIT_S
from collectors.store.quieting import Acknowledged, Silenced, SilenceEnded
from collectors.store.store import Store
from slo.alerting import AlertKind, Phase
from slo.errors import InputError, StoreError
from slo.silences import Scope, Silence
from slo.spans import Span

TESTS = Path(__file__).parents[2]
SILENCE = Silence(
    key="drill",
    scope=Scope.SERVICE,
    name="shop floor",
    span=Span(NOON, NOON + HOUR_S),
    author="ada",
    reason="failover drill",
    created_at=NOON - 60,
)


def test_an_alert_and_what_is_told_of_it_come_back_as_they_were(store: Store) -> None:
    blind = replace(an_alert("prometheus", AlertKind.STALE), slos=("a", "b"), frozen_at=NOON + 1)

    store.alerts.evaluated([an_alert(), blind], [notice(an_alert())], now=NOON)

    assert store.reader.alerts.known().alerts == (an_alert(), blind)
    (told,) = due(store)
    assert (told.alert, told.channel, told.happening) == (an_alert().key, "pager", "firing")
    assert told.body == {"key": an_alert().key, "summary": "«5 %» of requests fail"}
    assert (told.state, told.attempts, told.error) == (NoticeState.WAITING, 0, None)


def test_state_and_outbox_are_stored_together_or_not_at_all(store: Store) -> None:
    with refusing(store, "notices"), pytest.raises(StoreError):
        store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON)
    assert (store.reader.alerts.known().alerts, due(store)) == ((), [])

    with refusing(store, "alerts"), pytest.raises(StoreError):
        store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON)
    assert (store.reader.alerts.known().alerts, due(store)) == ((), [])


def test_what_was_sent_is_not_due_again_and_what_failed_waits_for_its_retry(store: Store) -> None:
    store.alerts.evaluated(
        [an_alert()], [notice(an_alert()), notice(an_alert(), channel="b")], now=NOON
    )
    first, second = due(store)

    store.alerts.sent(first.id, now=NOON + 1)
    store.alerts.failed(second.id, "no answer", NOON + 60, now=NOON + 1)

    assert due(store, NOON + 59) == []
    (retried,) = due(store, NOON + 60)
    assert (retried.channel, retried.attempts, retried.error) == ("b", 1, "no answer")
    (troubled,) = store.reader.alerts.troubled(NOON)
    assert troubled == retried


def test_what_was_given_up_is_kept_with_its_reason_and_never_tried_again(store: Store) -> None:
    store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON)

    store.alerts.failed(due(store)[0].id, "refused for good", None, now=NOON + 1)

    assert due(store, NOON + 9 * HOUR_S) == []
    (kept,) = store.reader.alerts.troubled(NOON)
    assert (kept.state, kept.error, kept.attempts) == (NoticeState.FAILED, "refused for good", 1)
    assert store.reader.alerts.troubled(NOON + 2) == ()


def test_one_channel_is_told_of_one_alert_in_order_and_others_do_not_wait(store: Store) -> None:
    mine, other = an_alert(), an_alert("login")
    store.alerts.evaluated([mine, other], [notice(mine), notice(other)], now=NOON)
    store.alerts.evaluated([over(mine, NOON)], [notice(mine, "resolved")], now=NOON)
    store.alerts.failed(due(store)[0].id, "no answer", NOON + 600, now=NOON)

    assert [one.alert for one in due(store, NOON + 60)] == [other.key]
    (first, _) = due(store, NOON + 600)
    store.alerts.sent(first.id, now=NOON + 600)
    assert [one.happening for one in due(store, NOON + 600)] == ["firing", "resolved"]


def test_a_clock_set_back_holds_no_notice_up_for_longer_than_a_retry(store: Store) -> None:
    ahead = NOON + 1_000 * HOUR_S
    store.alerts.evaluated(
        [an_alert()], [notice(an_alert()), notice(an_alert(), channel="b")], now=ahead
    )
    store.alerts.failed(due(store, ahead)[1].id, "no answer", ahead + 60, now=ahead)

    assert [one.channel for one in due(store, NOON)] == ["pager", "b"]
    store.alerts.failed(due(store, NOON)[1].id, "no answer", NOON + 9 * HOUR_S, now=NOON)
    assert due(store, NOON)[1:] == []
    assert len(due(store, NOON + LONGEST_WAIT_S)) == 2


def test_of_two_who_judge_at_once_the_second_stores_nothing(store: Store) -> None:
    known = store.reader.alerts.known()

    assert store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON, known=known)
    assert not store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON, known=known)

    assert len(due(store)) == 1


def test_the_last_that_each_channel_was_told_is_of_live_alerts_alone(store: Store) -> None:
    live, ended = an_alert(), an_alert("login")
    store.alerts.evaluated([live, ended], [notice(live), notice(ended)], now=NOON)
    store.alerts.evaluated(
        [over(ended, NOON)], [notice(live, "still-firing"), notice(ended, "resolved")], now=NOON
    )

    assert [(one.alert, one.happening) for one in store.reader.alerts.known().told] == [
        (live.key, "still-firing")
    ]


def test_an_evaluation_is_not_lost_for_an_acknowledgement_made_meanwhile(store: Store) -> None:
    store.alerts.evaluated([an_alert()], [notice(an_alert())], now=NOON)
    known = store.reader.alerts.known()
    store.apply(Acknowledged("checkout", "ada", "unverified"), now=NOON + 5)

    assert store.alerts.evaluated([over(an_alert(), NOON + 6)], [], now=NOON + 6, known=known)

    (ended,) = store.reader.alerts.known().alerts
    assert (ended.phase, ended.acknowledged_by) == (Phase.RESOLVED, "ada")


def test_of_every_subject_the_live_episode_is_the_last_else_the_newest(store: Store) -> None:
    first, second = over(an_alert(), NOON + 60), over(an_alert(at=NOON + HOUR_S), NOON + 2 * HOUR_S)
    of_the_clock = over(an_alert("prometheus", AlertKind.STALE, at=NOON + 9 * HOUR_S), NOON)
    live = an_alert("prometheus", AlertKind.STALE)

    store.alerts.evaluated([first, second, of_the_clock, live], [], now=NOON)

    assert store.reader.alerts.known().alerts == (second, live)
    assert store.reader.alerts.live() == (live,)
    assert store.reader.alerts.since(NOON + HOUR_S) == (second, live)


def test_an_evaluation_does_not_undo_an_acknowledgement_made_beside_it(store: Store) -> None:
    store.alerts.evaluated([an_alert()], [], now=NOON)
    read_before = store.reader.alerts.known().alerts

    store.apply(Acknowledged("checkout", "ada", "unverified"), now=NOON + 5)
    store.alerts.evaluated(read_before, [], now=NOON + 6)

    (kept,) = store.reader.alerts.live()
    assert (kept.acknowledged_by, kept.acknowledged_at) == ("ada", NOON + 5)
    (entry,) = store.reader.audit_log()
    assert (entry.action, entry.subject, entry.detail["by"]) == ("acknowledge", "checkout", "ada")


def test_what_is_over_cannot_be_acknowledged(store: Store) -> None:
    store.alerts.evaluated([over(an_alert(), NOON)], [], now=NOON)

    with pytest.raises(InputError, match='no alert of "checkout" is live'):
        store.apply(Acknowledged("checkout", "ada", "unverified"), now=NOON)
    assert store.reader.audit_log() == ()


def test_a_silence_is_kept_once_and_ends_when_it_is_ended(store: Store) -> None:
    store.apply(Silenced(SILENCE, "unverified"), now=NOON)
    store.apply(Silenced(replace(SILENCE, author="bob"), "unverified"), now=NOON)
    assert store.reader.alerts.silences(NOON) == (SILENCE,)

    store.apply(SilenceEnded("drill", "bob", "unverified"), now=NOON + 60)

    assert store.reader.alerts.silences(NOON + 60) == ()
    (cut,) = store.reader.alerts.silences(NOON)
    assert (cut.until, cut.name) == (NOON + 60, "shop floor")
    assert [entry.action for entry in store.reader.audit_log()] == ["silence", "end silence"]
    with pytest.raises(InputError, match='no silence "drill" is in force'):
        store.apply(SilenceEnded("drill", "bob", "unverified"), now=NOON + 61)


def test_notices_of_long_ago_are_let_go_and_what_waits_is_not(store: Store) -> None:
    one = an_alert()
    store.alerts.evaluated([one], [notice(one), notice(one, "resolved")], now=NOON)
    store.alerts.sent(due(store)[0].id, now=NOON)

    store.alerts.forget(now=NOON + KEPT_S + 1)

    assert [kept.happening for kept in store.reader.alerts.told()] == ["resolved"]


@pytest.mark.parametrize("moment", ["alerts", "notices", "commit", "after"])
def test_whoever_is_killed_leaves_both_state_and_outbox_or_neither(
    store_url: str, moment: str
) -> None:
    Store.open(store_url, now=NOON).close()
    paths = os.pathsep.join(map(str, (TESTS, TESTS.parent)))
    command = [sys.executable, dying_evaluation.__file__, store_url, moment]

    died = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, check=False, timeout=120)

    assert died.returncode == -signal.SIGKILL
    with Store.open(store_url, now=NOON) as store:
        alerts, notices = store.reader.alerts.known().alerts, due(store)
    assert len(alerts) == len(notices) == (1 if moment == "after" else 0)
