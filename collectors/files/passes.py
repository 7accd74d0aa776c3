"""One pass over a file: every row read, counted, and the unusable ones set aside with a reason."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from collectors.contract import Batch, Counts
from collectors.files.batching import Gathering
from collectors.files.cells import MisreadFileError, Reason, UnusableRowError
from collectors.files.gauges import MetricReader
from collectors.files.mapping import Reader
from collectors.files.openmetrics import MetricSample, metric_samples
from collectors.files.plan import SUFFIXES, Format, Plan
from collectors.files.reading import Progress, no_progress, refuse_bomb, text_of
from collectors.files.records import Columns, Flaw, Record, records
from collectors.files.rows import Part
from collectors.files.times import known_times
from slo.errors import InputError
from slo.spans import Span

_REASONS = {
    Reason.MALFORMED: Counts(read=1, skipped_malformed=1),
    Reason.NO_NUMBER: Counts(read=1, dropped_nonfinite=1),
    Reason.FUTURE: Counts(read=1, dropped_future=1),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file and how to read it; `shown` is the name under which people know it."""

    path: Path
    shown: str
    plan: Plan

    @property
    def written(self) -> Format:
        """The format, from the configuration or from the name without `.gz`.

        Raises:
            InputError: neither says it.
        """
        if self.plan.format is not None:
            return self.plan.format
        named = Path(self.path.stem) if self.path.suffix == ".gz" else self.path
        found = SUFFIXES.get(named.suffix.lower())
        if found is None:
            raise InputError(
                "the name of the file does not say its format",
                where=self.shown,
                mend=f"format = one of {', '.join(known.value for known in Format)}",
            )
        return found


