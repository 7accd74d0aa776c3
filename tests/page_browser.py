"""A real browser for tests: what a page shows, says, asks for and does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)

DESK, PHONE = (1440, 900), (390, 844)
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass(slots=True)
class Seen:
    """What a page said, asked for and did while it was open."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    @property
    def misdeeds(self) -> list[str]:
        """Everything a good page does not do."""
        return [*self.complaints, *self.foreign, *self.dialogs]


Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """One Chromium for all pictures."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def look(browser: Browser) -> Iterator[Open]:
    """Opens an address in a window of its own and waits for its table or notice."""
    pages: list[Page] = []

    def open_page(url: str, size: tuple[int, int] = DESK, scheme: str = "light") -> Seen:
        width, height = size
        view = ViewportSize(width=width, height=height)
        page = browser.new_page(viewport=view, color_scheme=scheme)  # type: ignore[arg-type]
        pages.append(page)
        return opened(page, url)

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def glance(visitor: BrowserContext) -> Iterator[Open]:
    """Opens an address as one visitor who comes again: what was loaded once is kept."""
    pages: list[Page] = []

    def open_page(url: str) -> Seen:
        pages.append(visitor.new_page())
        return opened(pages[-1], url)

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor with a desk."""
    with browser.new_context(viewport=ViewportSize(width=DESK[0], height=DESK[1])) as context:
        yield context


def opened(page: Page, url: str) -> Seen:
    """The page with all that it says and asks for, once all of it is drawn."""
    seen = Seen(page)
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: _note(seen, said.type, said.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda asked: _place(seen, asked.url, url))
    page.on("websocket", lambda socket: _listen(seen, socket))
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(url)
    page.locator(".bl table, .bl.defined, .bl.trouble, .bl .none-here, .bl.hero").first.wait_for()
    settled(page)
    return seen


def settled(page: Page) -> None:
    """Wait until the script has run to its end: before that a click meets half a page."""
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def fits(page: Page) -> None:
    """Wait until nothing scrolls sideways: a chart fits itself to its new width after the rest."""
    page.wait_for_function(f"({SPILL})().every(beyond => beyond === 0)")


def _listen(seen: Seen, socket: WebSocket) -> None:
    def keep(frame: str | bytes) -> None:
        seen.frames.append(frame.encode() if isinstance(frame, str) else frame)

    socket.on("framereceived", keep)


def _note(seen: Seen, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        seen.complaints.append(text)


def _place(seen: Seen, asked: str, own: str) -> None:
    parts = urlsplit(asked)
    if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(own).netloc:
        seen.foreign.append(asked)


def inked(picture: Path, size: tuple[int, int]) -> float:
    """The share of the picture's pixels that are not its commonest colour."""
    with Image.open(picture) as image:
        assert image.size == size
        colours = image.convert("RGB").getcolors(maxcolors=2**24)
    assert colours is not None
    return 1 - max(count for count, _ in colours) / (size[0] * size[1])


SPILL = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(e => e.scrollWidth - e.clientWidth)"""
NARROWEST_NAME = """() => Math.min(...[...document.querySelectorAll('.bl tbody th')]
    .map(e => e.getBoundingClientRect().width))"""


# Rectangles of every text in a row, as drawn; two of them must not share a pixel.
OVERLAPS = """() => {
  const hidden = e => e.tagName !== 'TR'
    && (getComputedStyle(e).clipPath.startsWith('inset') || hidden(e.parentElement));
  const found = [];
  for (const row of document.querySelectorAll('.bl tbody tr')) {
    const texts = [], walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (hidden(walker.currentNode.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const box of range.getClientRects())
        if (box.width > 1 && box.height > 1) texts.push([walker.currentNode.data, box]);
    }
    texts.forEach(([a, p], i) => texts.slice(i + 1).forEach(([b, q]) => {
      if (Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
          && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3) found.push([a, b]);
    }));
  }
  return found;
}"""


def channels(colour: str) -> list[int]:
    """Red, green and blue of a computed colour."""
    return [int(part) for part in re.findall(r"\d+", colour)[:3]]
