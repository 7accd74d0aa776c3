"""Every key of a source is checked whoever loads it, and no problem hides another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.config import load
from slo.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problems(text: str, *, asked: bool) -> list[str]:
    """The problems by their lines, without the name of the file and table."""
    Path("config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(Path("config.toml"), {}, with_sources=asked)
    return [one.removeprefix("config.toml:") for one in caught.value.what.split("\n")]


def lines(found: list[str]) -> list[int]:
    return [int(problem.split(":")[0]) for problem in found]


@pytest.mark.parametrize("asked", [True, False])
def test_a_wrong_secret_hides_no_other_key(asked: bool) -> None:
    text = '[[source]]\nkind = "prometheus"\nurl = "ftp://foo"\ntoken = "hunter2"\n'

    found = problems(f'{text}bogus = 1\ntimeout = "5"\n', asked=asked)

    assert lines(found) == [3, 4, 5, 6]
    assert "a secret is never written out here" in found[1]
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("common", ['backfill = "3"', "every = 5", 'name = ""', "generated = 1"])
def test_a_wrong_common_key_hides_none_of_the_kind_and_is_told_once(
    common: str, asked: bool
) -> None:
    text = '[[source]]\nkind = "prometheus"\nurl = "foo"\ntoken = 5\nlookback = "0s"\n'

    found = problems(f"{text}max_raw_series = 0\n{common}\n", asked=asked)

    assert lines(found) == [3, 4, 5, 6, 7]


def test_a_table_of_a_file_is_checked_by_commands_that_only_read() -> None:
    text = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "guages"\n'

    assert lines(problems(text, asked=False)) == [5]


def test_halves_of_a_pair_are_told_beside_a_wrong_url() -> None:
    text = '[[source]]\nkind = "prometheus"\nurl = "foo"\nusername = "me"\ncert_file = "c.pem"\n'
    Path("c.pem").touch()

    found = problems(text, asked=False)

    assert lines(found) == [1, 1, 3]
    assert "username and password belong together" in str(found)
    assert "cert_file and key_file belong together" in str(found)


def test_a_certificate_that_is_not_there_is_told_on_its_line_beside_others() -> None:
    found = problems(f'{PROMETHEUS}ca_file = "nope.pem"\nbogus = 1\n', asked=True)

    assert found[0] == '4: source 1: ca_file: no file "nope.pem"; correct the path'
    assert lines(found) == [4, 5]


def test_a_command_that_only_reads_needs_no_certificate_and_no_secret() -> None:
    text = f'{PROMETHEUS}ca_file = "nope.pem"\ntoken = {{ env = "UNSET" }}\n'
    Path("config.toml").write_text(text + 'headers = { Authorization = { file = "gone" } }\n')

    (source,) = load(Path("config.toml"), {}, with_sources=False).sources

    assert source.options is None


def test_checking_the_options_of_every_kind_loads_no_client_and_no_reader_of_files() -> None:
    table = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "probes"\n'
    Path("config.toml").write_text(PROMETHEUS + table)
    code = "import sys, pathlib; from dashboard.config import load;"
    code += " load(pathlib.Path('config.toml'), {}, with_sources=False); print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    heavy = {"requests", "urllib3", "prometheus_api_client", "pandas", "sqlalchemy"}
    loaded = set(done.stdout.split())
    assert {"collectors.sources.files", "collectors.sources.prometheus"} <= loaded
    assert loaded & {*heavy, "collectors.fetch.session", "collectors.files.passes"} == set()


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("wrong", ["kind = 3", 'kind = "prometheus"\nname = 3', "kind = [1]"])
def test_a_name_or_kind_that_is_no_text_is_the_one_problem_that_is_told(
    wrong: str, asked: bool
) -> None:
    slo = '[[slo]]\nname = "u"\nobjective = 99\nuptime = "up"\n'

    found = problems(f'[[source]]\n{wrong}\nurl = "http://127.0.0.1:9090"\n{slo}', asked=asked)

    key = "name" if "name" in wrong else "kind"
    line = 3 if "name" in wrong else 2
    assert found == [f"{line}: source 1: {key}: must be text in quotes"]
