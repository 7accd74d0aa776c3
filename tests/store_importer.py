"""A real importing process: stores batch after batch until it is killed.

    python tests/store_importer.py URL ACKNOWLEDGED

Batch `n` is the same whoever makes it, so what the process stored can be made again elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from builders import NOON, incident, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from slo.facts import TallyRows
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span

STREAM = Stream("history")
BATCH_S = 1_200 * 60
INDICATORS: tuple[Indicator, ...] = (
    Uptime('probe{service="checkout"}'),
    Latency(0.5, samples="probe_latency_seconds"),
)


def batch(number: int) -> Batch:
    """The facts of one stretch of time, of every kind."""
    since = NOON + BATCH_S * number
    at = since + 60 * np.arange(1_200)
    total = 50.0 + at // 60 % 7
    return Batch(
        (
            TallyRows(series(), at, total - at // 60 % 3, total, np.full(1_200, 60), since),
            states("uuduu" * 48, since=since, every_s=300),
            samples([0.1, 0.6, 0.3] * 80, since=since, every_s=300),
            incident(f"INC-{number}", at=since),
        ),
        Span(since, since + BATCH_S),
    )


def store_batch(store: Store, number: int) -> None:
    """Store one batch."""
    store.ingest("shop", STREAM, batch(number), INDICATORS, now=NOON)


def stored_batches(store: Store) -> int:
    """How many batches the watermark says are stored."""
    complete = store.reader.watermark("shop", STREAM.name)
    return (complete.until - NOON) // BATCH_S if complete else 0


def import_until_killed(url: str, acknowledged: Path) -> None:
    """Go on after the watermark; note each batch once the store has taken it."""
    with Store.open(url, now=NOON) as store, acknowledged.open("a") as acks:
        number = stored_batches(store)
        while True:
            store_batch(store, number)
            number += 1
            acks.write(f"{number}\n")
            acks.flush()


if __name__ == "__main__":
    import_until_killed(sys.argv[1], Path(sys.argv[2]))
