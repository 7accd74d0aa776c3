"""The letter of delivery says what is wrong in a tone that every format knows, and in a sign."""

from __future__ import annotations

from dataclasses import replace

from dashboard.reports.delivery.letter import letter
from dashboard.reports.letter import Cell, Letter
from tests.drawn_delivery import figures, page


def cells(made: Letter, title: str, column: int) -> list[Cell]:
    grid = next(one.grid for one in made.sections if one.title == title)
    assert grid is not None
    return [row[column] for row in grid.rows]


def test_what_fails_now_is_bad_what_failed_warns_and_both_carry_a_sign() -> None:
    said = {one.text: (one.tone, one.mark) for one in cells(letter("d", page()), "Deployments", 4)}

    assert said["failing now"] == ("bad", "■")
    assert said["failed, restored"] == said["failed, rolled back"] == ("warn", "×")
    assert said["fine"] == said["rollback, fine"] == ("", "")


def test_an_open_incident_is_bad_and_signed_and_one_that_ended_is_plain() -> None:
    grid = cells(letter("d", page()), "Incidents and outages", 4)

    assert [(one.tone, one.mark) for one in grid] == [("bad", "■"), *[("", "")] * 3]


def test_the_definitions_name_the_published_bands_with_their_years_and_no_verdict() -> None:
    banded = replace(figures()[1], bands=("DORA 2021: up to 1 week", "DORA 2023: up to 1 d"))

    made = letter("d", replace(page(), figures=(banded,)))

    (said,) = next(one.items for one in made.sections if one.title == "How it is counted")
    assert "DORA 2021: up to 1 week; DORA 2023: up to 1 d" in said


def test_figures_of_which_there_is_nothing_to_tell_share_one_line() -> None:
    told, none, missing = (replace(figures()[0], title=name) for name in ("Told", "None", "Gone"))
    rows = (
        told,
        replace(none, value="0.0 a month", n="0"),
        replace(missing, value="not collected", n="–"),
        replace(told, title="Uptime", value="100.000 %", n="0"),
    )

    made = letter("d", replace(page(), figures=rows))

    assert [one.text for one in cells(made, "Figures", 0)] == ["Told", "Uptime"]
    said = next(one.remark for one in made.sections if one.title == "Figures")
    assert said == "None in this period: None. Not collected: Gone."
