"""A real supervisor at work in a folder of its own, and what its children noted there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
from components.process import START_S, until

ROOT = Path(__file__).resolve().parent.parent
STEADY = 'note("up")\nwhile True: time.sleep(0.05)'
HEARING = (
    'signal.signal(signal.SIGTERM, lambda *_: note("told"))\nnote("up")\n'
    "while True: time.sleep(0.05)"
)
SLOW = (
    "def end(*_):\n    note('told')\n    time.sleep(0.5)\n    sys.exit(0)\n"
    'signal.signal(signal.SIGTERM, end)\nnote("up")\nwhile True: time.sleep(0.05)'
)
DEAF = 'signal.signal(signal.SIGTERM, signal.SIG_IGN)\nnote("up")\nwhile True: time.sleep(0.05)'
LISTENING = (
    'signal.signal(signal.SIGHUP, lambda *_: note("reload"))\nnote("up")\n'
    "while True: time.sleep(0.05)"
)
SHORT = 'note("up")\nsys.exit(1)'
REFUSING = 'sys.stderr.write("port 1 is taken\\n")\nsys.exit(2)'
SHORT_THEN_REFUSING = (
    'note("up")\nnotes = open(os.path.join({folder!r}, "one")).read()\n'
    'sys.exit(1 if notes.count("up") == 1 else 2)'
)


class Supervised:
    """A supervisor at work in a folder of its own."""

    def __init__(
        self, folder: Path, children: dict[str, str], *, end_s: float = 60.0, echo_s: float = 1.0
    ) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "tests" / "supervised.py"),
                str(folder),
                str(end_s),
                str(echo_s),
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
        out, err = self.process.communicate(timeout=START_S)
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
