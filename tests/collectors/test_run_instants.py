"""A stream of instants is asked about the present alone: what was missed is never claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import HOUR_S, NOON, states

from collectors.contract import Batch, Stream
from collectors.run import Lane, Pace, collect_once
from collectors.store.store import Store, WindowAsk
from slo.indicator import Uptime
from slo.spans import Span

UPTIME = Uptime('probe{service="checkout"}', 120)


@dataclass
class Present:
    """A source that sees the service up whenever it is asked, and notes for what it was."""

    asked: list[tuple[Span, int]] = field(default_factory=list)
    streams: tuple[Stream, ...] = (Stream("targets", instant=True),)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append((span, now))
        yield Batch((states("u", since=now, valid_s=120),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        yield opened


def run_at(store: Store, source: Present, now: int, since: int | None = None) -> None:
    pace = Pace(clock=lambda: now, stopwatch=lambda: 0.0, sleep=lambda _seconds: None)
    lane = Lane("shop", source, (UPTIME,), backfill_s=30 * 86_400)
    assert collect_once(lane, store, now, pace, since=since).error is None


def test_an_instant_is_asked_once_a_run_whatever_backfill_is_wanted(store: Store) -> None:
    source = Present()

    run_at(store, source, NOON, since=NOON - HOUR_S)

    assert source.asked == [(Span(NOON, NOON + 1), NOON)]


def test_a_run_that_was_missed_leaves_a_hole_that_nothing_claims(store: Store) -> None:
    source = Present()

    for now in (NOON, NOON + 60, NOON + HOUR_S, NOON + HOUR_S + 60):
        run_at(store, source, now)

    assert len(source.asked) == 4
    assert store.reader.watermark("shop", "targets") is None
    ids = tuple(one.id for one in store.reader.pick("shop", UPTIME))
    tally = store.reader.windows([WindowAsk(ids, (Span(NOON, NOON + 2 * HOUR_S),))])[0][0]
    assert tally is not None
    assert (tally.good, tally.observed_s) == (240, 240)
