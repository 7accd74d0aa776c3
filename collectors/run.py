"""One run: bring one source up to date, record what came of it, never raise what it did wrong.

What is read where, and where it ends:
    live spans   after each stream's watermark        the store, a batch a transaction
    history      before the watermark, newest first   the store, resting between
    failures     the source                           the run's record; other streams go on
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Protocol

from collectors import plan
from collectors.ahead import ahead_of
from collectors.claims import claiming_last, hull
from collectors.contract import Collector, Counts, Stream
from collectors.defects import RAISE_LIMIT, TOO_MANY_FILES, has_too_many_files, unexpected
from collectors.kept import Kept
from collectors.store.store import Ingested, RunRecord, Store
from collectors.turns import NOT_ASKED, in_turn
from slo.errors import BurnlineError, InputError, SourceError
from slo.indicator import Wanted
from slo.lengths import DAY_S
from slo.spans import Span, moment

_REST_SHARE = 0.1
_MOST_WARNINGS = 50
_WHOLE_S = DAY_S


@dataclass(frozen=True, slots=True)
class Lane:
    """A source ready to be asked; `settle_s` is how long its newest facts may still change.

    `keeps_failures` is false for what somebody asked for once: a file name with a mistake in it
    says nothing about the source.
    """

    name: str
    collector: Collector
    indicators: tuple[Wanted, ...] = ()
    backfill_s: int = 0
    settle_s: int = 0
    keeps_failures: bool = True
    kept: Kept = field(default_factory=Kept, compare=False)


class Progress(Protocol):
    """Who is told how far a run has come, in seconds of the streams' history."""

    def expect(self, seconds: int) -> None:
        """So much more is going to be asked for."""

    def advance(self, seconds: int) -> None:
        """So much more has been stored."""


