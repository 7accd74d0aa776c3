"""Every format holds the same report: byte for byte the golden one, and safe wherever it is opened."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from report_builders import AS_OF, CASES, HOSTILE_SERVICE, at, golden, shop
from verdict_builders import burnline

from dashboard import wiring
from dashboard.reports import registry
from dashboard.reports.formats.csv_ import _safe
from dashboard.reports.issuing import written
from dashboard.reports.subjects.budgets import edition_of, made
from dashboard.shell.reporting import chosen
from dashboard.views.report.model import Report
from dashboard.views.report.words import subject

FOR_PEOPLE = ("html", "markdown")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]")
JARGON = re.compile(r"burn rate|\bSLI\b|NO_DATA|NO_TRAFFIC|PARTIAL|CRITICAL|WARNING", re.IGNORECASE)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    found = {}
    for case in CASES:
        folder = shop(tmp_path_factory.mktemp(case), case)
        config = wiring.configured(folder / "config.toml")
        with wiring.reader(config) as reader:
            found[case] = made(config, reader, chosen(config, "weekly"), at(AS_OF))
            if case == "hard":
                single = chosen(config, "single")
                found["single"] = made(config, reader, single, at("2026-10-21T06:00Z"))
    return found


def text(report: Report, name: str) -> str:
    ((_, content),) = written(edition_of(report), [name]).items()
    return content.decode()


class Page(HTMLParser):
    """The tags, their attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.texts: list[str] = []
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
        self._style = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._style:
            self.texts.append(data.strip())


def test_a_format_is_found_by_its_file() -> None:
    assert registry.names() == ("csv", "html", "json", "markdown")


@pytest.mark.parametrize("name", registry.names())
@pytest.mark.parametrize("case", CASES)
def test_a_format_writes_the_golden_bytes(reports: dict[str, Report], case: str, name: str) -> None:
    kind = registry.load(name)

    assert kind.written(edition_of(reports[case])) == golden(case)[f".{kind.extension}"]


@pytest.mark.parametrize("name", registry.names())
def test_a_format_keeps_the_contract_of_all_formats(reports: dict[str, Report], name: str) -> None:
    for case, report in reports.items():
        said = text(report, name)

        assert said.endswith("\n")
        assert "checkout" in said or case == "single"
        assert ("generated" in said.lower()) or name == "html" or case != "hard"
        assert name == "json" or UNPRINTABLE.search(said) is None


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_what_people_read_holds_no_jargon_and_says_what_is_generated(
    reports: dict[str, Report], name: str
) -> None:
    for case, report in reports.items():
        said = text(report, name)

        assert JARGON.search(said) is None
        assert ("generated figures" in said) is (case in {"hard", "single"})


def test_a_quiet_week_is_five_lines(reports: dict[str, Report]) -> None:
    assert len(text(reports["quiet"], "markdown").splitlines()) == 5
    assert len(Page(text(reports["quiet"], "html")).texts) == 5


def test_a_page_runs_nothing_loads_nothing_and_links_nowhere(reports: dict[str, Report]) -> None:
    known = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "b"}
    known |= {"table", "thead", "tbody", "tr", "th", "td", "small", "ol", "ul", "li"}
    for report in reports.values():
        page = Page(text(report, "html"))

        assert {tag for tag, _ in page.tags} <= known
        names = {name for _, attrs in page.tags for name, _ in attrs}
        assert names <= {
            "lang",
            "charset",
            "name",
            "content",
            "http-equiv",
            "class",
            "scope",
            "title",
            "data-l",
        }
        assert "url(" not in text(report, "html")
        assert "@import" not in text(report, "html")


def test_a_page_has_light_and_dark_by_style_alone(reports: dict[str, Report]) -> None:
    page = text(reports["hard"], "html")

    assert "@media (prefers-color-scheme:dark)" in page
    assert "default-src 'none'" in page


def test_hostile_names_stand_in_the_page_as_they_were_written(reports: dict[str, Report]) -> None:
    texts = " ".join(Page(text(reports["single"], "html")).texts)

    assert HOSTILE_SERVICE in texts
    assert '=HYPERLINK("http://evil.example") <script>alert(1)</script>' in texts


