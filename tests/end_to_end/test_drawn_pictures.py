"""Migration, delivery and incidents in a real browser: full, empty, and under names that attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from components.process import until
from page_browser import DESK, OVERLAPS, PHONE, Open, fits, inked
from page_drawn import drawn
from playwright.sync_api import ViewportSize, expect

pytestmark = pytest.mark.chromium

HOSTILE = """
from hostile_words import HOSTILE
NAMES = {f"named-{i}": name for i, name in enumerate(HOSTILE)}
"""
MIGRATION = """
import drawn_migration as m
DRAWN = {"full": m.the_mock_up(), "bare": m.bare()}
DRAWN |= {key: m.renamed(m.the_mock_up(), name) for key, name in NAMES.items()}
"""
DELIVERY = """
import drawn_delivery as m
DRAWN = {"full": m.the_mock_up(), "weekly": m.weekly(), "bare": m.bare()}
DRAWN |= {key: m.renamed(name) for key, name in NAMES.items()}
"""
STATES = {"migration": ("full", "bare"), "delivery": ("full", "weekly", "bare")}
# Names that are a script, that end the table, that turn the direction, that are long.
NAMED = (0, 5, 14, 17)
WIDTHS = (320, 390, 639, 640, 767, 768, 920, 1040, 1041, 1150, 1280, 1440, 2560)


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a migration as it is drawn."""
    with drawn("migration", HOSTILE + MIGRATION, tmp_path_factory.mktemp("migration")) as url:
        yield url


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of delivery and incidents as it is drawn."""
    with drawn("delivery", HOSTILE + DELIVERY, tmp_path_factory.mktemp("delivery")) as url:
        yield url


LOOKS = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


@pytest.mark.parametrize(
    ("screen", "state"), [(screen, state) for screen, states in STATES.items() for state in states]
)
def test_the_page_is_drawn_without_a_complaint_a_foreign_request_or_a_sideways_scroll(
    glance: Open, request: pytest.FixtureRequest, tmp_path: Path, screen: str, state: str
) -> None:
    seen = glance(f"{request.getfixturevalue(screen)}/?state={state}")

    for size, scheme in LOOKS:
        seen.page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        fits(seen.page)
        picture = tmp_path / f"{screen}-{state}-{scheme}-{size[0]}.png"
        seen.page.screenshot(path=picture)
        assert inked(picture, size) > 0.01
        assert seen.page.evaluate(OVERLAPS) == []
    assert seen.misdeeds == []


@pytest.mark.parametrize("screen", STATES)
def test_names_that_attack_are_shown_and_do_nothing(
    glance: Open, request: pytest.FixtureRequest, screen: str
) -> None:
    url = request.getfixturevalue(screen)
    for place in NAMED:
        seen = glance(f"{url}/?state=named-{place}")

        for width, height in (DESK, PHONE):
            seen.page.set_viewport_size(ViewportSize(width=width, height=height))
            fits(seen.page)
        assert seen.page.evaluate("window.hit") is None
        assert seen.page.locator(".bl script, .bl iframe, .bl svg, .bl [onerror]").count() == 0
        assert seen.misdeeds == [], place


@pytest.mark.parametrize("screen", STATES)
def test_no_width_makes_the_page_scroll_sideways(
    look: Open, request: pytest.FixtureRequest, screen: str
) -> None:
    page = look(request.getfixturevalue(screen)).page

    for width in WIDTHS:
        page.set_viewport_size(ViewportSize(width=width, height=900))
        expect(page.locator("html")).to_have_js_property("clientWidth", width)
        fits(page)
        assert page.evaluate(OVERLAPS) == [], width


def test_on_a_phone_before_and_after_stand_on_one_line_with_the_unit_once(
    look: Open, migration: str
) -> None:
    page = look(migration, PHONE).page
    row = page.get_by_role("row", name="API latency")

    before, after, change = (row.locator(place).bounding_box() for place in (".bf", ".af", ".cg"))

    assert before is not None
    assert after is not None
    assert change is not None
    assert before["y"] == after["y"] == change["y"]
    assert row.locator(".bf").inner_text().strip() == "820"
    assert row.locator(".af").inner_text().strip() == "490 ms".replace(" ", "\N{NO-BREAK SPACE}")
    expect(page.locator(".st-key-moved .annotation:visible")).to_have_count(2)


def test_the_table_is_read_out_with_its_headings_on_a_phone_too(look: Open, migration: str) -> None:
    page = look(migration, PHONE).page
    table = page.get_by_role("table", name="Measures")

    expect(table.get_by_role("rowheader")).to_have_count(11)
    expect(table.get_by_role("columnheader")).to_have_count(7)
    expect(page.get_by_role("img", name="checkout: 0")).to_have_count(1)


def test_a_fold_opens_by_the_keyboard_and_shows_how_a_figure_was_made(
    look: Open, migration: str
) -> None:
    page = look(migration).page
    fold = page.locator(".folds details").first

    fold.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(fold.get_by_text("p = 0.0005")).to_be_visible()


def test_another_measure_is_drawn_when_it_is_chosen_and_stands_in_the_address(
    look: Open, migration: str
) -> None:
    page = look(f"{migration}/?metric=uptime").page
    expect(
        page.get_by_role("heading", name="Uptime, all services, time down by day")
    ).to_be_visible()

    page.get_by_role("combobox", name="Measure").click()
    page.get_by_role("option", name="Release trains").click()

    expect(page.get_by_role("heading", name="Release trains, count a week")).to_be_visible()
    expect(page).to_have_url(f"{migration}/?metric=trains")


def test_the_strips_stay_a_table_on_a_phone(look: Open, delivery: str) -> None:
    page = look(delivery, PHONE).page
    table = page.get_by_role("table", name="Incidents and deployments by service and day")

    expect(table.get_by_role("rowheader")).to_have_count(8)
    cells = table.get_by_role("row").nth(2).locator("td")

    def is_one_line() -> bool:
        boxes = [cell.bounding_box() for cell in cells.all()]
        return len({box["y"] for box in boxes if box is not None and box["width"] > 1}) == 1

    until(is_one_line, "the row on one line")
