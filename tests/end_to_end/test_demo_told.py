"""The case study told by the demo itself: its table row for row, its goals, and what is claimed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from demo_facts import NOW, SEED
from jsonschema import Draft202012Validator
from page_browser import DESK, Open, inked
from page_server import served
from verdict_builders import ROOT, Ran, burnline

from dashboard.demo.folder import Folder

AS_OF = ("--as-of", "2026-11-22T17:52:00Z")
MONTH_D = 365.2425 / 12


@pytest.fixture(scope="module")
def case_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo begun at a fixed moment, what is generated of it collected."""
    folder = tmp_path_factory.mktemp("case-study") / "demo"
    Folder(folder).begin(NOW, seed=SEED, days=1, port=8501)
    sources = ("--source", "generated", "--source", "generated-history")
    ran = burnline("collect", "--once", *sources, folder=folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.mark.chromium
def test_the_picture_of_the_migration_in_the_readme_is_drawn_from_the_case_study(
    case_study: Path, look: Open, tmp_path: Path
) -> None:
    picture = Path(os.environ.get("BURNLINE_PICTURES", tmp_path)) / "migration.png"

    with served(case_study / "config.toml", *AS_OF) as url:
        seen = look(f"{url}/migration")
        seen.page.locator(".js-plotly-plot .main-svg").first.wait_for()
        seen.page.screenshot(path=picture, animations="disabled")

    assert seen.misdeeds == []
    assert inked(picture, DESK) > 0.02
    assert inked(ROOT / "docs" / "pictures" / "migration.png", DESK) > 0.02
    assert "docs/pictures/migration.png" in (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def text(case_study: Path) -> str:
    ran = burnline("migration", *AS_OF, folder=case_study)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


@pytest.fixture(scope="module")
def document(case_study: Path) -> dict[str, Any]:
    ran = burnline("migration", "monolith-to-cloud", "--json", *AS_OF, folder=case_study)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = orjson.loads(ran.out)
    schema = ROOT / "dashboard" / "schemas" / "migration-1.json"
    Draft202012Validator(orjson.loads(schema.read_bytes())).validate(found)
    return found


# Twelve months are 365 days, eight months 245; a month is a twelfth of 365.2425 days.
ROWS = {
    "api-p95": (0.820, 0.490, "improved", "met"),
    "checkout-p95": (None, 0.320, "not enough data", "met"),
    "uptime": (0.9980, 0.9997, "improved", "met, not certain"),
    "deployments": (12 / 365 * MONTH_D, 35 / 245 * MONTH_D, "improved", "met, not certain"),
    "incidents": (30 / 365 * MONTH_D, 4 / 245 * MONTH_D, "improved", None),
    "pipeline": (72 * 3_600, 8 * 3_600, "improved", "met"),
    "releases": (16 / 365 * MONTH_D * 3, 32 / 245 * MONTH_D * 3, "improved", None),
    "cost": (41_200, 47_380, "inside its limit", None),
    "app-rating": (3.9, 4.7, "not tested", None),
    "lighthouse": (42, 94, "not tested", None),
    "sessions": (180_000, 219_600, "not tested", None),
    "coverage": (None, 92, "not tested", None),
}


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_case_study_has_its_values_its_evidence_and_its_goal(
    name: str, document: dict[str, Any]
) -> None:
    before, after, verdict, goal = ROWS[name]
    (row,) = [one for one in document["metrics"] if one["id"] == name]

    assert row["before"]["estimate"] == (before and pytest.approx(before, rel=2e-4))
    assert row["after"]["estimate"] == pytest.approx(after, rel=2e-4)
    assert row["verdict"] == verdict
    assert (row["goal"] and row["goal"]["result"]) == goal


CHANGES = {
    "api-p95": ("percent", -40.24),  # 490 / 820
    "uptime": ("points", 0.17),
    "deployments": ("ratio", 4.345),  # 35 / 245 over 12 / 365
    "incidents": ("percent", -80.14),  # 4 / 245 over 30 / 365
    "pipeline": ("percent", -88.89),  # 8 / 72
    "releases": ("ratio", 2.980),  # 32 / 245 over 16 / 365
    "cost": ("percent", 15),
    "app-rating": ("absolute", 0.8),
    "lighthouse": ("absolute", 52),
    "sessions": ("percent", 22),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_what_follows_from_its_two_values(
    name: str, document: dict[str, Any]
) -> None:
    way, change = CHANGES[name]
    (row,) = [one for one in document["metrics"] if one["id"] == name]

    assert row["change"][way] == pytest.approx(change, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("API latency, p95", "820 ms 490 ms −40 % improved met < 500 ms"),
        ("Checkout latency, p95", "– 320 ms – not enough data met < 500 ms"),
        ("Uptime of the API", "99.80 % 99.97 % +0.17 pp improved met, not certain ≥ 99.95 %"),
        ("Deployments", "1.0 4.3 4.3x as often improved met, not certain a month ≥ 1 a week"),
        ("Incidents", "2.5 0.5 0.20x as often improved no goal a month"),
        ("Pipeline, merge to production", "72 h 8 h −89 % improved met < 12 h"),
        ("Feature releases", "4 12 3.0x as often improved no goal a quarter"),
        ("Infrastructure cost", "41,200 47,380 +15 % inside its limit inside EUR a month"),
        ("Mobile app rating", "3.9 4.7 +0.8 not tested no goal of 5"),
        ("Lighthouse", "42 94 +52 points not tested no goal"),
        ("Sessions a day", "180,000 219,600 +22 % not tested no goal a day +39,600 a day"),
        ("Test coverage", "– 92 % – not tested no goal"),
    ],
)
def test_the_table_says_every_row_in_its_own_way_of_speaking(
    name: str, words: str, text: str
) -> None:
    """The words come in this order, the figures of the small line after those of the main one."""
    table = text.partition("MEASURE")[2].partition("\n\n")[0].splitlines()
    first = next(place for place, line in enumerate(table) if line.startswith(name))
    rest = " ".join(" ".join(table[first : first + 3]).split())

    for word in words.split(" "):
        assert word in rest.split(" "), word
        rest = rest.partition(word)[2]


def test_no_frequency_is_told_as_so_many_times_more(text: str) -> None:
    report = text.partition("What is claimed")[0]

    assert report
    assert not re.search(r"[+]\s?\d[\d.]*\s?x", report)


def test_the_headline_and_the_goals_are_counted_and_made_up_figures_are_called_so(
    text: str,
) -> None:
    first, goals, *rest = text.splitlines()

    assert first == "Monolith to cloud: 7 improved, 2 not enough data"
    assert goals == "Goals: 3 met, 2 met but not certain"
    assert "Generated figures (sources generated, generated-history)" in rest


# claim, mark, exact change, better wording, what the data say
CLAIMED = (
    ("API latency, p95", "ok", -40.24, None, "supported"),
    ("Checkout latency, p95", "unsupported", -60.98, None, "not decided by the data"),
    ("Uptime of the API", "ok", 0.17, None, "supported"),
    ("Deployments", "wrong", 334.8, 'say "4.3x as often"', "supported"),
    ("Incidents", "ok", -80, None, "supported"),
    ("Pipeline, merge to production", "wrong", -88.89, 'say "9x faster (−89 %)"', "supported"),
    ("Mobile app rating", "ok", 0.8, None, "supported"),
    ("Feature releases", "ok", 200, None, "supported"),
    ("Lighthouse", "ok", 52, None, "supported"),
    ("Infrastructure cost", "ok", 15, None, "supported"),
    ("Sessions a day", "ok", 22, None, "supported"),
    ("Test coverage", "ok", None, None, "supported"),
)


@pytest.fixture(scope="module")
def checked(case_study: Path) -> Ran:
    return burnline("claims", "claims.md", "--json", *AS_OF, folder=case_study)


def test_every_claim_is_marked_worded_better_and_held_against_the_data(checked: Ran) -> None:
    found = orjson.loads(checked.out)["claims"]

    assert checked.code == 1
    seen = [(one["metric"], one["mark"], one["better"], one["support"]) for one in found]
    assert seen == [(name, mark, better, data) for name, mark, _, better, data in CLAIMED]
    for one, (name, _, change, *_) in zip(found, CLAIMED, strict=True):
        points = ("points", "absolute") if change in {0.17, 0.8, 52} else ("percent",)
        exact = [one["exact"][way] for way in points if one["exact"][way] is not None]
        assert exact[:1] == ([] if change is None else [pytest.approx(change, rel=1e-3)]), name


def test_five_times_more_is_told_what_it_is_and_would_be(case_study: Path) -> None:
    said = burnline("claims", "claims.md", *AS_OF, folder=case_study).out

    assert 'exactly 4.35x as often, +334.8 %; "+5x" as an increase is 6x' in said
    assert "the downtime −85 %, 86.4 to 13.0 min per 30 d" in " ".join(said.split())


CROSSED = {
    "one figure for two things": ("API latency, p95 | 820 ms", "Checkout latency, p95 | 820 ms"),
    "down despite none": ("Uptime of the API | 99.80 %", "zero customer-impacting outages"),
    "events despite none": ("Incidents | 2.5 a month", "zero customer-impacting outages"),
    "two changes of one thing": ("| -80 %", "(-89 %)"),
    "two figures for one thing": ("4 a quarter | 12 a quarter", "released quarterly"),
    "a frequency in units of time": ("deployment frequency is < 12 h", "< 12 h"),
}


def test_what_contradicts_what_is_named_with_both_quotes(checked: Ran) -> None:
    found = orjson.loads(checked.out)["contradictions"]

    assert sorted(one["kind"] for one in found) == sorted(CROSSED)
    for one in found:
        for quote, words in zip(one["quotes"], CROSSED[one["kind"]], strict=True):
            assert words in quote
            assert quote in one["text"]


def test_the_report_of_the_migration_holds_the_same_check(
    checked: Ran, document: dict[str, Any], text: str
) -> None:
    alone = orjson.loads(checked.out)

    assert document["claims"] == alone["claims"]
    assert document["contradictions"] == alone["contradictions"]
    assert "claims.md: 9 ok, 1 unsupported, 2 wrong, 6 contradictions" in text
