"""A report's file is whole or not there, whoever is killed, and never anywhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from verdict_builders import ROOT

from dashboard.reports.folder import placed
from slo.errors import DeliveryError

WRITER = """
import sys
from pathlib import Path
from dashboard.reports.folder import placed
placed(Path(sys.argv[1]), {"a.md": sys.argv[2].encode() * 2_000_000})
"""


def writer(folder: Path, letter: str, *before: str) -> subprocess.CompletedProcess[bytes]:
    command = [*before, sys.executable, "-c", WRITER, str(folder), letter]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environ, capture_output=True, check=False, timeout=120)


def test_files_are_put_whole_and_nothing_else_stays(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "reports"

    paths = placed(folder, {"a.md": b"one", "b.csv": b"two"})

    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert sorted(path.name for path in folder.iterdir()) == ["a.md", "b.csv"]
    assert (folder / "a.md").stat().st_mode & 0o777 == 0o644 & ~_umask()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace ends the writer inside a call")
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_writer_killed_at_any_step_leaves_the_old_file_and_the_next_one_cleans_up(
    tmp_path: Path, call: str
) -> None:
    placed(tmp_path, {"a.md": b"old"})
    part = tmp_path / ".a.md.part"
    calls = {"write": "write,pwrite64", "fsync": "fsync", "rename": "rename,renameat,renameat2"}
    seen = ["-P", str(part)] if call == "write" else []
    inject = f"inject={calls[call]}:signal=SIGKILL"

    killed = writer(
        tmp_path,
        "x",
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        f"trace={calls[call]}",
        *seen,
        "-e",
        inject,
    )

    assert killed.returncode != 0
    assert (tmp_path / "a.md").read_bytes() == b"old"
    assert part.exists()
    assert writer(tmp_path, "y").returncode == 0
    assert (tmp_path / "a.md").read_bytes() == b"y" * 2_000_000
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize("name", ["", "../a.md", "/tmp/a.md", "a/b.md", "..", ".", ".a", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeliveryError, match="is no name of a file"):
        placed(tmp_path / "reports", {name: b"x"})

    assert [path.name for path in tmp_path.rglob("*")] == ["reports"]


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("theirs")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.md").symlink_to(outside / "a.md")

    with pytest.raises(DeliveryError, match=r"a\.md is a link"):
        placed(folder, {"a.md": b"x"})

    assert (outside / "a.md").read_text() == "theirs"


def test_links_to_the_folder_are_followed_and_the_paths_told_are_its_own(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    (disk / "reports").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(disk / "reports")
    (tmp_path / "parent").symlink_to(disk)

    (itself,) = placed(tmp_path / "linked", {"a.md": b"x"})
    (below,) = placed(tmp_path / "parent" / "new", {"b.md": b"x"})

    assert itself == disk / "reports" / "a.md"
    assert below == disk / "new" / "b.md"
    assert [path.is_file() for path in (itself, below)] == [True, True]


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("/dev/null", "it is no folder"),
        ("/dev/null/reports", "something on its path is no folder"),
        ("lost", "it is a link that leads nowhere"),
        ("lost/reports", "something on its path is no folder"),
    ],
)
def test_what_is_no_folder_is_told_as_that_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lost").symlink_to(tmp_path / "gone")

    with pytest.raises(DeliveryError) as caught:
        placed(Path(folder), {"a.md": b"x"})

    assert caught.value.what == f"cannot write {folder}: {why}"
    assert caught.value.mend == "name another folder"
    assert not (tmp_path / "gone").exists()


def test_a_temporary_link_laid_by_another_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / ".a.md.part").symlink_to(outside)

    placed(folder, {"a.md": b"mine"})

    assert outside.read_text() == "theirs"
    assert (folder / "a.md").read_bytes() == b"mine"
    assert not (folder / "a.md").is_symlink()


def test_a_folder_that_cannot_be_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(DeliveryError) as caught:
        placed(tmp_path / "file" / "reports", {"a.md": b"x"})
    (tmp_path / "a.md").mkdir()
    with pytest.raises(DeliveryError, match=r"a\.md is no plain file"):
        placed(tmp_path, {"a.md": b"x"})

    assert "cannot write" in caught.value.what
    assert "name another folder" in caught.value.mend
