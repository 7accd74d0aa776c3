"""The worst of several, some of them blind: it pages and recovers by those that are measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import CHANNELS, CONFIG, SLO, Shop
from builders import DAY_S, HOUR_S, minutes, series

from collectors.contract import Batch, Stream
from dashboard.config import load
from dashboard.views.counted.figures import evaluate
from dashboard.views.headline import headline
from dashboard.views.pages.objective_words import verdict_words
from dashboard.views.slos.row_words import now_note
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import clock_words, moment_words
from slo.alerting import Alert, AlertKind, Phase
from slo.indicator import Ratio
from slo.judgement import Now
from slo.rules import tally_pick

WORST = """
[[slo]]
name = "{name}"
objective = 99.9
composite = "worst-member"
members = [{members}]
window = "30d"
[[slo.alert]]
severity = "page"
long = "1h"
short = "5m"
budget = 2
"""
TICKET = """
[[slo.alert]]
severity = "ticket"
long = "6h"
short = "30m"
budget = 5
"""
STOPPED_S = 20 * 60


def whole(name: str, *members: str) -> str:
    return WORST.format(name=name, members=", ".join(f'"{one}"' for one in members))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop whose whole is the worst of login and pay, both well for an hour."""
    made = Shop(tmp_path)
    promise(made, whole("whole", "login", "pay"))
    on(made, HOUR_S, login=0, pay=0)
    yield made
    made.store.close()


def promise(shop: Shop, *wholes: str) -> None:
    """What three pages need; each promises so little by itself that it never alerts."""
    slos = [
        SLO.replace('"requests"', '"{name}"').replace("99.9", "10").format(name=name)
        for name in ("login", "pay", "mail")
    ]
    path = shop.folder / "config.toml"
    path.write_text(CONFIG + "".join(slos) + "".join(wholes) + CHANNELS)
    shop.config = load(path, {}, with_sources=False)


def bring(shop: Shop, since: int, until: int, **bad: int) -> None:
    """A hundred requests a minute of each, of which so many are bad."""
    count = (until - since) // 60
    for name, each in bad.items():
        pick = tally_pick(Ratio(total=name))
        key = series(pick.name, rule=pick.rule)
        rows = minutes([100 - each] * count, [100] * count, since=since, key=key)
        shop.store.ingest("shop", Stream(name), Batch((rows,)), (), now=until)


