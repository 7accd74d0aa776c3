"""The wheel stands alone: in an empty environment, with what it declares and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEMO = ("--config", "demo/config.toml")
HEAVY = {"streamlit", "pandas", "plotly", "scipy", "matplotlib"}


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that holds the wheel, and a folder without the sources in it."""

    python: Path
    folder: Path

    @property
    def burnline(self) -> Path:
        """The command that the wheel installs."""
        return self.python.with_name("burnline")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One run of the command, timed import by import on stderr."""
        command = [self.python, "-I", "-X", "importtime", self.burnline, *arguments]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )


def imported(run: subprocess.CompletedProcess[str]) -> set[str]:
    """The top-level packages that a run imported."""
    lines = re.findall(r"^import time:.*\|\s*([\w.]+)$", run.stderr, re.MULTILINE)
    return {line.partition(".")[0] for line in lines}


def said(run: subprocess.CompletedProcess[str]) -> str:
    """What a run told the user on stderr."""
    lines = run.stderr.splitlines()
    return "\n".join(line for line in lines if not line.startswith("import time:"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    # To compile all of the heavy libraries, of which none is imported, takes longer than the rest.
    options = ["--no-compile", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, *options, str(wheel)], check=True, capture_output=True)
    return Installed(python, folder)


def test_the_wheel_holds_the_three_packages_the_licence_and_what_they_read(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()

    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "slo",
        "collectors",
        "dashboard",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    in_tree = {str(path.relative_to(ROOT)) for path in files_of("slo", "collectors", "dashboard")}
    assert in_tree <= set(names)


def files_of(*folders: str) -> list[Path]:
    """Every file that git keeps in the folders."""
    command = ["git", "ls-files", "-z", *folders]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def test_the_source_archive_holds_tests_and_no_store_no_environment(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]

    assert "tests/conftest.py" in names
    assert not [name for name in names if name.startswith((".venv", "generated"))]
    assert not [name for name in names if name.endswith((".db", ".pyc"))]


def test_help_runs_in_an_empty_environment_without_any_heavy_library(installed: Installed) -> None:
    run = installed.run("--help")

    assert run.returncode == 0, said(run)
    assert run.stdout.startswith("Usage: burnline")
    assert imported(run) & HEAVY == set()


def test_a_store_is_filled_and_checked_in_an_empty_environment_without_any_heavy_library(
    installed: Installed,
) -> None:
    runs = [
        installed.run("demo", "--dir", "demo", "--days", "2", "--write-only"),
        installed.run("collect", "--once", "--source", "generated", *DEMO),
        installed.run("check", *DEMO),
    ]

    assert [run.returncode for run in runs[:2]] == [0, 0], "".join(map(said, runs))
    assert runs[2].returncode in {0, 1, 2}, said(runs[2])
    assert re.match(r"(OK|WARNING|CRITICAL): .*budgets", runs[2].stdout)
    assert [said(run) for run in runs if "Traceback" in said(run)] == []
    assert [imported(run) & HEAVY for run in runs] == [set()] * 3


def test_the_installed_package_says_its_version_and_needs_no_source_tree(
    installed: Installed,
) -> None:
    code = "import slo, collectors, dashboard; print(slo.__file__)"
    where = subprocess.run(
        [installed.python, "-I", "-c", code],
        cwd=installed.folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(where.stdout.strip()).is_relative_to(installed.folder)
