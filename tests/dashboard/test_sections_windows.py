"""What the page of an SLO says of its windows, its months, its versions and its alert rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, NOON, minutes, steady
from small_shop import SOURCE, a_promise
from verdict_builders import stored

from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.shell.definitions import keep
from dashboard.views.blocks import Block
from dashboard.views.counted.figures import evaluate
from dashboard.views.sections.registry import all_sections
from dashboard.views.upkeep.scene import Scene
from slo.facts import Fact


class Page:
    """The sections of the only SLO of a configuration, which several collections may have read."""

    def __init__(self, folder: Path, *facts: Fact) -> None:
        self.path, self.url = folder / "config.toml", stored(folder, *facts)

    def promised(self, percent: str, window: str = '"30d"', *, at: int | None = None) -> None:
        slo = a_promise(objective=percent, window=window)
        self.path.write_text(SOURCE + slo, encoding="utf-8")
        if at is not None:
            with Store.open(self.url, now=at) as store:
                keep(store, load(self.path, {}, with_sources=False).slos, at)

    def section(self, name: str, as_of: int = NOON) -> tuple[Block, ...]:
        config = load(self.path, {}, with_sources=False)
        sources = {source.name: source for source in config.sources}
        with Reader.open(self.url) as reader:
            (view,) = evaluate(config.slos, reader, as_of=as_of, sources=sources)
            made = dict(all_sections())[name].make
            return tuple(made(Scene(config, reader, as_of), view))


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Two days of 100 requests a minute, one of them bad."""
    return Page(tmp_path, steady(2 * 1_440, bad=1, since=NOON - 2 * DAY_S))


@pytest.mark.parametrize("name", ["windows", "compliance", "history", "advice"])
def test_nothing_is_said_of_what_there_is_not(tmp_path: Path, name: str) -> None:
    bare = Page(tmp_path)
    bare.promised("99")

    assert bare.section(name) == ()


def test_one_window_is_no_table_and_two_are(page: Page) -> None:
    page.promised("99")
    assert page.section("windows") == ()

    page.promised("99", '["1d", "month"]')
    (block,) = page.section("windows")
    assert [row[0].words for row in block.rows] == ["rolling 1 d", "this month"]


def test_a_window_of_a_quarter_brings_the_quarters_too(page: Page) -> None:
    page.promised("98", '["30d", "quarter"]')

    months, quarters = page.section("compliance")

    assert months.title == "Months kept: this month kept so far"
    assert [row[0].words for row in months.rows] == ["Jan 2026", "Dec 2025"]
    # Of December's 744 hours 36 were measured, 4.8 %: nothing is concluded from them.
    assert [row[1].words for row in months.rows] == ["kept so far", "kept, of 4 % measured"]
    assert [row[0].words for row in quarters.rows] == ["Q1 2026", "Q4 2025"]


def test_a_promise_that_changed_tells_how_and_one_that_did_not_says_nothing(page: Page) -> None:
    page.promised("99", at=NOON - 2 * DAY_S)
    assert page.section("history") == ()

    page.promised("99.9", at=NOON - DAY_S)
    (block,) = page.section("history")
    assert [row[4].words for row in block.rows] == ["objective 99 → 99.9", "the first"]


def test_rows_that_one_event_fires_are_told_below_them(tmp_path: Path) -> None:
    quiet = minutes([1, *[0] * 9] * 144, [1, *[0] * 9] * 144, since=NOON - DAY_S)
    thin = Page(tmp_path, quiet)
    thin.promised("99")

    (block,) = thin.section("advice")

    assert block.words[0].startswith("Page over 1 h and 5 min: one failed request fires it")
    assert block.rows == ()


def test_sound_rows_need_no_advice(page: Page) -> None:
    page.promised("99")

    assert page.section("advice") == ()