def on(shop: Shop, length_s: int, every_s: int = 300, **bad: int) -> None:
    """Time passes; all is judged every five minutes, or as often as is said."""
    for _ in range(length_s // every_s):
        bring(shop, shop.now, shop.now + every_s, **bad)
        shop.judge(after_s=every_s)


def spoil(shop: Shop, **bad: int) -> None:
    """An outage of an hour, of days ago: whoever had it is the worst."""
    bring(shop, shop.now - 5 * DAY_S, shop.now - 5 * DAY_S + HOUR_S, **bad)


def pages(shop: Shop) -> list[Alert]:
    return of_kind(shop, AlertKind.PAGE)


def of_kind(shop: Shop, kind: AlertKind) -> list[Alert]:
    return [one for one in shop.store.reader.alerts.known().alerts if one.kind is kind]


def seen(shop: Shop, name: str = "whole") -> SloView:
    sources = {one.name: one for one in shop.config.sources}
    views = evaluate(shop.config.slos, shop.store.reader, as_of=shop.now, sources=sources)
    return next(one for one in views if one.name == name)


def test_what_pages_while_another_is_blind_is_a_page_of_its_own_moment(shop: Shop) -> None:
    spoil(shop, login=100)
    on(shop, STOPPED_S, pay=0)
    began = shop.now

    on(shop, 600, pay=100)

    (page,) = pages(shop)
    assert (page.subject, page.phase, page.frozen_at) == ("whole", Phase.FIRING, None)
    assert began < page.since <= began + 300
    assert seen(shop).judgement.now is Now.PAGING
    assert headline([seen(shop)]).startswith("whole (pay) is paging")
    assert any(one.startswith("login: no data since") for one in seen(shop).reasons)


def test_a_worst_member_that_is_blind_freezes_the_whole_and_begins_nothing(shop: Shop) -> None:
    spoil(shop, login=100)
    ended = shop.now

    on(shop, STOPPED_S, pay=0)

    view = seen(shop)
    assert view.promise.endswith("worst by login; also of pay")
    assert (view.judgement.now, view.firing, pages(shop)) == (Now.FROZEN, (), [])
    assert now_note(view) == f"no data since {clock_words(ended)}"


def test_a_member_that_ends_while_it_pages_keeps_the_page_however_well_others_are(
    shop: Shop,
) -> None:
    spoil(shop, login=100)
    on(shop, 600, login=0, pay=100)
    ended = shop.now

    on(shop, HOUR_S, login=0)

    (page,) = pages(shop)
    assert (page.is_live, page.frozen_at) == (True, ended)
    assert seen(shop).judgement.now is Now.FROZEN
    said = f"whole (pay) was paging when data ended at {clock_words(ended)}"
    assert headline([seen(shop)]).startswith(said)
    since = f"while pay fired: no data since {moment_words(ended)};"
    assert since in verdict_words(seen(shop))
    assert now_note(seen(shop)) == f"was paging to {clock_words(ended)}"


def test_a_page_ends_with_what_fired_while_another_stays_blind_and_the_whole_is_frozen_then(
    shop: Shop,
) -> None:
    ended = shop.now
    on(shop, STOPPED_S, pay=0)
    on(shop, 600, pay=100)

    on(shop, 8 * HOUR_S, HOUR_S // 2, pay=0)

    (page,) = pages(shop)
    assert (page.phase, page.frozen_at) == (Phase.RESOLVED, None)
    view = seen(shop)
    assert (view.judgement.now, view.data_until, view.ended_at) == (Now.FROZEN, shop.now, ended)
    assert now_note(view) == f"no data since {clock_words(ended)}"


def test_a_member_that_ends_while_its_page_recovers_holds_the_page_until_it_is_back(
    shop: Shop,
) -> None:
    on(shop, 600, login=100, pay=0)
    while not (pages(shop) and pages(shop)[0].phase is Phase.RECOVERING):
        on(shop, 300, login=0, pay=0)
    away = shop.now

    on(shop, 2 * HOUR_S, pay=0)
    (held,) = pages(shop)
    bring(shop, away, shop.now, login=0)
    on(shop, HOUR_S, login=0, pay=0)

    assert (held.phase, held.is_live) == (Phase.RECOVERING, True)
    assert held.frozen_at is not None
    assert pages(shop)[0].phase is Phase.RESOLVED


def test_the_worst_of_the_worst_pages_and_recovers_like_one_of_all(shop: Shop) -> None:
    promise(shop, whole("inner", "login", "pay"), whole("outer", "inner", "mail"))
    bring(shop, shop.now - HOUR_S, shop.now, mail=0)
    on(shop, STOPPED_S, pay=0, mail=0)

    on(shop, 600, pay=100, mail=0)
    fired = {one.subject: (one.phase, one.frozen_at) for one in pages(shop)}
    now = {name: seen(shop, name).judgement.now for name in ("inner", "outer")}
    on(shop, 8 * HOUR_S, HOUR_S // 2, pay=0, mail=0)

    assert fired == dict.fromkeys(("inner", "outer"), (Phase.FIRING, None))
    assert now == dict.fromkeys(("inner", "outer"), Now.PAGING)
    assert {one.phase for one in pages(shop)} == {Phase.RESOLVED}
    assert seen(shop, "outer").judgement.now is Now.FROZEN


def test_what_fired_when_data_of_one_ended_days_ago_pages_nobody_now(shop: Shop) -> None:
    bring(shop, shop.now, shop.now + 600, pay=100)
    bring(shop, shop.now, shop.now + 3 * DAY_S, login=0)

    shop.judge(after_s=3 * DAY_S)

    assert seen(shop).firing
    assert pages(shop) == []


def test_a_member_whose_data_come_a_little_later_than_those_of_others_pages_all_the_same(
    shop: Shop,
) -> None:
    on(shop, 120, 120, login=2)
    for _ in range(20):
        bring(shop, shop.now, shop.now + 60, login=2)
        bring(shop, shop.now - 120, shop.now - 60, pay=100)
        shop.judge(after_s=60)

    (page,) = pages(shop)
    assert (page.phase, page.frozen_at) == (Phase.FIRING, None)


def test_the_ticket_of_a_member_that_ended_is_frozen_while_another_pages(shop: Shop) -> None:
    promise(shop, whole("whole", "login", "pay") + TICKET)
    while not of_kind(shop, AlertKind.TICKET):
        on(shop, 300, login=1, pay=0)
    ended = shop.now
    on(shop, STOPPED_S, pay=0)
    # A minute in which all fails is 1.7 % of an hour, but 0.3 % of the six that a ticket looks at.
    on(shop, 60, 60, pay=100)
    paged = pages(shop)
    on(shop, HOUR_S, pay=0)

    (ticket,) = of_kind(shop, AlertKind.TICKET)
    assert (ticket.phase, ticket.frozen_at) == (Phase.FIRING, ended)
    assert [one.phase for one in paged] == [Phase.FIRING]
    assert [one.phase for one in pages(shop)] == [Phase.RESOLVED]
