"""What the store can be asked: series, tallies over windows, events, runs, who changed what.

What only some surfaces ask is imported where it is asked: a command that judges starts sooner.
What judging asks is SQL text (see `opening.asking`), all else goes through SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from collectors.store.columns import TallyColumns
from collectors.store.opening.asking import Readable, opened
from collectors.store.stored import StoredSeries, read_series
from collectors.store.together import Together
from collectors.store.versions import read_changed_definitions
from collectors.store.windows import WindowAsk, read_windows
from slo.facts import EventKind, EventRow, SeriesKind
from slo.indicator import Indicator
from slo.rules import tally_pick
from slo.spans import Span
from slo.tally import Tally

if TYPE_CHECKING:
    from collectors.store.alert_book import AlertPages
    from collectors.store.corrections import StoredCorrection
    from collectors.store.deliveries import Delivery
    from collectors.store.disputes import Conflict, Revision
    from collectors.store.history import AuditEntry
    from collectors.store.inbox import InboxItem
    from collectors.store.leases import CollectorSeen
    from collectors.store.measured import Measured
    from collectors.store.reaches import Reach
    from collectors.store.runs import RunRecord, SourceHealth
    from collectors.store.versions import Definition


class Reader:
    """Answers out of one store, which it never changes."""

    def __init__(self, database: Readable) -> None:
        """Read through an open database; `Reader.open` makes one that can only read."""
        self._database = database

    @classmethod
    def open(cls, url: str) -> Self:
        """A reader of the store at `url`.

        Raises:
            StoreError: there is no store, it is not one, or it is of another schema.
        """
        store = opened(url)
        with ExitStack() as undo:
            undo.callback(store.close)
            store.check()
            undo.pop_all()
        return cls(store)

    def close(self) -> None:
        """Let go of the store."""
        self._database.close()

    def __enter__(self) -> Self:
        """The reader itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Let go of the store."""
        self.close()

    @property
    def alerts(self) -> AlertPages:
        """What becomes of alerts, and what is told of them, to read."""
        from collectors.store.alert_book import AlertPages

        return AlertPages(self._database)

    @property
    def measured(self) -> Measured:
        """What was measured, value by value and by its spread."""
        from collectors.store.measured import Measured

        return Measured(self._database)

    def watermark(self, source: str, stream: str) -> Span | None:
        """The span over which the stream is complete; None before its first batch."""
        from collectors.store.watermarks import watermark

        with self._database.reading() as connection:
            return watermark(connection, source, stream)

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        """The series of a source and kind, or all, in canonical order."""
        with self._database.asking() as ask:
            return read_series(ask, source, kind)

    def pick(self, source: str, indicator: Indicator) -> tuple[StoredSeries, ...]:
        """The tallies that answer the indicator; empty while nothing was collected for it."""
        pick = tally_pick(indicator)
        of_source = self.series(source, SeriesKind.TALLY)
        named = (pick.name, pick.rule)
        found = [one for one in of_source if (one.key.name, one.key.rule) == named]
        if pick.selector is None:
            return tuple(one for one in found if not one.key.labels)
        selector = pick.selector
        return tuple(one for one in found if selector.matches(one.key.name, dict(one.key.labels)))

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """One tally per ask and span; None where no row of any of its series lies in the span.

        Spans are moved down to whole minutes, and to whole quarter hours where a series has no
        finer bins (any more).
        """
        if not all(isinstance(one.together, tuple) for one in asks):
            from collectors.store.combining import read_asks

            with self._database.reading() as connection:
                return read_asks(connection, asks)
        with self._database.asking() as ask:
            return read_windows(ask, asks)

    def tally_rows(self, together: Together, level_s: int, span: Span) -> TallyColumns:
        """The bins of one level in the span, by time, as the series count together."""
        from collectors.store.combining import read_rows

        with self._database.reading() as connection:
            return read_rows(connection, together, level_s, span)

    def excluded_s(self, series_ids: Sequence[int], span: Span) -> int:
        """Seconds of the span that corrections exclude, by the clock: of several series once."""
        from collectors.store.values import read_excluded_s

        with self._database.reading() as connection:
            return read_excluded_s(connection, series_ids, span)

    def events(
        self,
        kind: EventKind | None = None,
        source: str | None = None,
        span: Span | None = None,
    ) -> tuple[EventRow, ...]:
        """The events asked for, by time: those that were going on in the span, if one is given."""
        from collectors.store.events import read_events

        with self._database.reading() as connection:
            return read_events(connection, kind, source, span)

    def reaches(self, kind: EventKind) -> tuple[Reach, ...]:
        """From when to when each source that told of the kind can have told of it."""
        from collectors.store.reaches import read_reaches

        with self._database.reading() as connection:
            return read_reaches(connection, kind)

    def last_runs(self) -> tuple[SourceHealth, ...]:
        """The health of every source that ever ran, by name."""
        from collectors.store.runs import read_last_runs

        with self._database.reading() as connection:
            return read_last_runs(connection)

    def last_run(self, source: str) -> RunRecord | None:
        """The last run of the source; None before its first."""
        from collectors.store.runs import read_last_run

        with self._database.reading() as connection:
            return read_last_run(connection, source)

    def collector(self) -> CollectorSeen | None:
        """The collector that last held the lease; None when none ever did."""
        from collectors.store.leases import collector_at

        with self._database.reading() as connection:
            return collector_at(connection, self._database.path)

    def waiting(self) -> tuple[InboxItem, ...]:
        """What was put into the inbox and is not taken yet, in the order of arrival."""
        from collectors.store.inbox import read_waiting

        with self._database.reading() as connection:
            return read_waiting(connection)

    def handed_in(self, delivery_id: str) -> InboxItem | None:
        """What became of an item of the inbox; None where there is none of that id (any more)."""
        from collectors.store.inbox import read_item

        with self._database.reading() as connection:
            return read_item(connection, delivery_id)

    def revisions(self) -> tuple[Revision, ...]:
        """What changed after it was reported, in the order of recording."""
        from collectors.store.disputes import read_revisions

        with self._database.reading() as connection:
            return read_revisions(connection)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where claims of equal rank disagree."""
        from collectors.store.disputes import read_conflicts

        with self._database.reading() as connection:
            return read_conflicts(connection)

    def definitions(self, slo: str) -> tuple[Definition, ...]:
        """Every version of an SLO, the oldest first."""
        from collectors.store.history import read_definitions

        with self._database.reading() as connection:
            return read_definitions(connection, slo)

    def changed_definitions(self) -> dict[str, tuple[Definition, ...]]:
        """Every version of each SLO that has more than one, by its name, the oldest first."""
        with self._database.asking() as ask:
            return read_changed_definitions(ask)

    def corrections(self) -> tuple[StoredCorrection, ...]:
        """What is said not to count as it was measured, and what was said so once."""
        from collectors.store.corrections import read_corrections

        with self._database.reading() as connection:
            return read_corrections(connection)

    def audit_log(self) -> tuple[AuditEntry, ...]:
        """Who changed what, the oldest entry first."""
        from collectors.store.history import read_audit

        with self._database.reading() as connection:
            return read_audit(connection)

    def deliveries(self, report: str | None = None) -> tuple[Delivery, ...]:
        """Every report that was handed over or tried to be, by when it was due."""
        from collectors.store.deliveries import read_deliveries

        with self._database.reading() as connection:
            return read_deliveries(connection, report)

    def born_at(self) -> int:
        """When the store was created."""
        from collectors.store.deliveries import read_born_at

        with self._database.reading() as connection:
            return read_born_at(connection)

    def figures_digest(self) -> str:
        """The digest of all figures, whatever the ids, the run times and the order of arrival."""
        from collectors.store.digest import figures_digest

        with self._database.reading() as connection:
            return figures_digest(connection)
