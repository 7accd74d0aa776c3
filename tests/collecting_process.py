"""The collector as people start it, `burnline collect`, over sources of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import odd_sources
from components.burnline import MAIN
from components.process import START_S, until

from collectors.store.leases import CollectorSeen
from collectors.store.store import Reader

ROOT = Path(__file__).resolve().parent.parent
ENDS_WITHIN_S = 60


class Collecting:
    """One such process; what it says on stderr goes to a file of the folder."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        stderr: int = subprocess.STDOUT,
    ) -> None:
        """Start it over `config.toml` in the folder."""
        self.folder, self._log = folder, folder / "collector.log"
        paths = (folder, ROOT / "tests", ROOT)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*MAIN, "collect"],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(map(str, paths)),
                    **(environment or {}),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=stderr,
            )

    @property
    def said(self) -> str:
        """Everything it has said so far."""
        return self._log.read_text()

    def says(self, words: str, deadline_s: float = START_S) -> None:
        """Wait until it has said that."""
        self._while_it_lives(lambda: words in self.said, words, deadline_s)

    def has_run(self, name: str, times: int = 1, deadline_s: float = START_S) -> None:
        """Wait until that source has been asked so often since the beginning."""

        def enough() -> bool:
            return len(odd_sources.runs(self.folder, name)) >= times

        self._while_it_lives(enough, f"{times} runs of {name}", deadline_s)

    def ends(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code when it is told to end; it must do so in time."""
        self.process.send_signal(how)
        return self.process.wait(ENDS_WITHIN_S)

    def seen(self) -> CollectorSeen:
        """What the store tells of it."""
        with reader(self.folder) as opened:
            found = opened.collector()
        assert found is not None
        return found

    def _while_it_lives(self, true: Callable[[], bool], what: str, deadline_s: float) -> None:
        try:
            until(lambda: self.process.poll() is not None or true(), what, deadline_s=deadline_s)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it said:\n{self.said}") from None
        assert true(), f"it ended with {self.process.returncode} before {what}:\n{self.said}"


@contextmanager
def collecting(
    folder: Path, *sources: str, environment: Mapping[str, str] | None = None
) -> Iterator[Collecting]:
    """The process over these sources, ended with the block however that ends."""
    prepare(folder, *sources)
    process = Collecting(folder, environment)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.process.send_signal(signal.SIGCONT)
            process.process.kill()
            process.process.wait()


def prepare(folder: Path, *sources: str) -> None:
    """The configuration of these sources, and their kinds where the process finds them."""
    write_config(folder, *sources)
    if not list(folder.glob("odd-*.dist-info")):
        odd_sources.register(folder)


def write_config(folder: Path, *sources: str) -> None:
    """Put the configuration in its place at once, as editors do."""
    fresh = folder / "config.toml.new"
    fresh.write_text("\n".join(sources))
    fresh.rename(folder / "config.toml")


def reader(folder: Path) -> Reader:
    """The store of that process."""
    return Reader.open(f"sqlite:///{folder / 'burnline.db'}")