class Silent:
    """Tells nobody."""

    def expect(self, seconds: int) -> None:
        """Nothing."""

    def advance(self, seconds: int) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The run's only ties to the world: clocks, a way to wait, and who is told of progress.

    `stopwatch` counts seconds that nobody sets back; only differences of it mean anything.
    """

    clock: Callable[[], int]
    stopwatch: Callable[[], float]
    sleep: Callable[[float], None]
    progress: Progress = field(default_factory=Silent)


def collect_once(
    lane: Lane, store: Store, now: int, pace: Pace, *, since: int | None = None
) -> RunRecord:
    """Bring one source up to `now`; what fails is in the record, and the record in the store.

    `since` reaches back further (or less far) than the source's own backfill.

    Raises:
        StoreError: the store itself cannot be written; then there is nowhere to record it.
    """
    run = _Run(lane, store, now, pace, since, store.reader.last_run(lane.name))
    run.ensure()
    streams = run.streams()
    pace.progress.expect(sum(run.missing_s(stream) for stream in streams))
    for stream in streams:
        run.bring_up_to_date(stream)
    for wave in zip_longest(*(run.history(stream) for stream in streams)):
        for piece in filter(None, wave):
            run.backfill(*piece)
    record = run.record()
    if record.error is None or lane.keeps_failures:
        store.record(record)
    return record


@dataclass(slots=True)
class _Run:
    lane: Lane
    store: Store
    now: int
    pace: Pace
    since: int | None
    previous: RunRecord | None
    stored: Ingested = field(default_factory=Ingested)
    counts: Counts = field(default_factory=Counts)
    claims: list[Span] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    silences: dict[str, str] = field(default_factory=dict)
    speaking: set[str] = field(default_factory=set)
    count: int = 0
    is_out_of_reach: bool = False
    is_seen: bool = False
    rest_s: float = 0

    def ensure(self) -> None:
        """Answer new promises from what is stored; what cannot be is a failure of the source."""
        indicators = self.lane.indicators
        name = self.lane.name
        self._guarded(name, lambda: self.store.ensure(name, indicators))

    def streams(self) -> tuple[Stream, ...]:
        """What there is to collect; a source that cannot even say is a failure of its own."""
        found: list[Stream] = []
        self._guarded(self.lane.name, lambda: found.extend(self.lane.collector.streams))
        self.count = len(found)
        if self.previous is not None and self.previous.streams:
            self._remember([stream.name for stream in found], self.previous)
        for stream in found:
            self._doubt(stream)
        if found and all(stream.instant for stream in found):
            self._set_right()
        return in_turn(found, self.previous.failures if self.previous else {})

    def missing_s(self, stream: Stream) -> int:
        """How much there is to ask for; what is not asked span by span counts as a day."""
        if not stream.is_spanwise:
            return _WHOLE_S
        return plan.missing_s(
            self._complete(stream),
            self.now,
            reach_s=self._reach_s(stream),
            settle_s=self.lane.settle_s,
        )

    def bring_up_to_date(self, stream: Stream) -> None:
        if not stream.is_spanwise:
            if not (stream.instant and self.is_seen):
                self._take(stream, self._once(stream))
            self.pace.progress.advance(_WHOLE_S)
            return
        spans = plan.live(
            self._complete(stream),
            self.now,
            reach_s=self._reach_s(stream),
            settle_s=self.lane.settle_s,
        )
        for span in spans:
            if not self._take(stream, span):
                return

    def history(self, stream: Stream) -> Iterator[tuple[Stream, Span]]:
        """The pieces of a stream's past that are missing, newest first; planned once."""
        complete = self._complete(stream)
        if complete is not None and stream.is_spanwise:
            for span in plan.backfill(complete, self.now, reach_s=self._reach_s(stream)):
                yield stream, span

    def backfill(self, stream: Stream, span: Span) -> None:
        """Take a piece of the past, unless a newer one is still missing: no hole may be claimed.

        Then the run rests for a share of the time it took, so that the source and other users
        of this machine get their turn, and a piece that was quick costs nothing.
        """
        complete = self._complete(stream)
        if complete is not None and complete.since <= span.until:
            begun = self.pace.stopwatch()
            self._take(stream, span)
            self.pace.sleep(_REST_SHARE * (self.pace.stopwatch() - begun))

    def record(self) -> RunRecord:
        """What came of it all; an error is a line for each stream that failed."""
        error = "\n".join(f"{stream}: {said}" for stream, said in self.failures.items())
        return RunRecord(
            source=self.lane.name,
            started_at=self.now,
            ended_at=max(self.pace.clock(), self.now),
            error=error or None,
            span=hull(self.claims),
            stored=self.stored,
            counts=self.counts,
            warnings=tuple(
                dict.fromkeys(
                    (*self.lane.kept.told_losses(), *self.silences.values(), *self.warnings)
                )
            )[:_MOST_WARNINGS],
            streams=self.count,
            failures=self.failures,
            silences=self.silences,
            rest_s=self.rest_s,
        )

    def _remember(self, names: Iterable[str], previous: RunRecord) -> None:
        """Which streams are known to speak, and what was said of those that do not."""
        for name in names:
            if name in previous.silences:
                self.silences[name] = previous.silences[name]
            elif self.store.reader.watermark(self.lane.name, name) is not None:
                self.speaking.add(name)

    def _doubt(self, stream: Stream) -> None:
        """Collect again what was claimed while the clock was ahead; storing twice changes nothing."""
        complete = self._complete(stream) if stream.is_spanwise else None
        since = None if complete is None else plan.doubted_from(complete, self.now)
        if complete is not None and since is not None:
            self.store.distrust(self.lane.name, stream.name, until=since)
            until = moment(complete.until).isoformat()
            self.warnings[f"the clock was ahead: {until} is yet to come; collected again"] = None

    def _set_right(self) -> None:
        """Take back what a clock that was ahead saw; look at no moment twice."""
        found = ahead_of(self.now, self.lane.name, self.store.reader)
        if found is None:
            return
        self.is_seen = not found.is_clocks_fault
        if found.is_clocks_fault:
            self.store.take_back(self.lane.name, since=found.first, now=self.now)
        if found.by_s:
            self.warnings[str(found)] = None

    def _once(self, stream: Stream) -> Span:
        """What a stream without a watermark is asked for: the present alone, or all there is."""
        if stream.instant:
            return plan.present(self.now)
        return plan.everything(self.now, self.since)

    def _complete(self, stream: Stream) -> Span | None:
        return self.store.reader.watermark(self.lane.name, stream.name)

    def _reach_s(self, stream: Stream) -> int:
        if self.since is not None:
            return max(self.now - self.since, 0)
        return stream.backfill_s or self.lane.backfill_s

    def _take(self, stream: Stream, span: Span) -> bool:
        return self._guarded(stream.name, lambda: self._ingest(stream, span))

    def _ingest(self, stream: Stream, span: Span) -> None:
        said: list[str] = []
        for batch in claiming_last(self.lane.collector.collect(stream, span, self.now), span):
            self.stored += self.store.ingest(
                self.lane.name, stream, batch, self.lane.indicators, now=self.now
            )
            if batch.span is not None:
                self.claims.append(batch.span)
                self.pace.progress.advance(batch.span.length_s)
            self.counts += batch.counts
            said += [batch.silence] if batch.silence else batch.warnings
            if batch.facts or batch.stands:
                self.speaking.add(stream.name)
                self.silences.pop(stream.name, None)
            self.warnings.update(dict.fromkeys(batch.warnings))
        if said and stream.name not in self.speaking:
            self.silences[stream.name] = said[-1]

    def _guarded(self, name: str, work: Callable[[], None]) -> bool:
        """Whether the work was done; after a failure the stream rests until the next run."""
        if name in self.failures:
            return False
        if self.is_out_of_reach:
            self.failures[name] = NOT_ASKED
            return False
        try:
            work()
        except (SourceError, InputError) as error:
            self.failures[name] = str(error)
            if isinstance(error, SourceError):
                self.is_out_of_reach = error.transient
                self.rest_s = max(self.rest_s, error.asked_s or 0)
        except BurnlineError:
            raise
        except Exception as error:  # noqa: BLE001 - one source's defect must not stop the others
            if has_too_many_files(error):
                self.failures[name] = f"{TOO_MANY_FILES}: not asked\n  fix: {RAISE_LIMIT}"
            else:
                self.failures[name] = f"a defect of this source kind: {unexpected(error)}"
        return name not in self.failures
