"""`burnline backup` and `burnline restore`, as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_shop import SOURCE, a_promise
from verdict_builders import burnline

CONFIG = SOURCE + a_promise("shop-success", "99", 'requests{service="shop"}')
ROWS = "at,service,good,total\n2026-11-01T00:00:00Z,shop,9,10\n2026-11-01T00:01:00Z,shop,10,10\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "requests.csv").write_text(ROWS)
    assert burnline("collect", "--once", folder=tmp_path).code == 0
    return tmp_path


def test_a_backup_lies_beside_the_store_and_its_making_is_in_the_audit_log(shop: Path) -> None:
    made = burnline("backup", folder=shop)
    (copy,) = (shop / "backups").iterdir()
    assert made.code == 0
    assert made.out.startswith(f"{copy}: ")
    assert "checked whole" in made.out
    tried = burnline("restore", str(copy), "--verify", folder=shop)
    assert tried.code == 0
    assert "a store was made of it and opened" in tried.out


def test_what_was_lost_after_the_backup_is_back_with_the_next_collection(shop: Path) -> None:
    before = burnline("status", "--json", "--as-of", "2026-11-01T00:02:00Z", folder=shop).out
    assert burnline("backup", "copy.db", folder=shop).code == 0
    (shop / "burnline.db").unlink()

    put_back = burnline("restore", "copy.db", folder=shop)

    assert put_back.code == 0, put_back.err
    assert (
        burnline("status", "--json", "--as-of", "2026-11-01T00:02:00Z", folder=shop).out == before
    )


def test_a_file_that_is_no_backup_is_refused_in_a_sentence_with_code_2(shop: Path) -> None:
    ran = burnline("restore", "requests.csv", folder=shop)
    assert ran.code == 2
    assert "not a burnline store" in ran.err
    assert burnline("restore", "nowhere.db", folder=shop).code == 2
