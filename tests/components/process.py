"""Starting a real server on a free port of the loopback, and knowing when it answers."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import requests

START_S = 120.0
"""How long a condition is waited for: what holds at all holds on a busy machine too."""
STOP_S = 60.0
PORTS = range(11_000, 16_000)
"""Ports that no system gives away by itself, and no browser refuses."""
_shuffled = random.SystemRandom()


def free_port() -> int:
    """A TCP port of the loopback on which nothing listens, nor will unless it is asked to.

    A port that the system chose could be given to the next connection of any process before the
    server that it is for listens on it, or while that is restarted.
    """
    while True:
        port = _shuffled.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(
    true: Callable[[], bool], what: str, *, deadline_s: float = START_S, every_s: float = 0.02
) -> None:
    """Return as soon as `true()` holds, which is asked again and again.

    Raises:
        TimeoutError: it does not hold by the deadline.
    """
    end = time.monotonic() + deadline_s
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {deadline_s:g} s")
        time.sleep(every_s)


def answers(url: str) -> bool:
    """Whether an HTTP GET is answered, not with an error."""
    with suppress(requests.RequestException):
        return requests.get(url, timeout=2).ok
    return False


class Server:
    """One child process with its log in a file, ended by its own id and no other."""

    def __init__(
        self, command: Sequence[str | Path], *, log: Path, user: str | None = None
    ) -> None:
        """Keep the command; nothing runs before `start`."""
        self._command = [str(part) for part in command]
        self._log = log
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, ready: Callable[[], bool]) -> None:
        """Run it until `ready()`, or raise with the end of its log."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._log.parent,
                user=self._user,
                extra_groups=[] if self._user else None,
            )
        try:
            until(lambda: self.pid is None or ready(), f"the start of {self._command[0]}")
        except TimeoutError:
            self.stop()
            raise
        if self.pid is None:
            tail = self._log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self._command[0]} ended at its start:\n{tail}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait; stopping twice does nothing more."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_S)
        self._process = None


def unprivileged_user() -> str | None:
    """Who runs what refuses root: postgres or nobody; None when we are not root anyway."""
    import pwd  # noqa: PLC0415  # POSIX alone has it

    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