class Pass:
    """Reads a file once; afterwards knows what it counted and the first row it could not use."""

    def __init__(
        self,
        source: Source,
        now: int,
        progress: Progress = no_progress,
        *,
        at_most: int | None = None,
    ) -> None:
        """Open nothing yet; `at_most` so many rows will be read, all without it."""
        self._at_most = at_most
        self.usable = 0
        self.unusable = Counts()
        self.first_flaw = ""
        self.notes: list[str] = []
        self._source, self._known, self._progress = source, known_times(now), progress

    @property
    def read(self) -> int:
        """How many rows were read, usable or not."""
        return self.usable + self.unusable.read

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than were to be read; the names of columns are one."""
        return self._at_most is not None and self.read + 1 >= self._at_most

    @property
    def lost(self) -> int:
        """How many rows are wrong, or lie in the future."""
        return self.unusable.skipped_malformed + self.unusable.dropped_future

    def parts(self) -> Iterator[tuple[Part, ...]]:
        """What each usable row says, in the order of the file.

        Raises:
            InputError: the file as a whole cannot be read.
        """
        source = self._source
        limit = source.plan.max_expanded_bytes
        with text_of(source.path, max_expanded=limit, progress=self._progress) as text:
            if source.written is Format.OPENMETRICS:
                samples = metric_samples(text, source.shown)
                yield from self._metrics(islice(samples, self._at_most))
            else:
                found = records(text, source.plan, source.written, source.shown)
                yield from self._rows(islice(found, self._at_most))

    def _rows(self, found: Iterator[Columns | Record | Flaw]) -> Iterator[tuple[Part, ...]]:
        reader = None
        for row in found:
            if isinstance(row, Flaw):
                self._flawed(row)
                continue
            if isinstance(row, Columns):
                reader = self._reader(row.names, objects=False)
                continue
            if reader is None:
                reader = self._reader(row.cells.keys(), objects=True)
            try:
                parts = reader.parts(row.cells)
            except UnusableRowError as error:
                self._set_aside(row.place, error)
            except MisreadFileError as error:
                where = f"{self._source.shown}:{row.place}"
                raise InputError(str(error), where=where, mend=error.mend) from error
            else:
                self.usable += 1
                yield parts
        if reader is None:
            return
        self.unusable += Counts(dropped_nonfinite=reader.remarks.without_number)
        if reader.remarks.doubtful:
            self.notes.append(_doubts(reader.remarks.doubtful, self._source.plan))

    def _reader(self, columns: Collection[str], *, objects: bool) -> Reader:
        source = self._source
        return Reader.of(source.plan, self._known, columns, source.shown, objects=objects)

    def _metrics(self, found: Iterator[MetricSample | Flaw]) -> Iterator[tuple[Part, ...]]:
        reader = MetricReader(self._source.plan, self._known, self._source.shown)
        for sample in found:
            if isinstance(sample, Flaw):
                self._flawed(sample)
                continue
            try:
                parts = reader.parts(sample)
            except UnusableRowError as error:
                self._set_aside(sample.place, error)
            else:
                if parts:
                    self.usable += 1
                    yield parts
        if reader.left_out:
            names = ", ".join(sorted(reader.left_out)[:5])
            self.notes.append(f"{len(reader.left_out)} other metrics were left out: {names}")

    def _flawed(self, flaw: Flaw) -> None:
        self.unusable += Counts(read=flaw.rows, skipped_malformed=flaw.rows)
        self._remember(flaw.place, flaw.why)

    def _set_aside(self, place: int, error: UnusableRowError) -> None:
        self.unusable += _REASONS[error.reason]
        if error.reason is not Reason.NO_NUMBER:
            self._remember(place, str(error))

    def _remember(self, place: int, why: str) -> None:
        if not self.first_flaw:
            self.first_flaw = f"{self._source.shown}:{place}: {why}"


def _doubts(times: int, plan: Plan) -> str:
    return (
        f"{times} local times fall where the clocks of {plan.zone} were changed:"
        " one shown twice is taken as the first, one skipped as not put forward"
    )


def check(source: Source, now: int, progress: Progress = no_progress) -> tuple[str, ...]:
    """What people should know of the file before its rows are stored.

    Raises:
        InputError: too many of its rows cannot be used, or the file as a whole cannot.
    """
    refuse_bomb(source.path, max_expanded=source.plan.max_expanded_bytes)
    checked = Pass(source, now, progress)
    for _ in checked.parts():
        pass
    refused = refusal(checked, source)
    if refused is not None:
        raise refused
    if checked.lost:
        checked.notes.insert(0, f"{checked.lost:,} rows skipped; the first: {checked.first_flaw}")
    if not checked.read:
        checked.notes.append(f"{source.shown} holds no rows")
    elif not checked.usable:
        checked.notes.append(f"none of the {checked.read:,} rows of {source.shown} can be used")
    return tuple(checked.notes)


def refusal(checked: Pass, source: Source) -> InputError | None:
    """Why the rows that were read cannot stand for what the file should be; None when they can."""
    unusable, read = checked.lost, checked.read
    if unusable * 100 <= source.plan.max_malformed_percent * read:
        return None
    return InputError(
        f"{unusable:,} of {read:,} rows cannot be used; the first: {checked.first_flaw}",
        where=source.shown,
        mend=_mend(unusable, read, is_hopeless=not checked.usable),
    )


def _mend(unusable: int, read: int, *, is_hopeless: bool) -> str:
    """Allowing more helps where something is left, and only with a number that is enough."""
    if is_hopeless:
        return "no row can be used: name the columns, units and words as that first row has them"
    share = math.ceil(100 * unusable / read)
    return f"mend the rows or the columns named for them, or allow more: max_malformed = {share}"


def batches(source: Source, span: Span, now: int, progress: Progress) -> Iterator[Batch]:
    """The facts of the file inside the span, as batches that carry what was counted.

    Raises:
        InputError: the file cannot be read as what it should be; it was read through before
            the first batch, so nothing of it is stored.
    """
    notes = check(source, now, progress)
    reading, gathering = Pass(source, now, progress), Gathering()
    repeated = 0
    for parts in reading.parts():
        wanted = [part for part in parts if span.since <= part.at < span.until]
        if gathering.full_with(wanted):
            repeated += gathering.duplicates
            yield from gathering.batches()
        gathering.add(wanted)
    repeated += gathering.duplicates
    yield from gathering.batches()
    yield Batch((), counts=reading.unusable, warnings=(*notes, *_repeated(repeated, source)))


def _repeated(rows: int, source: Source) -> tuple[str, ...]:
    if not rows:
        return ()
    if source.written is Format.OPENMETRICS:
        return (f"{rows:,} samples repeat the labels and time of another",)
    option = source.plan.told_apart_by
    shared = "key" if option == "key" else "series and time"
    return (
        f"{rows:,} rows repeat the {shared} of another; {option} = [...] tells different things apart",
    )