def test_no_cell_begins_a_formula_and_numbers_stay_numbers(reports: dict[str, Report]) -> None:
    for report in reports.values():
        table = [*csv.DictReader(io.StringIO(text(report, "csv"), newline=""))]
        for row in table:
            for column, cell in row.items():
                if column in {"budget_now", "budget_then", "good", "total", "seconds"} and cell:
                    float(cell)
                else:
                    assert not cell.lstrip(" ").startswith(
                        tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
                    )
    slos = [
        row
        for row in csv.DictReader(io.StringIO(text(reports["hard"], "csv")))
        if row["row"] == "slo"
    ]
    by_name = {row["name"]: row for row in slos}
    assert float(by_name["checkout"]["budget_now"]) == pytest.approx(1 - 800 / 672)
    assert by_name["gone"]["budget_now"] == by_name["gone"]["good"] == ""
    assert by_name["huge"]["total"] == "676000000000"


@pytest.mark.parametrize(
    "begin", ["=1", "+1", "-1", "@a", "\ta", "\r=a", " =1", "\uff1d1", "\uff0da"]
)
def test_a_text_that_a_spreadsheet_would_compute_is_quoted(begin: str) -> None:
    assert _safe(begin) == f"'{begin}"
    assert _safe(f"a{begin}") == f"a{begin}"
    assert _safe(-0.5) == -0.5
    assert _safe("") == ""
    assert _safe("a\x00\x1b") == "a\ufffd\ufffd"


def test_the_machine_form_has_fractions_moments_in_utc_and_null_for_unknown(
    reports: dict[str, Report],
) -> None:
    document = orjson.loads(text(reports["hard"], "json"))

    assert document["schema"] == "burnline.report/1"
    assert document["period"] == {
        "kind": "week",
        "label": "2026-W43",
        "since": "2026-10-18T22:00:00Z",
        "until": "2026-10-25T23:00:00Z",
        "zone": "Europe/Berlin",
    }
    by_name = {slo["name"]: slo for slo in document["slos"]}
    assert by_name["gone"]["now"]["budget_remaining"] is None
    assert by_name["gone"]["period"]["good"] is None
    assert by_name["idle"]["now"]["sli"] is None
    assert by_name["idle"]["period"]["total"] == 0
    assert by_name["checkout"]["period"]["budget_spent"] == pytest.approx(800 / 672)
    assert by_name["search"]["period"]["not_measured"] == [
        {"since": "2026-10-24T20:00:00Z", "until": "2026-10-25T02:00:00Z"}
    ]
    assert document["generated"] is True


def test_markdown_shows_hostile_text_literally(reports: dict[str, Report]) -> None:
    for report in reports.values():
        said = text(report, "markdown")

        assert re.search(r"(?<!\\)[<\[`]", said) is None
        assert "http://" not in said


def test_spends_are_numbered_and_the_budgets_stand_under_their_dates(
    reports: dict[str, Report],
) -> None:
    said = text(reports["hard"], "markdown")

    assert [line[:3] for line in said.splitlines() if re.match(r"\d\. ", line)] == [
        "1. ",
        "2. ",
        "3. ",
    ]
    assert "| Objective | Mon 19 Oct | Sun 25 Oct | |" in said


def test_the_subject_names_who_needs_attention_and_why(reports: dict[str, Report]) -> None:
    assert {case: subject(report) for case, report in reports.items()} == {
        "hard": "3 of 7 need attention: checkout spent, gone not measured, idle without traffic",
        "quiet": "checkout is in order",
        "empty": "checkout needs attention: not measured",
        "single": '=HYPERLINK("http://evil.example") <script>alert(1)</script> is in order',
    }


def test_without_jinja2_the_page_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    folder = shop(tmp_path, "quiet")
    code = "import sys; sys.modules['jinja2'] = None; from dashboard.cli import main; main()"

    lacking = burnline("report", "weekly", "--as-of", AS_OF, folder=folder, code=code)
    rest = ("report", "weekly", "--as-of", AS_OF, "--format", "csv,json,markdown")
    ran = burnline(*rest, folder=folder, code=code)

    assert lacking.code == 2
    assert "fix: pip install 'burnline[report]', or leave html out" in lacking.err
    assert ran.code == 0
    assert [Path(line).suffix for line in ran.out.splitlines()] == [".csv", ".json", ".md"]
