"""Figures that were made up say so wherever they are shown, whatever the headline names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import DAY_S, NOON, minutes
from page_builders import AS_OF, a_view
from small_shop import a_promise, a_source
from verdict_builders import burnline, stored

from dashboard.charts.frame import verdict
from dashboard.views.machines.check import lines
from dashboard.views.slos.overview import generated_words
from dashboard.views.slos.reasons import MADE_UP
from dashboard.views.upkeep.board import Board

MOMENT = ("--as-of", "2026-01-01T12:00:00Z")
SAID = "generated figures"
CONFIG = a_source(generated="true") + a_promise(objective="99", window='"1d"')


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that is all right, by figures that nobody measured."""
    folder = tmp_path_factory.mktemp("made-up")
    (folder / "config.toml").write_text(CONFIG)
    stored(folder, minutes([200] * 1_440, [200] * 1_440, since=NOON - DAY_S))
    return folder


def test_the_table_says_so_in_its_first_line_and_beside_the_source(made_up: Path) -> None:
    ran = burnline("status", *MOMENT, folder=made_up)

    first, *_, source = ran.out.splitlines()
    assert first == f"1 budget, healthy (1 Jan 2026 12:00 UTC, {SAID})"
    assert source == f"● shop: to 1 Jan 2026 12:00 UTC, {SAID}"


def test_the_verdict_says_so_though_nothing_is_wrong(made_up: Path) -> None:
    ran = burnline("check", *MOMENT, folder=made_up)

    assert (ran.code, ran.out) == (0, f"OK: 1 budget, healthy ({SAID})\n")


def test_machines_are_told_by_a_reason_of_each_slo_and_a_mark_of_each_source(made_up: Path) -> None:
    check = burnline("check", *MOMENT, "--json", folder=made_up)
    status = burnline("status", *MOMENT, "--json", folder=made_up)
    never_run = burnline("status", "--json", folder=made_up)

    assert check.slo["reasons"] == [f"{SAID}: nothing was measured"]
    for ran in (status, never_run):
        assert [source["generated"] for source in ran.json["sources"]] == [True]


def test_each_line_of_the_verdict_tells_a_made_up_figure_only_from_measured_ones() -> None:
    made_up = replace(a_view("a", left="0.1"), is_generated=True, reasons=(MADE_UP,))

    assert lines((made_up,))[1] == "WARNING a: quiet, 10 % left, SLI 99.955 % of 99.95 %"
    assert lines((made_up, a_view("b")))[1].endswith("of 99.95 %, generated")


def test_the_page_says_so_beside_its_freshness() -> None:
    measured = a_view()
    board = Board(views=(replace(measured, is_generated=True),), as_of=AS_OF)

    assert f'<span class="made">{SAID}</span>' in str(verdict(board))
    assert SAID not in str(verdict(replace(board, views=(measured,))))


def test_where_some_figures_are_measured_the_others_are_counted() -> None:
    views = (a_view("a"), a_view("b"), replace(a_view("c"), is_generated=True))

    assert generated_words(views) == f"{SAID} in 1 of 3 objectives"
    assert generated_words(views[:2]) == ""
