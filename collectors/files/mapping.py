"""What each row of a file says, as parts of facts: the configured columns, read and checked."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from datetime import timedelta

import orjson

from collectors.files.cells import (
    MisreadFileError,
    Reason,
    UnusableRowError,
    field_of,
    is_empty,
    number_of,
    text_of,
)
from collectors.files.counting import CountColumns, spread
from collectors.files.plan import QUARTER_S, TIME_COLUMNS, Holds, Plan
from collectors.files.records import Record
from collectors.files.rows import CountAt, Part, StateAt, ValueAt
from collectors.files.times import Cell, Clock, NaiveTimeError, NotATimeError, likely_unit
from slo.errors import InputError
from slo.facts import EventKind, EventRow, SeriesKey, SeriesKind, Status
from slo.spans import Span, epoch_s, moment

MAX_SERIES = 10_000
_DAY_S = 86_400
_CLAIMS_NO_TIME = 0
_OTHER_STATES = {"degraded": Status.DEGRADED, "unknown": Status.UNKNOWN}
_OFTEN_ABSENT = {"ended_at", "latency"}


class Reader:
    """Turns the rows of one file into parts; remembers only its series and what it counted."""

    def __init__(
        self, plan: Plan, known: Span, columns: Collection[str], where: str, *, objects: bool
    ) -> None:
        """Look the needed columns up among those of the first row; `objects` are JSON's.

        Raises:
            InputError: a column that the configuration names is not there.
        """
        self.doubtful = self.without_number = 0
        self._plan, self._known, self._where, self._objects = plan, known, where, objects
        self._clock = Clock(plan.zone, plan.second)
        self._series: dict[tuple[str, ...], SeriesKey] = {}
        self._texts: dict[str, str] = {}
        self._service_column = plan.column("service")
        self._status_column = plan.column("status")
        self._is_observed = "observed_at" in plan.columns
        self._count_bin_s, self._status_bin_s = plan.count_bin_s, plan.status_bin_s
        self._counted = CountColumns.of(plan)
        self._at = _time_column(plan, columns)
        for column in self._needed():
            if column not in columns:
                raise _missing(column, columns, where)
        self.parts: Callable[[Record], tuple[Part, ...]] = {
            Holds.PROBES: self._probe,
            Holds.REQUESTS: self._counts if plan.counted else self._request,
            Holds.EVENTS: self._event,
            Holds.INCIDENTS: self._event,
            Holds.GAUGES: self._gauge,
        }[plan.holds]

    def _needed(self) -> list[str]:
        plan = self._plan
        # An object of JSON may leave out what it does not have; a row of a table cannot.
        may_lack = _OFTEN_ABSENT if self._objects else frozenset()
        mapped = [column for role, column in plan.columns.items() if role not in may_lack]
        needed = [self._at, *(column for _, column in plan.labels), *mapped]
        match plan.holds:
            case Holds.PROBES:
                needed.append(plan.column("status"))
            case Holds.GAUGES:
                needed.append(plan.column("value"))
            case Holds.REQUESTS if plan.counted:
                needed += self._counted.columns
            case _:
                pass
        return [*needed, *plan.key]

    def _probe(self, record: Record) -> tuple[Part, ...]:
        plan, cells = self._plan, record.cells
        at, observed_at = self._times(record)
        state = state_of(cells.get(self._status_column), plan)
        series = self._series_of(record, plan.name, SeriesKind.STATUS, self._status_bin_s)
        seen = StateAt(series, at, observed_at, state, plan.valid_s)
        latency = self._latency(cells) if state in {Status.UP, Status.DEGRADED} else None
        if latency is None:
            return (seen,)
        name = f"{plan.name}_latency_seconds"
        series = self._series_of(record, name, SeriesKind.SAMPLE, self._status_bin_s)
        return seen, ValueAt(series, at, observed_at, latency, plan.valid_s, self._key(cells))

    def _request(self, record: Record) -> tuple[Part, ...]:
        plan, cells = self._plan, record.cells
        at, observed_at = self._times(record)
        key, found = self._key(cells), {}
        latency = self._latency(cells)
        if latency is not None:
            found[f"{plan.name}_latency_seconds"] = latency
        if not is_empty(status := cells.get(self._status_column)):
            found[f"{plan.name}_success"] = float(state_of(status, plan) is not Status.DOWN)
        if not found:
            raise UnusableRowError("the row has neither a latency nor a status")
        series = {name: self._series_of(record, name, SeriesKind.SAMPLE, 60) for name in found}
        return tuple(
            ValueAt(series[name], at, observed_at, value, _CLAIMS_NO_TIME, key)
            for name, value in found.items()
        )

    def _gauge(self, record: Record) -> tuple[Part, ...]:
        plan = self._plan
        at, observed_at = self._times(record)
        value = number_of(record.cells.get(plan.column("value")), plan.column("value"))
        series = self._series_of(record, plan.name, SeriesKind.SAMPLE, self._status_bin_s)
        return (ValueAt(series, at, observed_at, value, plan.valid_s, self._key(record.cells)),)

    def _counts(self, record: Record) -> tuple[Part, ...]:
        plan, bin_s = self._plan, self._count_bin_s
        at, observed_at = self._times(record)
        good, bad = self._counted.good_and_bad(record.cells)
        series = self._series_of(record, plan.name, SeriesKind.TALLY, bin_s)
        if at % bin_s:
            raise _begins_within(bin_s)
        end = at + bin_s if plan.every_s == bin_s else self._end(at)
        estimated, parts = plan.every_s > QUARTER_S, []
        for start, good_i, bad_i in spread(good, bad, range(at, end, bin_s)):
            # Equal for equal bins, however the rows are split: the bin's day.
            seen_at = observed_at if self._is_observed else start - start % _DAY_S
            parts.append(CountAt(series, start, seen_at, good_i, good_i + bad_i, bin_s, estimated))
        return tuple(parts)

    def _event(self, record: Record) -> tuple[Part, ...]:
        plan, cells = self._plan, record.cells
        at, observed_at = self._times(record)
        key = self._key(cells)
        if not key:
            raise UnusableRowError(f"the key ({', '.join(plan.key)}) is empty")
        ended = cells.get(plan.column("ended_at"))
        ended_at = None if is_empty(ended) else self._checked(self._second(ended))
        if ended_at is not None and ended_at < at:
            raise UnusableRowError("it ends before it begins")
        if not self._is_observed:
            # An account that knows the end is later than one that does not.
            observed_at = ended_at or at
        service = self._service(cells)
        kind = EventKind.INCIDENT if plan.holds is Holds.INCIDENTS else plan.kind
        return (EventRow(kind, key, at, observed_at, service, ended_at, self._fields(cells)),)

    def _fields(self, cells: dict[str, Cell]) -> dict[str, str | float | int | bool | None]:
        plan = self._plan
        roles = {self._at, *(plan.column(role) for role in ("ended_at", "service", "observed_at"))}
        kept = plan.fields if plan.fields is not None else [c for c in cells if c not in roles]
        return {name: field_of(cells.get(name), name) for name in sorted(kept) if name}

    def _times(self, record: Record) -> tuple[int, int]:
        """When it was, and when it was observed: the same unless a column says otherwise."""
        cell = record.cells.get(self._at)
        at = self._checked(self._second(cell))
        if self._clock.zone is not None:
            self.doubtful += self._clock.doubtful(cell)
        if not self._is_observed:
            return at, at
        return at, self._second(record.cells.get(self._plan.columns["observed_at"]))

    def _second(self, cell: Cell) -> int:
        try:
            return self._clock.second_of(cell)
        except NotATimeError as error:
            raise UnusableRowError(str(error)) from error
        except NaiveTimeError as error:
            mend = 'zone = "Europe/Berlin" (or wherever the clock stood)'
            raise MisreadFileError(str(error), mend) from error

    def _checked(self, at: int) -> int:
        if self._known.since <= at < self._known.until:
            return at
        unit = likely_unit(at, self._known)
        hint = f': time_unit = "{unit}"?' if unit and self._plan.second == 1 else ""
        if at < self._known.since:
            raise UnusableRowError(f"its time lies before the year 2000{hint}")
        raise UnusableRowError(f"its time lies in the future{hint}", Reason.FUTURE)

    def _end(self, at: int) -> int:
        """The end of an aggregated row; whole days end at the zone's midnight."""
        if self._plan.zone is None or self._plan.every_s % _DAY_S:
            return at + self._plan.every_s
        local = moment(at).astimezone(self._plan.zone)
        return epoch_s(local + timedelta(seconds=self._plan.every_s))

    def _latency(self, cells: dict[str, Cell]) -> float | None:
        """Seconds; None when there is no number, which costs the row nothing else."""
        column = self._plan.columns.get("latency")
        if column is None or is_empty(cells.get(column)):
            return None
        try:
            latency = number_of(cells[column], column) / self._plan.latency_unit
        except UnusableRowError as error:
            if error.reason is not Reason.NO_NUMBER:
                raise
            self.without_number += 1
            return None
        if latency < 0:
            raise UnusableRowError(f"{column} is below 0")
        return latency

    def _key(self, cells: dict[str, Cell]) -> str:
        texts = [text_of(cells.get(column), column) for column in self._plan.key]
        if not any(texts):
            return ""
        key = texts[0] if len(texts) == 1 else orjson.dumps(texts).decode()
        return text_of(key, "the key")

    def _service(self, cells: dict[str, Cell]) -> str:
        return self._text(cells.get(self._service_column), "service") or self._plan.service

    def _text(self, cell: Cell, what: str) -> str:
        """The cell as text; those of labels come again and again and are checked once."""
        known = self._texts.get(cell) if type(cell) is str else None
        if known is not None:
            return known
        text = text_of(cell, what)
        if type(cell) is str and len(self._texts) < MAX_SERIES:
            self._texts[cell] = text
        return text

    def _series_of(self, record: Record, name: str, kind: SeriesKind, bin_s: int) -> SeriesKey:
        service = self._service(record.cells)
        values = [self._text(record.cells.get(column), column) for _, column in self._plan.labels]
        known = self._series.get((name, service, *values))
        if known is not None:
            return known
        named = [label for label, _ in self._plan.labels]
        pairs = [("service", service), *zip(named, values, strict=True)]
        labels = tuple(sorted(pair for pair in pairs if pair[1]))
        series = SeriesKey(self._plan.source, name, kind, labels, "", service, bin_s)
        self._series[name, service, *values] = series
        if len(self._series) > MAX_SERIES:
            raise InputError(
                f"the rows make more than {MAX_SERIES:,} series",
                where=self._where,
                mend="name columns with few values as service and labels",
            )
        return series


