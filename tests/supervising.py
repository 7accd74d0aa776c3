"""A real supervisor at work in a folder of its own, and what its children noted there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
from components.process import until

ROOT = Path(__file__).resolve().parent.parent


class Supervised:
    """A supervisor at work in a folder of its own."""

    def __init__(self, folder: Path, children: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "tests" / "supervised.py"),
                str(folder),
                *(f"{name}={code}" for name, code in children.items()),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seen: set[int] = set()

    def notes(self, name: str) -> list[tuple[str, int]]:
        """What the child noted: each word with the process that did."""
        with suppress(FileNotFoundError):
            lines = (self.folder / name).read_text().splitlines()
            found = [(word, int(pid)) for word, pid in (line.split() for line in lines)]
            self.seen |= {pid for _, pid in found}
            return found
        return []

    def words(self, name: str) -> list[str]:
        return [word for word, _ in self.notes(name)]

    def wait_for(self, word: str, *names: str, times: int = 1) -> None:
        """Wait until each of the children has noted the word so many times."""
        until(
            lambda: all(self.words(name).count(word) >= times for name in names),
            f"{word} of {', '.join(names)}",
        )

    def ended(self) -> tuple[int, str, str]:
        """Its exit code and what it said, once it has ended by itself."""
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    def alive(self) -> list[int]:
        """The children that still run."""
        return [
            pid
            for pid in self.seen
            if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        ]

    def clear(self) -> None:
        """Leave nothing behind, whatever the test found."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        for pid in self.alive():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
