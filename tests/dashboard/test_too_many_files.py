"""A process that may open few files says so, whichever step of a collection it fails at."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from components.process import free_port

from collectors.store.store import Reader
from slo.facts import SeriesKind, Status
from slo.spans import Span

ROOT = Path(__file__).resolve().parents[2]
FEWEST = 6
"""With these Python starts: what it loads needs three beside those that it begins with."""
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
    """What a collection with that many files says on stderr; it begins with three of them open."""
    ran = subprocess.run(
        [sys.executable, "-P", "-c", LIMITED, str(limit), "collect", "--once"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode, f"with {limit} files it found nothing amiss"
    return ran.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=free_port()))
    assert "connection refused" in collected(tmp_path, 200)
    return tmp_path


def test_no_limit_of_open_files_is_told_as_a_defect_or_as_the_targets_failure(shop: Path) -> None:
    said = dict(_until_enough(shop))

    scarce = [text for text in said.values() if "too many" in text]
    assert len(scarce) >= 4, said
    for limit, text in said.items():
        assert "defect" not in text
        assert "unable to open" not in text
        assert "down: this machine" not in text
        assert text in scarce or _was_refused_throughout(text), f"with {limit} files: {text}"
    for text in scarce:
        assert "ulimit -n" in text


def test_a_target_that_could_not_be_asked_for_want_of_files_is_never_down(shop: Path) -> None:
    before = _states(shop)
    assert before == {Status.DOWN}, "with files enough nobody answers there"
    (shop / "burnline.db").unlink()
    for _, said in _until_enough(shop):
        if "connection refused" in said.partition("prom:")[0]:
            return
        assert _states(shop) <= {Status.UNKNOWN}
    pytest.fail("no limit was enough to ask the target")


def _until_enough(folder: Path) -> Iterator[tuple[int, str]]:
    """What is said with ever more files, until twice in a row nothing lacked any.

    How many a collection needs depends on the machine, and by a few on which of its two sources
    comes first: one may do with a connection to the store that the other has given back.
    """
    enough = 0
    for limit in range(FEWEST, 64):
        said = collected(folder, limit)
        yield limit, said
        enough = 0 if "too many" in said else enough + 1
        if enough == 2:
            return


def _was_refused_throughout(said: str) -> bool:
    """Whether each sentence is of one who was asked, and refused the connection."""
    complaints = [line for line in said.splitlines() if ": down: " in line or line[:5] == "ratio"]
    return bool(complaints) and all("connection refused" in line for line in complaints)


def _states(folder: Path) -> set[Status]:
    if not (folder / "burnline.db").exists():
        return set()
    with Reader.open(f"sqlite:///{folder}/burnline.db") as reader:
        return {
            state
            for one in reader.series("targets", SeriesKind.STATUS)
            for state in reader.measured.observations(one.id, Span(0, 2**40)).state
        }
