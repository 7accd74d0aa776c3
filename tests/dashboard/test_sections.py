"""What every section of an SLO's page keeps to, whichever it is; and how a block looks and reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from re import sub

import pytest
from builders import NOON
from section_facts import eventful, promised
from verdict_builders import stored

from collectors.store.reader import Reader
from dashboard.charts.blocks import block
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.counted.figures import evaluate
from dashboard.views.machines.blocks import lines
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.sections.registry import all_sections
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.upkeep.scene import Scene

EVIL = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}x"


@contextmanager
def scene(folder: Path, url: str) -> Iterator[Scene]:
    """That store under the shop's configuration."""
    config = promised(folder)
    with Reader.open(url) as reader:
        yield Scene(config, reader, NOON)


def made(folder: Path, url: str) -> dict[str, list[Block]]:
    """The blocks of every section of the SLO on that store, by the section's name."""
    with scene(folder, url) as found:
        sources = {source.name: source for source in found.config.sources}
        (view, *_) = evaluate(found.config.slos, found.reader, as_of=NOON, sources=sources)
        return {name: list(section.make(found, view)) for name, section in all_sections()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Block]]:
    """What each section says where it has something to say."""
    folder = tmp_path_factory.mktemp("eventful")
    return made(folder, eventful(folder))


def test_an_slo_that_was_never_measured_has_its_windows_and_no_figure_of_them(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, stored(tmp_path))
    (windows,) = found.pop("windows")

    assert [name for name, blocks in found.items() if blocks] == []
    assert [[cell.words for cell in cells[1:]] for cells in windows.rows] == [["–"] * 3] * 2


@pytest.mark.parametrize("name", [name for name, _ in all_sections()])
def test_a_section_reads_the_same_in_html_and_in_text(
    told: dict[str, list[Block]], name: str
) -> None:
    assert told[name], "the facts give every section something to say"
    for one in told[name]:
        drawn = str(block(one))
        assert one.title
        assert one.rows or one.words
        assert drawn.count("<table") == (1 if one.rows else 0)
        assert lines([one])[0].startswith(one.title)
        assert all(cells[0].words for cells in one.rows), "the first column names the rows"
        read = {word for line in lines([one]) for word in line.split()}
        seen = unescape(sub("<[^>]*>", " ", drawn)).split()
        for said in (*one.words, *(cell.words for cells in one.rows for cell in cells)):
            assert set(said.split()) <= read & set(seen)


def test_the_page_has_every_section_that_says_something_in_their_order(
    tmp_path: Path, told: dict[str, list[Block]]
) -> None:
    with scene(tmp_path, eventful(tmp_path)) as found:
        page = objective_page(found, Wish("pay"))

    assert isinstance(page, ObjectivePage)
    assert [list(one.blocks) for one in page.sections] == [*told.values()]


def test_sections_have_an_order_of_their_own() -> None:
    orders = [section.order for _, section in all_sections()]

    assert orders == sorted(set(orders))


def test_what_a_source_said_cannot_leave_its_cell() -> None:
    hostile = Block(EVIL, EVIL, (EVIL,), (Heading(EVIL),), ((Cell(EVIL, note=EVIL),),), (EVIL,))
    drawn = str(block(hostile))

    assert "<script" not in drawn
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in drawn


def test_a_link_that_leaves_tells_the_other_side_nothing() -> None:
    away, home = Cell("a", address="https://wiki/x"), Cell("b", address="/objective?id=b")
    drawn = str(block(Block("t", headings=(Heading("h"),), rows=((away,), (home,)))))

    assert 'href="https://wiki/x" target="_blank" rel="noopener noreferrer"' in drawn
    assert 'href="/objective?id=b" target="_self"' in drawn


def test_a_row_that_does_not_fit_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="has not 2 cells"):
        Block("t", headings=(Heading("a"), Heading("b")), rows=((Cell("1"),),))


def test_a_terminal_shows_signs_and_aligns_figures() -> None:
    rows = ((Cell("pay", Mark.SPENT, Tone.RED, "now"), Cell("5")), (Cell("x"), Cell("1,000")))
    printed = lines([Block("t", "n", headings=(Heading("Who"), Heading("Bad", True)), rows=rows)])

    assert printed == (
        "t (n)",
        "WHO            BAD",
        "× pay (now)      5",
        "x            1,000",
    )
