"""How the traffic moved: which share of each service is on the new system, by local day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from collectors.store.reader import Reader
from collectors.store.together import Ids
from dashboard.config.migration_def import MigrationDef, MovedService
from dashboard.views.migration.model import MovedLine, Progress
from dashboard.views.migration.windows import each_day
from slo.days import midnight_of
from slo.facts import Reals
from slo.indicator import Ratio
from slo.lengths import DAY_S, HOUR_S, QUARTER_S
from slo.spans import Span

_LEAD_DAYS, _TAIL_DAYS = 14, 28
_LAST_DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """One service's requests on either system, by local day of the span."""

    service: MovedService
    old: Reals
    new: Reals
    is_seen: Sequence[bool]
    still_old: float
    old_later: bool


def progress(
    reader: Reader, definition: MigrationDef, look: int, sources: Sequence[str]
) -> Progress | None:
    """The move of every service that counts its traffic on both; None where nothing was counted.

    `sources` are all that are configured: a service that names none is read from the only one.
    """
    counted = [
        (one, source)
        for one in definition.services
        if one.old is not None and one.new is not None
        for source in [one.source or (sources[0] if len(sources) == 1 else "")]
        if source
    ]
    span = progress_span(definition, look)
    if not counted or not span.length_s:
        return None

    def read(of: Span) -> tuple[Sequence[Span], list[_Counted]]:
        days = each_day(of, definition.zone)
        asked = (days, look, definition)
        return days, [_count(reader, one, source, asked) for one, source in counted]

    days, found = read(span)
    # Where a service is left the move goes on, and so does its picture: as long again at most,
    # for who still asks the old system years later must not make the move itself a thin line.
    if any(one.old_later for one in found):
        span = Span(span.since, min(look, span.until + span.length_s))
        days, found = read(span)
    if not any(any(one.is_seen) or one.still_old for one in found):
        return None
    lines = tuple(_line(one, days) for one in found)
    return Progress(span, _whole(found, days), lines)


def progress_span(definition: MigrationDef, look: int) -> Span:
    """The days of the move: what lies between the periods and every cutover, up to the look.

    Where nothing lies between, two weeks before the first cutover until four after the last.
    """
    cutovers = [one.cutover for one in definition.services if one.cutover is not None]
    between = definition.transition or Span(definition.before.until, definition.after.since)
    if between.length_s:
        since = min([between.since, *cutovers])
        until = max([between.until, *(at + DAY_S for at in cutovers)])
    elif cutovers:
        since = midnight_of(min(cutovers), definition.zone, days=-_LEAD_DAYS)
        until = midnight_of(max(cutovers), definition.zone, days=_TAIL_DAYS)
    else:
        since, until = definition.before.since, definition.after.until
    return Span(min(since, look), max(min(since, look), min(until, look)))


def requests_by_service(
    reader: Reader, definition: MigrationDef, span: Span, sources: Sequence[str]
) -> Mapping[str, float]:
    """How many requests a counted day each moved service had on both systems; {} where none counts.

    Days on which nothing was counted divide nothing; only whole days (UTC) of the span are read.
    """
    made = {}
    for one in definition.services:
        source = one.source or (sources[0] if len(sources) == 1 else "")
        if one.old is None or one.new is None or not source:
            continue
        ids = (*_ids(reader, source, one.old), *_ids(reader, source, one.new))
        rows = reader.tally_rows(ids, DAY_S, _whole_bins(span, DAY_S))
        made[one.name] = float(rows.total.sum()) / len(rows.at) if len(rows.at) else 0.0
    return made


def _ids(reader: Reader, source: str, indicator: Ratio | None) -> Ids:
    return () if indicator is None else tuple(one.id for one in reader.pick(source, indicator))


