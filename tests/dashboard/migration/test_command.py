"""`burnline migration` in processes of its own: words, JSON, refusals, and the same bytes anywhere."""

from __future__ import annotations

from pathlib import Path

import moved_shop
import orjson
import pytest
from jsonschema import Draft202012Validator
from moved_shop import CONFIG
from verdict_builders import burnline

SCHEMAS = Path(__file__).parents[3] / "dashboard" / "schemas"
SCHEMA, LIST_SCHEMA = SCHEMAS / "migration-1.json", SCHEMAS / "migrations-1.json"
AS_OF = ("--as-of", "2026-08-01")
ODD_PLACES = (
    {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"},
    {"LC_ALL": "POSIX", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "4711", "PYTHONUTF8": "0"},
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    moved_shop.write(folder)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder


def test_the_verdict_comes_first_and_every_line_fits_a_hundred_columns(shop: Path) -> None:
    ran = burnline("migration", *AS_OF, folder=shop)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "To the cloud: 4 improved"
    assert max(map(len, ran.out.splitlines())) <= 100


def test_the_json_keeps_the_published_schema(shop: Path) -> None:
    ran = burnline("migration", "cloud", *AS_OF, "--json", folder=shop)
    found = orjson.loads(ran.out)

    Draft202012Validator(orjson.loads(SCHEMA.read_bytes())).validate(found)
    assert [one["verdict"] for one in found["metrics"]] == ["improved"] * 4
    assert "steps" not in found["metrics"][0]


def test_explain_prints_the_arithmetic_of_one_metric_or_of_all(shop: Path) -> None:
    one = burnline("migration", *AS_OF, "--explain", "uptime", folder=shop).out
    every = burnline("migration", *AS_OF, "--explain", folder=shop).out
    machine = burnline("migration", *AS_OF, "--json", "--explain", folder=shop).out

    assert one.startswith("Uptime (uptime)\n")
    assert "p-value" in one
    assert one.rstrip() in every
    assert "API latency, p95 (p95)" in every
    assert {"name", "text"} == set(orjson.loads(machine)["metrics"][0]["steps"][0])


def test_no_p_value_is_told_but_in_explain(shop: Path) -> None:
    assert "p-value" not in burnline("migration", *AS_OF, folder=shop).out


@pytest.mark.parametrize(
    ("words", "place"),
    [((), ODD_PLACES[0]), (("--json",), ODD_PLACES[1]), (("--explain",), ODD_PLACES[0])],
)
def test_the_same_store_gives_the_same_bytes_in_any_zone_locale_and_hash_seed(
    shop: Path, words: tuple[str, ...], place: dict[str, str]
) -> None:
    here, elsewhere = (
        burnline("migration", *AS_OF, *words, folder=shop, **environ).out for environ in ({}, place)
    )

    assert here == elsewhere != ""


def test_a_look_long_after_the_planned_one_prints_the_same(shop: Path) -> None:
    late = burnline("migration", "--as-of", "2027-08-01", folder=shop).out

    assert late == burnline("migration", *AS_OF, folder=shop).out


def test_a_wrong_name_is_told_the_nearest_right_one(shop: Path) -> None:
    ran = burnline("migration", "clod", folder=shop)

    assert ran.code == 2
    assert 'no [[migration]] is called "clod" (did you mean "cloud"?)' in ran.err


def test_a_wrong_metric_is_told_the_nearest_right_one(shop: Path) -> None:
    ran = burnline("migration", "--explain", "uptimes", folder=shop)

    assert ran.code == 2
    assert 'no metric of cloud has the id "uptimes" (did you mean "uptime"?)' in ran.err


def test_without_a_migration_there_is_nothing_to_compare(tmp_path: Path) -> None:
    moved_shop.write(tmp_path, config=CONFIG.partition("[[migration]]")[0])
    ran = burnline("migration", folder=tmp_path)

    assert ran.code == 2
    assert "no [[migration]] is configured" in ran.err


def test_without_a_store_a_sentence_says_so(tmp_path: Path) -> None:
    moved_shop.write(tmp_path)
    ran = burnline("migration", folder=tmp_path)

    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_of_several_none_is_guessed_they_are_listed(tmp_path: Path) -> None:
    head, _, migration = CONFIG.partition("[[migration]]")
    again = "\n[[migration]]" + migration.replace('"cloud"', '"again"')
    moved_shop.write(tmp_path, config=f"{head}[[migration]]{migration}{again}")
    asked = burnline("migration", *AS_OF, folder=tmp_path)
    machine = burnline("migration", *AS_OF, "--json", folder=tmp_path)

    assert asked.code == 0, asked.err
    assert asked.out.splitlines()[0] == "cloud  To the cloud: evaluated on 8 Jun 2026"
    found = orjson.loads(machine.out)
    assert [one["name"] for one in found["migrations"]] == ["cloud", "again"]
    Draft202012Validator(orjson.loads(LIST_SCHEMA.read_bytes())).validate(found)
