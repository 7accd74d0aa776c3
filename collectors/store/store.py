"""The store: facts in by batches, each one transaction; figures out through its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self

from collectors.contract import Batch, Stream
from collectors.store import deliveries, inbox, leases
from collectors.store.alert_book import AlertBook
from collectors.store.columns import SampleColumns, TallyColumns
from collectors.store.correcting import Correcting
from collectors.store.derived.deriver import Deriver
from collectors.store.history import define, write_audit
from collectors.store.ids import SeriesBook
from collectors.store.ingest import ingest_batch
from collectors.store.opening import asking, creation, engine
from collectors.store.opening.locks import FileLock, collector_lock
from collectors.store.outcome import Ingested
from collectors.store.reader import Reader
from collectors.store.retention import Retained, expired, horizon, thin
from collectors.store.runs import RunRecord, SourceHealth, write_run
from collectors.store.stored import StoredSeries
from collectors.store.taking_back import take_back
from collectors.store.watermarks import draw_back, move_watermark
from collectors.store.windows import WindowAsk
from slo.errors import InputError
from slo.indicator import Wanted

__all__ = [
    "Ingested",
    "Reader",
    "Retained",
    "RunRecord",
    "SampleColumns",
    "SourceHealth",
    "Store",
    "StoredSeries",
    "TallyColumns",
    "WindowAsk",
]


class Store:
    """The one writer of a store; every method is one transaction, all or nothing."""

    def __init__(self, database: engine.Database, reader: Reader) -> None:
        """Write through an open database; `Store.open` makes one."""
        self._database = database
        self._reader = reader
        self._collecting: FileLock | None = None

    @classmethod
    def open(cls, url: str, *, now: int) -> Self:
        """The store at `url`, created or brought to this schema where need be.

        Raises:
            StoreError: it cannot be written, is not a store, or is of a newer schema.
        """
        opened = creation.open_writer(engine.parsed(url), now=now)
        with ExitStack() as undo:
            undo.callback(opened.close)
            store = cls(opened, Reader(asking.opened(url)))
            undo.pop_all()
        return store

    @property
    def reader(self) -> Reader:
        """The same store to read from; it is closed with the store."""
        return self._reader

    @property
    def alerts(self) -> AlertBook:
        """What becomes of alerts, and what is told of them, to write."""
        return AlertBook(self._database)

    @property
    def corrections(self) -> Correcting:
        """What is said not to count as it was measured, to be written."""
        return Correcting(self._database)

    def close(self) -> None:
        """Let go of the store."""
        self._let_go()
        self._reader.close()
        self._database.close()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Let go of the store."""
        self.close()

    def ingest(
        self,
        source: str,
        stream: Stream,
        batch: Batch,
        indicators: Sequence[Wanted],
        *,
        now: int,
    ) -> Ingested:
        """Store a batch with all that follows from it, and move its stream's watermark.

        Raises:
            InputError: the facts cannot be stored as they are; nothing was.
            StoreError: the store cannot be written; nothing was.
        """
        with self._database.writing() as connection:
            done = ingest_batch(connection, source, batch, indicators, now=now)
            if batch.span is not None:
                move_watermark(connection, source, stream.name, batch.span)
        return done

    def ensure(self, source: str, indicators: Sequence[Wanted]) -> None:
        """Derive from what is stored the tallies that no earlier configuration asked for."""
        with self._database.writing() as connection:
            book = SeriesBook(connection)
            Deriver(connection, source, book).ensure(indicators)
            book.flush()

    def distrust(self, source: str, stream: str, *, until: int) -> None:
        """Believe no longer that the stream is complete after `until`; its facts stay."""
        with self._database.writing() as connection:
            draw_back(connection, source, stream, until)

    def take_back(self, source: str, *, since: int, now: int) -> int:
        """How many values of the source at or after `since` there were; none of them is left."""
        with self._database.writing() as connection:
            return take_back(connection, source, since, now=now)

    def define(
        self,
        slo: str,
        document: Mapping[str, Any],
        *,
        now: int,
        effective: int | None = None,
    ) -> None:
        """Add a version of an SLO when it says something new; the first holds from the beginning."""
        with self._database.writing() as connection:
            made = define(connection, slo, document, now=now, effective=effective)
            if made is not None:
                entry = {"version": made.version, "effective": made.effective}
                detail = entry | {"document": dict(document)}
                write_audit(
                    connection,
                    at=now,
                    actor="unverified",
                    action="define",
                    subject=slo,
                    detail=detail,
                )

    def audit(
        self, *, actor: str, action: str, subject: str, detail: Mapping[str, Any], now: int
    ) -> None:
        """Append to the audit log, whose entries each hold the digest of the last."""
        with self._database.writing() as connection:
            write_audit(
                connection, at=now, actor=actor, action=action, subject=subject, detail=detail
            )

    def retain(self, *, now: int, minutes_s: int) -> Retained:
        """Thin minutes older than `minutes_s`, moved down to a UTC day, one series at a time.

        Raises:
            StoreError: less than a day is to be kept.
        """
        before = horizon(now, minutes_s)
        with self._database.writing() as connection:
            aged = expired(connection, before)
        rows = []
        for one in aged:
            with self._database.writing() as connection:
                rows.append(thin(connection, one, before))
        return Retained(before, sum(rows), sum(1 for gone in rows if gone))

    def tidy(self) -> None:
        """Bring the write-ahead log of an SQLite store back to nothing, if no reader needs it."""
        self._database.tidy()

    def record(self, run: RunRecord) -> None:
        """Note what a run did."""
        with self._database.writing() as connection:
            write_run(connection, run)

    def apply(self, effect: inbox.Deed, *, now: int) -> None:
        """Store what somebody asked for together with the entry of the audit log that says so.

        Raises:
            InputError: it cannot be stored as it is; nothing was.
        """
        with self._database.writing() as connection:
            effect.write(connection, now=now)

    def drain_inbox(self, apply: inbox.Apply, *, now: int) -> int:
        """How many items were taken out of the inbox, each in a transaction with its effect.

        An item that means nothing is taken too, and keeps the reason.
        """
        taken = 0
        for item in self._reader.waiting():
            try:
                effect = apply(item)
                with self._database.writing() as connection:
                    taken += inbox.take(connection, item, effect, now=now)
            except InputError as error:
                with self._database.writing() as connection:
                    inbox.refuse(connection, item, error.what, now=now)
        if taken:
            with self._database.writing() as connection:
                inbox.forget(connection, now=now)
        return taken

    def begin_delivery(
        self, report: str, period: str, channel: str, *, due_at: int, now: int
    ) -> deliveries.Delivery | None:
        """Note that a delivery starts, unless it was sent before; as it was known before this."""
        with self._database.writing() as connection:
            return deliveries.begin(connection, (report, period, channel), due_at=due_at, now=now)

    def end_delivery(
        self, report: str, period: str, channel: str, ended: deliveries.Ended, *, now: int
    ) -> None:
        """Note what came of a delivery that was started."""
        with self._database.writing() as connection:
            deliveries.end(connection, (report, period, channel), ended, now=now)

    def take_lease(
        self, holder: str, pid: int, host: str, standing: leases.Standing, *, now: int
    ) -> None:
        """Become the collector of this store, until the lease is released or the process ends.

        Raises:
            LeaseHeldError: another collector is at work, and which.
            StoreError: the store cannot be written; on SQLite the others are locked out already.
        """
        self._lock_out_others()
        with self._database.writing() as connection:
            seen = leases.read_collector(connection)
            if self._collecting is None and leases.is_at_work(seen, host, now=now):
                raise leases.held_by(seen, self._database.where)
            leases.take(connection, holder, pid, host, standing, now=now)

    def beat(self, holder: str, standing: leases.Standing, *, now: int) -> None:
        """Say that the holder is at work, and how it stands; beside the store at least.

        Raises:
            LeaseLostError: another collector has taken the lease.
            StoreError: the store cannot be written.
        """
        if self._collecting is not None:
            with suppress(OSError):
                self._collecting.note(leases.note(holder, standing, now))
        with self._database.writing() as connection:
            if not leases.beat(connection, holder, standing, now=now):
                raise leases.lost(self._database.where)

    def release_lease(self, holder: str, *, now: int) -> None:
        """Let the next collector begin at once."""
        with self._database.writing() as connection:
            leases.release(connection, holder, now=now)
        self._let_go()

    def _lock_out_others(self) -> None:
        """Take the collector's own lock of a file, where the store is one."""
        path = self._database.path
        if path is None or self._collecting is not None:
            return
        lock = FileLock(collector_lock(path))
        if not lock.taken():
            lock.close()
            raise leases.held_by(self._reader.collector(), self._database.where)
        self._collecting = lock

    def _let_go(self) -> None:
        if self._collecting is not None:
            self._collecting.close()
            self._collecting = None
