"""The page in a real browser: the real 4hse history, and names that attack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_words import HOSTILE
from page_browser import (
    DESK,
    NARROWEST_NAME,
    OVERLAPS,
    PHONE,
    Open,
    channels,
    fits,
    inked,
)
from page_server import running, served
from playwright.sync_api import Page, ViewportSize, expect
from verdict_builders import burnline

pytestmark = pytest.mark.chromium

AS_OF = "2025-02-25T12:00:00Z"
SLUGS = ("academy", "docs", "mobile", "service", "www")
# A config refuses the others: what cannot be printed, and what is longer.
WRITABLE = (*(name for name in HOSTILE if name.isprintable() and len(name) <= 120), "a" * 120)
LOOKS = [(size, scheme) for size in (PHONE, DESK) for scheme in ("dark", "light")]
_SOURCE = """
[[source]]
kind = "files"
name = "4hse"
every = "1d"
[[source.file]]
path = "{path}"
holds = "probes"
columns = {{ at = "ts_utc", service = "slug", status = "status", latency = "response_ms" }}
unit = "ms"
valid_for = "26h"
"""
_SLOS = """
[[slo]]
name = {name}
objective = 99.9
uptime = 'probe{{service="{slug}"}}'
valid_for = "26h"
[[slo]]
name = {name_of_latency}
objective = 95
samples = 'probe_latency_seconds{{service="{slug}"}}'
latency = "2500ms"
"""


def quoted(name: str) -> str:
    """A TOML string: everything that is not plain is escaped."""
    plain = (f"\\U{ord(c):08x}" if c in '"\\' or not c.isprintable() else c for c in name)
    return f'"{"".join(plain)}"'


def collected(folder: Path, history: Path, names: dict[str, tuple[str, str]]) -> Path:
    """A config whose SLOs have those names, and a store filled through the shell."""
    slos = "".join(
        _SLOS.format(slug=slug, name=quoted(first), name_of_latency=quoted(second))
        for slug, (first, second) in names.items()
    )
    config = folder / "config.toml"
    config.write_text(_SOURCE.format(path=history) + slos, encoding="utf-8")
    ran = burnline("collect", "--once", "--since", "900d", folder=folder)
    assert ran.code == 0, ran.err
    return config


def sized(page: Page, size: tuple[int, int]) -> None:
    """Make the window so wide and high."""
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
    expect(page.locator("html")).to_have_js_property("clientWidth", size[0])


@pytest.fixture(scope="module")
def history(shared: Path) -> Path:
    """The real probes of a small company's services, 18 months of them."""
    return shared / "data" / "probes_4hse" / "probes.csv.gz"


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory, history: Path) -> Iterator[str]:
    """The page on the real history, in the middle of a real outage of www."""
    names = {slug: (f"{slug} uptime", f"{slug} latency") for slug in SLUGS}
    config = collected(tmp_path_factory.mktemp("4hse"), history, names)
    with served(config, "--as-of", AS_OF) as url:
        yield f"{url}/objectives"


def test_the_page_shows_the_outage_without_a_complaint_or_a_foreign_request(
    look: Open, page_url: str, tmp_path: Path
) -> None:
    seen = look(page_url, PHONE, "dark")

    for size, scheme in LOOKS:
        picture = tmp_path / f"objectives-{scheme}-{size[0]}.png"
        sized(seen.page, size)
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        seen.page.screenshot(path=picture)
        assert inked(picture, size) > 0.01
        assert seen.page.evaluate(OVERLAPS) == []
    expect(seen.page.locator("h1")).to_have_text(
        "www uptime is paging; 2 of 10 budgets spent, 2 not measured"
    )
    assert seen.misdeeds == []


WIDTHS = (
    320,
    390,
    640,
    767,
    768,
    830,
    831,
    920,
    921,
    1040,
    1041,
    1150,
    1151,
    1280,
    1281,
    1400,
    2560,
)


