"""Looks at the present while the clock is set: no moment is looked at twice, none is yet to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, samples, series, states

from collectors.contract import Batch, Stream
from collectors.run import Lane, Pace, collect_once
from collectors.store.store import RunRecord, Store, WindowAsk
from slo.facts import SeriesKind
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span

EVERY_S = 5
PROMISED: tuple[Indicator, ...] = (
    Uptime('probe{service="checkout"}', EVERY_S),
    Latency(0.3, samples='latency{service="checkout"}'),
)


@dataclass
class Probe:
    """A target that answers, slowly, until it goes down."""

    state: str = "u"
    asked: list[int] = field(default_factory=list)
    streams: tuple[Stream, ...] = (Stream("targets", instant=True),)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append(now)
        latency = series("latency", SeriesKind.SAMPLE, service="checkout")
        seen = states(self.state, since=now, valid_s=EVERY_S)
        yield Batch((seen, samples([0.5], since=now, valid_s=EVERY_S, key=latency)))


def opened(folder: Path, name: str) -> Store:
    return Store.open(f"sqlite:///{folder / name}.db", now=NOON)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path, "burnline") as one:
        yield one


def run(store: Store, probe: Probe, *clocks: int) -> list[RunRecord]:
    lane = Lane("shop", probe, PROMISED)

    def once(clock: int) -> RunRecord:
        pace = Pace(clock=lambda: clock, stopwatch=lambda: 0.0, sleep=lambda _seconds: None)
        return collect_once(lane, store, clock, pace)

    return [once(clock) for clock in clocks]


def spent(store: Store, span: Span) -> tuple[float, float, int, int]:
    ids = tuple(one.id for one in store.reader.pick("shop", PROMISED[0]))
    tally = store.reader.windows([WindowAsk(ids, (span,))])[0][0]
    assert tally is not None
    return tally.good, tally.total, tally.observed_s, tally.conflict_s


def test_a_clock_set_back_as_the_service_goes_down_disputes_nothing(store: Store) -> None:
    probe = Probe()
    run(store, probe, *range(NOON, NOON + 60, EVERY_S))
    probe.state = "d"

    told = run(store, probe, *range(NOON + 35, NOON + 120, EVERY_S))

    assert store.reader.conflicts() == ()
    # Up until the moment that came again; the last look holds once another follows it.
    assert spent(store, Span(NOON, NOON + 120)) == (35, 115, 115, 0)
    assert len(probe.asked) == 12 + 17
    said = "the clock was ahead: what was seen from 2026-01-01 12:00:35 UTC on is taken back"
    assert told[0].warnings == (said,)
    assert told[-1].warnings == ()


def test_two_looks_within_one_second_are_one_and_nobody_is_told(store: Store) -> None:
    probe = Probe()

    told = run(store, probe, NOON, NOON)

    assert (probe.asked, told[1].warnings, told[1].error) == ([NOON], (), None)


@pytest.mark.parametrize("ahead_s", [HOUR_S, 3_652 * DAY_S])
def test_what_was_seen_by_a_clock_that_was_ahead_is_as_if_never_stored(
    store: Store, tmp_path: Path, ahead_s: int
) -> None:
    right = [*range(NOON, NOON + 60, EVERY_S), *range(NOON + 90, NOON + 120, EVERY_S)]
    wrong = range(NOON + 60 + ahead_s, NOON + 90 + ahead_s, EVERY_S)
    run(store, Probe(), *right[:12], *wrong)

    told = run(store, Probe(), *right[12:])

    with opened(tmp_path, "never") as never:
        run(never, Probe(), *right)
        assert store.reader.figures_digest() == never.reader.figures_digest()
    assert told[0].warnings[0].startswith("the clock was ahead: what was seen from 20")
    assert told[1].warnings == ()
    (entry,) = store.reader.audit_log()
    assert (entry.action, entry.subject, entry.detail["values"]) == ("take back", "shop", 12)


def test_a_clock_that_was_ahead_from_the_first_look_on_leaves_nothing_behind(store: Store) -> None:
    run(store, Probe(), *range(NOON + DAY_S, NOON + DAY_S + 60, EVERY_S))

    run(store, Probe(), *range(NOON, NOON + 60, EVERY_S))

    assert spent(store, Span(NOON, NOON + 2 * DAY_S)) == (55, 55, 55, 0)


def test_a_clock_that_falls_into_what_was_measured_takes_nothing_of_it_back(store: Store) -> None:
    probe = Probe()
    run(store, probe, *range(NOON, NOON + HOUR_S, MINUTE_S))
    before = store.reader.figures_digest()
    asked = len(probe.asked)

    (told,) = run(store, probe, NOON + 630)

    assert store.reader.figures_digest() == before
    assert len(probe.asked) == asked
    assert told.warnings[0].startswith("the clock is behind: looks begin again after")


def test_a_clock_from_before_all_that_was_measured_takes_nothing_of_it_back(store: Store) -> None:
    run(store, Probe(), *range(NOON, NOON + 2 * HOUR_S, MINUTE_S))
    before = store.reader.figures_digest()

    run(store, Probe(), 946_684_800)

    assert store.reader.figures_digest() == before