def state_of(cell: Cell, plan: Plan) -> Status:
    """The status that a word or number stands for.

    Raises:
        UnusableRowError: it is in none of the configured lists.
    """
    word = text_of(cell, "status").casefold().removesuffix(".0")
    if word in plan.up:
        return Status.UP
    if word in plan.down:
        return Status.DOWN
    if word in _OTHER_STATES:
        return _OTHER_STATES[word]
    raise UnusableRowError(f"the status {word[:40]!r} is neither in `up` nor in `down`")


def _begins_within(bin_s: int) -> MisreadFileError:
    """Two such rows of one bin could only be summed, and a repeated one would be summed again."""
    if bin_s == QUARTER_S:
        return MisreadFileError(
            "the counts do not begin on a quarter of an hour",
            'sum them to whole quarters first, or say how long they last: every = "5m"',
        )
    return MisreadFileError(
        "the counts do not begin on a whole minute",
        'sum them to whole minutes first, or give each request an id: key = ["id"]',
    )


def _time_column(plan: Plan, columns: Collection[str]) -> str:
    if "at" in plan.columns:
        return plan.columns["at"]
    return next((name for name in TIME_COLUMNS if name in columns), "at")


def _missing(column: str, columns: Collection[str], where: str) -> InputError:
    near = difflib.get_close_matches(column, columns, n=1)
    guess = f' (did you mean "{near[0]}"?)' if near else ""
    shown = ", ".join(list(columns)[:12])
    return InputError(
        f"there is no column {column!r}{guess}",
        where=where,
        mend=f"map it under `columns`; the file has {shown}",
    )
