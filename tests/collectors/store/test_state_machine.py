"""The store against a model of a few lines, under any sequence of what can happen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, QUARTER_S, minutes, quarters, samples, states
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from store_builders import empty, refusing
from store_model import WORST_FIRST, Claim, Model, Points

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.errors import StoreError
from slo.facts import HistogramRows, SampleRows, SeriesKind, StatusRows, TallyRows
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.spans import Span

LIVE = Stream("requests")
EVER = Span(0, 2**40)
MINUTES = st.integers(0, 3 * 1_440)
SEEN = st.integers(0, 3)
BUCKET = (0.0, 0.5)
PROBE = Uptime('probe{service="checkout"}')
INDICATORS: tuple[Indicator, ...] = (PROBE, Latency(0.5, samples="probe_latency_seconds"))
Sent = TallyRows | StatusRows | SampleRows | HistogramRows
AnyPoints = TypeVar("AnyPoints", StatusRows, SampleRows)


class StoreMachine(RuleBasedStateMachine):
    url: str

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open(self.url, now=NOON)
        empty(self.store)
        self.model = Model()
        self.sent: list[Sent] = []
        self.moment = 1

    def teardown(self) -> None:
        self.store.close()

    def put(self, *facts: Sent, span: Span | None = None) -> None:
        self.store.ingest("shop", LIVE, Batch(facts, span), INDICATORS, now=NOON)
        for fact in facts:
            self.note(fact)
        if span is not None:
            self.model.claim(span)

    def note(self, fact: Sent) -> None:
        self.sent.append(fact)
        match fact:
            case TallyRows():
                for at, good, total in zip(fact.at.tolist(), fact.good, fact.total, strict=True):
                    claim = Claim(float(good), float(total), fact.observed_at, not fact.partial)
                    self.model.take(at, claim)
            case StatusRows():
                places = [WORST_FIRST.index(state) for state in fact.state]
                self.observed(self.model.states, fact, places)
            case SampleRows():
                self.observed(self.model.values, fact, (-fact.value).tolist())
            case HistogramRows():
                for at, count in zip(fact.at.tolist(), fact.count.tolist(), strict=True):
                    self.model.buckets.take(at, fact.observed_at, count)

    def observed(
        self, points: Points, fact: StatusRows | SampleRows, said: Sequence[float]
    ) -> None:
        for at, seen, one in zip(fact.at.tolist(), fact.observed_at.tolist(), said, strict=True):
            points.take(at, seen, one)

    def seen_at(self, fact: AnyPoints, observed_at: int) -> AnyPoints:
        return replace(fact, observed_at=np.full(len(fact.at), observed_at))

    @rule(first=MINUTES, text=st.text("udg?", min_size=1, max_size=9), observed_at=SEEN)
    def observe(self, first: int, text: str, observed_at: int) -> None:
        self.put(self.seen_at(states(text, since=NOON + 60 * first), observed_at))

    @rule(
        first=MINUTES,
        values=st.lists(st.sampled_from([0.1, 0.4, 0.9]), min_size=1, max_size=9),
        observed_at=SEEN,
    )
    def measure(self, first: int, values: list[float], observed_at: int) -> None:
        self.put(self.seen_at(samples(values, since=NOON + 60 * first), observed_at))

    @rule(first=st.integers(0, 3 * 96), count=st.integers(1, 9))
    def fill(self, first: int, count: int) -> None:
        """A later histogram of a quarter hour replaces the earlier one."""
        self.moment += 1
        since = NOON + QUARTER_S * first
        self.put(quarters([{BUCKET: float(count)}], since=since, observed_at=self.moment))

    @rule(first=MINUTES, good=st.lists(st.integers(0, 9), min_size=1, max_size=40))
    def ingest(self, first: int, good: list[int]) -> None:
        self.put(minutes(good, [9] * len(good), since=NOON + 60 * first, observed_at=1))

    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        if self.sent:
            self.put(data.draw(st.sampled_from(self.sent)))

    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        if self.sent:
            again = data.draw(st.permutations(self.sent[-6:]))
            self.put(*again)

    @rule(
        data=st.data(),
        good=st.integers(0, 9),
        observed_at=st.integers(0, 3),
        partial=st.booleans(),
    )
    def revise(self, data: st.DataObject, good: int, observed_at: int, partial: bool) -> None:
        counted = [fact for fact in self.sent if isinstance(fact, TallyRows)]
        if counted:
            at = int(data.draw(st.sampled_from(counted)).at[0])
            self.put(minutes([good], [9], since=at, observed_at=observed_at, partial=partial))

    @rule(first=MINUTES)
    def claim(self, first: int) -> None:
        since = NOON + 60 * first
        self.put(minutes([3], [9], since=since, observed_at=2), span=Span(since, since + 60))

    @rule(first=MINUTES)
    def crash(self, first: int) -> None:
        """The last row of a batch is refused by the database, after all others were written."""
        since = NOON + 60 * first
        facts = (
            minutes([1, 2], [9, 9], since=since, observed_at=9),
            self.seen_at(states("du", since=since), 9),
            self.seen_at(samples([0.9, 0.1], since=since), 9),
            quarters([{BUCKET: 7.0}], since=since - since % QUARTER_S, observed_at=2**20),
        )
        batch = Batch(facts, Span(since, since + 120))
        with refusing(self.store, "watermarks"), pytest.raises(StoreError):
            self.store.ingest("shop", LIVE, batch, INDICATORS, now=NOON)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.url, now=NOON)

    @rule(days=st.integers(0, 3))
    def retain(self, days: int) -> None:
        kept = self.store.retain(now=NOON + DAY_S * days + DAY_S, minutes_s=DAY_S)
        self.model.fold(kept.horizon)

    @invariant()
    def every_level_is_what_the_model_says(self) -> None:
        picked = tuple(one.id for one in self.store.reader.pick("shop", Ratio("requests")))
        for level_s in (QUARTER_S, HOUR_S, DAY_S):
            assert self.seen(picked, level_s) == self.model.level(level_s)
        claims = {at: (one.good, one.total) for at, one in self.model.minutes.items()}
        assert self.seen(picked, MINUTE_S) == claims

    @invariant()
    def lesser_seconds_are_those_of_partial_and_disputed_minutes(self) -> None:
        picked = tuple(one.id for one in self.store.reader.pick("shop", Ratio("requests")))
        rows = self.store.reader.tally_rows(picked, MINUTE_S, EVER)

        claims = self.model.minutes.values()
        assert rows.partial_s.sum() == 60 * sum(not one.complete for one in claims)
        assert rows.conflict_s.sum() == 60 * sum(one.disputed for one in claims)

    @invariant()
    def every_observation_is_what_the_model_says(self) -> None:
        for kind, points in (
            (SeriesKind.STATUS, self.model.states),
            (SeriesKind.SAMPLE, self.model.values),
        ):
            assert self.points(kind) == points.said()
        assert self.store.reader.watermark("shop", LIVE.name) == self.model.complete

    @invariant()
    def seconds_and_buckets_follow_from_the_points_at_every_level(self) -> None:
        picked = tuple(one.id for one in self.store.reader.pick("shop", PROBE))
        for level_s in (QUARTER_S, HOUR_S, DAY_S):
            rows = self.store.reader.tally_rows(picked, level_s, EVER)
            assert (rows.good.sum(), rows.total.sum()) == self.model.uptime()
        for span in (EVER, Span(NOON + HOUR_S, NOON + 2 * DAY_S)):
            assert self.filled(span) == sum(
                count
                for at, count in self.model.buckets.said().items()
                if span.since <= at < span.until
            )

    def points(self, kind: SeriesKind) -> dict[int, float]:
        ids = tuple(one.id for one in self.store.reader.series("shop", kind))
        if not ids:
            return {}
        if kind is SeriesKind.STATUS:
            known = self.store.reader.measured.observations(ids[0], EVER)
            said: list[float] = [WORST_FIRST.index(state) for state in known.state]
            return dict(zip(known.at.tolist(), said, strict=True))
        measured = self.store.reader.measured.samples(ids[0], EVER)
        return dict(zip(measured.at.tolist(), (-measured.value).tolist(), strict=True))

    def filled(self, span: Span) -> float:
        stored = self.store.reader.series("shop", SeriesKind.HISTOGRAM)
        ids = tuple(one.id for one in stored if one.key.name == "latency_bucket")
        found = self.store.reader.measured.histogram(ids, span) if ids else None
        return found.total if found is not None else 0.0

    def seen(self, picked: list[int], level_s: int) -> dict[int, tuple[float, float]]:
        rows = self.store.reader.tally_rows(picked, level_s, EVER)
        values = zip(rows.good.tolist(), rows.total.tolist(), strict=True)
        return dict(zip(rows.at.tolist(), values, strict=True))


def test_no_sequence_of_events_brings_the_store_away_from_its_model(store_url: str) -> None:
    machine = type("Machine", (StoreMachine,), {"url": store_url})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
