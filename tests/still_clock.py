"""A clock that only moves when somebody works or sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field

from builders import NOON

from collectors.run import Pace


@dataclass
class Watch:
    """A clock that only moves when somebody works or sleeps, and what was promised and done."""

    at: float = NOON
    slept: list[float] = field(default_factory=list)
    expected: int = 0
    advanced: int = 0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def expect(self, seconds: int) -> None:
        self.expected += seconds

    def advance(self, seconds: int) -> None:
        self.advanced += seconds

    @property
    def pace(self) -> Pace:
        return Pace(
            clock=lambda: int(self.at),
            stopwatch=lambda: self.at,
            sleep=self.sleep,
            progress=self,
        )
