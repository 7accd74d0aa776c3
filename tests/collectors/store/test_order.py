from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from builders import NOON, incident, minutes, quarters, samples, series, states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_builders import empty

from collectors.contract import Batch, Stream
from collectors.store.store import Ingested, Store, WindowAsk
from slo.facts import EventKind, EventRow, Fact, SeriesKind, Status, StatusRows, TallyRows
from slo.indicator import Gauge, Indicator, Latency, Op, Ratio, RawRatio, Sliced, Uptime
from slo.spans import Span
from slo.tally import Tally

FILE = Stream("history.csv")
PROBES = 'probe{service="checkout"}'
INDICATORS: tuple[Indicator, ...] = (
    Uptime(PROBES),
    Latency(0.5, samples="probe_latency_seconds"),
    Latency(0.2, samples="probe_latency_seconds"),
    Gauge("probe_latency_seconds", Op.LT, 0.5),
    RawRatio("probe_latency_seconds", is_failure=True, valid_s=120),
    Sliced(Ratio("requests"), 300, Fraction(1, 2)),
    Sliced(Uptime(PROBES), 180),
    Sliced(Latency(0.5, samples="probe_latency_seconds"), 900, Fraction(1, 2)),
    Sliced(RawRatio("probe_latency_seconds"), 60),
)
HARD = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def put(store: Store, *facts: Fact) -> Ingested:
    return store.ingest("shop", FILE, Batch(facts), INDICATORS, now=NOON)


def one_minute(good: float, total: float, observed_at: int, *, partial: bool = False) -> TallyRows:
    return minutes([good], [total], observed_at=observed_at, partial=partial)


def answer(store: Store) -> Tally | None:
    (kept,) = store.reader.pick("shop", Ratio("requests"))
    return store.reader.windows([WindowAsk((kept.id,), (Span(NOON, NOON + 60),))])[0][0]


def observation(at: int, state: Status, observed_at: int, probe: str) -> StatusRows:
    key = series("probe", SeriesKind.STATUS, probe=probe, service="checkout")
    columns = (np.array([value]) for value in (at, 300, observed_at))
    moment, valid_s, seen = columns
    return StatusRows(key, moment, [state], valid_s, seen)


@st.composite
def claims(draw: st.DrawFn) -> Fact:
    """A fact about one of few keys, so that claims meet."""
    seen, place = draw(st.integers(1, 3)), draw(st.integers(0, 12))
    match draw(st.sampled_from(["tally", "status", "sample", "histogram", "event"])):
        case "tally":
            since = NOON + 60 * place
            total = draw(st.integers(0, 3))
            partial = draw(st.booleans())
            return minutes([min(1, total)], [total], since=since, observed_at=seen, partial=partial)
        case "status":
            state = draw(st.sampled_from(list(Status)))
            return observation(NOON + 97 * place, state, seen, draw(st.sampled_from("ab")))
        case "sample":
            return samples([draw(st.sampled_from([0.1, 0.3, 0.7]))], since=NOON + 97 * place)
        case "histogram":
            bins = [{(0.0, 0.5): float(draw(st.integers(1, 2)))}]
            return quarters(bins, since=NOON + 900 * place, observed_at=seen)
        case _:
            at = NOON + draw(st.integers(0, 2))
            return EventRow(EventKind.RELEASE, f"v{place}", at, seen, "checkout")


@HARD
@given(facts=st.lists(claims(), min_size=1, max_size=14), data=st.data())
def test_any_order_any_split_and_any_repetition_give_the_same_figures(
    store: Store, facts: list[Fact], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*facts, *facts[:3]]))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(shuffled)), max_size=4)))

    assert digest(store, [facts]) == digest(store, split(shuffled, cuts))


def split(facts: Sequence[Fact], cuts: Sequence[int]) -> list[Sequence[Fact]]:
    edges = [0, *cuts, len(facts)]
    return [facts[a:b] for a, b in pairwise(edges)]


def digest(store: Store, batches: Sequence[Sequence[Fact]]) -> str:
    empty(store)
    for batch in batches:
        put(store, *batch)
    return store.reader.figures_digest()


