"""`burnline report` in processes of its own: the same bytes everywhere, handed over once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from components.burnline import MAIN
from report_builders import AS_OF, CASES, LABEL, at, golden, shop
from verdict_builders import ROOT, Ran, burnline

WORLDS = (
    {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {
        "TZ": "America/St_Johns",
        "LC_ALL": "C.UTF-8",
        "LANG": "de_DE.UTF-8",
        "PYTHONHASHSEED": "4711",
    },
)
ENDINGS = (".csv", ".html", ".json", ".md")


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop(tmp_path_factory.mktemp("hard"), "hard")


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    return shop(tmp_path, "quiet")


def report(folder: Path, *words: str, **environ: str) -> Ran:
    return burnline("report", *words, "--as-of", AS_OF, folder=folder, **environ)


def deliveries(folder: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "burnline.db") as store:
        return store.execute("SELECT report, period, state, attempts FROM deliveries").fetchall()


def files(folder: Path) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("case", CASES)
def test_every_zone_locale_and_hash_seed_gives_the_golden_bytes(tmp_path: Path, case: str) -> None:
    folder = shop(tmp_path, case)

    for number, world in enumerate(WORLDS):
        ran = report(folder, "weekly", "--out", f"out{number}", **world)

        assert (ran.code, ran.err) == (0, "")
        assert files(folder / f"out{number}") == golden(case)


def test_any_moment_of_the_week_after_gives_the_same_bytes(hard: Path) -> None:
    for moment in ("2026-10-25T23:00:00Z", "2026-11-01T22:59:59Z"):
        ran = burnline("report", "weekly", "--as-of", moment, "--out", "same", folder=hard)

        assert ran.code == 0
        assert files(hard / "same") == golden("hard")


def test_the_paths_of_the_files_are_printed_and_named_by_report_and_period(hard: Path) -> None:
    ran = report(hard, "weekly", "--format", "csv,html", "--out", "some")

    assert ran.out.splitlines() == [f"some/weekly-{LABEL}.csv", f"some/weekly-{LABEL}.html"]


def test_a_report_without_a_place_goes_where_the_configuration_says(quiet: Path) -> None:
    ran = report(quiet, "weekly")

    assert ran.out.splitlines()[0] == f"{quiet}/reports/weekly-{LABEL}.html"
    assert tuple(files(quiet / "reports")) == ENDINGS


def test_a_delivery_is_noted_and_never_repeated(quiet: Path) -> None:
    first = report(quiet, "weekly", "--deliver")
    stamps = {path: path.stat().st_mtime_ns for path in (quiet / "reports").iterdir()}
    again = report(quiet, "weekly", "--deliver")

    assert first.out == again.out
    assert {path: path.stat().st_mtime_ns for path in (quiet / "reports").iterdir()} == stamps
    assert deliveries(quiet) == [("weekly", LABEL, "sent", 1)]


@pytest.mark.parametrize(
    "how", [["--deliver"], [], ["--out", "linked"]], ids=["on schedule", "by hand", "over a link"]
)
def test_what_was_issued_is_compared_and_never_written_over(quiet: Path, how: list[str]) -> None:
    (quiet / "linked").symlink_to("reports")
    report(quiet, "weekly", "--deliver")
    issued = files(quiet / "reports")
    with sqlite3.connect(quiet / "burnline.db") as store:
        store.execute("UPDATE tally_15m SET good = 0 WHERE at = ?", (at("2026-10-23T12:00Z"),))

    ran = report(quiet, "weekly", *how)
    beside = report(quiet, "weekly", "--out", "today")

    assert ran.code == 2
    assert "today's figures differ from those that were issued, which stay" in ran.err
    assert "fix: see what changed: write today's beside them with --out DIR" in ran.err
    assert files(quiet / "reports") == issued
    assert beside.code == 0
    assert files(quiet / "today")[".json"] != issued[".json"]


def test_a_delivery_that_cannot_be_written_is_failed_with_its_reason_and_done_later(
    quiet: Path,
) -> None:
    (quiet / "reports").write_text("a file")

    failed = report(quiet, "weekly", "--deliver")
    listed = report(quiet)
    (quiet / "reports").unlink()
    done = report(quiet, "weekly", "--deliver")

    assert failed.code == 2
    assert f"last {LABEL} failed: cannot write {quiet}/reports" in listed.out
    assert done.code == 0
    assert deliveries(quiet) == [("weekly", LABEL, "sent", 2)]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace ends the process inside a call")
def test_a_process_killed_between_two_files_is_told_as_unknown_and_finished_by_the_next(
    quiet: Path,
) -> None:
    renames = "rename,renameat,renameat2"
    kill = ["-e", f"trace={renames}", "-e", f"inject={renames}:signal=SIGKILL:when=2"]
    subprocess.run(
        [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            *kill,
            *MAIN,
            "report",
            "weekly",
            "--as-of",
            AS_OF,
            "--deliver",
        ],
        cwd=quiet,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    cut_off = deliveries(quiet)
    listed = burnline("report", "--as-of", "2100-01-01", folder=quiet)

    done = report(quiet, "weekly", "--deliver")

    assert cut_off == [("weekly", LABEL, "started", 1)]
    assert f"last {LABEL} unknown whether sent, tried again" in listed.out
    assert done.code == 0
    assert files(quiet / "reports") == golden("quiet")
    assert deliveries(quiet) == [("weekly", LABEL, "sent", 2)]


def test_without_a_name_each_report_is_listed_with_its_next_time(hard: Path) -> None:
    early = ("--as-of", "2026-10-26T05:59:59Z")
    ran = burnline("report", *early, folder=hard)
    machine = burnline("report", *early, "--json", folder=hard)

    first, second = ran.out.splitlines()
    assert first == "weekly · all services · 2026-W43 due Mon 26 Oct 07:00 CET · none yet"
    assert second.endswith("2026-10-25 due Mon 26 Oct 07:00 UTC · none yet")
    assert machine.json["reports"][0]["next"] == {
        "period": LABEL,
        "due_at": "2026-10-26T06:00:00Z",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["wekly"], 'no [[report]] is called "wekly" (did you mean "weekly"?)'),
        (["../weekly"], 'no [[report]] is called "../weekly"'),
        (["weekly", "--format", "htm"], '"htm" is no format (did you mean "html"?)'),
        (["weekly", "--format", ""], '"" is no format'),
        (["weekly", "--deliver", "--out", "x"], "--deliver writes all formats where the config"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    quiet: Path, words: list[str], said: str
) -> None:
    ran = report(quiet, *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (quiet / "reports").exists()


def test_without_a_store_a_report_says_so_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CASES["quiet"][0])

    ran = report(tmp_path, "weekly")

    assert ran.code == 2
    assert "there is no store yet" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
