"""How parts of facts become batches: no key twice in one, at most 5,000 rows, sorted by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from collectors.contract import MAX_BATCH_ROWS, Batch, Counts
from collectors.files.rows import CountAt, Part, StateAt, ValueAt, identity
from slo.facts import EventRow, Fact, SampleRows, SeriesKey, StatusRows, TallyRows

_MAX_EVENT_CHARS = 4_000_000
_SHORTEST_EVENT = 200


class Gathering:
    """Parts waiting to be a batch; of one key only one, the others follow in later batches."""

    def __init__(self) -> None:
        """Start empty."""
        self.duplicates = 0
        self._read = 0
        self._parts: dict[Hashable, Part] = {}
        self._later: list[Part] = []
        self._chars = 0

    def full_with(self, parts: Sequence[Part]) -> bool:
        """Whether these parts would be too many."""
        rows = len(self._parts) + len(self._later) + len(parts)
        return rows > MAX_BATCH_ROWS or self._chars > _MAX_EVENT_CHARS

    def add(self, parts: Sequence[Part]) -> None:
        """Take the parts of one row; a row that says nothing under a new key is a duplicate."""
        fresh = [self._take(part) for part in parts]
        self._read += 1
        self.duplicates += bool(fresh) and not any(fresh)

    def batches(self) -> Iterator[Batch]:
        """What was gathered, then what disagrees with it, leaving nothing behind."""
        counts = Counts(read=self._read, duplicates=self.duplicates)
        self._read = self.duplicates = 0
        while self._parts or counts != Counts():
            yield Batch(tuple(facts_of(list(self._parts.values()))), counts=counts)
            later, self._later = self._later, []
            self._parts, self._chars, counts = {}, 0, Counts()
            for part in later:
                self._take(part)

    def _take(self, part: Part) -> bool:
        """Keep the part; False when its key is there already, with the same or another value."""
        key = identity(part)
        known = self._parts.get(key)
        if known is None or known.observed_at < part.observed_at:
            self._parts[key] = part
            self._chars += _size(part)
        elif known.observed_at == part.observed_at and known != part:
            # Which of the two holds, and that they disagree, is for the store to say.
            self._later.append(part)
        return known is None


def _size(part: Part) -> int:
    if not isinstance(part, EventRow):
        return 0
    texts = (value for value in part.fields.values() if isinstance(value, str))
    return _SHORTEST_EVENT + sum(len(text) for text in texts)


def facts_of(parts: Sequence[Part]) -> Iterator[Fact]:
    """The parts as columns, one fact a series, ascending in time; events as they are."""
    states: dict[SeriesKey, list[StateAt]] = defaultdict(list)
    values: dict[SeriesKey, list[ValueAt]] = defaultdict(list)
    counts: dict[tuple[SeriesKey, int, bool], list[CountAt]] = defaultdict(list)
    events: list[EventRow] = []
    for part in parts:
        match part:
            case StateAt():
                states[part.series].append(part)
            case ValueAt():
                values[part.series].append(part)
            case CountAt():
                counts[part.series, part.observed_at, part.estimated].append(part)
            case EventRow():
                events.append(part)
    yield from (_status_rows(series, rows) for series, rows in states.items())
    yield from (_sample_rows(series, rows) for series, rows in values.items())
    yield from (_tally_rows(rows) for rows in counts.values())
    yield from sorted(events, key=lambda event: (event.at, event.key))


def _status_rows(series: SeriesKey, rows: list[StateAt]) -> StatusRows:
    rows.sort(key=lambda row: row.at)
    return StatusRows(
        series,
        _whole([row.at for row in rows]),
        [row.state for row in rows],
        _whole([row.valid_s for row in rows]),
        _whole([row.observed_at for row in rows]),
    )


def _sample_rows(series: SeriesKey, rows: list[ValueAt]) -> SampleRows:
    rows.sort(key=lambda row: (row.at, row.key))
    keys = [row.key for row in rows]
    return SampleRows(
        series,
        _whole([row.at for row in rows]),
        np.array([row.value for row in rows], dtype=np.float64),
        _whole([row.valid_s for row in rows]),
        _whole([row.observed_at for row in rows]),
        keys if any(keys) else None,
    )


def _tally_rows(rows: list[CountAt]) -> TallyRows:
    rows.sort(key=lambda row: row.at)
    first = rows[0]
    return TallyRows(
        first.series,
        _whole([row.at for row in rows]),
        np.array([row.good for row in rows], dtype=np.float64),
        np.array([row.total for row in rows], dtype=np.float64),
        _whole([row.observed_s for row in rows]),
        first.observed_at,
        estimated=first.estimated,
    )


def _whole(numbers: list[int]) -> np.typing.NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)
