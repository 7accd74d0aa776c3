"""What cannot be asked for again, kept while the store cannot be written: ten minutes, no longer."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from collectors.contract import Batch, Stream

KEPT_S = 600
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch of an observed moment that is still to be stored."""

    stream: Stream
    batch: Batch
    observed_at: int


@dataclass(slots=True)
class Kept:
    """The batches of one source that wait, the oldest first; `lost` had to be let go."""

    waiting: deque[Waiting] = field(default_factory=deque)
    lost: int = 0

    def keep(self, waiting: Waiting) -> None:
        """Keep one more, and no more than there is room for."""
        self.waiting.append(waiting)
        while len(self.waiting) > _MOST:
            self._lose()

    def see_anew(self, now: int) -> None:
        """Let go of moments that come again after a clock set back: they are looked at anew."""
        while self.waiting and self.waiting[-1].observed_at >= now:
            self.waiting.pop()

    def drop_old(self, now: int) -> None:
        """Let go of what has waited for too long: those moments stay not measured."""
        while self.waiting and self.waiting[0].observed_at < now - KEPT_S:
            self._lose()

    def told_losses(self) -> tuple[str, ...]:
        """The sentence about what had to be let go, once; nothing while nothing was."""
        lost, self.lost = self.lost, 0
        if not lost:
            return ()
        what = f"{lost} looks could not be stored within {KEPT_S // 60} min"
        return (f"{what}: those moments stay not measured",)

    def _lose(self) -> None:
        self.waiting.popleft()
        self.lost += 1