def test_the_later_observation_wins_whenever_it_arrives_and_leaves_a_revision(
    store: Store,
) -> None:
    put(store, one_minute(5, 10, observed_at=2))

    late = put(store, one_minute(9, 10, observed_at=1))
    better = put(store, one_minute(7, 10, observed_at=3))

    assert (late.unchanged, better.revised) == (1, 1)
    assert answer(store) == Tally(7, 10, 60)
    (revision,) = store.reader.revisions()
    assert (revision.subject, revision.at, revision.observed_at) == (series(), NOON, 3)
    assert (revision.before["good"], revision.after["good"]) == (5, 7)


def test_a_complete_answer_beats_a_partial_one_that_came_later(store: Store) -> None:
    put(store, one_minute(5, 10, observed_at=1))

    put(store, one_minute(4, 9, observed_at=9, partial=True))

    assert answer(store) == Tally(5, 10, 60)


def test_a_partial_answer_stands_marked_until_a_complete_one_comes(store: Store) -> None:
    put(store, one_minute(4, 9, observed_at=9, partial=True))
    before = answer(store)

    put(store, one_minute(5, 10, observed_at=1))

    assert before == Tally(4, 9, 60, partial_s=60)
    assert answer(store) == Tally(5, 10, 60)


def test_equal_rank_and_other_counts_are_a_conflict_that_keeps_the_smaller_good(
    store: Store,
) -> None:
    put(store, one_minute(9, 10, observed_at=1))

    found = put(store, one_minute(8, 10, observed_at=1))

    assert found.conflicts == 1
    assert answer(store) == Tally(8, 10, 60, conflict_s=60)
    (conflict,) = store.reader.conflicts()
    assert sorted(value["good"] for value in conflict.values) == [8, 9]


def test_a_better_claim_settles_a_conflict(store: Store) -> None:
    put(store, one_minute(9, 10, observed_at=1), one_minute(8, 10, observed_at=1))

    put(store, one_minute(10, 10, observed_at=2))

    assert answer(store) == Tally(10, 10, 60)
    assert store.reader.conflicts() == ()


def test_the_same_facts_again_are_counted_as_known_and_change_nothing(store: Store) -> None:
    facts = (minutes([1, 2], [2, 2]), states("uudu"), samples([0.1, 0.9]), incident())
    first = put(store, *facts)
    before = store.reader.figures_digest()

    again = put(store, *facts)

    assert (first.new, again.new, again.unchanged) == (9, 0, 9)
    assert store.reader.figures_digest() == before
    assert store.reader.revisions() == ()


def test_two_incidents_under_one_key_are_one(store: Store) -> None:
    batch = Batch((incident(), incident()))

    done = store.ingest("shop", FILE, batch, (), now=NOON)

    assert (done.new, done.unchanged) == (1, 1)
    assert store.reader.events(EventKind.INCIDENT) == (incident(),)


def test_an_event_is_found_while_it_is_going_on(store: Store) -> None:
    deployed = replace(incident("deploy", lasted_s=None), kind=EventKind.DEPLOYMENT)
    put(store, incident("short", lasted_s=600), incident("open", lasted_s=None), deployed)

    def keys(since: int, until: int) -> list[str]:
        found = store.reader.events(span=Span(since, until))
        return [event.key for event in found]

    assert keys(NOON - 60, NOON) == []
    assert keys(NOON, NOON + 60) == ["deploy", "open", "short"]
    assert keys(NOON + 300, NOON + 400) == ["open", "short"]
    assert keys(NOON + 86_400, NOON + 86_460) == ["open"]


def test_a_watermark_grows_to_both_sides_in_the_transaction_of_its_batch(store: Store) -> None:
    def ask(since: int, until: int) -> None:
        store.ingest("shop", FILE, Batch((), Span(since, until)), (), now=NOON)

    assert store.reader.watermark("shop", FILE.name) is None
    ask(NOON, NOON + 600)
    ask(NOON - 600, NOON)
    ask(NOON + 600, NOON + 900)

    assert store.reader.watermark("shop", FILE.name) == Span(NOON - 600, NOON + 900)
    assert store.reader.watermark("shop", "another") is None
