"""`burnline import`: a file as the configuration or the options say, or the store as it was."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from components.burnline import MAIN
from shell_builders import ROWS, Run, digest, environment, opened, running_in


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose store is filled; nothing in it may change."""
    folder = opened(tmp_path_factory.mktemp("stocked"))
    (folder / "other.csv").write_text(ROWS)
    (folder / "broken.csv").write_bytes(b"at,good,total\n\xff\xfe\x00,1,2\n" * 50)
    assert running_in(folder)("collect", "--once").returncode == 0
    return folder


def test_a_file_that_the_configuration_names_is_imported_as_it_says_there(
    run: Run, shop: Path
) -> None:
    imported = run("import", "requests.csv")
    again = run("collect", "--once")

    assert (imported.returncode, imported.stdout) == (0, "shop: 10 new\n")
    assert again.stdout == "shop: 0 new, 10 known\n"
    assert digest(shop)


def test_another_file_is_imported_as_the_options_say_into_the_only_source_of_files(
    run: Run, shop: Path
) -> None:
    (shop / "other.txt").write_text("wann;gut;alle\n1767270600000;9;10\n")

    done = run(
        *("import", "other.txt", "--as", "requests", "--format", "csv", "--delimiter", ";"),
        *("--columns", "at=wann", "--columns", "good=gut", "--columns", "total=alle"),
        *("--time-unit", "ms", "--service", "checkout", "--json"),
    )

    assert done.returncode == 0, done.stderr
    run_record = json.loads(done.stdout)["runs"][0]
    assert (run_record["source"], run_record["stored"]["new"]) == ("shop", 1)
    assert run("import", "requests.csv").stdout == "shop: 10 new\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("other.csv",), "add --as probes, requests, events, incidents or gauges"),
        (("other.csv", "--as", "nothing"), "is not one of"),
        (("http://evil/x.csv", "--as", "gauges"), "this is a URL"),
        (("gone.csv", "--as", "gauges"), "gone.csv"),
        (("requests.csv", "--columns", "at"), "'at' is no pair"),
        (("requests.csv", "--columns", "att=x"), 'columns: requests have no "att"'),
        (("requests.csv", "--zone", "Mars"), '--zone: "Mars" is no IANA zone'),
        (("requests.csv", "--max-malformed", "few"), "'few' is no number"),
        (("broken.csv", "--as", "requests"), "broken.csv"),
    ],
)
def test_bad_input_ends_in_a_sentence_and_leaves_the_store_as_it_was(
    stocked: Path, words: tuple[str, ...], said: str
) -> None:
    before = digest(stocked)

    done = running_in(stocked)("import", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert digest(stocked) == before


def test_a_person_at_a_terminal_sees_a_bar_and_a_pipe_gets_the_output_alone(shop: Path) -> None:
    primary, secondary = pty.openpty()

    done = subprocess.run(
        [*MAIN, "import", "requests.csv"],
        cwd=shop,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=secondary,
        text=True,
        timeout=120,
        check=False,
    )
    os.close(secondary)
    shown = os.read(primary, 65_536).decode()
    os.close(primary)

    assert done.stdout == "shop: 10 new\n"
    assert "import" in shown
    assert "100%" in shown
