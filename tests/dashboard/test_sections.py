"""What every section of an SLO's page keeps to, whichever it is; and how a block looks and reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, NOON, incident, minutes
from verdict_builders import stored

from collectors.store.reader import Reader
from dashboard.charts.blocks import block
from dashboard.config import load
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.counted.figures import evaluate
from dashboard.views.machines.blocks import lines
from dashboard.views.sections.contract import Section
from dashboard.views.sections.registry import all_sections
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.upkeep.scene import Scene
from slo.facts import Fact

CONFIG = """
[[source]]
name = "shop"
kind = "files"
[[source.file]]
path = "none.csv"
holds = "requests"

[[slo]]
name = "pay"
service = "checkout"
objective = 99
window = ["7d", "month"]
total = 'requests'
"""
EVIL = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}x"


def made(folder: Path, section: Section, *facts: Fact) -> list[Block]:
    """The section's blocks of the SLO on a store that holds the facts."""
    url = stored(folder, *facts)
    (folder / "config.toml").write_text(CONFIG)
    config = load(folder / "config.toml", {}, with_sources=False)
    sources = {source.name: source for source in config.sources}
    with Reader.open(url) as reader:
        (view, *_) = evaluate(config.slos, reader, as_of=NOON, sources=sources)
        return list(section.make(Scene(config, reader, NOON), view))


@pytest.mark.parametrize(("name", "section"), all_sections())
def test_a_section_of_an_slo_that_was_never_measured_shows_nothing_made_up(
    tmp_path: Path, name: str, section: Section
) -> None:
    words = "\n".join(lines(made(tmp_path, section)))

    assert "100 %" not in words.replace("100 % or less", ""), name
    assert "nan" not in words.lower()
    assert "none" not in words.lower().split()


@pytest.mark.parametrize(("name", "section"), all_sections())
def test_a_section_reads_the_same_on_page_and_shell(
    tmp_path: Path, name: str, section: Section
) -> None:
    bad = [100] * 7_200 + [90] * 2_880
    facts = (
        minutes(bad, [100] * 10_080, since=NOON - 7 * DAY_S),
        incident("INC-1", at=NOON - DAY_S),
    )
    for one in made(tmp_path, section, *facts):
        drawn = block(one)
        assert one.title, name
        assert str(drawn).count("<table") == (1 if one.rows else 0)
        assert lines([one])[0].startswith(one.title)
        assert all(cells[0].words for cells in one.rows), "the first column names the rows"


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
