"""On the page *Now*, in a real browser: acknowledge and silence what fires, and see that it holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_builders import a_silence
from alert_shop import Shop
from page_browser import DESK, PHONE, Open, fits
from page_server import served, unhurried
from playwright.sync_api import Page, expect

from collectors.store.quieting import Silenced, SilenceEnded
from collectors.store.store import Store
from dashboard import wiring
from dashboard.shell.inbound import effect_of

# How far the verdict stands below the line above it, whose other side may take more lines.
BELOW_PX = """() => {
  const [line, verdict] = [".bl.hero .head p", ".bl.hero h1"].map(
    (one) => document.querySelector(one).getBoundingClientRect());
  return verdict.top - line.bottom;
}"""

# The channels of what is written on a button, and of the first opaque ground below it.
COLOURS = r"""(button) => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  let below = button;
  while (channels(getComputedStyle(below).backgroundColor)[3] === 0) below = below.parentElement;
  return [getComputedStyle(button.querySelector("p")).color,
    getComputedStyle(below).backgroundColor].map((one) => channels(one).slice(0, 3));
}"""

pytestmark = pytest.mark.chromium


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of which half of all requests fail at this moment."""
    made = Shop(tmp_path, now=wiring.now() // 60 * 60 - 7_980)
    made.burn(length_s=780)
    made.judge()
    made.send()
    yield made
    made.store.close()


def drain(shop: Shop) -> None:
    """Do what the collector does every three seconds."""
    with Store.open(shop.url, now=shop.now) as store:
        store.drain_inbox(effect_of, now=wiring.now())


def handed_in(page: Page, shop: Shop) -> None:
    """Wait until the page says that it was handed in, and let the collector take it."""
    expect(page.get_by_text("Handed in")).to_be_in_viewport()
    drain(shop)


def fill(page: Page, label: str, words: str) -> None:
    page.get_by_label(label).last.fill(words)
    page.get_by_label(label).last.press("Tab")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_fires_can_be_acknowledged_and_silenced_where_it_is_read(
    shop: Shop, look: Open, size: tuple[int, int]
) -> None:
    with served(shop.folder / "config.toml") as url:
        seen = look(f"{url}/now", size)
        page = seen.page
        expect(page.get_by_text("Told am")).to_be_visible()
        fits(page)
        assert page.evaluate(BELOW_PX) >= 0

        page.get_by_role("button", name="Acknowledge").click()
        fill(page, "Your name", "ada")
        page.get_by_role("button", name="Acknowledge").last.click()
        handed_in(page, shop)

    assert [one.acknowledged_by for one in shop.store.reader.alerts.live()] == ["ada"]
    assert seen.misdeeds == []


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_every_row_that_burns_can_be_acknowledged_and_not_the_first_alone(
    shop: Shop, look: Open, size: tuple[int, int]
) -> None:
    shop.configure("cart", "checkout")
    shop.judge()
    shop.send()
    with served(shop.folder / "config.toml") as url:
        page = look(f"{url}/now", size).page
        expect(page.get_by_text("Told am").first).to_be_visible()
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_role("combobox", name="What").click()
        page.get_by_role("option", name="checkout").click()
        fill(page, "Your name", "ada")
        page.get_by_role("button", name="Acknowledge").last.click()
        handed_in(page, shop)

    live = {one.subject: one.acknowledged_by for one in shop.store.reader.alerts.live()}
    assert live == {"cart": "", "checkout": "ada"}


def test_a_silence_without_a_reason_is_refused_in_its_place_and_one_with_it_holds(
    shop: Shop, look: Open
) -> None:
    with unhurried(shop.folder) as url:
        page = look(f"{url}/now").page
        page.get_by_role("button", name="Silence").click()
        fill(page, "Your name", "ada")
        page.get_by_role("button", name="Silence").last.click()
        expect(page.get_by_text("The reason is missing")).to_be_visible()
        fill(page, "Why", "failover drill")
        page.get_by_role("button", name="Silence").last.dblclick()
        handed_in(page, shop)

        # That it was taken is said first, and for a few seconds alone.
        expect(page.get_by_text("Taken: the pages show it.")).to_be_visible()
        expect(page.get_by_text("(ada: failover drill)")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)

    (silence,) = shop.store.reader.alerts.silences(0)
    assert (silence.name, silence.author, silence.span.length_s) == ("checkout", "ada", 3_600)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_that_hands_in_can_be_read_on_either_ground(
    shop: Shop, look: Open, scheme: str
) -> None:
    with served(shop.folder / "config.toml") as url:
        page = look(f"{url}/now", DESK, scheme).page
        page.get_by_role("button", name="Acknowledge").click()
        button = page.get_by_role("button", name="Acknowledge").last
        expect(page.get_by_label("Your name").last).to_be_visible()
        low, high = sorted(luminance(one) for one in button.evaluate(COLOURS))

    assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.2, 1.4.3: of text


def luminance(colour: list[int]) -> float:
    """Relative luminance. Source: WCAG 2.2, "relative luminance"."""
    shares = [one / 255 for one in colour]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_what_is_blind_can_be_acknowledged_and_leads_to_where_it_is_shown(
    tmp_path: Path, look: Open
) -> None:
    shop = Shop(tmp_path, now=wiring.now() // 60 * 60 - 9_000)
    shop.judge(after_s=600)
    with served(shop.folder / "config.toml") as url:
        page = look(f"{url}/now").page
        expect(page.get_by_text("1 SLO cannot be judged")).to_be_visible()
        assert page.get_by_role("link", name="shop").first.get_attribute("href") == "/health"
        fits(page)

        page.get_by_role("button", name="Acknowledge").click()
        fill(page, "Your name", "ada")
        page.get_by_role("button", name="Acknowledge").last.click()
        handed_in(page, shop)

    (blind,) = shop.store.reader.alerts.live()
    assert (blind.kind.value, blind.acknowledged_by) == ("stale", "ada")
    shop.store.close()


def silenced(folder: Path) -> Shop:
    """A shop that is well, under a silence called "drill"."""
    shop = Shop(folder, now=wiring.now() // 60 * 60 - 7_260)
    shop.store.apply(Silenced(a_silence(since=shop.now), "test"), now=shop.now)
    return shop


def end_the_silence(page: Page) -> None:
    page.get_by_role("button", name="End a silence").click()
    fill(page, "Your name", "ada")
    page.get_by_role("button", name="End it").click()


def test_a_silence_is_shown_and_can_be_ended_though_nothing_fires_any_more(
    tmp_path: Path, look: Open
) -> None:
    shop = silenced(tmp_path)
    with served(shop.folder / "config.toml") as url:
        page = look(f"{url}/now").page
        expect(page.get_by_text("Silenced: everything until")).to_be_visible()

        end_the_silence(page)
        handed_in(page, shop)

    assert shop.store.reader.alerts.silences(wiring.now()) == ()
    (entry,) = (one for one in shop.store.reader.audit_log() if one.action == "end silence")
    assert (entry.subject, entry.detail["author"]) == ("drill", "ada")
    shop.store.close()


def test_what_the_collector_refuses_is_told_on_the_page_it_was_handed_in_from(
    tmp_path: Path, look: Open
) -> None:
    shop = silenced(tmp_path)
    with unhurried(shop.folder) as url:
        page = look(f"{url}/now").page
        end_the_silence(page)
        expect(page.get_by_text("Handed in")).to_be_in_viewport()
        shop.store.apply(SilenceEnded("drill", "bob", "test"), now=wiring.now())
        drain(shop)

        expect(page.get_by_text("Refused: ")).to_be_visible()

    shop.store.close()


def test_what_a_store_that_was_restored_does_not_know_is_not_called_taken(
    tmp_path: Path, look: Open
) -> None:
    shop = silenced(tmp_path)
    shop.store.close()
    database = tmp_path / "burnline.db"
    shutil.copy(database, tmp_path / "backup.db")
    with unhurried(shop.folder) as url:
        page = look(f"{url}/now").page
        end_the_silence(page)
        expect(page.get_by_text("Handed in")).to_be_in_viewport()
        for part in tmp_path.glob("burnline.db-*"):
            part.unlink()
        (tmp_path / "backup.db").replace(database)

        expect(page.get_by_text("hand it in again")).to_be_visible()
