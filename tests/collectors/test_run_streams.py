"""What a run keeps of each of its streams: who failed, who never gave anything, who is next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import HOUR_S, NOON, minutes, series
from components.hostile import Hostile, silent

from collectors.contract import Batch, Named, Stream
from collectors.run import Lane, Pace, collect_once
from collectors.sources.prometheus import SOURCE
from collectors.store.store import Store
from slo.errors import SourceError
from slo.indicator import Uptime
from slo.spans import Span

PACE = Pace(clock=lambda: NOON, stopwatch=lambda: 0.0, sleep=lambda _seconds: None)
SILENCE = "nothing found: no series matches typo"


@dataclass
class Streams:
    """A source of three streams, of which those named hang, and those named give nothing."""

    hanging: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    streams: tuple[Stream, ...] = (Stream("one"), Stream("two"), Stream("three"))

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append(stream.name)
        if stream.name in self.hanging:
            raise SourceError("no answer", where="shop", mend="wait", transient=True)
        if stream.name in self.silent:
            yield Batch((), span)
            yield Batch((), silence=SILENCE)
            return
        count = span.length_s // 60
        key = series(stream.name, source="shop")
        rows = minutes([9] * count, [10] * count, since=span.since, key=key, observed_at=now)
        yield Batch((rows,), span)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        yield opened


def lane(source: Streams) -> Lane:
    return Lane("shop", source, backfill_s=HOUR_S)


def test_a_run_in_which_one_of_three_streams_fails_is_done_in_part(store: Store) -> None:
    source = Streams(hanging={"three"})

    record = collect_once(lane(source), store, NOON, PACE)

    assert record.is_in_part
    assert (record.streams, list(record.failures)) == (3, ["three"])
    assert store.reader.last_runs()[0].last.is_in_part


def test_a_stream_that_hangs_is_asked_last_the_next_time_so_that_the_others_get_on(
    store: Store,
) -> None:
    source = Streams(hanging={"one"})

    first = collect_once(lane(source), store, NOON, PACE)
    second = collect_once(lane(source), store, NOON, PACE)

    assert not first.is_in_part
    assert source.asked == ["one", "two", "three", "one"]
    assert list(second.failures) == ["one"]


def test_a_stream_that_never_gave_anything_is_named_in_every_record(store: Store) -> None:
    source = Streams(silent={"two"})

    records = [collect_once(lane(source), store, NOON + late, PACE) for late in (0, 0, 600)]

    assert [dict(record.silences) for record in records] == [{"two": SILENCE}] * 3
    assert all(SILENCE in record.warnings for record in records)


def test_a_stream_that_once_gave_something_is_late_and_not_unknown(store: Store) -> None:
    source = Streams()
    collect_once(lane(source), store, NOON, PACE)
    source.silent = {"two"}

    record = collect_once(lane(source), store, NOON + 600, PACE)

    assert (record.silences, record.warnings) == ({}, ())


def test_a_stream_that_begins_to_speak_is_no_longer_said_to_be_silent(store: Store) -> None:
    source = Streams(silent={"two"})
    collect_once(lane(source), store, NOON, PACE)
    source.silent = set()

    record = collect_once(lane(source), store, NOON + 600, PACE)

    assert (record.silences, record.warnings) == ({}, ())


def test_five_objectives_on_a_source_that_hangs_cost_one_deadline(store: Store) -> None:
    indicators = tuple(Uptime(probe=f"probe_{number}", valid_s=60) for number in range(5))
    with Hostile(silent) as server:
        options = SOURCE.options.model_validate({"url": server.url, "timeout": "1s"})
        collector = SOURCE.build(Named("shop", "config.toml:1", indicators), options)
        record = collect_once(Lane("shop", collector, indicators, HOUR_S), store, NOON, PACE)
        asked = len(server.requests)

    assert asked == 1
    assert len(record.failures) == 5
    assert sum("no complete answer within 1 s" in said for said in record.failures.values()) == 1
