"""The store against a model of a few lines, under any sequence of what can happen to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, QUARTER_S, minutes, series
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from store_builders import empty

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.errors import InputError
from slo.facts import TallyRows
from slo.indicator import Ratio
from slo.spans import Span

LIVE = Stream("requests")
EVER = Span(0, 2**40)
MINUTES = st.integers(0, 3 * 1_440)


@dataclass(frozen=True)
class Claim:
    good: float
    total: float
    observed_at: int
    complete: bool
    disputed: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        return self.complete, self.observed_at


class Model:
    """Minutes by their begin, and quarter hours whose minutes were taken away."""

    def __init__(self) -> None:
        self.minutes: dict[int, Claim] = {}
        self.folded: dict[int, tuple[float, float]] = {}

    def take(self, at: int, claim: Claim) -> None:
        if at - at % QUARTER_S in self.folded:
            return
        held = self.minutes.get(at)
        if held is None or claim.rank > held.rank:
            self.minutes[at] = claim
        elif claim.rank == held.rank and (claim.good, claim.total) != (held.good, held.total):
            worse = min(held, claim, key=lambda one: (one.good, -one.total))
            self.minutes[at] = replace(worse, disputed=True)

    def fold(self, before: int) -> None:
        sums = self.level(QUARTER_S)
        gone = [at for at in self.minutes if at < before]
        for at in gone:
            quarter = at - at % QUARTER_S
            self.folded[quarter] = sums[quarter]
            del self.minutes[at]

    def level(self, level_s: int) -> dict[int, tuple[float, float]]:
        rows = [(at, (claim.good, claim.total)) for at, claim in self.minutes.items()]
        sums: dict[int, tuple[float, float]] = {}
        for at, (good, total) in [*rows, *self.folded.items()]:
            bin_at = at - at % level_s
            held = sums.get(bin_at, (0.0, 0.0))
            sums[bin_at] = (held[0] + good, held[1] + total)
        return sums


class StoreMachine(RuleBasedStateMachine):
    url: str

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open(self.url, now=NOON)
        empty(self.store)
        self.model = Model()
        self.sent: list[TallyRows] = []

    def teardown(self) -> None:
        self.store.close()

    def put(self, *facts: TallyRows) -> None:
        self.store.ingest("shop", LIVE, Batch(facts), (), now=NOON)
        for fact in facts:
            self.note(fact)

    def note(self, fact: TallyRows) -> None:
        self.sent.append(fact)
        for at, good, total in zip(fact.at.tolist(), fact.good, fact.total, strict=True):
            claim = Claim(float(good), float(total), fact.observed_at, not fact.partial)
            self.model.take(at, claim)

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
        if self.sent:
            at = int(data.draw(st.sampled_from(self.sent)).at[0])
            self.put(minutes([good], [9], since=at, observed_at=observed_at, partial=partial))

    @rule(first=MINUTES)
    def crash(self, first: int) -> None:
        fine = minutes([1, 2], [9, 9], since=NOON + 60 * first, key=series("requests"))
        broken = replace(fine, series=series("broken"), at=fine.at + 1)
        with pytest.raises(InputError):
            self.store.ingest("shop", LIVE, Batch((fine, broken)), (), now=NOON)

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
        picked = [one.id for one in self.store.reader.pick("shop", Ratio("requests"))]
        for level_s in (QUARTER_S, HOUR_S, DAY_S):
            assert self.seen(picked, level_s) == self.model.level(level_s)
        claims = {at: (one.good, one.total) for at, one in self.model.minutes.items()}
        assert self.seen(picked, MINUTE_S) == claims

    @invariant()
    def lesser_seconds_are_those_of_partial_and_disputed_minutes(self) -> None:
        picked = [one.id for one in self.store.reader.pick("shop", Ratio("requests"))]
        rows = self.store.reader.tally_rows(picked, MINUTE_S, EVER)

        claims = self.model.minutes.values()
        assert rows.partial_s.sum() == 60 * sum(not one.complete for one in claims)
        assert rows.conflict_s.sum() == 60 * sum(one.disputed for one in claims)

    def seen(self, picked: list[int], level_s: int) -> dict[int, tuple[float, float]]:
        rows = self.store.reader.tally_rows(picked, level_s, EVER)
        values = zip(rows.good.tolist(), rows.total.tolist(), strict=True)
        return dict(zip(rows.at.tolist(), values, strict=True))


@pytest.mark.timeout(300)
def test_no_sequence_of_events_brings_the_store_away_from_its_model(store_url: str) -> None:
    machine = type("Machine", (StoreMachine,), {"url": store_url})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=30, stateful_step_count=20, deadline=None)
    )
