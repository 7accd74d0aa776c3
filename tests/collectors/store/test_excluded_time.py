"""Time under corrections is told by the clock, however many series were measured in it."""

from __future__ import annotations

from itertools import combinations_with_replacement

from builders import HOUR_S, NOON, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.corrections import target_of
from collectors.store.store import Store
from slo.corrections import Correction, CorrectionKind, Scope
from slo.indicator import Ratio
from slo.spans import Span

TARGETS = (target_of("shop", Ratio("requests")),)
REGIONS = ("eu", "us", "asia")


def fill(store: Store, *regions: str, since: int = NOON, count: int = 240) -> tuple[int, ...]:
    facts = tuple(
        minutes([8] * count, [10] * count, since=since, key=series(region=one)) for one in regions
    )
    store.ingest("shop", Stream("requests"), Batch(facts), (), now=NOON)
    return tuple(one.id for one in store.reader.series("shop"))


def correct(store: Store, since: int, until: int, key: str = "c") -> None:
    said = Correction(
        key=key,
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("checkout",)),
        when=Span(since, until),
        reason="a drill",
        author="Ada",
    )
    store.corrections.put(said, TARGETS, actor="unverified", now=NOON)


def test_half_an_hour_is_half_an_hour_of_one_series_and_of_three(store: Store) -> None:
    ids = fill(store, *REGIONS)
    correct(store, NOON + HOUR_S, NOON + HOUR_S + 1_800)

    day = Span(NOON - HOUR_S, NOON + 5 * HOUR_S)

    assert store.reader.excluded_s(ids, day) == 1_800
    assert store.reader.excluded_s(ids[:1], day) == 1_800


def test_series_that_took_turns_are_joined(store: Store) -> None:
    fill(store, "eu", count=60)
    ids = fill(store, "us", since=NOON + HOUR_S, count=60)
    correct(store, NOON + 1_800, NOON + HOUR_S + 1_800)

    assert store.reader.excluded_s(ids, Span(NOON, NOON + 4 * HOUR_S)) == 3_600


def test_nothing_is_excluded_where_nothing_was_measured_or_corrected(store: Store) -> None:
    ids = fill(store, *REGIONS, count=60)
    correct(store, NOON + 2 * HOUR_S, NOON + 3 * HOUR_S)

    assert store.reader.excluded_s(ids, Span(0, 2**40)) == 0
    assert store.reader.excluded_s((), Span(0, 2**40)) == 0


def test_of_any_span_as_much_is_excluded_as_the_correction_covers(store: Store) -> None:
    """Ends in and between quarter hours, before, in and after the correction."""
    ids = fill(store, *REGIONS)
    correct(store, NOON + 60 * 37, NOON + 60 * 112)

    ends = (0, 15, 29, 36, 37, 44, 45, 46, 100, 112, 113, 120, 239)
    for since, until in combinations_with_replacement(ends, 2):
        found = store.reader.excluded_s(ids, Span(NOON + 60 * since, NOON + 60 * until))
        assert found == 60 * max(0, min(112, until) - max(37, since))
