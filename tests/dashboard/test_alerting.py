"""Evaluations over a real store: what begins, who is told once, and what survives a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import Shop
from builders import DAY_S, HOUR_S

from collectors.store.alert_book import NoticeState
from collectors.store.runs import RunRecord
from dashboard.shell.alerting import evaluate_alerts
from dashboard.views.alerts.blocks import ledger, whole
from dashboard.views.machines.alerts import document
from slo.alerting import AlertKind, Phase


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that was well for two hours."""
    made = Shop(tmp_path)
    yield made
    made.store.close()


def test_while_nothing_burns_nothing_is_told(shop: Shop) -> None:
    assert shop.judge() == ()
    assert (shop.store.reader.alerts.known().alerts, shop.send()) == ((), [])


def test_until_every_source_was_asked_and_all_was_judged_the_list_of_alerts_says_so(
    shop: Shop,
) -> None:
    shop.store.record(RunRecord("shop", shop.now, shop.now))
    evaluate_alerts(shop.config, shop.store, shop.now, waited_for={"shop"})
    made = ledger(shop.store.reader.alerts, shop.now, since=0)

    ((said,),) = (block.words for block in whole(made))
    assert said.startswith("Not all has been judged yet: burnline up, or burnline collect --once")
    assert document(made)["judged_at"] is None


def test_the_list_of_alerts_is_of_when_all_was_last_judged_and_says_when_that_was(
    shop: Shop,
) -> None:
    shop.judge()
    calm = ledger(shop.store.reader.alerts, shop.now + HOUR_S, since=0)
    shop.burn()
    shop.judge()
    burning = ledger(shop.store.reader.alerts, shop.now + DAY_S, since=0)

    ((said,),) = (block.words for block in whole(calm))
    assert said == "Nothing asked for anyone when all was last judged, at 14:00 UTC."
    assert document(calm)["judged_at"] == "2026-01-01T14:00:00Z"
    assert next(whole(burning)).words == ("As all was last judged, at 1 Jan 2026 14:10 UTC.",)


def test_a_burn_begins_one_page_and_tells_each_channel_once_however_often_it_is_judged(
    shop: Shop,
) -> None:
    shop.burn()

    (began,) = shop.judge()
    assert [shop.judge() for _ in range(3)] == [(), (), ()]

    assert (began.subject, began.kind, began.phase) == ("checkout", AlertKind.PAGE, Phase.FIRING)
    assert shop.told("hook") == ["firing"]
    assert shop.told("am") == ["firing", "still-firing"]
    body = shop.send()[0].body
    assert body["key"] == began.key
    assert body["summary"].startswith("checkout: ")


def test_no_ticket_begins_while_the_page_says_it_all_and_one_does_once_that_is_over(
    shop: Shop,
) -> None:
    shop.burn()
    shop.judge()
    shop.serve(bad=0, length_s=2 * 1_800)
    shop.judge()
    shop.serve(bad=0, length_s=1_800)

    changed = shop.judge()

    assert {(one.kind, one.is_live) for one in changed} == {
        (AlertKind.PAGE, False),
        (AlertKind.TICKET, True),
    }


def test_recovery_is_told_in_its_steps_and_ends_the_episode(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    # After 31 good minutes no short window of a page, 5 or 30 min, holds a bad one.
    shop.serve(bad=0, length_s=31 * 60)
    shop.judge()
    assert shop.page.phase is Phase.RECOVERING
    shop.serve(bad=0, length_s=31 * 60)
    shop.judge()

    assert shop.page.phase is Phase.RESOLVED
    page = [one for one in shop.notices(shop.page.key) if one.channel == "hook"]
    assert [one.happening for one in page] == ["firing", "recovering", "resolved"]


def test_a_restart_neither_loses_nor_doubles(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    key = shop.page.key

    shop.restart()
    assert shop.judge(60) == ()
    assert [one.happening for one in shop.send() if one.channel == "hook"] == ["firing"]
    shop.restart()
    shop.judge(60)

    assert shop.page.key == key
    assert shop.told("hook") == ["firing"]


def test_killed_before_anything_was_judged_the_page_begins_though_the_source_is_gone(
    shop: Shop,
) -> None:
    shop.burn()
    shop.restart()

    changed = shop.judge(after_s=600)

    assert {(one.kind, one.frozen_at is None) for one in changed} == {
        (AlertKind.PAGE, False),
        (AlertKind.STALE, True),
    }


def test_what_ended_yesterday_begins_nothing_today(shop: Shop) -> None:
    shop.burn()

    changed = shop.judge(after_s=4 * DAY_S)

    assert [one.kind for one in changed] == [AlertKind.STALE]


def test_nothing_is_judged_before_its_source_was_asked(shop: Shop) -> None:
    shop.burn()

    assert evaluate_alerts(shop.config, shop.store, shop.now, waited_for={"shop"}) == ()
    assert shop.store.reader.alerts.known().alerts == ()


def test_a_notice_that_cannot_be_sent_loses_nothing_that_follows(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    first = next(one for one in shop.store.reader.alerts.due(shop.now) if one.channel == "hook")
    shop.store.alerts.failed(first.id, "gone for good", None, now=shop.now)
    for _ in range(2):
        shop.serve(bad=0, length_s=31 * 60)
        shop.judge()

    page = [
        (one.happening, one.state) for one in shop.notices(shop.page.key) if one.channel == "hook"
    ]
    assert page == [
        ("firing", NoticeState.FAILED),
        ("recovering", NoticeState.WAITING),
        ("resolved", NoticeState.WAITING),
    ]


def test_a_thousand_slos_that_fire_at_once_are_each_told_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, tuple(f"slo-{number}" for number in range(1_000)))
    shop.burn()

    began = shop.judge()
    shop.judge(60)

    assert len(began) == 1_000
    alerts = shop.store.reader.alerts
    firing = [one for one in alerts.told(most=10_000) if one.happening == "firing"]
    assert len(firing) == len({(one.alert, one.channel) for one in firing}) == 2_000
    assert len(alerts.due(shop.now)) == 2_000
    shop.store.close()
