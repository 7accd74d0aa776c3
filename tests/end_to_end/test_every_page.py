"""Every page in every state, on a desk and on a phone, light and dark, in a real browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from bad_states import STATES
from fleet_history import AS_OF, LINES, filled
from hostile_words import HOSTILE
from page_browser import DESK, PHONE, Open, Seen, fits, inked, opened, settled
from page_server import running
from playwright.sync_api import BrowserContext, ViewportSize, expect

from dashboard.screens.registry import all_screens
from dashboard.screens.screen import Screen

pytestmark = pytest.mark.chromium

CODE = """
from pathlib import Path
from dashboard import wiring
from dashboard.server import serve
from dashboard.serving import Serving
load = lambda: wiring.configured(Path("config.toml"))
serve.run(Serving(load=load, clock=lambda: NOW), port={port})
"""
WRITABLE = tuple(name for name in HOSTILE if name.isprintable() and len(name) <= 120)


def at(moment: int) -> str:
    """The server of the folder's config, whose clock stands still."""
    return CODE.replace("NOW", str(moment))


@dataclass(frozen=True, slots=True)
class Place:
    """A server in one state, and the one window in which its pages are looked at."""

    state: str
    url: str
    seen: Seen

    @property
    def words(self) -> str:
        return STATES[self.state].says


@pytest.fixture(scope="module", params=STATES)
def place(
    request: pytest.FixtureRequest,
    visitor: BrowserContext,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """One server a state."""
    state: str = request.param
    folder = tmp_path_factory.mktemp(state)
    STATES[state].made(folder)
    with running(at(AS_OF + STATES[state].later_s), folder) as url:
        seen = opened(visitor.new_page(), f"{url}/health")
        yield Place(state, url, seen)
        seen.page.close()


LOOKS = [(DESK, "light"), (PHONE, "dark"), (PHONE, "light"), (DESK, "dark")]
GO = """to => {
  history.pushState({}, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}"""
"""Go to a page as the browser's own buttons do: nothing is loaded anew but what the page says."""


def gone_to(place: Place, address: str, screen: Screen) -> Seen:
    """The page of that address, in the window that is there."""
    place.seen.page.evaluate(GO, f"/{address}")
    expect(place.seen.page).to_have_title(f"{screen.title} · burnline")
    return place.seen


@pytest.mark.parametrize("screen", all_screens(), ids=lambda screen: screen.path)
def test_a_page_in_any_state_says_what_is_so_without_a_complaint(
    glance: Open, place: Place, screen: Screen, tmp_path: Path
) -> None:
    """Each page is loaded in the good state; in the others a visitor goes from one to the next."""
    path, is_good = screen.path, place.state == "good"
    address = f"{path}?id={quote(LINES[0].name)}" if screen.is_hidden else path
    seen = glance(f"{place.url}/{address}") if is_good else gone_to(place, address, screen)
    settled(seen.page)

    for (width, height), scheme in LOOKS if is_good else LOOKS[:2]:
        seen.page.set_viewport_size(ViewportSize(width=width, height=height))
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(seen.page.locator("html")).to_have_js_property("clientWidth", width)
        fits(seen.page)
        picture = tmp_path / f"{place.state}-{path}-{scheme}-{width}.png"
        seen.page.screenshot(path=picture)
        assert inked(picture, (width, height)) > 0.005
    assert place.words in seen.page.locator(".stMain").inner_text().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "does not know" not in seen.page.content()
    assert seen.misdeeds == []


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The drawn moment under names that attack."""
    folder = tmp_path_factory.mktemp("hostile")
    filled(folder, names=WRITABLE[:8])
    with running(at(AS_OF), folder) as url:
        yield url


@pytest.mark.parametrize("path", ["now", "objectives", "health"])
def test_names_that_attack_are_shown_and_do_nothing(
    look: Open, hostile_url: str, path: str
) -> None:
    seen = look(f"{hostile_url}/{path}", PHONE)

    assert WRITABLE[0] in seen.page.locator(".stMain").inner_text()
    assert seen.page.evaluate("window.hit") is None
    assert seen.page.locator(".bl script, .bl iframe, .bl svg, .bl [onerror]").count() == 0
    fits(seen.page)
    assert seen.misdeeds == []


def test_a_store_that_another_process_keeps_to_itself_is_said_to_be_busy(
    glance: Open, tmp_path: Path
) -> None:
    filled(tmp_path, LINES[0])
    with closing(sqlite3.connect(tmp_path / "burnline.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with running(at(AS_OF), tmp_path) as url:
            seen = glance(f"{url}/now")
            said = seen.page.locator(".bl.trouble").inner_text()

    assert "The store cannot be read" in said
    assert "Store busy" in said
    assert seen.misdeeds == []


@pytest.fixture(scope="module")
def drawn_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The drawn moment."""
    folder = tmp_path_factory.mktemp("drawn")
    filled(folder)
    with running(at(AS_OF), folder) as url:
        yield url


def test_a_phones_first_screen_holds_what_burns_its_course_the_deploy_and_the_links(
    look: Open, drawn_url: str
) -> None:
    page = look(f"{drawn_url}/now", PHONE).page
    expect(page.locator(".st-key-course .main-svg").first).to_be_visible()

    bar = page.locator(".st-key-menu").bounding_box()
    links = page.locator(".bl .acts").bounding_box()
    assert bar is not None
    assert links is not None
    assert bar["y"] + bar["height"] == PHONE[1]
    assert links["y"] + links["height"] <= bar["y"]
    assert page.locator(".st-key-course .annotation:visible").count() <= 2


def test_the_bar_of_a_phone_leads_to_the_other_pages_and_marks_the_one_shown(
    look: Open, drawn_url: str
) -> None:
    page = look(f"{drawn_url}/now", PHONE).page

    page.locator(".st-key-menu").get_by_text("Objectives").click()
    expect(page.get_by_role("table", name="Objectives")).to_be_visible()

    assert page.url == f"{drawn_url}/objectives"
    expect(page.locator(".st-key-entry-on-objectives")).to_be_visible()
    expect(page.locator(".st-key-entry-on-now")).to_have_count(0)


def test_the_pages_under_admin_are_a_click_away(look: Open, drawn_url: str) -> None:
    page = look(f"{drawn_url}/now").page

    page.locator(".st-key-menu").get_by_role("button", name="Admin").click()
    page.get_by_role("link", name="Data health").first.click()
    expect(page.get_by_role("table", name="Sources")).to_be_visible()

    assert page.url == f"{drawn_url}/health"
