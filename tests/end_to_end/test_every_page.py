"""Every page in every state, on a desk and on a phone, light and dark, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from bad_states import STATES
from fleet_history import AS_OF, LINES, filled
from hostile_words import HOSTILE
from page_browser import DESK, PHONE, SPILL, Open, inked
from page_server import running
from playwright.sync_api import Page, ViewportSize, expect

from dashboard.screens.registry import all_screens
from dashboard.screens.screen import Screen

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]

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
    """A server in one state."""

    state: str
    url: str

    @property
    def words(self) -> str:
        return STATES[self.state].says


@pytest.fixture(scope="module", params=STATES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """One server a state."""
    state: str = request.param
    folder = tmp_path_factory.mktemp(state)
    STATES[state].made(folder)
    with running(at(AS_OF + STATES[state].later_s), folder) as url:
        yield Place(state, url)


LOOKS = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


@pytest.mark.parametrize("screen", all_screens(), ids=lambda screen: screen.path)
def test_a_page_in_any_state_says_what_is_so_without_a_complaint(
    glance: Open, place: Place, screen: Screen, tmp_path: Path
) -> None:
    path = screen.path
    wish = f"?id={quote(LINES[0].name)}" if screen.is_hidden else ""
    seen = glance(f"{place.url}/{path}{wish}")
    settled(seen.page)

    for (width, height), scheme in LOOKS:
        seen.page.set_viewport_size(ViewportSize(width=width, height=height))
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(seen.page.locator("html")).to_have_js_property("clientWidth", width)
        # A chart fits itself to its new width after the rest.
        seen.page.wait_for_function(f"({SPILL})().every(beyond => beyond === 0)", timeout=10_000)
        picture = tmp_path / f"{place.state}-{path}-{scheme}-{width}.png"
        seen.page.screenshot(path=picture)
        assert inked(picture, (width, height)) > 0.005
    assert place.words in seen.page.locator(".stMain").inner_text().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "does not know" not in seen.page.content()
    assert seen.misdeeds == []


def settled(page: Page) -> None:
    """Wait until the script has run to its end."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )


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
    settled(seen.page)

    assert WRITABLE[0] in seen.page.locator(".stMain").inner_text()
    assert seen.page.evaluate("window.hit") is None
    assert seen.page.locator(".bl script, .bl iframe, .bl svg, .bl [onerror]").count() == 0
    assert seen.page.evaluate(SPILL) == [0, 0]
    assert seen.misdeeds == []
