"""What a row of each kind says: one small reader a kind, and the table that picks among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from collectors.files.cells import Cells, Field, UnusableRowError, field_of, is_empty, number_of
from collectors.files.counting import Counts
from collectors.files.identity import Key, Owner, SeriesOf
from collectors.files.measures import LatencyColumn, StatusColumn
from collectors.files.plan import Holds
from collectors.files.rows import Part, StateAt, ValueAt
from collectors.files.sheet import RowKind, Sheet
from collectors.files.when import When
from slo.facts import EventKind, EventRow, SeriesKind, Status

_CLAIMS_NO_TIME = 0


@dataclass(frozen=True, slots=True)
class Probes:
    """A row is a state, and the latency of a probe that was answered."""

    when: When
    key: Key
    status: StatusColumn
    latency: LatencyColumn
    states: SeriesOf
    latencies: SeriesOf
    valid_s: int

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """As the plan says."""
        plan = sheet.plan
        states = sheet.series(SeriesKind.STATUS, plan.status_bin_s)
        latencies = sheet.series(SeriesKind.SAMPLE, plan.status_bin_s, "_latency_seconds")
        read = (StatusColumn.of(plan), sheet.latency)
        return cls(sheet.when, sheet.key, *read, states, latencies, plan.valid_s)

    @property
    def needs(self) -> Sequence[str]:
        """The status."""
        return (self.status.column,)

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """The state, and its latency: 0 ms of a failed probe were never measured."""
        at, observed_at = self.when.times(cells)
        state = self.status.read(cells)
        seen = StateAt(self.states.of(cells), at, observed_at, state, self.valid_s)
        latency = self.latency.read(cells) if state in {Status.UP, Status.DEGRADED} else None
        if latency is None:
            return (seen,)
        series, key = self.latencies.of(cells), self.key.of(cells)
        return seen, ValueAt(series, at, observed_at, latency, self.valid_s, key)


@dataclass(frozen=True, slots=True)
class Requests:
    """A row is one request: how long it took, whether it succeeded, or both."""

    when: When
    key: Key
    status: StatusColumn
    latency: LatencyColumn
    latencies: SeriesOf
    successes: SeriesOf

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """As the plan says."""
        latencies = sheet.series(SeriesKind.SAMPLE, 60, "_latency_seconds")
        successes = sheet.series(SeriesKind.SAMPLE, 60, "_success")
        read = (StatusColumn.of(sheet.plan), sheet.latency)
        return cls(sheet.when, sheet.key, *read, latencies, successes)

    @property
    def needs(self) -> Sequence[str]:
        """Nothing: a latency or a status is enough, and either may be elsewhere empty."""
        return ()

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """The measured values of the request, under its id."""
        at, observed_at = self.when.times(cells)
        key, found = self.key.of(cells), []
        latency = self.latency.read(cells)
        if latency is not None:
            found.append((self.latencies, latency))
        if not is_empty(cells.get(self.status.column)):
            found.append((self.successes, float(self.status.read(cells) is not Status.DOWN)))
        if not found:
            raise UnusableRowError("the row has neither a latency nor a status")
        return tuple(
            ValueAt(series.of(cells), at, observed_at, value, _CLAIMS_NO_TIME, key)
            for series, value in found
        )


@dataclass(frozen=True, slots=True)
class Gauges:
    """A row is a value, which holds until the next."""

    when: When
    key: Key
    column: str
    series: SeriesOf
    valid_s: int

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """As the plan says."""
        plan = sheet.plan
        series = sheet.series(SeriesKind.SAMPLE, plan.status_bin_s)
        return cls(sheet.when, sheet.key, plan.column("value"), series, plan.valid_s)

    @property
    def needs(self) -> Sequence[str]:
        """The value."""
        return (self.column,)

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """The value."""
        at, observed_at = self.when.times(cells)
        value = number_of(cells.get(self.column), self.column)
        series, key = self.series.of(cells), self.key.of(cells)
        return (ValueAt(series, at, observed_at, value, self.valid_s, key),)


@dataclass(frozen=True, slots=True)
class Events:
    """A row is something that happened, with its end where it is known; `kept` None keeps all."""

    when: When
    key: Key
    owner: Owner
    kind: EventKind
    ended_at: str
    kept: tuple[str, ...] | None
    roles: frozenset[str]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """As the plan says."""
        plan = sheet.plan
        kind = EventKind.INCIDENT if plan.holds is Holds.INCIDENTS else plan.kind
        ended_at, service, observed_at = map(plan.column, ("ended_at", "service", "observed_at"))
        roles = frozenset({sheet.when.at, ended_at, service, observed_at})
        return cls(sheet.when, sheet.key, sheet.owner, kind, ended_at, plan.fields, roles)

    @property
    def needs(self) -> Sequence[str]:
        """Nothing but its time and its key."""
        return ()

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """The event; an account that knows the end is later than one that does not."""
        at, observed_at = self.when.times_told(cells)
        key = self.key.of(cells)
        if not key:
            raise UnusableRowError(f"the key ({', '.join(self.key.columns)}) is empty")
        ended_at = self._end(cells, at)
        if observed_at is None:
            observed_at = ended_at or at
        service = self.owner.service_of(cells)
        return (EventRow(self.kind, key, at, observed_at, service, ended_at, self._fields(cells)),)

    def _end(self, cells: Cells, at: int) -> int | None:
        cell = cells.get(self.ended_at)
        ended_at = None if is_empty(cell) else self.when.believed(cell)
        if ended_at is not None and ended_at < at:
            raise UnusableRowError("it ends before it begins")
        return ended_at

    def _fields(self, cells: Cells) -> dict[str, Field]:
        """The columns that are kept beside it: those named, else all that have no role."""
        kept = self.kept if self.kept is not None else cells.keys() - self.roles
        return {name: field_of(cells.get(name), name) for name in sorted(kept) if name}


def _requests(sheet: Sheet) -> RowKind:
    return Counts.of(sheet) if sheet.plan.counted else Requests.of(sheet)


KINDS: Mapping[Holds, Callable[[Sheet], RowKind]] = {
    Holds.PROBES: Probes.of,
    Holds.REQUESTS: _requests,
    Holds.EVENTS: Events.of,
    Holds.INCIDENTS: Events.of,
    Holds.GAUGES: Gauges.of,
}
"""The reader of each kind of row; a new kind is a line here."""
