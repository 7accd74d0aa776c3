"""From when to when a source can have told of events: its first fact to its last whole read."""

from __future__ import annotations

from builders import NOON, incident, samples, states

from collectors.contract import Batch, Stream
from collectors.store.reaches import Reach
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from slo.facts import EventKind
from slo.spans import Span

NOW = NOON + 86_400


def tell(store: Store, *facts: object, source: str = "shop", span: Span | None = None) -> None:
    store.ingest(source, Stream("all"), Batch(facts, span), (), now=NOW)


def test_a_source_reaches_from_its_first_fact_of_any_kind_to_its_last_whole_read(
    store: Store,
) -> None:
    tell(store, incident(at=NOON))
    tell(store, states("uuu", since=NOON - 7_200), samples([1.0], since=NOON - 3_600))
    store.record(RunRecord("shop", started_at=NOON + 600, ended_at=NOON + 660))
    store.record(RunRecord("shop", started_at=NOON + 900, ended_at=NOON + 960, error="no answer"))

    found = store.reader.reaches(EventKind.INCIDENT)

    assert found == (Reach("shop", NOON - 7_200, NOON, NOON + 600),)


def test_a_watermark_tells_too_how_far_a_source_was_read(store: Store) -> None:
    tell(store, incident(at=NOON), span=Span(NOON - 9_000, NOON + 1_800))

    (found,) = store.reader.reaches(EventKind.INCIDENT)

    assert (found.since, found.until) == (NOON - 9_000, NOON + 1_800)


def test_without_a_whole_read_a_source_reaches_to_the_last_thing_it_told(store: Store) -> None:
    tell(store, incident("a", at=NOON), incident("b", at=NOON + 60))

    (found,) = store.reader.reaches(EventKind.INCIDENT)

    assert found == Reach("shop", NOON, NOON, NOON + 61)


def test_a_source_that_never_told_of_the_kind_reaches_nowhere(store: Store) -> None:
    tell(store, states("uuu"))
    store.record(RunRecord("shop", started_at=NOW, ended_at=NOW))

    assert store.reader.reaches(EventKind.INCIDENT) == ()


def test_every_source_has_a_reach_of_its_own(store: Store) -> None:
    tell(store, incident(at=NOON), source="b")
    tell(store, incident(at=NOON + 5), source="a")

    found = store.reader.reaches(EventKind.INCIDENT)

    assert [(each.source, each.since) for each in found] == [("a", NOON + 5), ("b", NOON)]
