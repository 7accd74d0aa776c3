"""Which months or quarters kept their promise: each counted by the definition then in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from collectors.store.stored import HasSeries
from collectors.store.together import Together
from collectors.store.versions import Definition
from collectors.store.windows import WindowAsk
from dashboard.views.counted.series_index import Index, Series
from dashboard.views.slos.promised import Held, held
from slo.compliance import Compliance
from slo.coverage import coverage, is_enough
from slo.indicator import is_worst_member
from slo.judgement import State, state_of
from slo.objective import Slo
from slo.periods import NamedPeriod, ReportPeriod, last_complete
from slo.spans import CalendarWindow, Span
from slo.splits import group_name
from slo.tally import Tally

_Read = tuple[Together, Span]
"""Which series over which span."""
MOST_PERIODS = 120
"""Ten years of months: no table says more, and no question of a store is longer."""


class Counts(HasSeries, Protocol):
    """The part of the store's reader that past periods are counted from."""

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """The tally of each ask over each of its spans; None where there is no row."""

    def changed_definitions(self) -> Mapping[str, tuple[Definition, ...]]:
        """Every version of each SLO that has more than one, by its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period: what was promised in it, and all that was counted."""

    slo: Slo
    span: Span
    raw: Tally | None

    @property
    def tally(self) -> Tally | None:
        """The counts as corrections leave them."""
        return None if self.raw is None else self.raw.under(self.slo.treatment)


@dataclass(frozen=True, slots=True)
class Kept:
    """A period as far as it has gone, its parts in the order of time.

    `members` are the series that were to report at its end.
    """

    period: NamedPeriod
    span: Span
    parts: tuple[Part, ...]
    members: int

    @property
    def is_running(self) -> bool:
        """Whether a part of it lies ahead of what is counted."""
        return self.span.until < self.period.span.until

    @property
    def compliance(self) -> Compliance:
        """The counts held against the targets of their parts."""
        return Compliance(tuple((one.slo.objective, one.tally) for one in self.parts))

    @property
    def uncorrected(self) -> Compliance:
        """The same with everything that corrections exclude."""
        return Compliance(tuple((one.slo.objective, one.raw) for one in self.parts))

    @property
    def is_corrected(self) -> bool:
        """Whether corrections exclude anything of it."""
        raws = [one.raw for one in self.parts if one.raw is not None]
        return any(one.excluded_s or one.excluded_total for one in raws)

    @property
    def state(self) -> State:
        """How far the counts can be believed."""
        return state_of(self.compliance.tally)

    @property
    def coverage(self) -> Fraction | None:
        """The share of the time so far that was measured."""
        return coverage(self.uncorrected.tally, self.span, self.members)

    @property
    def counts(self) -> bool:
        """Whether it is counted as kept or missed: half of the whole of it was measured."""
        return self.compliance.is_kept is not None and is_enough(
            self.uncorrected.tally, self.period.span, self.members
        )

    @property
    def projected(self) -> Fraction | None:
        """What is left of the whole period's budget if the rest has this traffic and no bad event.

        The rest is held to the target in force last. None of a period that has ended, or of which
        nothing is known.
        """
        if not self.is_running:
            return None
        elapsed_s, whole_s = self.span.length_s, self.period.span.length_s
        return self.compliance.projected_remaining(elapsed_s, whole_s)


@dataclass(frozen=True, slots=True)
class Record:
    """The periods of an SLO, the latest first; `zone` is whose days they follow."""

    slo: Slo
    zone: ZoneInfo
    periods: tuple[Kept, ...]


def records(
    reader: Counts, slos: Sequence[Slo], by: ReportPeriod, zone: ZoneInfo, as_of: int
) -> tuple[Record, ...]:
    """The record of each SLO since its first count, all read by one statement.

    Days are those of the SLO's own calendar window, else those of `zone`. Nothing from `as_of`
    on is counted. Parts meet on the bins that the store keeps.
    """
    index = Index.of_tallies(reader)
    changed = reader.changed_definitions()
    families = [tuple(_drafts(slo, zone, index, changed, as_of)) for slo in slos]
    pieces = {draft: tuple(draft.pieces(by, as_of)) for made in families for draft in made}
    counted = _counted(reader, [piece for found in pieces.values() for piece in found])
    return tuple(
        Record(slo, _zone(slo, zone), _least([_kept(pieces[one], counted) for one in made]))
        for slo, made in zip(slos, families, strict=True)
    )


