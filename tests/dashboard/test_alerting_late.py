"""A burn that is read after it began: since when it fires, and when that was first judged.

Half of 100 requests a minute fail, of which 0.1 % are allowed. The fastest page asks for 14.4 times
that over an hour (more than 86.4 of 6,000) and over 5 minutes: the second bad minute makes it 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import Shop
from builders import HOUR_S

from dashboard.views.alerts.blocks import ledger
from dashboard.views.alerts.burning_words import firing_words
from dashboard.views.alerts.words import lasted_words, phase_words
from dashboard.views.machines.alerts import document
from dashboard.views.pages.now import now_of
from dashboard.views.upkeep.scene import Scene
from slo.alerting import AlertKind


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that was well for the two hours until 14:00."""
    made = Shop(tmp_path)
    yield made
    made.store.close()


def words(shop: Shop) -> list[str]:
    """Each line that the webhook was told last."""
    told = [one for one in shop.store.reader.alerts.told() if one.channel == "hook"]
    return [str(told[-1].body["summary"]), *map(str, told[-1].body["lines"])]


def test_a_burn_that_is_read_late_fires_since_the_data_say_so_and_was_judged_when_it_was(
    shop: Shop,
) -> None:
    began = shop.now
    shop.burn(1_800)

    (page,) = shop.judge()
    shop.restart()

    assert (page.fires_since, page.began_at) == (began + 120, began + 1_800)
    assert page.key == f"checkout page {began + 1_800}"
    assert shop.store.reader.alerts.live() == (page,)
    assert phase_words(page, shop.now) == "fires since 14:02 UTC, first judged 14:30 UTC"
    assert lasted_words(page, shop.now) == "28 m"
    assert "Began 14:02 UTC, first judged 14:30 UTC; as of 1 Jan 2026 14:30 UTC." in words(shop)
    (entry,) = document(ledger(shop.store.reader.alerts, shop.now, since=0))["alerts"]
    assert (entry["fires_since"], entry["began_at"]) == (
        "2026-01-01T14:02:00Z",
        "2026-01-01T14:30:00Z",
    )


def test_now_says_both_and_goes_on_to_while_the_alert_lives(shop: Shop) -> None:
    shop.burn(1_800)
    shop.judge()
    shop.burn(60)
    shop.judge()

    page = now_of(Scene(shop.config, shop.store.reader, shop.now))

    assert page.gravest is not None
    assert firing_words(page.gravest) == "since 14:02 UTC, first judged 14:30 UTC"


def test_what_is_judged_every_minute_fires_since_then_and_nothing_is_said_of_judging(
    shop: Shop,
) -> None:
    began = shop.now
    judged = [one for _ in range(10) for one in (shop.burn(60), *shop.judge()) if one is not None]

    (page,) = judged
    assert (page.since, page.fires_since) == (began + 120, None)
    assert phase_words(page, shop.now) == "fires since 14:02 UTC"
    assert shop.page.judged_late_at is None


def test_one_that_fires_again_began_after_the_one_before_was_over(shop: Shop) -> None:
    shop.burn(600)
    shop.judge()
    for _ in range(30):
        shop.serve(bad=0, length_s=300)
        shop.judge()
    over = shop.page
    again = shop.now
    shop.burn(1_200)

    (page,) = (one for one in shop.judge() if one.kind is AlertKind.PAGE)

    assert over.ended_at is not None
    assert page.since >= over.ended_at
    assert page.since - again < HOUR_S
