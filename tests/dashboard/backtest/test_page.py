"""The page *Backtest* as values, as markup and as its script runs, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import DAY_S, NOON, incident, minutes
from hostile_words import HOSTILE
from streamlit.testing.v1 import AppTest
from verdict_builders import stored

from collectors.store.store import Reader
from dashboard import serving, session
from dashboard.charts.backtest import backtest_head, lanes_figure
from dashboard.charts.blocks import block
from dashboard.config import load
from dashboard.serving import Serving
from dashboard.views.pages.backtest import (
    BacktestPage,
    BacktestWish,
    Nothing,
    backtest_page,
    lanes_alt,
)
from dashboard.views.pages.unfound import Unfound
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventRow

SOURCE = """
[[source]]
kind = "files"
name = "shop"
[[source.file]]
path = "requests.csv"
holds = "requests"
"""
SLOS = """
[[slo]]
name = "checkout"
service = "checkout"
objective = 99.9
total = "requests"
[[slo]]
name = "fast"
service = "checkout"
objective = 95
samples = "seconds"
latency = "500ms"
"""
DAYS, BAD_AT = 9, 5 * 1_440
OWN = BacktestWish("checkout", None, "own", "")


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


def shop(folder: Path, *noted: EventRow, slos: str = SLOS) -> Path:
    """Nine days with an outage of twenty minutes on the sixth."""
    bad = [0] * (DAYS * 1_440)
    bad[BAD_AT : BAD_AT + 20] = [50] * 20
    rows = minutes([100 - one for one in bad], [100] * len(bad), since=NOON - DAYS * DAY_S)
    stored(folder, rows, *noted)
    path = folder / "config.toml"
    path.write_text(SOURCE + slos, encoding="utf-8")
    return path


def made(config: Path, wish: BacktestWish = OWN) -> BacktestPage | Nothing | Unfound | Notice:
    loaded = load(config, {})
    with Reader.open(loaded.store_url) as reader:
        return backtest_page(Scene(loaded, reader, NOON, is_fixed=True), wish)


def drawn(config: Path, wish: BacktestWish = OWN) -> BacktestPage:
    page = made(config, wish)
    assert isinstance(page, BacktestPage)
    return page


def test_a_configuration_without_objectives_says_what_one_looks_like(tmp_path: Path) -> None:
    page = made(shop(tmp_path, slos=""))

    assert isinstance(page, Notice)
    assert page.is_paste


def test_an_objective_without_history_leaves_the_choice_of_the_others(tmp_path: Path) -> None:
    page = made(shop(tmp_path), replace(OWN, slo="fast"))

    assert isinstance(page, Nothing)
    assert page.names == ("checkout", "fast")
    assert "nothing is stored of fast" in page.notice.what.casefold()


def test_a_wish_for_none_shows_the_first_and_for_what_there_is_not_those_there_are(
    tmp_path: Path,
) -> None:
    config = shop(tmp_path)
    gone, misspelt = (made(config, replace(OWN, slo=name)) for name in ("<b>", "chekout"))

    assert drawn(config, replace(OWN, slo="")).slo.name == "checkout"
    assert isinstance(gone, Unfound)
    assert gone.notice.what == 'No objective is called "<b>".'
    assert gone.near == ("checkout", "fast")
    assert isinstance(misspelt, Unfound)
    assert misspelt.near == ("checkout",)


def test_without_an_incident_a_page_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    page = drawn(shop(tmp_path))

    assert page.headline == "checkout would have paged once"
    assert (
        "; no incident of checkout is recorded, so no page is called right or wrong" in page.scope
    )
    figures = {row[0].words: row[1].words for row in page.blocks[0].rows}
    assert figures["Pages that were right"] == figures["Incidents found"] == "–"
    assert figures["Until paged"] == "–"


def test_what_was_found_and_what_was_right_stand_each_beside_its_own_name(tmp_path: Path) -> None:
    """Of three incidents one had the only page: a third was found, and every page was right."""
    begun = NOON - DAYS * DAY_S
    noted = [
        incident(f"INC-{day}", at=begun + day * DAY_S, lasted_s=1_200) for day in (2, 5, 7)
    ]  # The outage begins with day 5.

    page = drawn(shop(tmp_path, *noted))

    figures = {row[0].words: row[1].words for row in page.blocks[0].rows}
    assert figures["Pages"] == "1"
    assert figures["Incidents found"] == "1 of 3"
    assert figures["Pages that were right"] == "1 of 1"


def test_two_policies_have_a_lane_and_a_column_each(tmp_path: Path) -> None:
    noted = incident("INC-7", at=NOON - DAYS * DAY_S + BAD_AT * 60, lasted_s=1_200)
    page = drawn(shop(tmp_path, noted), replace(OWN, second="slo-generator"))

    assert [one.name for one in page.lanes] == [
        "Incidents",
        "Pages, its own",
        "Pages, slo-generator",
    ]
    assert [one.words for one in page.blocks[0].headings] == ["Figure", "Its own", "slo-generator"]
    assert lanes_alt(page).endswith("Incidents: 1; Pages, its own: 1; Pages, slo-generator: 1")
    figure = lanes_figure(page)
    assert figure["layout"]["yaxis"]["ticktext"][-1] == "Incidents"
    # Half bad burns 500: of an hour two minutes are above 14.4 (16.7), of which it is the second.
    (row,) = page.blocks[1].rows
    assert (row[1].words, row[2].words) == ("INC-7", "2 m after it began")


def test_the_same_policy_twice_is_tried_once(tmp_path: Path) -> None:
    page = drawn(shop(tmp_path), replace(OWN, second="own"))

    assert len(page.lanes) == 2


def test_what_incidents_are_called_can_break_nothing(tmp_path: Path) -> None:
    noted = [
        replace(incident(f"INC-{day}", at=NOON - day * DAY_S), fields={"title": name})
        for day, name in enumerate(HOSTILE[:8], start=1)
    ]
    page = drawn(shop(tmp_path, *noted))

    html = backtest_head(page) + "".join(block(one) for one in page.blocks)
    assert all(f"INC-{day}" in html for day in range(1, 9))
    assert not any(tag in html for tag in ("<script", "<img", "<svg", "<iframe", "<h1>gone", "<a "))
    assert html.count("<table") == html.count("</table>") == len(page.blocks)


def _script() -> None:
    from dashboard.screens import backtest  # noqa: PLC0415 - the script runs on its own

    backtest.page()


def test_the_address_chooses_the_objective_the_span_and_both_policies(tmp_path: Path) -> None:
    config = shop(tmp_path)
    serving.begin(Serving(load=lambda: load(config, {}, with_sources=False), clock=lambda: NOON))
    app = AppTest.from_function(_script, default_timeout=60)
    wished = {"slo": "checkout", "history": "28", "policy": "workbook", "beside": "pyrra"}
    for key, value in wished.items():
        app.query_params[key] = value

    app.run()

    assert not app.exception
    shown = "".join(str(one.proto.body) for one in app.get("html"))
    assert (
        "checkout: &quot;workbook&quot; and &quot;pyrra&quot; both would have paged once" in shown
    )
    assert {key: app.session_state[key] for key in wished} == wished

    app.selectbox(key="slo").set_value("fast").run()
    assert "is stored of fast" in "".join(str(one.proto.body) for one in app.get("html"))


def test_an_address_of_what_there_is_not_leads_to_the_backtests_that_there_are(
    tmp_path: Path,
) -> None:
    config = shop(tmp_path)
    serving.begin(Serving(load=lambda: load(config, {}, with_sources=False), clock=lambda: NOON))
    app = AppTest.from_function(_script, default_timeout=60)
    app.query_params["slo"] = "chekout"

    app.run()

    assert not app.exception
    shown = "".join(str(one.proto.body) for one in app.get("html"))
    assert "No objective is called" in shown
    assert 'href="/backtest?slo=checkout"' in shown
    assert "would have paged" not in shown
