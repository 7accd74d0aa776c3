"""The page of one objective in a real browser: every state, both themes, a desk and a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON
from hostile_words import HOSTILE
from page_browser import DESK, PHONE, Open, fits, inked
from page_server import served
from playwright.sync_api import ViewportSize, expect
from verdict_builders import stored

from slo.facts import EventKind, EventRow, SeriesKey, SeriesKind, TallyRows
from slo.indicator import Ratio
from slo.rules import tally_pick

pytestmark = pytest.mark.chromium

HOSTILE_NAME = """"><img src=x onerror="window.hit=1"> {{7*7}} :red[a] $x^2$"""
HOLE = (NOON - 3 * DAY_S, NOON - 3 * DAY_S + 6 * HOUR_S)
LOOKS = [(size, scheme) for size in (PHONE, DESK) for scheme in ("dark", "light")]
BURST = (NOON - 5 * DAY_S, NOON - 5 * DAY_S + 8 * HOUR_S)
_CONFIG = """
[[service]]
name = "checkout"
owner = "ann"
runbook = "https://wiki.example/{{service}}"
logs = "https://logs.example/?from={{from}}&to={{to}}"
[[source]]
kind = "prometheus"
name = "shop"
url = "http://127.0.0.1:9"
[[slo]]
name = "checkout requests"
service = "checkout"
objective = 99
window = "10d"
total = "requests"
bad = "errors"
[[slo]]
name = "checkout month"
objective = 99
window = "month"
total = "requests"
bad = "errors"
[[slo]]
name = "never seen"
objective = 99
total = "others"
bad = "errors"
[[slo]]
name = '{name}'
service = "checkout"
objective = 99
window = "20d"
total = "requests"
bad = "errors"
"""


def history() -> TallyRows:
    """Twenty days of requests: a burst of errors that an incident covers, and a hole."""
    at = np.arange(NOON - 20 * DAY_S, NOON, 60, dtype=np.int64)
    at = at[(at < HOLE[0]) | (at >= HOLE[1])]
    total = np.full(len(at), 100.0)
    bad = np.where((at >= BURST[0]) & (at < BURST[1]), 12.0, 0.25)
    pick = tally_pick(Ratio(total="requests", bad="errors"))
    key = SeriesKey("shop", pick.name, SeriesKind.TALLY)
    return TallyRows(key, at, total - bad, total, np.full(len(at), 60, np.int64), NOON)


def filled(folder: Path) -> Path:
    """A config, and a store with the history and what happened in it."""
    happened = EventRow(
        EventKind.INCIDENT,
        "INC-412",
        *(BURST[0], NOON, "checkout", BURST[1]),
        {"title": HOSTILE[0]},
    )
    stored(folder, history(), happened)
    config = folder / "config.toml"
    config.write_text(_CONFIG.format(name=HOSTILE_NAME), encoding="utf-8")
    return config


@dataclass(frozen=True, slots=True)
class Site:
    """A server of the pages at noon."""

    url: str

    def of(self, name: str, **more: str) -> str:
        """The address of one objective's page."""
        rest = "".join(f"&{key}={value}" for key, value in more.items())
        return f"{self.url}/objective?id={quote(name, safe='')}{rest}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(
        filled(tmp_path_factory.mktemp("objective")), "--as-of", "2026-01-01T12:00:00Z"
    ) as url:
        yield Site(url)


@pytest.mark.parametrize(
    "name", ["checkout requests", "checkout month", "never seen", HOSTILE_NAME]
)
def test_every_state_of_the_page_is_drawn_without_a_complaint(
    look: Open, site: Site, tmp_path: Path, name: str
) -> None:
    seen = look(site.of(name), PHONE, "dark")
    seen.page.locator(".st-key-budget .main-svg, .st-key-shares .main-svg").first.wait_for()
    picture = tmp_path / "objective.png"

    for size, scheme in LOOKS:
        seen.page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(seen.page.locator("html")).to_have_js_property("clientWidth", size[0])
        fits(seen.page)
        seen.page.screenshot(path=picture)
        assert inked(picture, size) > 0.01
    expect(seen.page.locator("h1")).to_contain_text(name)
    assert seen.page.evaluate("window.hit") is None
    assert seen.misdeeds == []


def test_the_verdict_the_hole_and_the_incident_are_all_told(look: Open, site: Site) -> None:
    page = look(site.of("checkout requests")).page
    chart = page.locator(".st-key-budget")

    expect(page.locator("h1")).to_have_text("checkout requests is inside its budget: 34\xa0% left")
    expect(page.locator(".figs > div")).to_have_count(5)
    expect(chart.get_by_label("Budget left, as it stood at each moment")).to_be_attached()
    expect(page.locator(".bl.leaf.s").first).to_contain_text(
        "Not measured: 29 Dec 12:00 to 18:00 (6\xa0h)"
    )
    falls = page.get_by_role("table", name="Falls of the budget")
    expect(falls.get_by_role("rowheader")).to_contain_text("INC-412 <script>window.hit=1</script>")
    expect(chart.locator("g.annotation text", has_text="not measured")).to_be_visible()
    expect(page.get_by_role("table", name="Alert rows").get_by_role("row")).to_have_count(5)


