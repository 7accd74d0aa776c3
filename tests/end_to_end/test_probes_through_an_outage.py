"""Probes of a real server that goes down for known minutes: uptime equals the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import NOON
from components.hostile import Hostile, reply
from probe_builders import probing

from collectors.run import Lane, Pace, collect_once
from collectors.store.store import RunRecord, Store, WindowAsk
from slo.indicator import Combine, Indicator, Latency, Uptime
from slo.spans import Span
from slo.tally import Tally

EVERY_S = 60
MINUTES = 90
DOWN_A, DOWN_B = Span(NOON + 1_205, NOON + 2_770), Span(NOON + 2_465, NOON + 3_190)
"""Two outages that overlap for some minutes, at seconds that no probe falls on."""
WATCHED = Span(NOON, NOON + (MINUTES - 1) * EVERY_S)
SLOW = Latency(5.0, samples='probe_latency_seconds{service="shop"}')


def uptime(combine: Combine, more: str = "") -> Uptime:
    return Uptime(f'probe{{service="shop"{more}}}', 130, combine)


EVERY_WAY = tuple(uptime(combine) for combine in Combine)
ALONE = tuple(uptime(Combine.ANY, f',target="{name}"') for name in ("a", "b"))


class Service:
    """A real server that answers 200 or 503, as it stood at the moment of the probe."""

    def __init__(self, down: Span) -> None:
        self.down, self.now = down, 0
        self.server = Hostile(self._answer)

    def _answer(self, connection: Any) -> None:
        is_down = self.down.since <= self.now < self.down.until
        reply("", "503 Service Unavailable" if is_down else "200 OK")(connection)


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[RunRecord]]]:
    """90 runs a minute apart, of two probes of one service."""
    a, b = Service(DOWN_A), Service(DOWN_B)
    folder: Path = tmp_path_factory.mktemp("probed")
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOON) as store, a.server, b.server:
        source = probing(
            {"url": a.server.url, "service": "shop", "name": "a"},
            {"url": b.server.url, "service": "shop", "name": "b"},
        )
        lane = Lane("web", source, (*EVERY_WAY, *ALONE, SLOW))
        runs = []
        for now in range(NOON, NOON + MINUTES * EVERY_S, EVERY_S):
            a.now = b.now = now
            pace = Pace(lambda now=now: now, lambda: 0.0, lambda _seconds: None)
            runs.append(collect_once(lane, store, now, pace))
        yield store, runs


def tally(store: Store, indicator: Indicator) -> Tally:
    ids = tuple(one.id for one in store.reader.pick("web", indicator))
    found = store.reader.windows([WindowAsk(ids, (WATCHED,))])[0][0]
    assert found is not None
    return found


def overlap_s(*spans: Span) -> int:
    """How long all of them hold together."""
    return max(0, min(one.until for one in spans) - max(one.since for one in spans))


BOTH_S = overlap_s(DOWN_A, DOWN_B)
EITHER_S = DOWN_A.length_s + DOWN_B.length_s - BOTH_S


@pytest.mark.parametrize(
    ("indicator", "down_s"),
    [
        (ALONE[0], DOWN_A.length_s),
        (ALONE[1], DOWN_B.length_s),
        (uptime(Combine.ANY), BOTH_S),
        (uptime(Combine.ALL), EITHER_S),
        (uptime(Combine.MAJORITY), EITHER_S),  # of two, one is no majority
    ],
    ids=["a alone", "b alone", "any", "all", "majority"],
)
def test_the_downtime_measured_is_the_true_one_to_an_interval(
    probed: tuple[Store, list[RunRecord]], indicator: Uptime, down_s: int
) -> None:
    store, _ = probed

    measured = tally(store, indicator)

    assert measured.observed_s == WATCHED.length_s
    assert measured.total == WATCHED.length_s
    assert abs(measured.bad - down_s) <= EVERY_S


def test_only_answers_that_were_up_have_a_latency(
    probed: tuple[Store, list[RunRecord]],
) -> None:
    store, _ = probed
    moments = range(WATCHED.since, WATCHED.until, EVERY_S)
    up = sum(not (down.since <= at < down.until) for at in moments for down in (DOWN_A, DOWN_B))

    assert tally(store, SLOW) == Tally(up, up, observed_s=tally(store, SLOW).observed_s)


def test_each_run_says_in_words_what_was_down(probed: tuple[Store, list[RunRecord]]) -> None:
    _, runs = probed
    told = {(run.started_at, line) for run in runs for line in run.warnings}

    assert all(run.error is None for run in runs)
    reason = "down: HTTP 503, expected 200-299"
    during = range(WATCHED.since, WATCHED.until + 1, EVERY_S)
    named = (("a", DOWN_A), ("b", DOWN_B))
    assert told == {
        (at, f"shop ({name}): {reason}")
        for name, down in named
        for at in during
        if down.since <= at < down.until
    }
