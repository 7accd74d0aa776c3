"""Without any data a claim still says what its own numbers show, and no more than that."""

from __future__ import annotations

import pytest

from dashboard.views.claims.making import claims_of
from dashboard.views.claims.marked import lines
from dashboard.views.claims.reading import read
from dashboard.views.claims.words import support_words
from dashboard.views.machines.claims import entry

HEAD = "| Metric | Before | After | Change | Goal |\n|---|---|---|---|---|\n"
BUDGET = "of the 21.6 min per 30 d that 99.95 % leaves, before used 400 %, after 60 %"
UPTIME = "Uptime | 99.80 % | 99.97 % | +0.17 pp"


def alone(row: str, prose: str = "") -> str:
    check = claims_of(read(f"{HEAD}| {row} |\n\n{prose}\n".encode(), where="a.md"))
    return check.claims[0].alone


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"{UPTIME} | 99.95 %", BUDGET),
        (f"{UPTIME} | ≥ 99.95 %", BUDGET),
        (
            "Releases | 4 per quarter | 12 per quarter | +200 %",
            "one quarter each would be no evidence (p = 0.077)",
        ),
        (
            "Releases a quarter | 4 | 12 | +200 %",
            "one quarter each would be no evidence (p = 0.077)",
        ),
        (
            "Incidents | 2.5 a month | 0.5 a month | -80 %",
            "needs at least 4 months a side to be told from chance",
        ),
        (
            "Deployments | monthly | weekly | 4.3x",
            "needs at least 3 months a side to be told from chance",
        ),
        (
            "Incidents | 1.1 a week | 1 a week | -9 %",
            "needs more than 120 weeks a side to be told from chance",
        ),
        # 15 and 3 of 18 heads: 0.0075; 26 deployments and 104 are no chance at all.
        (
            "Incidents | 15 | 3 | -80 %",
            "counted over equal times it would be evidence (p = 0.0075)",
        ),
        (
            "Deployments | 26/month | 104/month | 4x",
            "one month each would be evidence (p < 0.0001)",
        ),
        ("App rating | 3.9 | 4.7 | +0.8", "single readings, no range"),
        ("Lighthouse | 42 | 94 | +52 points", "single readings, no range"),
        ("Health score | 42 | 94 | +52", "single readings, no range"),
    ],
)
def test_the_numbers_of_a_row_say_what_they_show_by_themselves(row: str, words: str) -> None:
    assert alone(row) == words


@pytest.mark.parametrize(
    "row",
    [
        UPTIME,  # no objective
        f"{UPTIME} | 100 %",  # leaves nothing
        f"{UPTIME} | 0 %",
        f"{UPTIME} | soon",
        "Uptime | 99.80 % | 130 % | | 99.95 %",
        "Coverage | 80 % | 92 % | +12 pp | 90 %",
        "p95 | 820 ms | 490 ms | -40 %",
        "Cost a month | 4 | 12 | +200 %",
        "Incident cost a month | 4 | 12 | +200 %",
        "Downtime | 86 | 13 | -85 %",
        "Incidents per deployment | 4 | 12 |",
        "Incident severity | 4 | 12 |",
        "Releases | 4 | 4 | 0 %",
        "Releases | 0 | 0 | 0 %",
        "Incidents | -4 | 12 |",
        "Incidents | 4 | n/a |",
        "Incidents | 4 h | 12 |",
        "Incidents | 99999999999999999999999999999 | 1 |",
    ],
)
def test_numbers_that_show_nothing_by_themselves_say_nothing(row: str) -> None:
    assert alone(row) == ""


def test_the_objective_may_stand_in_the_prose_where_it_names_one_only() -> None:
    assert alone(UPTIME, "Our uptime goal is 99.95 %.") == BUDGET
    assert alone(UPTIME, "Our uptime goal is 99.95 %. Our uptime goal is 99.9 %.") == ""
    assert alone(UPTIME, "Our coverage goal is 90 %.") == ""


def test_what_the_numbers_show_stands_in_the_document_and_in_the_json() -> None:
    check = claims_of(read(f"{HEAD}| {UPTIME} | 99.95 % |\n".encode(), where="a.md"))

    assert support_words(check.claims[0]) == f"no data here; {BUDGET}"
    assert entry(check.claims[0])["data"] == f"no data here; {BUDGET}"
    assert BUDGET in "\n".join(lines(check))
