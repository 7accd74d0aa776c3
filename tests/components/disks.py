"""A small file system of the test's own, which it can fill and let grow; Linux, as root."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.lacks import lacking


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[Path]:
    """A file system of its own of that size."""
    folder.mkdir()
    ran = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        lacking(f"the right to mount a file system ({ran.stderr.strip()})", fatal=False)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def grown(folder: Path, size_mb: int) -> None:
    """Make the file system larger while it is in use."""
    command = ["mount", "-o", f"remount,size={size_mb}m", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
