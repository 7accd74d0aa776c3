"""The lanes and other jobs of one collector, as its configuration wants them at present."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata

from structlog.typing import FilteringBoundLogger

from collectors.lanes import LaneWork, Pause
from collectors.lease import BEAT_S, Lease, LeaseHeldError, LeaseLostError, Resting, Standing
from collectors.run import Pace
from collectors.schedule import Job, Schedule
from collectors.store.deliveries import DeliveryState
from collectors.store.integrity import EXAMINED, damage, damaged, is_due
from collectors.store.opening.refusals import DamagedError
from collectors.store.opening.space import FullError
from collectors.store.store import RunRecord, Store
from dashboard import wiring
from dashboard.config import Config, SourceDef
from dashboard.configured import Configured
from dashboard.reports.due import deliver_due
from dashboard.shell.channel_lanes import ChannelLanes
from dashboard.shell.correcting.following import follow
from dashboard.shell.definitions import keep
from dashboard.shell.duty import Duty
from dashboard.shell.inbound import drain
from slo.errors import BurnlineError, ConfigError, StoreError
from slo.lengths import DAY_S, HOUR_S

_DRAIN_S = 1.5
_CORRECT_S = 60
_INBOX_S, _DELIVER_S = 3, 60
_STOPPED_S = 5
_LANE, _ALERTS = "source ", "alerts"
_WELL = ""


@dataclass(slots=True)
class CollectorProcess:
    """What collects on schedule; `is_lost` when another collector has taken its lease."""

    configured: Configured
    store: Store
    pace: Pace
    log: FilteringBoundLogger
    is_lost: bool = False
    _lease: Lease = field(init=False)
    _schedule: Schedule = field(init=False)
    _in_force: Config = field(init=False)
    _tried: Config | None = None
    _refused: BurnlineError | None = None
    _pause: Pause = field(init=False)
    _duty: Duty = field(init=False)
    _lanes: ChannelLanes = field(init=False)
    _works: dict[str, tuple[SourceDef, LaneWork]] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _looked_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Make everything ready; nothing runs before `begin`."""
        self._lease = Lease(self.store)
        self._pause = Pause(tell=self._tell_pause)
        self._schedule = Schedule(self.pace.clock, self.pace.stopwatch, self._failed)
        self._in_force = self.configured.current
        self._duty = Duty(self.store, lambda: self._in_force, self.log, self.pace.clock)
        self._lanes = ChannelLanes(self._schedule, self._duty, self._unless_paused)
        self._looked_at = self.pace.stopwatch()

    def begin(self) -> None:
        """Take the lease, then start every job; a store that is full or busy is waited for.

        Raises:
            LeaseHeldError: another collector holds the store.
            ConfigError: a source cannot be put to work.
        """
        now = self.pace.clock()
        try:
            self._lease.beat(self._standing(), now)
        except LeaseHeldError:
            raise
        except StoreError as error:
            self._pause.begin(error, now)
        self._try(self._in_force)
        if self._refused is not None:
            raise self._refused
        for name, call, every_s in self._own_jobs():
            self._schedule.put(Job(name, call, every_s))
        self._schedule.start()
        self.log.info("collecting", sources=len(self._works), config=self._in_force.digest)
        self._looked_at = self.pace.stopwatch()

    def look(self) -> None:
        """Take in what has changed: the configuration, and the clock."""
        self._tell_stop()
        back_s = self._schedule.watch_clock()
        if back_s:
            self.log.warning(
                "the clock was set back; what is due goes with it", seconds=round(back_s)
            )
        self.configured.look()
        if self.configured.current is not self._tried and not self._pause.is_on:
            self._try(self.configured.current)
        if self._is_news("config", self._problem):
            if self._problem:
                self.log.warning("the last configuration stays in force", why=self._problem)
            else:
                self.log.info("the configuration on disk is in force", config=self._in_force.digest)
            self._beat(self.pace.clock())
        self._looked_at = self.pace.stopwatch()

    def _tell_stop(self) -> None:
        """Say for how long nothing was looked at, where that is more than the wait between two looks."""
        idle_s = round(self.pace.stopwatch() - self._looked_at)
        if idle_s > _STOPPED_S:
            self.log.warning("was stopped; each source makes up for it by one run", seconds=idle_s)

    def end(self) -> bool:
        """Begin no further run, wait a moment for those under way; whether all have ended."""
        self._schedule.stop()
        give_up = self.pace.stopwatch() + _DRAIN_S
        while self._schedule.busy() and self.pace.stopwatch() < give_up:
            self.pace.sleep(0.02)
        with suppress(StoreError):
            self._lease.let_go(self.pace.clock())
        unfinished = sorted(self._schedule.busy())
        self.log.info("ended", unfinished=", ".join(unfinished) or "nothing")
        return not unfinished

    @property
    def _problem(self) -> str:
        """Why the configuration on disk is not the one in force; empty when it is."""
        problem = self.configured.problem or self._refused
        return "" if problem is None else problem.what

    def _own_jobs(self) -> Iterator[tuple[str, Callable[[int], None], float]]:
        yield "beat", self._beat, BEAT_S
        yield "inbox", self._unless_paused(self._drain), _INBOX_S
        yield _ALERTS, self._unless_paused(self._duty.evaluate), self._in_force.alerting.every_s
        yield "corrections", self._unless_paused(self._correct), _CORRECT_S
        yield "reports", self._unless_paused(self._deliver), _DELIVER_S
        yield "retention", self._unless_paused(self._thin), DAY_S
        yield "integrity", self._unless_paused(self._examine), HOUR_S

    def _unless_paused(self, call: Callable[[int], None]) -> Callable[[int], None]:
        """A job that rests while nothing can be stored, and begins that where it finds it so."""

        def run(now: int) -> None:
            if self._pause.is_on:
                return
            try:
                call(now)
            except (DamagedError, FullError) as error:
                self._pause.begin(error, now)

        return run

    def _try(self, config: Config) -> None:
        """Work by that configuration from now on, or keep why not; a store in trouble is waited for."""
        before = self._in_force.digest
        try:
            self._enforce(config)
        except StoreError as error:
            self._pause.begin(error, self.pace.clock())
            return
        except BurnlineError as error:
            self._refused = error
        else:
            self._refused = None
        self._tried = config
        if self._in_force.digest != before:
            self.log.info("another configuration is in force", config=config.digest)
            self._beat(self.pace.clock())

    def _enforce(self, config: Config) -> None:
        """Keep the promises as they now stand, and put every source that changed anew.

        Raises:
            ConfigError: a source cannot be put to work, or the store is another one.
            StoreError: the store cannot be written.
        """
        if config.store_url != self._in_force.store_url:
            raise ConfigError(
                "the store is another one now", where=str(config.path), mend="start burnline anew"
            )
        wanted = {source.name: source for source in config.sources}
        changed = [s for s in config.sources if self._source(s.name) != s]
        made = {source.name: (source, self._work(source)) for source in changed}
        keep(self.store, config.slos, self.pace.clock())
        for name in self._works.keys() - wanted.keys():
            self._schedule.drop(_LANE + name)
            del self._works[name]
        self._works |= made
        for source, work in made.values():
            every_s = source.every_s
            self._schedule.put(Job(_LANE + source.name, work, every_s, deadline_s=every_s))
        self._lanes.put(config.channels)
        before, self._in_force = self._in_force, config
        if before.alerting.every_s != config.alerting.every_s:
            judge = self._unless_paused(self._duty.evaluate)
            self._schedule.put(Job(_ALERTS, judge, config.alerting.every_s))

    def _source(self, name: str) -> SourceDef | None:
        return self._works[name][0] if name in self._works else None

    def _work(self, source: SourceDef) -> LaneWork:
        return LaneWork(wiring.lane(source), self.store, self.pace, self._pause, self._ran)

    def _beat(self, now: int) -> None:
        """Say that the collector is at work; a beat that is stored ends a pause."""
        try:
            self._lease.beat(self._standing(), now)
            if self._pause.retry(now):
                self._lease.beat(self._standing(), now)
        except (LeaseHeldError, LeaseLostError) as error:
            self.is_lost = True
            self.log.error("ending", why=error)  # noqa: TRY400 - a sentence, no traceback
        except StoreError as error:
            self._pause.begin(error, now)

    def _tell_pause(self) -> None:
        if self._is_news("store", self._pause.said):
            self.log.warning(self._pause.said or "the store can be written again")

    def _drain(self, now: int) -> None:
        drain(self._in_force, self.store, now=now)

    def _correct(self, now: int) -> None:
        follow(self._in_force, self.store, now=now)

    def _deliver(self, now: int) -> None:
        """Hand over the reports that are due, each made in a process of its own."""
        if not self._in_force.reports:
            return
        before = set(self.store.reader.deliveries())
        for said in deliver_due(self._in_force, self.store, now):
            self.log.warning("not delivered", why=said)
        for one in self.store.reader.deliveries():
            if one.state == DeliveryState.SENT and one not in before:
                self.log.info("handed over", report=one.report, period=one.period, to=one.place)

    def _thin(self, now: int) -> None:
        """Let go of minutes grown old, and of what the write-ahead log took of the disk."""
        gone = self.store.retain(now=now, minutes_s=self._in_force.minutes_s)
        self.store.alerts.forget(now=now)
        self.store.tidy()
        if gone.rows:
            self.log.info("minutes grown old were let go", rows=gone.rows)

    def _examine(self, now: int) -> None:
        """Read the whole store through once a day; a damaged one is written to no more."""
        if not is_due(self.store.reader.audit_log(), now):
            return
        said = damage(self._in_force.store_url)
        if said is not None:
            self._pause.begin(damaged(said, self._in_force.store_url), now)
            self._beat(now)
            return
        self.store.audit(
            actor="collector", action=EXAMINED, subject="store", detail={"damage": ""}, now=now
        )

    def _standing(self) -> Standing:
        slow = self._schedule.slow()
        return Standing(
            config_digest=self._in_force.digest,
            config_problem=self._problem,
            paused=self._pause.said,
            version=metadata.version("burnline"),
            resting=self._resting(),
            slow={name.removeprefix(_LANE): str(each) for name, each in slow.items()},
        )

    def _resting(self) -> Mapping[str, Resting]:
        now = self.pace.clock()
        breakers = {source.name: work.breaker for source, work in list(self._works.values())}
        return {
            name: Resting(breaker.tries, breaker.until or now, breaker.reason)
            for name, breaker in breakers.items()
            if breaker.rests(now)
        }

    def _ran(self, record: RunRecord) -> None:
        """Say how a source fares when that is news; its runs are in the store."""
        self._duty.asked(record.source)
        if self._is_news(record.source, record.error or "well"):
            if record.error is None:
                self.log.info("collected", source=record.source, new=record.stored.new)
            else:
                self.log.warning("failed", source=record.source, why=record.error)

    def _failed(self, job: str, said: str) -> None:
        if self._is_news(job.removeprefix(_LANE), said):
            self.log.error("failed", job=job, why=said)

    def _is_news(self, about: str, said: str) -> bool:
        before, self._said[about] = self._said.get(about, _WELL), said
        return said != before