def test_no_width_makes_the_page_scroll_sideways_or_crushes_the_names(
    look: Open, page_url: str
) -> None:
    page = look(page_url).page

    for width in WIDTHS:
        sized(page, (width, 900))
        fits(page)
        assert page.evaluate(NARROWEST_NAME) >= min(180, width // 3), width


def test_a_reader_of_the_page_meets_a_table_with_headings_on_a_phone_too(
    look: Open, page_url: str
) -> None:
    table = look(page_url, PHONE).page.get_by_role("table", name="Objectives")

    expect(table.get_by_role("columnheader")).to_have_count(9)
    expect(table.get_by_role("rowheader")).to_have_count(10)
    expect(table.get_by_role("row").nth(1).get_by_role("rowheader")).to_contain_text("www uptime")
    expect(table.get_by_role("img", name="of the budget left").first).to_be_attached()


def test_twelve_rows_fit_into_a_desks_first_screen(look: Open, page_url: str) -> None:
    rows = look(page_url).page.locator(".bl tbody tr")

    top = rows.first.bounding_box()
    heights = [box["height"] for box in (row.bounding_box() for row in rows.all()) if box]
    assert top is not None
    assert max(heights) <= 47
    assert top["y"] + 12 * max(heights) <= DESK[1]


def test_a_phone_gives_a_healthy_objective_one_line(look: Open, page_url: str) -> None:
    calm = look(page_url, PHONE).page.locator(".bl tbody tr.calm")

    heights = [box["height"] for box in (row.bounding_box() for row in calm.all()) if box]
    assert heights
    assert all(44 <= height <= 46 for height in heights)


def test_a_choice_is_kept_in_the_address_and_taken_from_it(look: Open, page_url: str) -> None:
    page = look(page_url).page

    page.get_by_text("Needs attention").click()
    expect(page.locator(".bl tbody tr")).to_have_count(4)

    expect(page).to_have_url(f"{page_url}?show=attention")
    expect(look(page.url).page.locator(".bl tbody tr")).to_have_count(4)


def test_colours_follow_the_system_without_a_new_visit(look: Open, page_url: str) -> None:
    page = look(page_url).page
    word = page.locator(".bl tbody th").first
    ink = "e => getComputedStyle(e).color"
    light = word.evaluate(ink)

    page.emulate_media(color_scheme="dark")

    expect(word).not_to_have_css("color", light)
    assert sum(channels(word.evaluate(ink))) > 3 * 128 > sum(channels(light))


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory, history: Path) -> Iterator[str]:
    """The same history under names that attack."""
    names = {f"slug-{i}": (name, f"{i} {name[:100]}") for i, name in enumerate(WRITABLE)}
    config = collected(tmp_path_factory.mktemp("hostile"), history, names)
    with served(config, "--as-of", AS_OF) as url:
        yield f"{url}/objectives"


def test_names_that_attack_are_shown_and_do_nothing(look: Open, hostile_url: str) -> None:
    seen = look(hostile_url, PHONE)

    rows = seen.page.locator(".bl tbody tr")
    expect(rows).to_have_count(2 * len(WRITABLE))
    shown = rows.locator("th a").all_text_contents()
    assert set(WRITABLE) <= set(shown)
    assert seen.page.evaluate("window.hit") is None
    assert seen.page.locator(".bl script, .bl iframe, .bl svg, .bl [onerror]").count() == 0
    links = seen.page.locator(".bl a").evaluate_all("all => all.map(e => e.pathname)")
    assert set(links) == {"/objective", "/health"}
    assert seen.misdeeds == []
    for size in (PHONE, DESK):
        sized(seen.page, size)
        fits(seen.page)


def test_a_name_in_the_address_attacks_nobody(look: Open, page_url: str) -> None:
    attack = "%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E"
    seen = look(f"{page_url}?service={attack}&show={attack}&window={attack}")

    expect(seen.page.locator(".bl tbody tr")).to_have_count(10)
    assert seen.page.evaluate("window.hit") is None
    assert seen.misdeeds == []


_BOOM = """
from dashboard.server import serve
from dashboard.serving import Serving
def load(): raise RuntimeError("token=canary-9f3a")
serve.run(Serving(load=load, clock=lambda: 0), port={port})
"""


def test_a_defect_shows_an_id_and_its_words_nowhere(look: Open, tmp_path: Path) -> None:
    with running(_BOOM, tmp_path) as url:
        seen = look(url)
        shown = seen.page.locator(".bl.trouble").inner_text()

    log = (tmp_path / "server.log").read_text()
    found = re.search(r"does not know: ([0-9a-f]{4})\.", shown)
    assert found
    assert f"error {found[1]}: RuntimeError at" in log
    assert "canary" not in log + seen.page.content()
    assert seen.frames
    assert not any(b"canary" in frame for frame in seen.frames)


_EACH_SECOND = """
from pathlib import Path
from dashboard import wiring
from dashboard.server import serve
from dashboard.serving import Serving
load = lambda: wiring.configured(Path("config.toml"))
serve.run(Serving(load=load, clock=wiring.now, refresh_s=1), port={port})
"""


def test_a_page_left_open_shows_what_was_collected_since(
    look: Open, tmp_path: Path, history: Path
) -> None:
    slos = _SLOS.format(slug="www", name='"www uptime"', name_of_latency='"www latency"')
    (tmp_path / "config.toml").write_text(_SOURCE.format(path=history) + slos)
    with running(_EACH_SECOND, tmp_path) as url:
        seen = look(url)
        expect(seen.page.locator("h1")).to_have_text("Nothing collected yet")

        assert burnline("collect", "--once", "--since", "900d", folder=tmp_path).code == 0

        expect(seen.page.locator(".bl tbody tr")).to_have_count(2)
        assert seen.misdeeds == []
