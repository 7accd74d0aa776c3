"""Runs the processes that make up `burnline up`: starts, restarts, and ends them together.

SIGTERM, SIGINT   both are told to end, and killed by their ids when they have not in 5 s, or at
                  once when told a second time; what comes within a second is the first again
SIGHUP            passed on; the end of the terminal it was started in ends it instead
a process dies    it is started again after a pause that grows from 1 s to a minute
it refuses        code 2 soon after its first start: the others end too, with that code
killed itself     the pipe that every process has for its input ends, and they with it
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from select import select
from types import FrameType

DONE, IN_PART, REFUSED = 0, 1, 2
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_WELL_AFTER_S = 60.0
_LOOK_S = 0.1
_ENDING = (signal.SIGTERM, signal.SIGINT)
_HEARD = (*_ENDING, signal.SIGHUP, signal.SIGCHLD)


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long an end is waited for, and for how long another signal is the same order.

    `make` passes on a SIGTERM that its whole process group was sent: who sent it once is heard
    twice.
    """

    end_s: float = 5.0
    echo_s: float = 1.0


@dataclass(slots=True)
class Child:
    """One process to keep alive: what people call it, and how it is started.

    One that `awaits` the greeting is started when the others answer, not before.
    """

    name: str
    command: Sequence[str]
    awaits: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float | None = None
    pause_s: float = _FIRST_PAUSE_S
    is_restarted: bool = False

    def start(self, lifeline: int) -> None:
        """Run it, in a group of its own: Ctrl-C is the supervisor's to pass on."""
        # Told to reload before it can listen it would end; whoever is to hear it says so later.
        heard = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            self.process = subprocess.Popen(self.command, stdin=lifeline, process_group=0)  # noqa: S603 - our own
        finally:
            signal.signal(signal.SIGHUP, heard)
        self.started_at, self.due_at = time.monotonic(), None

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send its process a signal, if it lives."""
        if self.process is not None:
            self.process.send_signal(number)

    def refuses(self, code: int) -> bool:
        """Whether it says that it cannot run at all, rather than that something broke."""
        lived_s = time.monotonic() - self.started_at
        return code == REFUSED and not self.is_restarted and lived_s < _WELL_AFTER_S

    def schedule(self) -> float:
        """The pause until it is started again: the first anew where it had run well."""
        now = time.monotonic()
        if now - self.started_at > _WELL_AFTER_S:
            self.pause_s = _FIRST_PAUSE_S
        pause_s, self.due_at = self.pause_s, now + self.pause_s
        self.pause_s = min(2 * self.pause_s, _LONGEST_PAUSE_S)
        self.process, self.is_restarted = None, True
        return pause_s


class Supervisor:
    """Keeps children alive until it is told to end, or one of them cannot start."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        answers: Callable[[], bool],
        greet: Callable[[], None],
        tell: Callable[[str], None],
        patience: Patience = Patience(),
    ) -> None:
        """Greet once `answers` is true for the first time; tell of deaths and ends."""
        self._children = children
        self._answers = answers
        self._greet = greet
        self._tell = tell
        self._patience = patience
        self._greeted = False
        self._terminals = [fd for fd in range(3) if os.isatty(fd)]

    def run(self) -> int:
        """Run all until a signal ends it; the exit code. Main thread only."""
        with _signals() as heard, _lifeline() as lifeline:
            for child in self._children:
                if not child.awaits:
                    child.start(lifeline)
            while True:
                code = self._turn(_next(heard, self._patience_s()), lifeline)
                if code is not None:
                    return max(code, self._end(heard))

    def _turn(self, told: bytes, lifeline: int) -> int | None:
        """One look at everything; the code to end with, None to go on."""
        if any(number in told for number in _ENDING):
            return DONE
        if signal.SIGHUP in told:
            if not all(os.isatty(fd) for fd in self._terminals):
                return DONE
            for child in self._children:
                child.signal(signal.SIGHUP)
        for child in self._children:
            if not self._is_kept(child, lifeline):
                return REFUSED
        if not self._greeted and self._answers():
            self._greeted = True
            self._greet()
            for child in self._children:
                if child.awaits:
                    child.start(lifeline)
        return None

    def _is_kept(self, child: Child, lifeline: int) -> bool:
        """Whether it lives or will; False where it says that it cannot."""
        if child.process is not None and (code := child.process.poll()) is not None:
            if child.refuses(code):
                return False
            how = _how(code)
            self._tell(f"the {child.name} {how}; started again in {child.schedule():g} s")
        if child.due_at is not None and time.monotonic() >= child.due_at:
            self._restart(child, lifeline)
        return True

    def _restart(self, child: Child, lifeline: int) -> None:
        """Start it again, later where the system cannot now: too many processes, no memory."""
        try:
            child.start(lifeline)
        except OSError as error:
            pause_s = child.schedule()
            self._tell(
                f"the {child.name} cannot be started: {error.strerror}; tried again in {pause_s:g} s"
            )

    def _patience_s(self) -> float | None:
        """For how long nothing is to be done unless a signal comes; None without an end."""
        now = time.monotonic()
        waits = [max(child.due_at - now, 0) for child in self._children if child.due_at is not None]
        return min([*waits, *([] if self._greeted else [_LOOK_S])], default=None)

    def _end(self, heard: int) -> int:
        """Tell all to end and see to it; told a second time, at once."""
        for child in self._children:
            child.signal(signal.SIGTERM)
        why = self._waited(heard)
        stubborn = self._alive()
        for child in stubborn:
            child.signal(signal.SIGKILL)
            self._tell(f"the {child.name} {why} and was killed")
        for child in stubborn:
            if child.process is not None:
                child.process.wait()
        return IN_PART if stubborn else DONE

    def _waited(self, heard: int) -> str:
        """Wait for the end; why no longer, as is said of what still runs then."""
        told_at, patience = time.monotonic(), self._patience
        while self._alive() and (left_s := told_at + patience.end_s - time.monotonic()) > 0:
            told = _next(heard, left_s)
            is_again = time.monotonic() - told_at >= patience.echo_s
            if is_again and any(number in told for number in _ENDING):
                return "had not ended when told a second time"
        return f"did not end within {patience.end_s:g} s"

    def _alive(self) -> list[Child]:
        return [child for child in self._children if child.is_running]


def _how(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


@contextmanager
def _lifeline() -> Iterator[int]:
    """What children read from: it ends when this process does, however that comes about."""
    reading, holding = os.pipe()
    try:
        yield reading
    finally:
        os.close(holding)
        os.close(reading)


@contextmanager
def _signals() -> Iterator[int]:
    """Where the number of each signal can be read from, for the block; the last of the process."""
    listening, telling = os.pipe()
    for end in (listening, telling):
        os.set_blocking(end, False)
    before = {number: signal.signal(number, _noted) for number in _HEARD}
    told_before = signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    try:
        yield listening
    finally:
        signal.set_wakeup_fd(told_before)
        for number, handler in before.items():
            # On the way out nothing is left to end, and the code is still to be handed over.
            signal.signal(number, signal.SIG_IGN if number in _ENDING else handler)
        os.close(telling)
        os.close(listening)


def _noted(_signal: int, _frame: FrameType | None) -> None:
    """Nothing: that there is a handler is what makes signals readable."""


def _next(heard: int, patience_s: float | None) -> bytes:
    """The numbers of the signals that came; none when the time is up."""
    select([heard], [], [], patience_s)
    with suppress(BlockingIOError):
        return os.read(heard, 64)
    return b""
