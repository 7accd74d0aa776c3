"""`burnline collect`: what is new, what failed and since when, of one source or all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from shell_builders import CONFIG, Run

from collectors.store.store import Reader

BROKEN_SOURCE = '[[source]]\nname = "broken"\nkind = "files"\n[[source.file]]\npath = "gone.csv"\nholds = "gauges"\n'


@pytest.mark.usefixtures("shop")
def test_collecting_tells_what_is_new_and_the_second_time_that_nothing_is(run: Run) -> None:
    first, second = run("collect", "--once"), run("collect", "--once")

    assert (first.returncode, first.stdout, first.stderr) == (0, "shop: 10 new\n", "")
    assert (second.returncode, second.stdout) == (0, "shop: 0 new, 10 known\n")


def test_a_row_that_stands_in_a_file_three_times_is_two_duplicates(run: Run, shop: Path) -> None:
    *_, last = (shop / "requests.csv").read_text().splitlines()
    with (shop / "requests.csv").open("a") as file:
        file.write(f"{last}\n" * 2)

    collected, imported = run("collect", "--once"), run("import", "requests.csv")

    assert collected.stdout == "shop: 10 new, 2 duplicate\n"
    assert imported.stdout == "shop: 0 new, 10 known, 2 duplicate\n"


@pytest.mark.usefixtures("shop")
def test_a_failing_source_is_named_and_the_others_are_collected(run: Run, shop: Path) -> None:
    (shop / "config.toml").write_text(
        BROKEN_SOURCE + CONFIG.replace("[[slo]]", '[[slo]]\nsource = "shop"')
    )

    done = run("collect", "--once")

    assert done.returncode == 1
    assert done.stdout == "broken: 0 new, failed\nshop: 10 new\n"
    assert "broken: failed, never collected before\ngone.csv: " in done.stderr
    assert "fix:" in done.stderr


def test_a_source_that_fails_says_when_it_last_went_well(run: Run, shop: Path) -> None:
    run("collect", "--once")
    (shop / "requests.csv").unlink()

    done = run("collect", "--once")

    assert done.returncode == 2
    assert re.search(r"shop: failed, last good \d\d:\d\d UTC, (just now|\d+ min ago)", done.stderr)


def test_a_changed_target_is_kept_beside_the_one_that_was_in_force_before(
    run: Run, shop: Path
) -> None:
    run("collect", "--once")
    run("collect", "--once")
    (shop / "config.toml").write_text(CONFIG.replace("objective = 99", "objective = 99.5"))

    run("collect", "--once")

    with Reader.open(f"sqlite:///{shop / 'burnline.db'}") as reader:
        versions = reader.definitions("checkout")
    assert [version.document["objective"] for version in versions] == ["99", "99.5"]
    assert versions[0].effective is None


@pytest.mark.postgres
def test_a_store_for_a_team_is_named_by_a_secret_and_works_the_same(
    run: Run, shop: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "config.toml").write_text('store = { env = "STORE" }\n' + CONFIG)
    monkeypatch.setenv("STORE", postgres_url)

    done, judged = run("collect", "--once"), run("status", "--as-of", "2026-01-01T12:10:00Z")

    assert (done.returncode, done.stdout, done.stderr) == (0, "shop: 10 new\n", "")
    assert (judged.returncode, judged.stderr) == (0, "")
    assert "checkout" in judged.stdout


def test_when_every_source_fails_nothing_is_done(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(BROKEN_SOURCE)

    assert run("collect", "--once").returncode == 2


def test_one_source_can_be_collected_alone_and_a_wrong_name_is_told_the_right_one(
    run: Run, shop: Path
) -> None:
    (shop / "config.toml").write_text(
        BROKEN_SOURCE + CONFIG.replace("[[slo]]", '[[slo]]\nsource = "shop"')
    )

    alone, wrong = (
        run("collect", "--once", "--source", "shop"),
        run("collect", "--once", "--source", "shpo"),
    )

    assert (alone.returncode, alone.stdout) == (0, "shop: 10 new\n")
    assert wrong.returncode == 2
    assert 'no source is called "shpo" (did you mean "shop"?)' in wrong.stderr


@pytest.mark.usefixtures("shop")
def test_since_leaves_out_what_lies_before_it(run: Run) -> None:
    late = run("collect", "--once", "--since", "2026-01-01T12:05:00Z")
    all_of_it = run("collect", "--once")
    wrong = run("collect", "--once", "--since", "yesterday")

    assert late.stdout == "shop: 5 new\n"
    assert all_of_it.stdout == "shop: 5 new, 5 known\n"
    assert wrong.returncode == 2
    assert 'neither a length such as "90d" nor a moment' in wrong.stderr


@pytest.mark.usefixtures("shop")
def test_the_runs_as_json_are_one_document_on_stdout(run: Run) -> None:
    (document,) = [
        json.loads(line) for line in run("collect", "--once", "--json").stdout.splitlines()
    ]

    assert document["schema"] == "burnline.collect/1"
    assert document["runs"][0]["source"] == "shop"
    assert document["runs"][0]["stored"]["new"] == 10
    assert document["runs"][0]["error"] is None