def _drafts(
    slo: Slo,
    zone: ZoneInfo,
    index: Index,
    changed: Mapping[str, Sequence[Definition]],
    as_of: int,
) -> Iterator[_Draft]:
    """What is to be counted for an SLO; of a composite by its worst member, each member's."""
    versions = held(slo, changed.get(group_name(slo), ()), as_of)
    if not is_worst_member(slo.indicator):
        yield _Draft(_zone(slo, zone), tuple((one, index.of(one.slo)) for one in versions))
        return
    for member in _worst_of(slo):
        yield _Draft(
            _zone(slo, zone),
            tuple((_of_member(one, member), index.of(member)) for one in versions),
        )


def _worst_of(slo: Slo) -> Iterator[Slo]:
    """The members of which the worst counts, those of a worst member among them in its place."""
    for member in slo.composed:
        if is_worst_member(member.indicator):
            yield from _worst_of(member)
        else:
            yield member


def _of_member(one: Held, member: Slo) -> Held:
    """The member held to what the composite promised then."""
    return replace(one, slo=replace(member, objective=one.slo.objective))


def _least(members: Sequence[Iterable[Kept]]) -> tuple[Kept, ...]:
    """For each period the member that kept least of it; one that was measured before others."""
    found: dict[Span, list[Kept]] = {}
    for kept in chain.from_iterable(members):
        found.setdefault(kept.period.span, []).append(kept)
    latest = sorted(found, key=lambda span: -span.since)
    return tuple(min(found[span], key=_left) for span in latest)


def _left(kept: Kept) -> tuple[bool, Fraction]:
    left = kept.compliance.remaining
    return left is None, left or Fraction(0)


def _counted(reader: Counts, pieces: Sequence[_Piece]) -> dict[_Read, Tally | None]:
    """The counts of every piece, those of the same series asked for together."""
    wanted: dict[Together, list[Span]] = {}
    for piece in pieces:
        wanted.setdefault(piece.series.together, []).append(piece.span)
    asks = [WindowAsk(of, tuple(dict.fromkeys(spans))) for of, spans in wanted.items()]
    answers = reader.windows(asks) if asks else []
    return {
        (ask.together, span): tally
        for ask, tallies in zip(asks, answers, strict=True)
        for span, tally in zip(ask.spans, tallies, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is to be counted: a part of a period under one promise, and the series that answer."""

    period: NamedPeriod
    slo: Slo
    series: Series
    span: Span


@dataclass(frozen=True, slots=True)
class _Draft:
    """The promises of an SLO or a member one after the other, and the series that answer each."""

    zone: ZoneInfo
    held: tuple[tuple[Held, Series], ...]

    def pieces(self, by: ReportPeriod, as_of: int) -> Iterator[_Piece]:
        """The parts of all periods since the first count, the latest period first."""
        lives = [life for _, series in self.held for life in series.lives]
        if not lives:
            return
        known = Span(min(life.since for life in lives), max(life.until for life in lives))
        until = min(known.until, as_of)
        if until <= known.since:
            return
        period = last_complete(by, self.zone, until - 1).following
        for _ in range(MOST_PERIODS):
            yield from self._parts(period, until)
            period = period.before
            if period.span.until <= known.since:
                return

    def _parts(self, period: NamedPeriod, until: int) -> Iterator[_Piece]:
        counted = Span(period.span.since, min(period.span.until, until))
        for one, series in self.held:
            part = one.within(counted)
            since, end = (_on_bin(at, counted, series.bin_s) for at in (part.since, part.until))
            if since < end:
                yield _Piece(period, one.slo, series, Span(since, end))


def _on_bin(at: int, counted: Span, bin_s: int) -> int:
    """The moment moved down to a bin, so that parts meet; the beginning stays what it is."""
    return at if at == counted.since else max(counted.since, at - at % bin_s)


def _kept(pieces: Iterable[_Piece], counted: Mapping[_Read, Tally | None]) -> Iterator[Kept]:
    """The pieces with their counts, those of one period together."""
    for _, group in groupby(pieces, key=lambda piece: piece.period.span):
        parts = tuple(group)
        span = Span(parts[0].span.since, parts[-1].span.until)
        yield Kept(
            period=parts[0].period,
            span=span,
            parts=tuple(
                Part(one.slo, one.span, counted[one.series.together, one.span]) for one in parts
            ),
            members=parts[-1].series.members(span.until),
        )


def _zone(slo: Slo, zone: ZoneInfo) -> ZoneInfo:
    """Whose days the SLO's periods follow."""
    windows = (slo.window, *slo.further)
    return next((one.zone for one in windows if isinstance(one, CalendarWindow)), zone)
