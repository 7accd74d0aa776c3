"""The document that a migration names, on its page, in its report and beside the command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import moved_shop
import orjson
import pytest
from drawn_migration import the_mock_up
from hostile_words import HOSTILE
from jsonschema import Draft202012Validator
from moved_shop import CONFIG
from streamlit.testing.v1 import AppTest
from told_builders import day
from verdict_builders import ROOT, burnline

from dashboard import wiring
from dashboard.charts.claims import documented_section
from dashboard.documents import read_document
from dashboard.reports.migration.letter import letter
from dashboard.views.claims.documented import documented
from dashboard.views.claims.model import ClaimCheck
from dashboard.views.pages.migration import MigrationPage, migration_page
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene

AS_OF = day("2026-08-01")
NAMED = CONFIG.replace('title = "To the cloud"', 'title = "To the cloud"\nclaims = "told.md"')
TOLD = """
| Metric | Before | After | Change |
|---|---|---|---|
| Deployments | monthly | weekly | +5x |
| API latency, p95 | 820 ms | 490 ms | -40 % |
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documented")
    moved_shop.write(folder, config=NAMED)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    config = wiring.configured(folder / "config.toml")
    with wiring.reader(config) as reader:
        yield Scene(config, reader, AS_OF, is_fixed=True)


def page(folder: Path) -> MigrationPage:
    with scene(folder) as seen:
        found = migration_page(seen, "", read_document)
    assert not isinstance(found, Notice)
    return found


def _missing(path: Path) -> None:
    path.unlink(missing_ok=True)


def _folder(path: Path) -> None:
    path.mkdir()


def _no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00 claims")


def _huge(path: Path) -> None:
    path.write_bytes(b"| a |\n" * 200_000)


@pytest.fixture
def told(shop: Path) -> Iterator[Path]:
    path = shop / "told.md"
    path.write_text(TOLD, encoding="utf-8")
    yield path
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)


def test_its_rows_stand_on_the_page_under_a_title_of_their_own(told: Path) -> None:
    claimed = page(told.parent).claimed
    assert claimed is not None

    said = re.sub(r"<[^>]+>", " ", documented_section(claimed)).replace("\N{NO-BREAK SPACE}", " ")

    assert "What is claimed" in said
    assert "in told.md" in said
    assert "Held against the report “To the cloud”" in said
    assert 'say "4.3x as often"' in said.replace("&quot;", '"').replace("&#34;", '"')


def test_it_stands_in_the_letter_below_what_was_measured(told: Path) -> None:
    found = page(told.parent)

    section = letter("move", found.told, found.claimed).said[-1]

    assert section.title == "What is claimed"
    assert section.grid is not None
    cells = [[cell.text for cell in row] for row in section.grid.rows]
    assert cells[0][:4] == ["Deployments", "monthly", "weekly", "+5x"]
    assert (cells[0][4], cells[0][6]) == ("wrong", 'say "4.3x as often"')
    assert section.grid.rows[0][4].small.startswith("exactly 4.35x as often, +334.8 %")


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (_missing, "The document cannot be read: No such file or directory."),
        (_folder, "The document cannot be read: Is a directory."),
        (_no_text, "The document is no UTF-8 text: byte 1 begins no character."),
        (_huge, "The document has more than 1,048,576 bytes."),
    ],
)
def test_one_that_cannot_be_read_is_a_sentence_and_the_page_stands_without_it(
    shop: Path, told: Path, spoilt: Callable[[Path], None], why: str
) -> None:
    told.unlink()
    spoilt(told)
    found = page(shop)
    assert found.claimed is not None

    assert why in found.claimed.remarks
    assert why in documented_section(found.claimed)
    assert why in letter("move", found.told, found.claimed).said[-1].items
    assert len(found.report.rows) == 4

    ran = burnline("migration", "--as-of", "2026-08-01", folder=shop)
    assert (ran.code, ran.err) == (0, "")
    assert "told.md: not read" in ran.out
    assert why in ran.out


def test_one_that_comes_later_is_read_then(shop: Path, told: Path) -> None:
    told.unlink()
    before = page(shop).claimed
    told.write_text(TOLD, encoding="utf-8")
    after = page(shop).claimed

    assert before is not None
    assert after is not None
    assert (before.is_read, after.is_read, len(after.claims)) == (False, True, 2)


def test_the_command_prints_it_below_the_notes_and_its_json_keeps_the_schema(told: Path) -> None:
    asked = ("migration", "cloud", "--as-of", "2026-08-01")
    said = burnline(*asked, folder=told.parent).out
    found = orjson.loads(burnline(*asked, "--json", folder=told.parent).out)

    report, _, claims = said.partition("\n\nWhat is claimed\n")
    assert "MEASURE" in report
    assert "+5x" not in report
    assert "Deployments | monthly → weekly | +5x" in claims
    schema = (ROOT / "dashboard" / "schemas" / "migration-1.json").read_bytes()
    Draft202012Validator(orjson.loads(schema)).validate(found)
    assert [one["metric"] for one in found["claims"]] == ["Deployments", "API latency, p95"]


def test_explained_holds_the_arithmetic_alone(told: Path) -> None:
    ran = burnline("migration", "--as-of", "2026-08-01", "--explain", folder=told.parent)

    assert ran.code == 0
    assert "What is claimed" not in ran.out


@pytest.mark.parametrize("name", HOSTILE)
def test_its_name_becomes_no_markup(name: str) -> None:
    tags = [
        re.findall(
            r"<(\w+)", documented_section(ClaimCheck(name=one, claims=(), contradictions=()))
        )
        for one in ("told.md", name)
    ]

    assert tags[1] == tags[0]


def _drawn() -> None:
    from dataclasses import replace  # noqa: PLC0415 - runs as a script of its own

    from drawn_migration import the_mock_up  # noqa: PLC0415

    from dashboard.screens import migration  # noqa: PLC0415
    from dashboard.views.claims.model import ClaimCheck  # noqa: PLC0415

    why = ("The document cannot be read.",)
    check = ClaimCheck(name="told.md", claims=(), contradictions=(), remarks=why, is_read=False)
    migration.draw(replace(the_mock_up(), claimed=check))


def test_the_page_shows_it_and_shows_nothing_of_it_where_none_is_named() -> None:
    app = AppTest.from_function(_drawn, default_timeout=60).run()

    assert not app.exception
    html = "".join(str(element.proto.body) for element in app.get("html"))
    assert html.count("What is claimed") == 1
    assert "The document cannot be read." in html
    assert documented(the_mock_up().report, read_document) is None
