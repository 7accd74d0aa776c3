"""What was collected while the clock was ahead is collected again once it is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes

from collectors.contract import Batch, Stream
from collectors.run import Lane, Pace, collect_once
from collectors.store.store import RunRecord, Store, WindowAsk
from slo.indicator import Ratio
from slo.spans import Span

REQUESTS = Ratio(total="requests")


@dataclass
class Shop:
    """Ten requests in each minute that has really come, whatever the asker's clock says."""

    true_now: int
    streams: tuple[Stream, ...] = (Stream("requests"),)
    asked: list[Span] = field(default_factory=list)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        self.asked.append(span)
        count = max(min(span.until, self.true_now) - span.since, 0) // 60
        rows = minutes([9] * count, [10] * count, since=span.since, observed_at=now)
        yield Batch((rows,) if count else (), span=span)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOON) as opened:
        yield opened


def run(store: Store, shop: Shop, clock: int) -> RunRecord:
    pace = Pace(clock=lambda: clock, stopwatch=lambda: 0.0, sleep=lambda _seconds: None)
    return collect_once(Lane("shop", shop, (REQUESTS,), backfill_s=HOUR_S), store, clock, pace)


def total(store: Store, span: Span) -> float:
    ids = tuple(one.id for one in store.reader.pick("shop", REQUESTS))
    tally = store.reader.windows([WindowAsk(ids, (span,))])[0][0]
    return 0 if tally is None else tally.total


def test_an_hour_claimed_by_a_clock_that_was_ahead_is_not_lost(store: Store) -> None:
    shop = Shop(NOON)
    run(store, shop, NOON)
    run(store, shop, NOON + HOUR_S)  # the clock is an hour ahead

    shop.true_now = NOON + 600
    record = run(store, shop, NOON + 600)
    shop.true_now = NOON + 1_200
    after = run(store, shop, NOON + 1_200)

    assert total(store, Span(NOON, NOON + 1_200)) == 10 * 20
    assert any("the clock was ahead" in warning for warning in record.warnings)
    assert after.warnings == ()
    assert store.reader.watermark("shop", "requests") == Span(NOON - HOUR_S, NOON + 1_200)


def test_a_claim_about_the_past_is_never_doubted(store: Store) -> None:
    shop = Shop(NOON)
    run(store, shop, NOON)
    shop.asked.clear()

    record = run(store, shop, NOON)

    assert (shop.asked, record.warnings) == ([], ())


def test_with_much_claimed_ahead_as_much_is_doubted_and_no_more_of_the_past(store: Store) -> None:
    shop = Shop(NOON)
    store.ingest(
        "shop", Stream("requests"), Batch((), Span(NOON - 9 * DAY_S, NOON + DAY_S)), (), now=NOON
    )

    run(store, shop, NOON)

    assert shop.asked[0].since == NOON - 2 * DAY_S
