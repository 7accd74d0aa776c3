"""What `burnline import` says of where its facts go, and what a failed one leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_shop import SOURCE, a_promise
from verdict_builders import burnline

from collectors.store.store import Reader

SHOP = SOURCE + a_promise(objective="99", source='"shop"')
DEPOT = '[[source]]\nname = "depot"\nkind = "files"\n[[source.file]]\npath = "d.csv"\nholds = "gauges"\n'
ROWS = "at,good,total\n2026-01-01T12:00:00Z,9,10\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder whose source went well once, and a file that no table names."""
    (tmp_path / "config.toml").write_text(SHOP)
    (tmp_path / "requests.csv").write_text(ROWS)
    (tmp_path / "other.csv").write_text(ROWS.replace("12:00", "13:00"))
    assert burnline("collect", "--once", folder=tmp_path).code == 0
    return tmp_path


def sources(folder: Path) -> dict[str, str | None]:
    """The last run of each source: its error."""
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return {health.last.source: health.last.error for health in reader.last_runs()}


def test_a_source_that_nobody_configured_is_refused_before_anything_is_stored(shop: Path) -> None:
    done = burnline("import", "other.csv", "--as", "requests", "--source", "shpo", folder=shop)

    assert done.code == 2
    assert 'no source is called "shpo" (did you mean "shop"?)' in done.err
    assert sources(shop) == {"shop": None}


@pytest.mark.parametrize("path", ["../beside.csv", "./../beside.csv", "linked/../../beside.csv"])
def test_a_file_of_another_folder_is_read_as_its_table_says_however_its_path_is_written(
    shop: Path, path: str
) -> None:
    table = f'path = "{path}"\ncolumns = {{ at = "when" }}'
    (shop / "linked").mkdir()
    (shop / "config.toml").write_text(SHOP.replace('path = "requests.csv"', table))
    beside = shop.parent / "beside.csv"
    beside.write_text(ROWS.replace("at,", "when,").replace("12:00", "14:00"))

    done = burnline("import", "../beside.csv", "--source", "shop", folder=shop)

    assert (done.code, done.err) == (0, "")
    assert done.out == "shop: 1 new\n"


def test_a_configured_source_that_is_named_is_taken_without_a_word(shop: Path) -> None:
    done = burnline("import", "other.csv", "--as", "requests", "--source", "shop", folder=shop)

    assert (done.code, done.out, done.err) == (0, "shop: 1 new\n", "")


def test_the_source_chosen_for_a_file_that_no_table_names_is_told(shop: Path) -> None:
    only = burnline("import", "other.csv", "--as", "requests", folder=shop)
    (shop / "config.toml").write_text(DEPOT + SHOP)
    one_of_two = burnline("import", "other.csv", "--as", "requests", folder=shop)

    assert (only.code, only.out) == (0, "shop: 1 new\n")
    assert only.err == 'other.csv: taken as of the only source of files, "shop"\n'
    assert (one_of_two.code, one_of_two.out) == (0, "files: 1 new\n")
    assert 'taken as of "files", which is not configured: no SLO reads it' in one_of_two.err


def test_an_import_that_fails_does_not_make_its_source_look_failing(shop: Path) -> None:
    missing = burnline("import", "gone.csv", "--as", "requests", folder=shop)
    in_part = burnline("import", "other.csv", "gone.csv", "--as", "requests", folder=shop)
    status = burnline("status", folder=shop)

    assert (missing.code, in_part.code) == (2, 1)
    assert "there is no such file" in missing.err
    assert in_part.out.startswith("shop: 1 new, ")
    assert sources(shop) == {"shop": None}
    assert "failing" not in status.out + status.err
