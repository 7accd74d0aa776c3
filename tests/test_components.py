"""A lack is loud: of a real component, and of the folder of real data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from components import bring
from components.presence import FOR_BENCH, FOR_TESTS, Component

TESTS = Path(__file__).resolve().parent
NEEDY = """
import pytest

@pytest.mark.prometheus
def test_needs_a_server(): pass

def test_needs_data(shared): pass

def test_needs_nothing(): pass
"""


def run_without_anything(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A suite of three tests where no program and no data is found."""
    (folder / "test_needy.py").write_text(NEEDY)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = prometheus: x\n")
    own = {"PATH": "/nonexistent", "PYTHONPATH": str(TESTS), "BURNLINE_SHARED": "/nonexistent"}
    kept = {k: v for k, v in os.environ.items() if k not in {"CI", "BURNLINE_REQUIRE_COMPONENTS"}}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:randomly", "test_needy.py"],
        cwd=folder,
        env={**kept, **own, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_lack_skips_loudly_and_says_how_to_mend_it(tmp_path: Path) -> None:
    run = run_without_anything(tmp_path)

    assert run.returncode == 0, run.stdout
    assert "NOT TESTED" in run.stdout
    assert "1 tests did not run: missing component: prometheus. Debian: apt-get" in run.stdout
    assert "the folder of real data at /nonexistent. Name it in BURNLINE_SHARED" in run.stdout
    assert "1 passed, 2 skipped" in run.stdout


def test_where_everything_is_required_a_lack_is_a_failure(tmp_path: Path) -> None:
    run = run_without_anything(tmp_path, CI="true", BURNLINE_REQUIRE_COMPONENTS="1")

    assert run.returncode == 1
    assert "NOT TESTED" not in run.stdout
    assert "1 passed" in run.stdout
    assert "skipped" not in run.stdout


@pytest.mark.parametrize("part", [*FOR_TESTS.values(), *FOR_BENCH.values()], ids=lambda p: p.name)
def test_every_component_says_how_to_get_it(part: Component) -> None:
    assert part.how_to_get.startswith("Debian: apt-get install ")
    assert "brew install" in part.how_to_get


def test_a_component_without_its_program_is_named_as_missing() -> None:
    part = Component("clock", ("no-such-program",), debian="clock", elsewhere="brew install clock")

    assert bring.missing([part]) == [part]
    assert part.missing == ("no-such-program",)
