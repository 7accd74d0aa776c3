"""What is taken back of a source is as if it had never been stored, in whatever order it came."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from builders import HOUR_S, MINUTE_S, NOON, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import Fact, SeriesKind
from slo.indicator import Indicator, Latency, Ratio, Uptime

STREAM = Stream("targets", instant=True)
PROMISED: tuple[Indicator, ...] = (
    Uptime('probe{service="checkout"}'),
    Latency(0.3, samples="probe_latency_seconds"),
    Ratio(total="probe_success"),
)
CUT = NOON + 4 * MINUTE_S
OTHER = series("probe", SeriesKind.STATUS, service="checkout", instance="b")
SUCCESS = series("probe_success", SeriesKind.SAMPLE, service="checkout")
STAYING = (
    states("uudd", valid_s=90),
    samples([0.1, 0.5, 0.2, 0.9], valid_s=90),
    samples([1, 0, 1, 1], key=SUCCESS),
    states("uu", since=NOON - HOUR_S, key=OTHER),
)
LATER = (
    states("udu", since=CUT, valid_s=90),
    samples([0.4, 0.1], since=CUT + HOUR_S),
    samples([0, 1], since=CUT, key=SUCCESS),
    states("ddd", since=CUT + 3 * 86_400, key=OTHER),
)
DENIED = states("d", since=CUT, valid_s=90)


def fill(store: Store, *facts: Fact) -> None:
    for fact in facts:
        store.ingest("shop", STREAM, Batch((fact,)), PROMISED, now=NOON)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_is_taken_back_is_as_if_it_had_never_been_stored(
    store: Store, tmp_path: Path, order: tuple[int, ...]
) -> None:
    parts = (STAYING, LATER, (DENIED,))
    for number in order:
        fill(store, *parts[number])
    assert len(store.reader.conflicts()) == 1

    taken = store.take_back("shop", since=CUT, now=NOON)

    assert taken == 3 + 2 + 2 + 3
    with Store.open(f"sqlite:///{tmp_path}/never.db", now=NOON) as never:
        fill(never, *STAYING)
        assert store.reader.figures_digest() == never.reader.figures_digest()


def test_what_is_taken_back_can_be_seen_anew_and_others_keep_what_they_saw(
    store: Store, tmp_path: Path
) -> None:
    theirs = series("probe", SeriesKind.STATUS, source="bank", service="bank")
    store.ingest("bank", STREAM, Batch((states("ud", since=CUT, key=theirs),)), (), now=NOON)
    fill(store, *LATER)
    store.take_back("shop", since=NOON, now=NOON)

    fill(store, *STAYING, *LATER)

    with Store.open(f"sqlite:///{tmp_path}/never.db", now=NOON) as never:
        fill(never, *STAYING, *LATER)
        never.ingest("bank", STREAM, Batch((states("ud", since=CUT, key=theirs),)), (), now=NOON)
        assert store.reader.figures_digest() == never.reader.figures_digest()
