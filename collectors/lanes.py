"""What a lane does each time its turn comes: one run, unless its source or the store needs rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from collectors import plan
from collectors.breaker import Breaker
from collectors.contract import Stream
from collectors.kept import KEPT_S, Waiting
from collectors.run import Lane, Pace, collect_once
from collectors.store.opening.refusals import DamagedError
from collectors.store.store import RunRecord, Store
from slo.errors import InputError, SourceError, StoreError

_SAME_TROUBLE_S = 120
_MEANWHILE = (
    "; what is missed meanwhile is collected again, and what probes see is kept for"
    f" {KEPT_S // 60} min"
)


def _nobody() -> None:
    """Nothing."""


@dataclass(slots=True)
class Pause:
    """Whether nothing can be stored at present, since when and why; one for all lanes.

    Once the store takes a beat the lanes try again; what one of them met is said until one of
    them could store. Damage does not mend itself: that pause stays. `tell` is called whenever
    there is something new to say.
    """

    since: int | None = None
    error: StoreError | None = None
    tell: Callable[[], None] = _nobody
    _ended_at: int | None = None
    _is_lanes: bool = False
    _is_tried: bool = False

    @property
    def is_on(self) -> bool:
        """Whether the lanes are to rest."""
        return self.error is not None and not self._is_tried

    @property
    def is_damage(self) -> bool:
        """Whether the store must not be written to any more."""
        return isinstance(self.error, DamagedError)

    @property
    def said(self) -> str:
        """The sentence about it; empty while all is well."""
        if self.error is None or self.since is None:
            return ""
        what = self.error.what.partition(":")[0]
        since = datetime.fromtimestamp(self.since, UTC).strftime("%H:%M UTC")
        mend = self.error.mend + ("" if self.is_damage else _MEANWHILE)
        return (
            f"{what[:1].upper()}{what[1:]}: collecting is paused since {since}."
            f" {mend[:1].upper()}{mend[1:]}"
        )

    def begin(self, error: StoreError, now: int, *, by_lane: bool = False) -> bool:
        """Whether it is news that nothing can be stored; trouble that comes back is the same."""
        is_news = self.error is None
        if is_news and (self._ended_at is None or now - self._ended_at > _SAME_TROUBLE_S):
            self.since = now
        if not self.is_damage:
            self.error = error
        self._is_lanes, self._is_tried = by_lane or (self._is_lanes and not is_news), False
        self.tell()
        return is_news

    def retry(self, now: int) -> bool:
        """Whether the store is as it was, now that it took a beat; lanes that failed may try."""
        if self._is_lanes and not self.is_damage:
            self._is_tried = True
            return False
        return self.end(now)

    def end(self, now: int) -> bool:
        """Whether it is news that the store can be written again."""
        if self.error is None or self.is_damage:
            return False
        self.error, self._ended_at, self._is_lanes, self._is_tried = None, now, False, False
        self.tell()
        return True


@dataclass(slots=True)
class LaneWork:
    """The turns of one source; `tell` hears of every run that was made."""

    lane: Lane
    store: Store
    pace: Pace
    pause: Pause
    tell: Callable[[RunRecord], None]
    breaker: Breaker = field(default_factory=Breaker)

    def __call__(self, now: int) -> None:
        """Bring the source up to now, if it may be asked; what cannot be stored is kept."""
        if self.breaker.rests(now):
            return
        if self.pause.is_on:
            self._observe(now)
            return
        try:
            self._store_kept(now)
            record = collect_once(self.lane, self.store, now, self.pace)
        except StoreError as error:
            self.pause.begin(error, now, by_lane=True)
            self._observe(now)
            return
        self.pause.end(now)
        self.breaker = self._judged(record, now)
        self.tell(record)

    def _judged(self, record: RunRecord, now: int) -> Breaker:
        if not record.is_fruitless:
            return Breaker()
        reason = (record.error or "").partition("\n")[0]
        return self.breaker.failed(now, reason, asked_s=record.rest_s)

    def _observe(self, now: int) -> None:
        """Ask for the present moment alone, which no later run could ask for."""
        self.lane.kept.see_anew(now)
        for stream in self._instants():
            try:
                for batch in self.lane.collector.collect(stream, plan.present(now), now):
                    self.lane.kept.keep(Waiting(stream, batch, now))
            except (SourceError, InputError):
                continue  # told by the next run that can be recorded
        self.lane.kept.drop_old(now)

    def _instants(self) -> Sequence[Stream]:
        try:
            return [stream for stream in self.lane.collector.streams if stream.instant]
        except (SourceError, InputError):
            return ()

    def _store_kept(self, now: int) -> None:
        """Store what waits, the oldest first; each is let go when it is stored, and not before."""
        kept = self.lane.kept
        kept.drop_old(now)
        while kept.waiting:
            first = kept.waiting[0]
            self.store.ingest(
                self.lane.name,
                first.stream,
                first.batch,
                self.lane.indicators,
                now=first.observed_at,
            )
            kept.waiting.popleft()
