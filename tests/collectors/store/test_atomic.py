"""A batch is stored with all that follows from it, or not at all, whatever fails when."""

from __future__ import annotations

import pytest
from builders import NOON, incident, minutes, quarters, samples, states
from sqlalchemy import text
from store_builders import refusing

from collectors.contract import Batch, Stream
from collectors.store.engine_tables import metadata
from collectors.store.store import Store
from slo.errors import StoreError
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span

LIVE = Stream("requests")
HOUR = Span(NOON, NOON + 3_600)
INDICATORS: tuple[Indicator, ...] = (
    Uptime('probe{service="checkout"}'),
    Latency(0.5, samples="probe_latency_seconds"),
)
FACTS = (
    minutes([9] * 60, [10] * 60),
    states("uuduu" * 12),
    samples([0.1, 0.9, 0.3] * 20),
    quarters([{(0.0, 0.5): 9.0}] * 4),
    incident(),
)
WRITTEN_BY_A_BATCH = (
    "watermarks",
    "series",
    "events",
    "observations",
    "samples",
    "tally_1m",
    "tally_15m",
    "tally_1h",
    "tally_1d",
    "histogram_15m",
    "histogram_1h",
    "histogram_1d",
)


def rows(store: Store) -> dict[str, int]:
    """How many rows each table holds."""
    with store._database.reading() as connection:
        return {
            table.name: connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("table", WRITTEN_BY_A_BATCH)
def test_a_batch_that_fails_at_any_of_its_tables_leaves_no_row_in_any(
    store: Store, table: str
) -> None:
    before = rows(store)

    with refusing(store, table), pytest.raises(StoreError, match="the store refused: "):
        store.ingest("shop", LIVE, Batch(FACTS, HOUR), INDICATORS, now=NOON)

    assert rows(store) == before
    assert store.reader.watermark("shop", LIVE.name) is None


def test_what_failed_once_is_stored_whole_when_it_comes_again(store: Store) -> None:
    with refusing(store, "watermarks"), pytest.raises(StoreError):
        store.ingest("shop", LIVE, Batch(FACTS, HOUR), INDICATORS, now=NOON)

    again = store.ingest("shop", LIVE, Batch(FACTS, HOUR), INDICATORS, now=NOON)

    assert (again.new, again.unchanged) == (60 + 60 + 60 + 4 + 1, 0)
    assert store.reader.watermark("shop", LIVE.name) == HOUR
    assert all(rows(store)[name] for name in WRITTEN_BY_A_BATCH)
