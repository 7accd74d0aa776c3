"""A process that may open few files says so, whichever step of a collection it fails at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from components.process import free_port

from collectors.store.store import Reader
from slo.facts import SeriesKind, Status
from slo.spans import Span

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
[[source]]
kind = "probe"
name = "targets"
every = "30s"
[[source.target]]
service = "shop"
url = "http://127.0.0.1:{port}/"

[[source]]
kind = "prometheus"
name = "prom"
url = "http://127.0.0.1:{port}/"

[[slo]]
name = "up"
source = "targets"
objective = 99
uptime = 'probe{{service="shop"}}'

[[slo]]
name = "requests"
source = "prom"
objective = 99
total = 'requests{{service="shop"}}'
good = 'requests{{service="shop",code="200"}}'
"""
LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
from dashboard.cli import main
main()
"""


def collected(folder: Path, limit: int) -> str:
    """What a collection with that many files says on stderr."""
    ran = subprocess.run(
        [sys.executable, "-P", "-c", LIMITED, str(limit), "collect", "--once"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode, f"with {limit} files it found nothing amiss"
    return ran.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=free_port()))
    collected(tmp_path, 200)
    return tmp_path


@pytest.mark.timeout(300)
def test_no_limit_of_open_files_is_told_as_a_defect_or_as_the_targets_failure(shop: Path) -> None:
    said = {limit: collected(shop, limit) for limit in (8, 10, 11, 12, 13, 14, 16)}

    scarce = {limit: text for limit, text in said.items() if "too many" in text}
    assert {8, 10, 12} <= scarce.keys()
    for text in said.values():
        assert "defect" not in text
        assert "unable to open" not in text
        assert "down: this machine" not in text
    for text in scarce.values():
        assert "ulimit -n" in text


def test_a_target_that_could_not_be_asked_for_want_of_files_is_never_down(shop: Path) -> None:
    before = _states(shop)
    assert before == {Status.DOWN}, "with files enough nobody answers there"
    (shop / "burnline.db").unlink()
    for limit in (12, 13, 14):
        if "connection refused" in collected(shop, limit).partition("prom:")[0]:
            break
        assert _states(shop) <= {Status.UNKNOWN}


def _states(folder: Path) -> set[Status]:
    if not (folder / "burnline.db").exists():
        return set()
    with Reader.open(f"sqlite:///{folder}/burnline.db") as reader:
        return {
            state
            for one in reader.series("targets", SeriesKind.STATUS)
            for state in reader.observations(one.id, Span(0, 2**40)).state
        }
