"""`burnline claims` in processes of its own: with a store, without one, and what it exits with."""

from __future__ import annotations

from pathlib import Path

import moved_shop
import orjson
import pytest
from jsonschema import Draft202012Validator
from verdict_builders import burnline

SCHEMA = Path(__file__).parents[3] / "dashboard" / "schemas" / "claims-1.json"
AS_OF = ("--as-of", "2026-08-01")
ODD = {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
RIGHT = """
| Metric | Before | After | Change |
|---|---|---|---|
| API latency, p95 | 820 ms | 480 ms | -41 % |
| Deployments per month | 0.87 | 6.1 | 7x as often |
"""
WRONG = """
We had zero outages since the move, with uptime at 99.94 %.

| Metric | Before | After | Change |
|---|---|---|---|
| API p95 | 820 ms | 300 ms | -63 % |
| Deployments | monthly | 6.1 a month | +6x |
| Weather | sunny | rain | much better |
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims")
    moved_shop.write(folder)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    (folder / "right.md").write_text(RIGHT)
    (folder / "wrong.md").write_text(WRONG)
    return folder


def test_claims_that_the_data_bear_out_are_ok(shop: Path) -> None:
    ran = burnline("claims", "right.md", *AS_OF, folder=shop)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("right.md: 2 ok\n")
    assert "Held against the report “To the cloud”." in ran.out
    assert "(by title)" in " ".join(ran.out.split())


def test_a_value_outside_our_range_and_a_wrong_factor_make_it_fail(shop: Path) -> None:
    ran = burnline("claims", "wrong.md", *AS_OF, folder=shop)

    assert ran.code == 1
    assert "unsupported: API p95 | 820 ms → 300 ms" in ran.out
    # Every week gave the same p95: there is no range to be outside of.
    assert "after differs from ours" in ran.out
    assert '"+6x" as an increase is 7x' in " ".join(ran.out.split())
    assert "There were" not in ran.out
    assert "Some time was down, and none was" in ran.out
    assert "not checked: Weather" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_the_json_keeps_the_published_schema(shop: Path) -> None:
    schema = orjson.loads(SCHEMA.read_bytes())
    for name in ("right.md", "wrong.md"):
        found = orjson.loads(burnline("claims", name, *AS_OF, "--json", folder=shop).out)

        Draft202012Validator(schema).validate(found)
    assert [one["mark"] for one in found["claims"]] == ["unsupported", "ambiguous", "not checked"]
    assert found["claims"][0]["measure"] == "p95"
    assert found["claims"][0]["is_before_inside"] is True
    assert found["claims"][0]["is_after_inside"] is False


def test_the_marked_up_table_goes_into_a_file_whole(shop: Path) -> None:
    ran = burnline("claims", "wrong.md", *AS_OF, "--out", "marked.md", folder=shop)
    as_json = burnline("claims", "wrong.md", *AS_OF, "--json", "--out", "m.json", folder=shop)

    marked = (shop / "marked.md").read_text()
    assert (ran.code, as_json.code) == (1, 1)
    assert marked.startswith("# Claims of wrong.md\n")
    assert "| unsupported | 6 | API p95 | 820 ms | 300 ms |" in marked
    assert orjson.loads((shop / "m.json").read_bytes())["schema"] == "burnline.claims/1"
    assert not list(shop.glob(".*.partial"))


def test_without_a_configuration_the_arithmetic_alone_is_checked_and_that_is_said(
    tmp_path: Path,
) -> None:
    (tmp_path / "right.md").write_text(RIGHT)

    ran = burnline("claims", "right.md", folder=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert "2 arithmetic ok" in ran.out
    assert "no migration report was at hand" in ran.out
    assert "Without data: config.toml" in ran.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["right.md"]


def test_without_a_store_the_arithmetic_alone_is_checked_and_that_is_said(tmp_path: Path) -> None:
    moved_shop.write(tmp_path)
    (tmp_path / "right.md").write_text(RIGHT)

    ran = burnline("claims", "right.md", folder=tmp_path)

    assert ran.code == 0
    assert "Without data: " in ran.out
    assert not (tmp_path / "burnline.db").exists()


def test_a_named_migration_must_exist(shop: Path) -> None:
    ran = burnline("claims", "right.md", "--migration", "clod", folder=shop)

    assert (ran.code, ran.out) == (2, "")
    assert 'no [[migration]] is called "clod" (did you mean "cloud"?)' in ran.err


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "no UTF-8 text"), (b"a" * 1_048_577, "more than"), (None, "cannot be read")],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "a.md").write_bytes(content)

    ran = burnline("claims", "a.md", folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "right.md").write_text(RIGHT)

    ran = burnline("claims", "right.md", "--out", "no/such/marked.md", folder=tmp_path)

    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_a_document_without_claims_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Nothing is claimed here.\n")

    ran = burnline("claims", "a.md", folder=tmp_path)

    assert ran.code == 0
    assert ran.out.startswith("a.md: no claims\n")
    assert "No table with columns of before and after was found." in ran.out


def test_the_same_bytes_come_out_anywhere(shop: Path) -> None:
    here = burnline("claims", "wrong.md", *AS_OF, folder=shop)
    there = burnline("claims", "wrong.md", *AS_OF, folder=shop, **ODD)

    assert here == there
