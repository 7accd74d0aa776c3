"""The shell: output on stdout, complaints on stderr, and a code that says how far it came."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from shell_builders import CONFIG, ROWS, Run, environment

from dashboard import commands
from dashboard.shell.judging import say
from dashboard.shell.telling import harmless

COMMANDS = [module.name for module in pkgutil.iter_modules(commands.__path__)]


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


def test_schema_is_printed_as_json_alone(run: Run) -> None:
    done = run("config", "schema")

    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "The config.toml of burnline"


def test_words_of_a_hostile_answer_cannot_move_the_cursor() -> None:
    assert harmless("down\x1b[2J\r\n\u202e") == "down\ufffd[2J\ufffd\n\ufffd"


def test_no_answer_moves_a_cursor(capfd: pytest.CaptureFixture[str]) -> None:
    say(["down\x1b[2J", "up"])

    assert capfd.readouterr().out == "down\ufffd[2J\nup\n"
