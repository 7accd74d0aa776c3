"""Jobs run at their intervals, one run of each at a time, whatever the others do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from components.process import START_S, until

from collectors.schedule import Job, Schedule, Slow
from slo.errors import SourceError


@dataclass
class World:
    """A clock that can be set, and what was told of jobs that raised."""

    ahead_s: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)

    def clock(self) -> int:
        return int(time.time()) + self.ahead_s  # noqa: TID251 - the schedule's own clock

    def schedule(self) -> Schedule:
        return Schedule(self.clock, time.monotonic, lambda *said: self.told.append(said))


@dataclass
class Counted:
    """A job that counts its runs and how many go on at the same time; it waits for `gate`."""

    gate: threading.Event = field(default_factory=threading.Event)
    runs: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _now: int) -> None:
        with self._lock:
            self.runs += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.gate.wait(START_S)
        with self._lock:
            self._at_once -= 1

    @classmethod
    def quick(cls) -> Counted:
        made = cls()
        made.gate.set()
        return made


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def schedule(world: World) -> Iterator[Schedule]:
    made = world.schedule()
    made.start()
    yield made
    made.stop()


def raising(error: Exception) -> Callable[[int], None]:
    def call(_now: int) -> None:
        raise error

    return call


def test_a_job_that_hangs_keeps_no_other_from_its_runs(schedule: Schedule) -> None:
    hung, others = Counted(), [Counted.quick() for _ in range(8)]
    schedule.put(Job("hung", hung, 0.1))
    for number, other in enumerate(others):
        schedule.put(Job(f"other {number}", other, 0.1))

    until(lambda: all(other.runs >= 10 for other in others), "ten runs of each other job")

    assert hung.runs == 1
    assert schedule.busy() >= {"hung"}
    hung.gate.set()


def test_a_run_longer_than_its_interval_is_told_and_never_overlaps(schedule: Schedule) -> None:
    long = Counted()
    schedule.put(Job("shop", long, 0.1, deadline_s=0.1))

    until(lambda: "shop" in schedule.slow() and schedule.slow()["shop"].skipped >= 3, "skips")
    slow = schedule.slow()["shop"]
    long.gate.set()
    until(lambda: long.runs >= 3, "the runs after it")

    assert str(slow) == f"takes {slow.took_s:.1f} s, interval 0.1 s"
    assert slow.took_s > slow.every_s
    assert long.most_at_once == 1
    until(lambda: "shop" not in schedule.slow(), "a run in time")


def test_a_job_that_raises_is_told_without_its_text_and_runs_again(
    world: World, schedule: Schedule
) -> None:
    broken = raising(ValueError("http://shop/?token=canary"))
    refused = SourceError("connection refused", where="shop", mend="start it")
    other = Counted.quick()
    for name, call in (("broken", broken), ("refused", raising(refused)), ("other", other)):
        schedule.put(Job(name, call, 0.1))

    until(lambda: sum(name == "broken" for name, _ in world.told) >= 3, "three broken runs")
    until(lambda: "refused" in dict(world.told), "what the refused one says")
    until(lambda: other.runs >= 3, "three runs of the other")

    said = dict(world.told)
    assert said["broken"].startswith("a defect: unexpected ValueError at test_schedule.py:")
    assert said["refused"] == str(refused)
    assert "canary" not in str(world.told)


def test_a_clock_set_back_takes_what_is_due_back_with_it(world: World) -> None:
    schedule = world.schedule()
    schedule.start()
    schedule.put(Job("shop", Counted.quick(), 3_600))
    due = schedule._scheduler.get_job("shop")
    until(lambda: due.next_run_time.timestamp() > world.clock() + 10, "the first run")
    before = due.next_run_time

    world.ahead_s = -20
    back_s = schedule.watch_clock()

    assert 18 <= back_s <= 22
    assert (before - due.next_run_time).total_seconds() == pytest.approx(back_s)
    assert schedule.watch_clock() == 0
    schedule.stop()


@pytest.mark.parametrize(("back_s", "told_s"), [(0, 0), (1, 0), (2, 2), (5, 5)])
def test_a_clock_is_set_back_from_two_seconds_on(back_s: int, told_s: int) -> None:
    ahead_s = 0
    schedule = Schedule(lambda: 1_000 + ahead_s, lambda: 0.0, lambda *_said: None)

    ahead_s = -back_s

    assert schedule.watch_clock() == told_s
    assert schedule.watch_clock() == 0


@pytest.mark.parametrize(("every_s", "deadline_s"), [(3_600, 10), (10, 3_600)])
def test_a_run_is_slow_after_its_interval_or_its_deadline_whichever_is_first(
    world: World, every_s: float, deadline_s: float
) -> None:
    took_s, job = 0.0, Counted()
    schedule = Schedule(world.clock, lambda: took_s, lambda *_said: None)
    schedule.start()
    schedule.put(Job("shop", job, every_s, deadline_s))
    until(lambda: job.runs == 1, "the run")

    took_s = 10.0
    in_time = schedule.slow()
    took_s = 10.5
    late = schedule.slow()

    job.gate.set()
    schedule.stop()
    assert in_time == {}
    # A turn that came while it was under way is left out.
    assert late == {"shop": Slow(10.5, every_s, late["shop"].skipped)}


def test_jobs_that_begin_together_do_not_stay_together(schedule: Schedule) -> None:
    jobs = [Counted.quick() for _ in range(30)]
    for number, job in enumerate(jobs):
        schedule.put(Job(f"job {number}", job, 40))

    until(lambda: all(job.runs >= 1 for job in jobs), "the first run of each")
    due = [each.next_run_time.timestamp() for each in schedule._scheduler.get_jobs()]

    assert max(due) - min(due) > 10


def test_a_job_keeps_its_rhythm_from_its_second_run_on(schedule: Schedule) -> None:
    job = Counted.quick()
    schedule.put(Job("shop", job, 0.5))
    due: list[float] = []
    for ran in range(2, 7):
        until(lambda ran=ran: job.runs >= ran, f"run {ran}")  # type: ignore[misc]
        due.append(schedule._scheduler.get_job("shop").next_run_time.timestamp())

    assert all(round((at - due[0]) % 0.5, 3) in {0, 0.5} for at in due)


def test_a_clock_set_forward_moves_nothing(world: World, schedule: Schedule) -> None:
    schedule.put(Job("shop", Counted.quick(), 3_600))
    before = schedule._scheduler.get_job("shop").next_run_time

    world.ahead_s = 3_600

    assert schedule.watch_clock() == 0
    assert schedule._scheduler.get_job("shop").next_run_time >= before


def test_a_job_put_anew_takes_the_place_of_the_old_one_after_its_run(schedule: Schedule) -> None:
    old, new = Counted(), Counted.quick()
    schedule.put(Job("shop", old, 0.1))
    until(lambda: old.runs == 1, "the run of the old job")

    schedule.put(Job("shop", new, 0.1))
    while_old_runs = new.runs
    old.gate.set()
    until(lambda: new.runs >= 3, "the runs of the new job")

    assert while_old_runs == 0
    assert old.runs == 1
    assert set(schedule._courses) == {"shop"}


def test_a_job_put_anew_is_busy_with_the_run_of_the_old_one_until_that_ends(
    world: World, schedule: Schedule
) -> None:
    old, new = Counted(), Counted.quick()
    schedule.put(Job("shop", old, 0.1))
    until(lambda: old.runs == 1, "the run of the old job")

    world.ahead_s = 3_600  # the new job is due in an hour
    schedule.put(Job("shop", new, 0.1))
    while_old_runs = schedule.busy()
    old.gate.set()

    assert while_old_runs == {"shop"}
    until(lambda: not schedule.busy(), "the end of the old run")
    assert new.runs == 0


def test_a_job_that_was_dropped_runs_no_more(schedule: Schedule) -> None:
    gone, other = Counted.quick(), Counted.quick()
    schedule.put(Job("gone", gone, 0.1))
    schedule.put(Job("other", other, 0.1))
    until(lambda: gone.runs >= 2, "two runs")

    schedule.drop("gone")
    ran, so_far = gone.runs, other.runs
    until(lambda: other.runs >= so_far + 5, "five runs of the other")

    assert gone.runs <= ran + 1
    assert set(schedule._courses) == {"other"}
