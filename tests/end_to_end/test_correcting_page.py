"""On the page of an objective, in a real browser: a stretch of time is corrected, and it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import Shop
from builders import DAY_S
from page_browser import DESK, PHONE, Open, fits
from page_server import served, unhurried
from playwright.sync_api import Page, expect

from collectors.store.corrections import StoredCorrection
from dashboard import wiring
from dashboard.shell.inbound import drain
from slo.spans import Span, moment

pytestmark = pytest.mark.chromium


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of which half of all requests fail in the last ten minutes."""
    made = Shop(tmp_path, now=wiring.now() // 60 * 60 - 7_980)
    made.burn(length_s=600)
    yield made
    made.store.close()


def fill(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)
    page.get_by_label(label, exact=True).press("Tab")


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Correct", exact=True).click()


def opened(look: Open, url: str, size: tuple[int, int] = DESK) -> Page:
    page = look(f"{url}/objective?id=checkout", size).page
    page.get_by_role("button", name="Correct a stretch of time").click()
    fill(page, "Your name", "ada")
    fill(page, "Why", "failover drill")
    return page


def held(shop: Shop) -> list[StoredCorrection]:
    return [one for one in shop.store.reader.corrections() if one.revoked_at is None]


def test_a_stretch_that_is_corrected_on_the_page_is_excluded_and_noted_in_the_audit_log(
    shop: Shop, look: Open
) -> None:
    since = shop.now - 600
    with unhurried(shop.folder) as url:
        page = opened(look, url)
        fill(page, "From", f"{moment(since):%d %b %Y %H:%M} UTC")
        hand_in(page)
        expect(page.get_by_text("Handed in")).to_be_in_viewport()
        drain(shop.config, shop.store, now=wiring.now())
        expect(page.get_by_text("Taken: the pages show it.")).to_be_visible()
        expect(page.get_by_text("failover drill").first).to_be_attached()

    (one,) = held(shop)
    assert one.correction.when == Span(since, shop.now)
    assert (one.correction.author, one.correction.reason) == ("ada", "failover drill")
    assert one.correction.scope.slos == ("checkout",)
    (window,) = (shop.store.reader.series("shop"),)
    rows = shop.store.reader.tally_rows(
        tuple(each.id for each in window), 60, Span(since, shop.now)
    )
    assert (int(rows.excluded_total.sum()), int(rows.excluded_good.sum())) == (1_000, 500)
    assert shop.store.reader.audit_log()[-1].action == "correct"


def test_what_means_no_stretch_is_refused_in_its_place(shop: Shop, look: Open) -> None:
    with served(shop.folder / "config.toml") as url:
        page = opened(look, url, PHONE)
        fits(page)
        fill(page, "From", "*yester*day")
        hand_in(page)
        expect(page.get_by_text("From: '*yester*day' is no moment; write for")).to_be_visible()
        fill(page, "From", f"{moment(shop.now + DAY_S):%Y-%m-%d %H:%M}")
        hand_in(page)
        expect(page.get_by_text("To must be later than From")).to_be_in_viewport()

    assert shop.store.reader.waiting() == ()
