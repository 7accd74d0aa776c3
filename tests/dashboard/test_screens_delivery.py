"""What stands on the page of deliveries and incidents: figures, strips and lists in their words."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from drawn_delivery import (
    bare,
    deployments,
    figures,
    incidents,
    page,
    renamed,
    strips,
    weekly,
)
from hostile_words import HOSTILE

from dashboard.charts.delivery import (
    counted_folds,
    counted_words,
    delivery_head,
    figures_table,
    nothing_of,
)
from dashboard.charts.delivery_lists import deployments_table, incidents_table
from dashboard.charts.delivery_strips import strips_table
from dashboard.charts.markup import Markup, join
from dashboard.views.delivery.model import DeliveryPage, Mark, Strips
from dashboard.views.pages.delivery import no_happenings


def plain(made: str) -> str:
    """The words of the markup, as they are read."""
    words = re.sub(r"<[^>]+>", "", made.replace("</td>", " ").replace("</th>", " "))
    return words.replace("\N{NO-BREAK SPACE}", " ")


def rows(made: Markup) -> list[str]:
    """The rows of the tables, headings included."""
    return re.findall(r"<tr.*?</tr>", made)


def cells(row: str) -> list[str]:
    """The cells of a row after its name."""
    return re.findall(r"<td.*?</td>", row)


def drawn(found: DeliveryPage) -> Markup:
    """Everything of the page that is markup."""
    return join(
        delivery_head(found),
        figures_table("Delivery", found.figures, "28 days"),
        counted_folds(found.figures, found.notes),
        strips_table(found.strips, is_weekly=False),
        deployments_table(found.deployments),
        incidents_table(found.incidents),
    )


def test_the_head_holds_the_verdict_its_scope_and_how_fresh_it_is() -> None:
    head = plain(delivery_head(page()))

    assert head.startswith("44 deployments in 28 days, 4 failed and 1 of them is failing now")
    assert "rollbacks are not counted as deployments" in head
    assert "data to 15:40 UTC, 2 min ago" in head


def test_a_figure_stands_with_its_range_its_count_the_span_before_and_what_it_says() -> None:
    made = figures_table("Delivery", figures(), "28 days")

    said = [plain(cell).strip() for cell in cells(rows(made)[3])]
    assert said == ["9.1 %", "3.6 to 21.2 %", "4 of 44", "7.7 %, 3 of 39", "no evidence of change"]
    assert "28 days before" in plain(rows(made)[0])


def test_what_has_no_number_is_not_printed_large_nor_is_a_range_without_ends() -> None:
    unknown = replace(figures()[0], value="not collected", interval="– to –", n="", says="")

    made = figures_table("Delivery", (unknown,), "7 days")

    assert '<span class="g">not collected</span>' in made
    assert "<b>" not in made
    assert plain(made).count("–") == 3


def test_every_figure_says_how_it_is_counted_and_what_was_left_out() -> None:
    made = plain(counted_folds(figures(), ("Severities are those of the source.",)))

    assert "Deployments to production that succeeded" in made
    assert "2 rows without a version were left out" in made
    assert "Severities are those of the source." in made


def test_the_published_bands_stand_with_their_years_where_the_counting_is_told() -> None:
    banded = replace(figures()[0], bands=("DORA 2024: once a day to once a week (22 %)",))

    assert "DORA 2024: once a day" in plain(counted_folds((banded,), ()))
    assert "DORA 2024" not in plain(figures_table("Delivery", (banded,), "28 days"))


def test_a_strip_has_a_cell_a_day_and_the_sums_behind_them() -> None:
    made = strips_table(strips(), is_weekly=False)

    body = rows(made)[1:]
    assert [len(cells(row)) for row in body] == [28 + 2] * 8
    assert [plain(cell).strip() for cell in cells(body[1])[-2:]] == ["9", "45 h 22 m"]
    assert 'aria-label="Incidents and deployments by service and day"' in made


def test_an_incident_of_severity_one_is_filled_and_others_are_outlined() -> None:
    checkout = rows(strips_table(strips(), is_weekly=False))[2]

    assert checkout.count('class="bd grave"') == 2
    assert checkout.count('class="bd"') == 1
    assert "INC-11: 24\N{NO-BREAK SPACE}h of impact" in cells(checkout)[11]


def test_weekends_are_shaded_in_every_row_and_in_the_heading() -> None:
    made = strips_table(strips(), is_weekly=False)

    assert all(len(re.findall(r'class="b[^"]* we"', row)) == 8 for row in rows(made))
    assert "we" not in strips_table(replace(strips(), weekends=frozenset()), is_weekly=True).split(
        "<tbody"
    )[1].replace("weekly", "")


@pytest.mark.parametrize(
    ("count", "ticks", "words"),
    [(0, 0, ""), (1, 1, "1 deployment"), (3, 3, "3 deployments"), (1_234, 0, "1234 deployments")],
)
def test_deployments_of_a_day_are_ticks_or_their_number_and_words_for_who_listens(
    count: int, ticks: int, words: str
) -> None:
    one = replace(strips().rows[0], deployments=(count,), marks=())

    (cell, *_) = cells(
        rows(strips_table(Strips(("1",), (), frozenset(), (one,)), is_weekly=False))[1]
    )

    assert cell.count('class="tk"') == ticks
    assert words in plain(cell)


def test_several_incidents_in_a_bin_are_counted_and_one_grave_among_them_fills_the_badge() -> None:
    marks = tuple(
        Mark(place=0, words=f"{i} m", title=f"incident {i}", is_grave=i == 2) for i in range(3)
    )
    one = replace(strips().rows[0], deployments=(0,), marks=marks)

    (cell, *_) = cells(
        rows(strips_table(Strips(("1",), (), frozenset(), (one,)), is_weekly=False))[1]
    )

    assert '<span class="bd grave" title="incident 0; incident 1; incident 2">3×' in cell


def test_a_month_whose_name_would_run_into_the_next_is_left_out() -> None:
    early = replace(strips(), heads=((0, "Oct 2026"), (2, "Nov 2026")))

    made = plain(strips_table(early, is_weekly=False))

    assert "Oct 2026" not in made
    assert "Nov 2026" in made


def test_services_of_which_nothing_is_to_be_told_are_one_line_below_the_others() -> None:
    one = replace(strips(), rows=strips().rows[:1], quiet="and 11 services with nothing in it")

    made = strips_table(one, is_weekly=False)

    assert len(rows(made)) == 2
    assert plain(made).endswith("and 11 services with nothing in it")


def test_of_a_long_name_the_middle_is_left_out_for_names_differ_at_both_ends() -> None:
    long = replace(strips().rows[1], service="payments-gateway-of-the-western-region-primary")

    made = plain(strips_table(replace(strips(), rows=(long,)), is_weekly=False))

    assert "payments-gateway…n-region-primary" in made.replace(
        "payments-gateway-", "payments-gateway", 0
    )


def test_the_four_known_figures_stand_large_and_of_the_others_what_nobody_collects_is_one_line() -> (
    None
):
    more = (
        replace(figures()[0], id="a", title="Releases", value="3 a month"),
        replace(figures()[0], id="b", title="Rework rate", value="not collected"),
    )

    made = figures_table("Delivery", (*figures(), *more), "28 days")

    assert len(rows(made)) == 1 + 4 + 1
    assert made.count('class="less"') == 1
    assert "Not collected: Rework rate." in plain(made)


def test_a_late_source_is_named_beside_the_verdict_with_its_sign() -> None:
    fresh = "data to 15:40 UTC, 2 min ago"
    late = replace(page(), freshness=f"{fresh}; pagerduty is late", is_late=True)

    assert '<span class="st late">pagerduty is late</span>' in delivery_head(late)
    assert fresh in plain(delivery_head(late))
    assert "st late" not in delivery_head(page())


def test_weeks_are_called_weeks() -> None:
    made = plain(strips_table(weekly().page.strips, is_weekly=True))

    assert "by service and week" in made
    assert "in the week it began" in made


def test_how_a_deployment_went_is_a_sign_and_words_and_red_where_someone_must_act() -> None:
    made = deployments_table(deployments())

    marks = re.findall(r'class="(st [^"]*)"', made)
    assert marks == [
        *("st page", "st quiet", "st quiet", "st quiet", "st quiet"),
        *("st spent red", "st spent red"),
    ]


def test_an_open_incident_says_so_and_an_outage_says_who_saw_it() -> None:
    said = [plain(row) for row in rows(incidents_table(incidents()))]

    assert "22 m so far open" in said[1]
    assert "outage seen by a probe" in said[4]
    assert not any("open" in row for row in said[2:])


def test_a_long_list_says_which_of_its_lines_are_shown() -> None:
    assert plain(counted_words(26, 50, 7_012, "outages")) == "26 to 50 of 7,012 outages"
    assert plain(counted_words(1, 3, 3, "outages")) == "3 outages"


def test_a_span_in_which_nothing_happened_is_said_in_words() -> None:
    found = bare().page

    assert "No deployments and no incidents in 28 days" in plain(delivery_head(found))
    assert "No deployment in this span." in plain(nothing_of("No deployment in this span."))


class Tags(HTMLParser):
    """The tags and the keys of a page."""

    def __init__(self, made: Markup) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.keys: set[str] = set()
        self.feed(made)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.keys |= {key for key, _ in attrs}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_sources_give_become_no_markup(name: str) -> None:
    usual, hostile = Tags(drawn(page())), Tags(drawn(renamed(name).page))

    assert hostile.tags <= usual.tags
    assert hostile.keys <= usual.keys


def test_where_nothing_was_ever_collected_the_page_says_what_to_write() -> None:
    notice = no_happenings("/etc/burnline/config.toml")

    assert notice.is_paste
    assert 'holds = "events"' in notice.lines
