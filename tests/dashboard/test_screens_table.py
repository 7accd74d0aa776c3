"""The table of objectives as HTML: what a browser will find, whatever the names say."""

from __future__ import annotations

import re
from base64 import b64decode
from fractions import Fraction
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hostile_words import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from page_builders import AS_OF, a_view, the_mock_up, under, up

from dashboard.charts.budget_bar import budget_bar
from dashboard.charts.markup import Markup, element, text
from dashboard.charts.objectives import objectives_table
from dashboard.charts.sparkline import sparkline
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.slo_view import SloView

_KNOWN_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "span", "b", "i", "u", "img", "a"}


_KNOWN_ATTRIBUTES = {
    *("class", "role", "scope", "aria-label", "style", "title", "data-l"),
    *("src", "width", "height", "alt", "href", "target"),
}


class Table(HTMLParser):
    """The rows of a table as text and classes, and everything it is made of."""

    def __init__(self, markup: Markup) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.attributes: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def table_of(*views: SloView) -> Table:
    return Table(objectives_table(views))


def row_of(view: SloView) -> list[str]:
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in table_of(view).rows[1]]


def test_every_column_has_a_scoped_heading_and_every_row_a_heading_of_its_own() -> None:
    table = table_of(*the_mock_up())

    scopes = [attributes["scope"] for attributes in table.named("th")]
    assert scopes == ["col"] * 9 + ["row"] * 14
    assert {len(row) for row in table.rows} == {9}


def test_roles_are_spelt_out_because_a_phones_style_unmakes_a_table() -> None:
    table = table_of(*the_mock_up())

    assert [attributes["role"] for attributes in table.named("tr")] == ["row"] * 15
    assert {attributes["role"] for attributes in table.named("td")} == {"cell"}
    assert table.named("table")[0]["aria-label"] == "Objectives"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    table = table_of(a_view(name, service=name))

    assert {tag for tag, _ in table.tags} <= _KNOWN_TAGS
    assert table.attributes <= _KNOWN_ATTRIBUTES
    shown = table.rows[1][0]
    assert re.sub(r"\W", "", shown).startswith(re.sub(r"\W", "", name))
    (link,) = table.named("a")
    assert urlsplit(link["href"]).path == "/objective"
    assert parse_qsl(urlsplit(link["href"]).query) == [("id", name)]


@given(st.text())
def test_no_text_whatever_leaves_its_element_or_its_attribute(value: str) -> None:
    table = Table(element("table", element("tr", element("td", value, title=value))))

    assert [tag for tag, _ in table.tags] == ["table", "tr", "td"]
    assert set(table.tags[2][1]) == {"title"}


def test_marks_that_reorder_or_hide_text_are_shown_as_replaced() -> None:
    assert "\u202e" not in text("\u202egpj.exe")
    assert "\x1b" not in text("\x1b[31m")
    assert text("\u202egpj.exe") == "\N{REPLACEMENT CHARACTER}gpj.exe"


def test_now_and_budget_stand_in_two_cells_and_never_colour_one_another() -> None:
    page_on_a_healthy_budget = row_of(
        a_view(left="0.9", burns={"5m": "25", "1h": "23", "30m": "4", "6h": "4"})
    )

    assert page_on_a_healthy_budget[1].startswith("paging")
    assert page_on_a_healthy_budget[3] == "90 %"


def test_a_quiet_row_with_a_spent_budget_says_both() -> None:
    row = row_of(a_view(left="-0.22", burns={"1h": "0.9"}))

    assert row[1] == "quiet"
    assert row[3] == "−22 % spent"
    assert row[7] == "spent"


def test_what_was_never_measured_is_a_dash_and_never_a_number() -> None:
    row = row_of(a_view(left=None, data_until=None, trend=()))

    assert row[1] == "not measured no data yet"
    assert row[3:] == ["–"] * 6


def test_what_froze_keeps_its_last_figures_with_their_moment() -> None:
    row = row_of(a_view(left="0.61", stale=True, data_until=AS_OF - 97 * 60))

    assert row[1] == "frozen no data since 14:05 UTC"
    assert row[3] == "61 % to 14:05 UTC"
    assert row[5:7] == ["–", "–"]


def test_an_alert_that_froze_is_still_told() -> None:
    hot = {"5m": "25", "1h": "23", "30m": "4", "6h": "4"}
    row = row_of(a_view(left="0.5", burns=hot, stale=True, data_until=AS_OF - 97 * 60))

    assert row[1] == "frozen was paging to 14:05 UTC"


