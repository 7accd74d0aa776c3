"""A lane's turn: one run, a rest for a source that fails, nothing lost that cannot be asked again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import NOON, minutes, states
from components.hostile import JSON, Hostile, reply
from prometheus_source import collector

from collectors.contract import Batch, Stream
from collectors.kept import KEPT_S
from collectors.lanes import LaneWork, Pause
from collectors.run import Lane, Pace
from collectors.store.opening import refusals, space
from collectors.store.store import RunRecord, Store, WindowAsk
from slo.errors import SourceError, StoreError
from slo.facts import SeriesKind
from slo.indicator import Indicator, Ratio, Uptime
from slo.spans import Span

UPTIME, REQUESTS = Uptime('probe{service="checkout"}', 70), Ratio(total="requests")
PROBE, COUNTS = Stream("targets", instant=True), Stream("requests")


@dataclass
class Source:
    """A probe that finds its target up, or a count of each minute; it fails when it is told to."""

    streams: tuple[Stream, ...]
    asked: list[int] = field(default_factory=list)
    error: SourceError | None = None
    sees: str = "u"

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append(now)
        if self.error is not None:
            raise self.error
        if stream.instant:
            yield Batch((states(self.sees, since=now, valid_s=70),))
        else:
            count = span.length_s // 60
            yield Batch((minutes([9] * count, [10] * count, since=span.since),), span=span)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        yield opened


def work(store: Store, source: Source, told: list[RunRecord] | None = None) -> LaneWork:
    pace = Pace(clock=lambda: NOON, stopwatch=lambda: 0.0, sleep=lambda _s: None)
    indicator: Indicator = UPTIME if source.streams[0].instant else REQUESTS
    lane = Lane("shop", source, (indicator,), backfill_s=3_600)
    return LaneWork(lane, store, pace, Pause(), ([] if told is None else told).append)


def refused(asked_s: float | None = None) -> SourceError:
    return SourceError("refused", where="shop", mend="start it", transient=True, asked_s=asked_s)


def test_a_source_that_keeps_failing_is_left_alone_until_its_rest_is_over(store: Store) -> None:
    source = Source((COUNTS,), error=refused())
    lane = work(store, source)

    for now in range(NOON, NOON + 1_200, 15):
        lane(now)

    fifth = NOON + 60
    assert source.asked[:5] == [NOON, NOON + 15, NOON + 30, NOON + 45, fifth]
    assert source.asked[5:] == [fifth + 60, fifth + 180, fifth + 420, fifth + 900]
    assert lane.breaker.reason == "requests: refused"


def test_a_success_ends_the_rests_and_the_count_of_failures(store: Store) -> None:
    source = Source((COUNTS,), error=refused())
    lane = work(store, source)
    for now in range(NOON, NOON + 75, 15):
        lane(now)

    source.error = None
    lane(NOON + 120)

    assert lane.breaker.tries == 0
    assert store.reader.watermark("shop", "requests") == Span(NOON - 3_600, NOON + 120)


def test_a_source_that_asks_to_be_left_alone_is_not_asked_before(store: Store) -> None:
    source = Source((COUNTS,), error=refused(asked_s=120))
    lane = work(store, source)

    for now in range(NOON, NOON + 150, 15):
        lane(now)

    assert source.asked == [NOON, NOON + 120]


def test_the_rest_that_an_answer_asks_for_is_given_without_a_request_before(store: Store) -> None:
    told = list[RunRecord]()
    with Hostile(reply("", "429 Too Many Requests", JSON, "Retry-After: 120")) as busy:
        lane = work(store, Source((COUNTS,)), told)
        asked = collector(busy.url, longest_s=60)
        lane.lane = Lane("shop", asked, (Uptime("up"),), backfill_s=3_600)

        for now in range(NOON, NOON + 180, 15):
            lane(now)

        assert len(busy.requests) == 2

    assert [record.rest_s for record in told] == [120, 120]
    assert lane.breaker.until == NOON + 240


def test_while_nothing_can_be_stored_no_source_is_asked_in_vain(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, told = Source((COUNTS,)), list[RunRecord]()
    lane = work(store, source, told)
    lane(NOON)

    with monkeypatch.context() as full:
        full.setattr(space, "FLOOR_BYTES", 2**62)
        for now in (NOON + 60, NOON + 120, NOON + 180):
            lane(now)
    said = lane.pause.said

    assert source.asked == [NOON]
    assert len(told) == 1
    assert said.startswith("Disk full: collecting is paused since 12:01 UTC. Free 64 MB or more")


def test_what_a_probe_saw_while_nothing_could_be_stored_is_stored_afterwards(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source((PROBE,))
    lane = work(store, source)
    with monkeypatch.context() as full:
        full.setattr(space, "FLOOR_BYTES", 2**62)
        for now in (NOON, NOON + 60, NOON + 120):
            lane(now)

    lane.pause.end(NOON + 170)
    lane(NOON + 180)

    assert observed_s(store, Span(NOON, NOON + 180)) == 180


def test_a_clock_set_back_while_nothing_could_be_stored_disputes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source((PROBE,))
    lane = work(store, source)
    with monkeypatch.context() as full:
        full.setattr(space, "FLOOR_BYTES", 2**62)
        for now in (NOON, NOON + 60, NOON + 120):
            lane(now)
        source.sees = "d"
        for now in (NOON + 60, NOON + 120):
            lane(now)

    lane.pause.end(NOON + 170)
    lane(NOON + 180)

    assert store.reader.conflicts() == ()
    (probe,) = store.reader.series("shop", SeriesKind.STATUS)
    seen = store.reader.measured.observations(probe.id, Span(NOON, NOON + 200)).state
    assert [state.value for state in seen] == ["up", "down", "down", "down"]


def test_what_has_waited_for_ten_minutes_is_let_go_and_stays_not_measured(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[RunRecord]()
    lane = work(store, Source((PROBE,)), told)
    moments = range(NOON, NOON + 2 * KEPT_S, 60)
    with monkeypatch.context() as full:
        full.setattr(space, "FLOOR_BYTES", 2**62)
        for now in moments:
            lane(now)

    lane.pause.end(moments.stop)
    lane(moments.stop)

    lane(moments.stop + 60)

    said = "10 looks could not be stored within 10 min: those moments stay not measured"
    assert [record.warnings for record in told] == [(said,), ()]
    assert observed_s(store, Span(NOON, NOON + KEPT_S)) == 0
    assert observed_s(store, Span(NOON + KEPT_S, moments.stop)) == KEPT_S


def test_trouble_that_comes_back_at_once_is_the_same_trouble() -> None:
    pause = Pause()
    full = StoreError("disk full: 3 MB are left", where="a.db", mend="free 64 MB")
    first = pause.begin(full, NOON)
    pause.end(NOON + 10)
    pause.begin(full, NOON + 20)

    assert first
    assert pause.said == (
        "Disk full: collecting is paused since 12:00 UTC. Free 64 MB; what is missed meanwhile is"
        " collected again, and what probes see is kept for 10 min"
    )
    pause.end(NOON + 30)
    pause.begin(full, NOON + 600)
    assert "since 12:10 UTC" in pause.said


def damaged() -> StoreError:
    return refusals.damaged("a.db")


def test_a_pause_is_told_the_moment_it_begins_and_once_more_when_it_ends(
    store: Store, tmp_path: Path
) -> None:
    lane = work(store, Source((COUNTS,)))
    said = list[str]()
    lane.pause.tell = lambda: said.append(lane.pause.said)
    with sqlite3.connect(tmp_path / "burnline.db") as other:
        other.execute("CREATE TRIGGER no BEFORE INSERT ON runs BEGIN SELECT RAISE(FAIL, 'no'); END")
    lane(NOON)
    with sqlite3.connect(tmp_path / "burnline.db") as other:
        other.execute("DROP TRIGGER no")
    other.close()

    assert len(said) == 1
    assert "collecting is paused since 12:00 UTC" in said[0]
    assert not lane.pause.retry(NOON + 10)
    assert not lane.pause.is_on
    assert lane.pause.said == said[0]

    lane(NOON + 60)
    assert said[1:] == [""]


def test_a_beat_alone_does_not_end_what_a_lane_met() -> None:
    pause = Pause()
    pause.begin(StoreError("store write failed", where="a.db", mend="look"), NOON, by_lane=True)
    assert not pause.retry(NOON + 10)
    assert not pause.is_on
    assert pause.said
    assert pause.end(NOON + 20)
    assert pause.said == ""


def test_damage_ends_neither_with_a_beat_nor_with_another_trouble() -> None:
    pause = Pause()
    pause.begin(damaged(), NOON, by_lane=True)
    said = pause.said
    assert not pause.retry(NOON + 10)
    pause.begin(StoreError("disk full: 3 MB are left", where="a.db", mend="free 64 MB"), NOON + 20)
    assert not pause.end(NOON + 30)
    assert pause.is_on
    assert pause.said == said
    assert "collected again" not in said


def observed_s(store: Store, span: Span) -> int:
    ids = tuple(one.id for one in store.reader.pick("shop", UPTIME))
    tally = store.reader.windows([WindowAsk(ids, (span,))])[0][0]
    return 0 if tally is None else tally.observed_s
