"""Seven thousand incidents in a real browser: pages are turned in place and stand in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fleet_history import AS_OF, DAY_S, LINES, filled
from page_browser import PHONE, Open, fits
from page_server import running
from playwright.sync_api import expect

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import EventKind, EventRow

pytestmark = pytest.mark.chromium

COUNT = 7_000
CODE = f"""
from pathlib import Path
from dashboard import wiring
from dashboard.server import serve
from dashboard.serving import Serving
load = lambda: wiring.configured(Path("config.toml"))
serve.run(Serving(load=load, clock=lambda: {AS_OF}), port={{port}})
"""


def incident(place: int) -> EventRow:
    at = AS_OF - 180 * DAY_S + place * 2_200
    service = ("checkout", "payments", "ledger")[place % 3]
    fields = {"title": f"No {place}.", "severity": str(1 + place % 4)}
    return EventRow(EventKind.INCIDENT, f"many-{place}", at, at, service, at + 300, fields)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a store with that many incidents in half a year."""
    folder = tmp_path_factory.mktemp("many")
    filled(folder, LINES[0])
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=AS_OF) as store:
        for first in range(0, COUNT, 1_000):
            batch = Batch(tuple(incident(place) for place in range(first, first + 1_000)))
            store.ingest("github", Stream("events"), batch, (), now=AS_OF)
    with running(CODE, folder) as address:
        yield f"{address}/delivery?span=182"


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_a_page_is_turned_without_the_page_being_loaded_anew(
    look: Open, url: str, size: tuple[int, int]
) -> None:
    seen = look(url, size)
    page = seen.page
    page.evaluate("window.stays = true")
    pager = page.locator(".st-key-pages-page")
    expect(pager).to_contain_text("1 to 25 of 7,0")

    pager.get_by_role("button", name=re.compile("next", re.IGNORECASE)).click()

    expect(pager).to_contain_text("26 to 50 of 7,0")
    expect(page).to_have_url(f"{url}&page=2")
    expect(page.get_by_role("table", name="Incidents and outages")).to_contain_text("No 6974.")
    assert page.evaluate("window.stays")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 0
    fits(page)
    assert seen.misdeeds == []


def test_the_last_page_is_shorter_and_has_an_address_of_its_own(look: Open, url: str) -> None:
    page = look(f"{url}&page=281").page

    expect(page.locator(".st-key-pages-page")).to_contain_text("7,001 to 7,00")
    expect(page.get_by_role("table", name="Incidents and outages")).to_contain_text("No 0.")
