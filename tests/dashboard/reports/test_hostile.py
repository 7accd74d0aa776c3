"""Whatever a source calls an incident, a service or a deployment, a report shows it and runs nothing."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile_words import HOSTILE
from report_builders import AS_OF, at, shop

from dashboard import wiring
from dashboard.reports import registry
from dashboard.reports.issuing import written
from dashboard.reports.subjects.budgets import edition_of, made
from dashboard.shell.reporting import chosen
from dashboard.views.attribution.falls import CauseKind
from dashboard.views.report.model import Happening, Report, Spend
from dashboard.views.report.words import clean
from slo.facts import EventKind
from slo.spans import Span

WORDS = (
    *HOSTILE,
    "+1",
    "-1",
    "@SUM(1)",
    "\tx",
    "\rx",
    "\uff1dx",
    "www.evil.example",
    "a@evil.example",
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder: Path = shop(tmp_path_factory.mktemp("empty"), "empty")
    config = wiring.configured(folder / "config.toml")
    with wiring.reader(config) as reader:
        return made(config, reader, chosen(config, "weekly"), at(AS_OF))


def text(report: Report, word: str, name: str) -> str:
    """The report with that word wherever a source may put one."""
    when = at("2026-10-21T10:00+02:00")
    happened = Happening(EventKind.INCIDENT, word, word, word, when, when + 60, 60)
    stretch = Span(when, when + 900)
    spend = Spend("checkout", word, stretch, Fraction(1, 2), CauseKind.INCIDENT, word)
    hostile = Report(report.heading, report.slos, (spend,), (happened,), ())
    ((_, content),) = written(edition_of(hostile), [name]).items()
    return content.decode()


class Tags(HTMLParser):
    """The tags of a page and all their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("word", WORDS)
def test_a_page_has_the_tags_of_the_harmless_one_and_shows_the_word(
    empty: Report, word: str
) -> None:
    harmless, hostile = Tags(text(empty, "INC-1", "html")), Tags(text(empty, word, "html"))

    assert hostile.seen == harmless.seen
    assert clean(word).replace(" %", "\N{NO-BREAK SPACE}%") in "".join(hostile.texts)


@pytest.mark.parametrize("word", WORDS)
def test_no_cell_of_a_table_is_computed_and_no_row_breaks(empty: Report, word: str) -> None:
    table = [*csv.reader(io.StringIO(text(empty, word, "csv"), newline=""))]

    assert {len(row) for row in table} == {len(table[0])}
    numbers = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
    for cell in (cell for row in table for cell in row):
        begins = cell.lstrip(" \n")[:1]
        assert (
            numbers.fullmatch(cell)
            or begins == ""
            or begins not in "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
        )


@pytest.mark.parametrize("word", WORDS)
def test_markdown_has_the_lines_of_the_harmless_one_and_no_live_mark(
    empty: Report, word: str
) -> None:
    harmless, hostile = text(empty, "INC-1", "markdown"), text(empty, word, "markdown")

    assert hostile.count("\n") == harmless.count("\n")
    assert re.search(r"(?<!\\)[<\[`$@]|(?<!\\)://|www\.", hostile) is None


@pytest.mark.parametrize("name", registry.names())
def test_a_word_without_end_is_cut_for_people_and_kept_for_machines(
    empty: Report, name: str
) -> None:
    said = text(empty, "a" * 5_000, name)

    assert ("a" * 5_000 in said) is (name in {"csv", "json"})
    assert "a" * 150 in said
