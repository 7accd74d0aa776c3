"""The shell: output on stdout, complaints on stderr, and a code that says how far it came."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from components.burnline import MAIN
from components.forked import template

from collectors.store.store import Reader
from dashboard import commands
from dashboard.shell.judging import say
from dashboard.shell.telling import harmless

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
[[source]]
name = "shop"
kind = "files"
[[source.file]]
path = "requests.csv"
holds = "requests"

[[slo]]
name = "checkout"
objective = 99
total = 'requests{service="checkout"}'
"""
ROWS = "at,service,good,total\n" + "".join(
    f"2026-01-01T12:{minute:02}:00Z,checkout,99,100\n" for minute in range(10)
)
BROKEN_SOURCE = '[[source]]\nname = "broken"\nkind = "files"\n[[source.file]]\npath = "gone.csv"\nholds = "gauges"\n'
COMMANDS = [module.name for module in pkgutil.iter_modules(commands.__path__)]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(*extra_path: Path) -> dict[str, str]:
    path = os.pathsep.join(map(str, (*extra_path, ROOT)))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}


def running_in(folder: Path) -> Run:
    """Runs burnline in that folder."""

    def burnline(*words: str, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
        if path == ROOT:
            code, out, err = template().run(words, folder, environment())
            return subprocess.CompletedProcess(words, code, out.decode(), err.decode())
        return subprocess.run(
            [*MAIN, *words],
            cwd=folder,
            env=environment(path),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return burnline


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs burnline in an empty folder."""
    return running_in(tmp_path)


def opened(folder: Path) -> Path:
    """The folder with a configuration and the file that it names."""
    (folder / "config.toml").write_text(CONFIG)
    (folder / "requests.csv").write_text(ROWS)
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a configuration and the file that it names."""
    return opened(tmp_path)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose store is filled; nothing in it may change."""
    folder = opened(tmp_path_factory.mktemp("stocked"))
    (folder / "other.csv").write_text(ROWS)
    (folder / "broken.csv").write_bytes(b"at,good,total\n\xff\xfe\x00,1,2\n" * 50)
    assert running_in(folder)("collect", "--once").returncode == 0
    return folder


def digest(folder: Path) -> str:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return reader.figures_digest()


def test_help_lists_every_command_with_its_first_line_and_imports_none(run: Run) -> None:
    done = run("--help")

    assert done.returncode == 0
    assert done.stderr == ""
    listed = done.stdout.partition("Commands:")[2]
    for name in COMMANDS:
        module = importlib.import_module(f"dashboard.commands.{name}")
        assert (module.__doc__ or "").partition("\n")[0].rstrip(".")[:60] in " ".join(
            listed.split()
        )
        assert f"  {name.rstrip('_')} " in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_a_line(name: str) -> None:
    command = importlib.import_module(f"dashboard.commands.{name}").COMMAND

    assert command.get_short_help_str()


def test_help_of_the_command_line_loads_no_command_and_no_library_but_click() -> None:
    code = (
        "import sys\ntry:\n from dashboard.cli import main; sys.argv = ['burnline', '--help']; main()\n"
        "except SystemExit:\n print(*sys.modules, file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )

    loaded = set(done.stderr.split())
    assert loaded.isdisjoint({"pydantic", "numpy", "sqlalchemy", "streamlit", "dashboard.wiring"})


def test_the_version_is_that_of_the_distribution(run: Run) -> None:
    done = run("--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("burnline 0.")


def test_a_mistyped_command_is_told_the_nearest_right_one(run: Run) -> None:
    done = run("chek")

    assert (done.returncode, done.stdout) == (2, "")
    assert 'there is no command "chek" (did you mean "check"?)' in done.stderr


@pytest.mark.parametrize(
    ("words", "code"), [(("status",), 2), (("collect", "--once"), 2), (("check",), 3)]
)
def test_a_bad_configuration_lists_its_problems_on_stderr_and_touches_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.replace("objective", "objectve"))

    done = run(*words)

    assert done.returncode == code
    assert 'config.toml:10: slo "checkout": objectve: unknown key' in done.stderr
    assert 'config.toml:8: slo "checkout": objective: missing' in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "burnline.db").exists()


def test_no_configuration_at_all_says_how_to_name_one(run: Run) -> None:
    done = run("status")

    assert (done.returncode, done.stdout) == (2, "")
    assert "config.toml: no such file" in done.stderr
    assert "write the file, or name another with --config" in done.stderr
    assert ":1:" not in done.stderr


def test_a_wrong_option_of_check_is_unknown_and_never_critical(run: Run) -> None:
    assert run("check", "--nonsense").returncode == 3
    assert run("status", "--nonsense").returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "etc/x.toml", "collect", "--once"),
        ("collect", "--once", "--config", "etc/x.toml"),
    ],
)
def test_the_configuration_may_be_named_before_and_behind_the_command(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/x.toml").write_text(CONFIG)
    (tmp_path / "etc/requests.csv").write_text(ROWS)

    done = run(*words)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "etc/burnline.db").exists()


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


def test_a_defect_is_told_by_its_place_and_only_debug_shows_the_way_there(
    run: Run, tmp_path: Path
) -> None:
    described = tmp_path / "leaky-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[burnline.sources]\nleaky = leaky:SOURCE\n")
    (tmp_path / "leaky.py").write_text(
        "from pydantic import BaseModel\nfrom collectors.contract import SourceKind\n"
        "class Options(BaseModel):\n    pass\n"
        "def build(named, options):\n    raise RuntimeError('hunter2')\n"
        "SOURCE = SourceKind('leaky', Options, build)\n"
    )
    (tmp_path / "config.toml").write_text('[[source]]\nkind = "leaky"\n')

    quiet = run("collect", "--once", path=tmp_path)
    loud = run("--debug", "collect", "--once", path=tmp_path)

    assert (quiet.returncode, loud.returncode) == (2, 2)
    assert "a defect: unexpected RuntimeError at leaky.py:6\n" in quiet.stderr
    assert "hunter2" not in quiet.stderr
    assert "Traceback" in loud.stderr


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


def test_schema_is_printed_as_json_alone(run: Run) -> None:
    done = run("config", "schema")

    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "The config.toml of burnline"


def test_words_of_a_hostile_answer_cannot_move_the_cursor() -> None:
    assert harmless("down\x1b[2J\r\n\u202e") == "down\ufffd[2J\ufffd\n\ufffd"


def test_no_answer_moves_a_cursor(capfd: pytest.CaptureFixture[str]) -> None:
    say(["down\x1b[2J", "up"])

    assert capfd.readouterr().out == "down\ufffd[2J\nup\n"