def test_only_the_burn_that_fires_is_marked() -> None:
    markup = objectives_table([a_view(burns={"5m": "25", "1h": "23", "30m": "4.2", "6h": "4.2"})])

    assert re.search(r'class="one n x"[^>]*><b class="st page">23\.0×</b>', markup)
    assert re.search(r'class="six n x"[^>]*>4\.2×</td>', markup)


def test_a_state_is_said_beside_a_quiet_row() -> None:
    assert row_of(a_view(lesser={"partial_s": 60}))[1] == "quiet partly measured"
    assert row_of(a_view(lesser={"estimated_s": 60}))[1] == "quiet estimated"


def test_thin_coverage_is_told_beside_the_sli() -> None:
    assert row_of(a_view(coverage="0.62"))[4].endswith("62 % measured")
    assert "measured" not in row_of(a_view(coverage="0.97"))[4]


def test_only_uptime_has_its_budget_as_time() -> None:
    assert row_of(a_view(percent="99.9", left="0.77", indicator=up()))[3] == "77 % 33 m"
    assert row_of(a_view(percent="99.9", left="0.77"))[3] == "77 %"


def test_overspent_time_is_rounded_up_and_said_to_be_over() -> None:
    assert (
        row_of(a_view(percent="99.9", left="-0.5", indicator=up()))[3] == "−50 % spent · 22 m over"
    )


def test_latency_reads_as_a_share_of_requests_with_its_percentile_behind() -> None:
    row = row_of(a_view("x", "95", indicator=under(0.5)))

    assert row[0] == "x 95 % of requests under 500 ms (p95 < 500 ms)"


def test_the_usual_window_stands_in_the_heading_and_another_in_its_row() -> None:
    table = table_of(a_view("a"), a_view("b", window_s=7 * 86_400), a_view("c"))

    assert table.rows[0][2] == "Budget left, rolling 30\N{NO-BREAK SPACE}d"
    assert [row[0].rpartition(", ")[2] for row in table.rows[1:]] == [
        "a 99.95\N{NO-BREAK SPACE}% of requests succeed",
        "rolling 7\N{NO-BREAK SPACE}d",
        "c 99.95\N{NO-BREAK SPACE}% of requests succeed",
    ]


def test_calm_rows_are_one_line_on_a_phone_and_all_others_are_not() -> None:
    rows = table_of(*by_need(the_mock_up())).named("tr")[1:]

    assert [row["class"] for row in rows] == ["loud"] * 5 + ["calm held", "dark"] + ["calm"] * 7


@pytest.mark.parametrize(
    ("left", "kind", "width"),
    [
        (Fraction(1), "bud", "80.0"),
        (Fraction(1, 2), "bud", "40.0"),
        (Fraction(-22, 100), "bud neg", "17.6"),
        (Fraction(-3), "bud neg off", "20.0"),
        (Fraction(0), "bud", "0.0"),
    ],
)
def test_the_bar_is_the_budget_left_and_grows_left_of_zero_when_overspent(
    left: Fraction, kind: str, width: str
) -> None:
    bar = budget_bar(left, low=False, frozen=False, says="x")

    assert f'class="{kind}"' in bar
    assert f"width:{width}%" in bar


def test_an_unknown_budget_is_an_empty_dashed_track_without_a_bar() -> None:
    bar = budget_bar(None, low=False, frozen=True, says="not measured")

    assert 'class="bud none"' in bar
    assert "width" not in bar


def drawn(markup: Markup) -> ET.Element:
    found = re.search(r"base64,([^\"]+)", markup)
    assert found
    return ET.fromstring(b64decode(found[1]))


def test_a_gap_in_the_history_is_a_gap_in_the_line() -> None:
    image = drawn(sparkline((0.9, 0.8, None, 0.5, None, 0.4, 0.3), says="x"))

    zero, *lines = (child.tag.rpartition("}")[2] for child in image)
    assert zero == "path"
    assert lines == ["path", "circle", "path"]


@given(st.lists(st.none() | st.floats(-50, 1), max_size=40))
def test_a_sparkline_never_leaves_its_picture(shares: list[float | None]) -> None:
    image = drawn(sparkline(shares, says="x"))

    for path in list(image)[1:]:
        numbers = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d", ""))
        assert all(0 <= float(x) <= 120 and 0 <= float(y) <= 30 for x, y in numbers)


def test_every_picture_says_in_words_what_it_shows() -> None:
    table = table_of(*the_mock_up())

    assert all(attributes["alt"] for attributes in table.named("img"))
    assert table.named("img")[0]["alt"] == "budget left, 28 days: 58 % to 38 %".replace(
        " %", "\N{NO-BREAK SPACE}%"
    )
