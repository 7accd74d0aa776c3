"""Which measure of a migration report a row of a document means, and by which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.measures.contract import Unit
from dashboard.views.claims.reading import ClaimedRow
from dashboard.views.migration.model import Row
from slo.evidence.claims.quantities import Dimension
from slo.evidence.claims.subjects import Subject, subject
from slo.evidence.claims.written import plain

_FITS = {
    Unit.SECONDS: {Dimension.TIME},
    Unit.RATIO: {Dimension.PERCENT},
    Unit.NUMBER: {Dimension.NUMBER, Dimension.PERCENT, Dimension.RATE, Dimension.TIME},
}


@dataclass(frozen=True, slots=True)
class Match:
    """The measure that a row means, and by what it was known: its id, its title, or words of both.

    `rivals` are the measures that it may mean just as well, by name, so that it means none.
    """

    measure: Row | None = None
    known_by: str = ""
    rivals: tuple[str, ...] = ()


def matched(row: ClaimedRow, measures: Sequence[Row]) -> Match:
    """The measure of the row's id, of its title, or else the one that shares most words with it.

    A measure in another kind of unit is none; where several share as many words none is meant.
    """
    fitting = [one for one in measures if _fits(row, one)]
    name = _folded(row.metric)
    for one in fitting:
        if name and name == _folded(one.metric.id):
            return Match(one, "id")
        if name and name == _folded(one.metric.title):
            return Match(one, "title")
    return _by_words(row, fitting)


def _by_words(row: ClaimedRow, measures: Sequence[Row]) -> Match:
    about = subject(row.metric)
    likeness = [_likeness(about, _about(one)) for one in measures]
    most = max(likeness, default=0.0)
    if most <= 0:
        return Match()
    best, *others = (one for one, like in zip(measures, likeness, strict=True) if like == most)
    if others:
        return Match(rivals=tuple(one.metric.title for one in (best, *others)))
    told = sorted((about.topics | about.things) & (_about(best).topics | _about(best).things))
    return Match(best, f"words: {', '.join(told)}")


def _about(one: Row) -> Subject:
    return subject(f"{one.metric.title} {one.metric.id.replace('-', ' ')} {one.metric.service}")


def _likeness(claimed: Subject, ours: Subject) -> float:
    """How much of both sides' words is shared; nothing where their things are others."""
    topics, things = claimed.topics & ours.topics, claimed.things & ours.things
    if not topics and not things:
        return 0.0
    if claimed.things and ours.things and not things:
        return 0.0
    if claimed.topics and ours.topics and not topics:
        return 0.0
    shared = 2 * len(topics) + len(things)
    extra = len(claimed.topics ^ ours.topics) + len(claimed.things ^ ours.things)
    return shared - extra / 10


def _fits(row: ClaimedRow, one: Row) -> bool:
    """Whether the row's values can be those of the measure; unknown values fit everything."""
    value = row.after or row.before
    if value is None or one.measured is None:
        return True
    rates = {Dimension.RATE, Dimension.NUMBER}
    return value.unit.dimension in _FITS.get(one.measured.unit, rates)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", plain(text)).strip()
