"""How one batch becomes rows: facts, and what is derived from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from collectors.contract import MAX_BATCH_ROWS, Batch
from collectors.store.derived.deriver import Deriver
from collectors.store.events import ingest_events
from collectors.store.histograms import ingest_histogram
from collectors.store.ids import SeriesBook
from collectors.store.levels import Stretch
from collectors.store.outcome import Ingested, Ledger
from collectors.store.points import Touched, ingest_points
from collectors.store.tallies import ingest_tallies
from slo.errors import InputError
from slo.facts import EventRow, HistogramRows, SampleRows, StatusRows, TallyRows
from slo.indicator import Wanted


def ingest_batch(
    connection: Connection,
    source: str,
    batch: Batch,
    indicators: Sequence[Wanted],
    *,
    now: int,
) -> Ingested:
    """Store the batch within the transaction of the connection."""
    _check_size(source, batch)
    book, ledger = SeriesBook(connection), Ledger(now)
    counted: list[Stretch] = []
    for facts in _rounds([fact for fact in batch.facts if isinstance(fact, TallyRows)]):
        counted += ingest_tallies(connection, facts, book, ledger)
    touched: list[Touched] = []
    for fact in batch.facts:
        if isinstance(fact, HistogramRows):
            ingest_histogram(connection, fact, book, ledger)
        elif isinstance(fact, StatusRows | SampleRows):
            touched += ingest_points(connection, fact, book, ledger)
    ingest_events(
        connection, source, [fact for fact in batch.facts if isinstance(fact, EventRow)], ledger
    )
    ledger.write(connection)
    Deriver(connection, source, book).follow(touched, indicators, counted)
    book.flush()
    return ledger.count


def _rounds(facts: Sequence[TallyRows]) -> Iterator[list[TallyRows]]:
    """The facts in rounds that hold each series once: the second must see the first's rows."""
    rounds: list[list[TallyRows]] = []
    seen: Counter[object] = Counter()
    for fact in facts:
        if seen[fact.series] == len(rounds):
            rounds.append([])
        rounds[seen[fact.series]].append(fact)
        seen[fact.series] += 1
    yield from rounds


def _check_size(source: str, batch: Batch) -> None:
    rows = sum(1 if isinstance(fact, EventRow) else len(fact.at) for fact in batch.facts)
    if rows > MAX_BATCH_ROWS:
        raise InputError(
            f"a batch of {rows} rows is larger than {MAX_BATCH_ROWS}",
            where=f'source "{source}"',
            mend="hand over smaller batches: each is one transaction",
        )
