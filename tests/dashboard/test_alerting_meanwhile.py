"""What people, sources, clocks and configurations do while an alert is live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import Shop
from builders import HOUR_S

from collectors.store.quieting import Acknowledged, Silenced
from dashboard.views.alerts.blocks import ledger, live_block
from dashboard.views.machines.alerts import document
from slo.alerting import AlertKind, Phase
from slo.silences import Scope, Silence
from slo.spans import Span


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that was well for two hours."""
    made = Shop(tmp_path)
    yield made
    made.store.close()


def test_a_source_that_stops_freezes_the_page_keeps_it_alive_and_raises_one_staleness(
    tmp_path: Path,
) -> None:
    shop = Shop(tmp_path, ("checkout", "search"))
    shop.burn()
    shop.judge()

    (late,) = shop.judge(after_s=HOUR_S)
    assert shop.judge(60) == ()

    assert (late.kind, late.subject, late.slos) == (AlertKind.STALE, "shop", ("checkout", "search"))
    assert (shop.page.phase, shop.page.frozen_at) == (Phase.FIRING, shop.page.seen_at)
    assert shop.told("am").count("firing") == 3
    last = [one for one in shop.notices(shop.page.key) if one.channel == "am"][-1]
    assert (last.happening, last.at) == ("still-firing", shop.now)
    shop.store.close()


def test_a_source_that_delivers_again_thaws_the_page_and_ends_its_staleness(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    shop.judge(after_s=HOUR_S)
    shop.now -= HOUR_S
    shop.serve(bad=50, length_s=HOUR_S)

    assert shop.judge() == ()
    assert (shop.page.phase, shop.page.frozen_at) == (Phase.FIRING, None)
    shop.serve(bad=50, length_s=300)
    (over,) = shop.judge()

    assert (over.kind, over.is_live) == (AlertKind.STALE, False)


def test_a_clock_set_back_ends_nothing_tells_nothing_twice_and_goes_on_refreshing(
    shop: Shop,
) -> None:
    shop.burn()
    shop.judge()
    shop.send()
    before = shop.page

    shop.now -= 90 * 60
    assert shop.judge() == ()

    assert shop.page == before
    assert shop.told("hook") == ["firing"]
    (refresh,) = shop.send()
    assert (refresh.channel, refresh.happening, refresh.at) == ("am", "still-firing", shop.now)


def test_what_burnt_and_was_over_is_not_told_again_by_a_clock_set_back(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    for _ in range(2):
        shop.serve(bad=0, length_s=7 * HOUR_S)
        shop.judge()
    told = shop.told()

    shop.now -= 14 * HOUR_S
    assert shop.judge() == ()

    assert shop.told() == told


def test_a_removed_slo_ends_its_alert_and_says_so_where_it_was_told(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    shop.send()
    shop.configure("search")

    changed = shop.judge(60)

    (gone,) = [one for one in changed if one.subject == "checkout"]
    assert gone.is_removed
    last = [one for one in shop.send() if one.alert == gone.key]
    assert {(one.channel, one.happening) for one in last} == {
        ("hook", "resolved"),
        ("am", "resolved"),
    }
    assert all("promised" in one.body["summary"] for one in last)


def test_a_channel_added_while_it_fires_is_told_and_one_removed_is_forgotten(shop: Shop) -> None:
    shop.configure("checkout", channels="")
    shop.burn()
    shop.judge()
    assert shop.told() == []

    shop.configure("checkout")
    shop.judge(60)
    assert shop.told() == ["firing"]
    shop.configure("checkout", channels="")
    assert shop.judge(60) == ()


def test_a_silence_keeps_quiet_what_is_new_and_changes_no_state(shop: Shop) -> None:
    silence = Silence(
        key="drill",
        scope=Scope.SERVICE,
        name="shop",
        span=Span(shop.now, shop.now + HOUR_S),
        author="ada",
        reason="drill",
        created_at=shop.now,
    )
    shop.store.apply(Silenced(silence, "unverified"), now=shop.now)
    shop.burn()
    shop.judge()
    assert shop.page.phase is Phase.FIRING
    assert (shop.told("hook"), shop.told("am")) == ([], [])
    made = ledger(shop.store.reader.alerts, shop.now, since=0, slos=shop.config.slos)
    (row,) = live_block(made).rows
    assert (row[2].words, row[2].note) == ("nobody", "silenced until 15:00 UTC (ada: drill)")
    assert document(made)["alerts"][0]["silenced_by"] == "drill"

    shop.burn(HOUR_S)
    shop.judge()

    assert shop.told("hook") == ["firing"]


def test_a_repeat_comes_at_its_interval_until_someone_looks_after_it(shop: Shop) -> None:
    shop.burn()
    shop.judge()
    shop.burn(HOUR_S)
    shop.judge()
    assert shop.told("hook") == ["firing", "still-firing"]

    shop.store.apply(Acknowledged("checkout", "ada", "unverified"), now=shop.now)
    shop.burn(HOUR_S)
    shop.judge()

    assert shop.told("hook") == ["firing", "still-firing"]
    assert shop.notices(shop.page.key)[-1].body["acknowledged_by"] == "ada"
