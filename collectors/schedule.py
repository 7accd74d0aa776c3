"""Runs plain jobs at their intervals, each on a thread of its own, and knows nothing of them.

What APScheduler leaves open, and how it is closed here:
    a run longer than its interval   single flight; the runs left out are counted
    a process that was stopped       one run makes up for all that were missed
    a clock set back                 what is due is moved back with it
    two jobs at the same moment      each begins at once, then at a random part of its interval
    a job that raises                told by its kind and line, never by its text; others go on
    a job that hangs                 holds its own thread; the process ends without waiting for it
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from collectors.defects import RAISE_LIMIT, TOO_MANY_FILES, has_too_many_files, unexpected
from slo.errors import BurnlineError

_SET_BACK_S = 2
_SPREAD_SHARE, _LONGEST_SPREAD_S = 0.1, 5.0
_uniform = random.SystemRandom().uniform


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again; `call` is told the moment at which it begins.

    A run that has not ended after `deadline_s` is told as slow while it still runs.
    """

    name: str
    call: Callable[[int], None]
    every_s: float
    deadline_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Slow:
    """A job whose runs take longer than its interval, and how many were left out for that."""

    took_s: float
    every_s: float
    skipped: int = 0

    def __str__(self) -> str:
        """Both lengths, as a person says them."""
        return f"takes {self.took_s:.1f} s, interval {self.every_s:g} s"


class _Phased(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Every so many seconds, from a moment within the first interval on."""

    def __init__(self, every_s: float, begins: datetime) -> None:
        super().__init__(seconds=every_s, start_date=begins, timezone=UTC)
        self._first: datetime | None = None

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> Any:
        """After the first run the phase's beginning, then the next interval."""
        self._first = self._first or previous_fire_time  # APScheduler asks twice about each
        if previous_fire_time is not None and previous_fire_time == self._first:
            return self.start_date
        return super().get_next_fire_time(previous_fire_time, now)


@dataclass(slots=True)
class _Course:
    """How the runs of one job go."""

    job: Job
    begun_at: float | None = None
    took_s: float = 0.0
    skipped: int = 0


@dataclass(slots=True)
class Schedule:
    """Jobs by name; `clock` is the world's, `stopwatch` one that nobody sets back.

    `tell` hears of each job that raised, and what.
    """

    clock: Callable[[], int]
    stopwatch: Callable[[], float]
    tell: Callable[[str, str], None]
    _courses: dict[str, _Course] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _scheduler: BackgroundScheduler = field(init=False)
    _ahead_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Make the scheduler ready; nothing runs before `start`."""
        # What it would log of a job that raised holds the error's text, secrets and all.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL + 1)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(self._left_out, EVENT_JOB_MAX_INSTANCES)
        self._ahead_s = self._clock_ahead_s()

    def start(self) -> None:
        """Begin with all jobs that are there."""
        self._scheduler.start()

    def put(self, job: Job) -> None:
        """Run the job from now on, in place of the one of the same name.

        Both share one thread, so a run of the old one ends before the new one begins.
        """
        with self._lock:
            known = self._courses.get(job.name)
            self._courses[job.name] = _Course(job, known.begun_at if known else None)
        if known is None:
            self._scheduler.add_executor(ThreadPoolExecutor(1), job.name)
        present = self._present()
        self._scheduler.add_job(
            self._run,
            _Phased(job.every_s, present + timedelta(seconds=_uniform(0, job.every_s))),
            args=[job.name],
            id=job.name,
            executor=job.name,
            next_run_time=present + timedelta(seconds=_spread_s(job)),
            replace_existing=True,
        )

    def drop(self, name: str) -> None:
        """Run the job no more; a run that is under way ends by itself."""
        with self._lock:
            self._courses.pop(name, None)
        self._scheduler.remove_job(name)
        self._scheduler.remove_executor(name, shutdown=False)

    def busy(self) -> frozenset[str]:
        """The jobs of which a run is under way."""
        with self._lock:
            return frozenset(
                n for n, course in self._courses.items() if course.begun_at is not None
            )

    def slow(self) -> Mapping[str, Slow]:
        """The jobs whose last run, or the one under way, is longer than it should be."""
        present = self.stopwatch()
        with self._lock:
            judged = {name: _slow(course, present) for name, course in self._courses.items()}
        return {name: slow for name, slow in judged.items() if slow is not None}

    def stop(self) -> None:
        """Begin no further run; those under way are left alone."""
        self._scheduler.shutdown(wait=False)

    def watch_clock(self) -> float:
        """How many seconds the clock was set back since the last look; due times go with it.

        A clock set forward needs nothing: each overdue job runs once.
        """
        ahead_s = self._clock_ahead_s()
        moved_s, self._ahead_s = ahead_s - self._ahead_s, ahead_s
        if moved_s > -_SET_BACK_S:
            return 0.0
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=job.next_run_time + timedelta(seconds=moved_s))
        return -moved_s

    def _run(self, name: str) -> None:
        with self._lock:
            course = self._courses.get(name)
            if course is None:
                return
            course.begun_at = begun_at = self.stopwatch()
        try:
            course.job.call(self.clock())
        except BurnlineError as error:
            self.tell(name, str(error))
        except Exception as error:  # noqa: BLE001 - one job's defect must not stop the others
            if has_too_many_files(error):
                self.tell(name, f"{TOO_MANY_FILES}\n  fix: {RAISE_LIMIT}")
            else:
                self.tell(name, f"a defect: {unexpected(error)}")
        finally:
            with self._lock:
                course.begun_at, course.took_s = None, self.stopwatch() - begun_at
                successor = self._courses.get(name)
                if successor is not None:
                    successor.begun_at = None

    def _left_out(self, event: JobSubmissionEvent) -> None:
        with self._lock:
            course = self._courses.get(event.job_id)
            if course is not None:
                course.skipped += 1

    def _clock_ahead_s(self) -> float:
        return self.clock() - self.stopwatch()

    def _present(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


def _spread_s(job: Job) -> float:
    """How long the first run of a job waits, so that not all begin in the same moment."""
    return _uniform(0, min(_SPREAD_SHARE * job.every_s, _LONGEST_SPREAD_S))


def _slow(course: _Course, present: float) -> Slow | None:
    running_s = 0.0 if course.begun_at is None else present - course.begun_at
    limit_s = min(course.job.every_s, course.job.deadline_s)
    took_s = max(running_s, course.took_s)
    return Slow(took_s, course.job.every_s, course.skipped) if took_s > limit_s else None
