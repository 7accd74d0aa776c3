"""What a document claims, pasted on the page of a migration: read, checked, and never markup."""

from __future__ import annotations

import re

import pytest
from drawn_migration import the_mock_up
from hostile_words import HOSTILE
from streamlit.testing.v1 import AppTest

from dashboard.charts.claims import claims_section
from dashboard.views.pages.claimed import claims_in

REPORT = the_mock_up().report
DOCUMENT = """
| Metric | Before | After | Change |
|---|---|---|---|
| API latency, p95 | 820 ms | 490 ms | -40 % |
| Deployments | monthly | weekly | +5x |
| Search latency, p95 | 310 ms | 342 ms | -10 % |
"""


def section(text: str) -> str:
    """The section's markup, as it is read."""
    made = claims_section(claims_in(text, REPORT))
    return re.sub(r"<[^>]+>", " ", made).replace("\N{NO-BREAK SPACE}", " ")


def rows(text: str) -> list[str]:
    """The rows of the table without its heading, as they are read."""
    made = claims_section(claims_in(text, REPORT)).replace("\N{NO-BREAK SPACE}", " ")
    return [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr.*?</tr>", made)[1:]]


def test_each_row_of_the_table_is_checked_by_its_arithmetic_and_against_the_report() -> None:
    api, deployments, search = rows(DOCUMENT)

    assert "820 ms → 490 ms" in api
    assert "wrong" not in api
    assert "wrong" in search
    assert "+5x" in deployments
    assert "Monolith to services" in section(DOCUMENT)


def test_a_document_without_a_table_of_before_and_after_is_answered_in_words() -> None:
    said = section("Everything became better.")

    assert "No claims." in said
    assert "No table with columns of before and after was found." in said


@pytest.mark.parametrize("name", [name for name in HOSTILE if "\x00" not in name])
def test_what_a_document_says_becomes_no_markup(name: str) -> None:
    plain, hostile = (
        claims_section(claims_in(DOCUMENT.replace("Deployments", said), REPORT))
        for said in ("Deployments", name.replace("|", "/"))
    )

    tags = [set(re.findall(r"<(\w+)", made)) for made in (plain, hostile)]
    assert tags[1] <= tags[0] | {"ul", "li"}


def _page() -> None:
    from drawn_migration import the_mock_up  # noqa: PLC0415 - runs as a script of its own

    from dashboard.screens import migration  # noqa: PLC0415

    migration.draw(the_mock_up())


def test_the_page_has_a_place_to_paste_a_document_and_says_what_it_found() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert "Claims" not in html_of(app)

    app.text_area(key="claims").set_value(DOCUMENT).run()

    assert 'aria-label="Claims"' in html_of(app)


def test_what_is_no_text_is_answered_in_words() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()

    app.text_area(key="claims").set_value("a \x00 b").run()

    assert "the document is no text: it holds NUL bytes" in html_of(app)


def html_of(app: AppTest) -> str:
    """All markup of the page."""
    assert not app.exception
    return "".join(str(element.proto.body) for element in app.get("html"))