def _count(
    reader: Reader,
    service: MovedService,
    source: str,
    asked: tuple[Sequence[Span], int, MigrationDef],
) -> _Counted:
    days, look, definition = asked
    old_ids, new_ids = _ids(reader, source, service.old), _ids(reader, source, service.new)
    span = Span(days[0].since, min(days[-1].until, look))
    old, saw_old = _by_day(reader, old_ids, days, span)
    new, saw_new = _by_day(reader, new_ids, days, span)
    last = Span(midnight_of(look, definition.zone, days=-_LAST_DAYS), look)
    later = Span(span.until, max(look, span.until))
    return _Counted(
        service,
        old,
        new,
        [a or b for a, b in zip(saw_old, saw_new, strict=True)],
        still_old=_total(reader, old_ids, last),
        old_later=_total(reader, old_ids, later) > 0,
    )


def _by_day(reader: Reader, ids: Ids, days: Sequence[Span], span: Span) -> tuple[Reals, list[bool]]:
    """Requests of each local day, and whether anything was said of it."""
    edges = np.array([*(day.since for day in days), days[-1].until], np.int64)
    if not ids:
        return np.zeros(len(days)), [False] * len(days)
    is_hourly = not np.any(edges % HOUR_S)
    level_s = HOUR_S if is_hourly else QUARTER_S
    rows = reader.tally_rows(ids, level_s, _whole_bins(span, level_s))
    place = np.searchsorted(edges, rows.at, side="right") - 1
    sums = np.bincount(place, weights=rows.total, minlength=len(days))[: len(days)]
    seen = np.bincount(place, minlength=len(days))[: len(days)] > 0
    return sums.astype(np.float64), [bool(one) for one in seen]


def _total(reader: Reader, ids: Ids, span: Span) -> float:
    """All requests of a span, in whole quarter hours."""
    whole = _whole_bins(span, QUARTER_S)
    return float(reader.tally_rows(ids, QUARTER_S, whole).total.sum()) if ids else 0.0


def _whole_bins(span: Span, level_s: int) -> Span:
    """The span without a last bin that reaches past it: what came after a look is not known."""
    until = span.until - span.until % level_s
    return Span(min(span.since, until), until)


def _line(one: _Counted, days: Sequence[Span]) -> MovedLine:
    shares = _shares(one.old, one.new, one.is_seen)
    moved_on = None if one.old_later else _moved_on(shares, days)
    return MovedLine(
        service=one.service.name,
        days=tuple((day.since, share) for day, share in zip(days, shares, strict=True)),
        cutover=one.service.cutover,
        moved_on=moved_on,
        old=float(one.old.sum()),
        new=float(one.new.sum()),
        still_old=one.still_old,
    )


def _whole(found: Sequence[_Counted], days: Sequence[Span]) -> MovedLine:
    """All services together: requests add up, shares do not."""
    old = np.sum([one.old for one in found], axis=0)
    new = np.sum([one.new for one in found], axis=0)
    seen = [any(one.is_seen[place] for one in found) for place in range(len(days))]
    shares = _shares(old, new, seen)
    is_later = any(one.old_later for one in found)
    return MovedLine(
        service="",
        days=tuple((day.since, share) for day, share in zip(days, shares, strict=True)),
        cutover=None,
        moved_on=None if is_later else _moved_on(shares, days),
        old=float(old.sum()),
        new=float(new.sum()),
        still_old=sum(one.still_old for one in found),
    )


def _shares(old: Reals, new: Reals, seen: Sequence[bool]) -> list[Fraction | None]:
    """The new system's share of each day; None of a day without requests."""
    return [
        Fraction(float(came)) / (Fraction(float(came)) + Fraction(float(stayed)))
        if known and came + stayed > 0
        else None
        for stayed, came, known in zip(old, new, seen, strict=True)
    ]


def _moved_on(shares: Sequence[Fraction | None], days: Sequence[Span]) -> int | None:
    """The first day from which on every day with requests was all new."""
    known = [
        (day.since, share) for day, share in zip(days, shares, strict=True) if share is not None
    ]
    if not known or known[-1][1] != 1:
        return None
    turns = [later[0] for earlier, later in pairwise(known) if earlier[1] != 1]
    return turns[-1] if turns else known[0][0]