def test_a_phone_keeps_two_falls_and_the_last_point(look: Open, site: Site) -> None:
    page = look(site.of("checkout requests"), PHONE).page
    page.locator(".st-key-budget g.annotation").first.wait_for(state="attached")

    shown = page.locator(".st-key-budget g.annotation").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).display !== 'none').map(e => e.textContent)"
    )

    # Of the 14,040 that the measured minutes of the window allow, those of the burst failed.
    share = round((BURST[1] - BURST[0]) / 60 * 12 / 14_040 * 100)
    assert [words.replace("\xa0", " ") for words in shown if words] == [
        "34 % now",
        f"INC-412 −{share} %",
    ]


def test_the_stretch_is_kept_in_the_address_and_taken_from_it(look: Open, site: Site) -> None:
    page = look(site.of("checkout requests")).page

    page.get_by_role("radio", name="24 h").click()
    expect(page.locator("h2", has_text="per 15 min")).to_be_visible()

    asked = {"id": ["checkout requests"], "range": ["24h"]}
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == asked)
    expect(look(page.url).page.locator("h2", has_text="per 15 min")).to_be_visible()


def test_the_links_hold_the_range_and_tell_the_other_side_nothing(look: Open, site: Site) -> None:
    page = look(site.of("checkout requests")).page

    logs = page.get_by_role("link", name="Logs")

    expect(logs).to_have_attribute(
        "href",
        "https://logs.example/?from=2025-12-22T12%3A00%3A00Z&to=2026-01-01T12%3A00%3A00Z",
    )
    expect(logs).to_have_attribute("rel", "noopener noreferrer")
    graph = page.get_by_role("link", name="Prometheus").get_attribute("href")
    assert graph is not None
    asked = parse_qs(urlsplit(graph).query)
    assert graph.startswith("http://127.0.0.1:9/graph?")
    assert asked["g0.moment_input"] == ["2026-01-01 12:00:00"]
    assert asked["g0.expr"] == [
        "1 - sum(increase(errors[864000s])) / sum(increase(requests[864000s]))"
    ]


def test_a_row_of_the_objectives_leads_to_its_page(look: Open, site: Site) -> None:
    page = look(f"{site.url}/objectives").page

    page.get_by_role("link", name=HOSTILE_NAME, exact=True).click()

    expect(page.locator("h1")).to_contain_text(HOSTILE_NAME)
    expect(page.locator(".st-key-entry-on-objectives")).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_a_name_that_there_is_not_offers_the_nearest(look: Open, site: Site) -> None:
    seen = look(site.of("checkout request"))

    expect(seen.page.locator("h1")).to_have_text("There is no such objective")
    seen.page.get_by_role("link", name="checkout requests").click()

    expect(seen.page.locator("h1")).to_contain_text("checkout requests is inside its budget")
    assert seen.misdeeds == []


@pytest.mark.parametrize("name", [HOSTILE[0], HOSTILE[13], "nul\x00", "a" * 5_000])
def test_a_hostile_id_in_the_address_is_shown_as_text(look: Open, site: Site, name: str) -> None:
    seen = look(site.of(name))

    expect(seen.page.locator("h1")).to_have_text("There is no such objective")
    assert seen.page.evaluate("window.hit") is None
    assert seen.page.locator(".bl.trouble script, .bl.trouble img, .bl.trouble svg").count() == 0
    assert seen.misdeeds == []


def test_the_arithmetic_and_the_definition_can_be_opened(look: Open, site: Site) -> None:
    page = look(site.of("checkout requests")).page

    page.get_by_text("Explain every figure").click()
    expect(page.locator(".pairs dt").get_by_text("spent", exact=True)).to_be_visible()
    page.get_by_text("Definition, no version recorded yet").click()

    expect(page.locator("pre", has_text='name = "checkout requests"')).to_be_visible()


def test_the_definitions_list_every_objective_and_jump_to_it(look: Open, site: Site) -> None:
    seen = look(f"{site.url}/definitions", PHONE)
    page = seen.page

    expect(page.locator("h1")).to_have_text("4 objectives, 1 service")
    expect(page.locator(".defined")).to_have_count(4)
    page.locator(".jumps a", has_text="never seen").click()
    expect(page.locator(".defined h2", has_text="never seen")).to_be_in_viewport()
    assert page.evaluate("window.hit") is None
    assert seen.misdeeds == []
    fits(page)
