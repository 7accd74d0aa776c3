"""Which corrections bear on an SLO, how much of its window they cover, and whom else they touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from collectors.store.corrections import StoredCorrection, Targets
from collectors.store.stored import HasSeries
from dashboard.views.counted.series_index import Index
from dashboard.views.slos.slo_view import SloView
from slo.corrections import Correction
from slo.facts import SeriesKey, SeriesKind
from slo.lengths import DAY_S
from slo.objective import Slo
from slo.spans import Span, united

AHEAD_S = 31 * DAY_S


class Corrected(HasSeries, Protocol):
    """The part of the store's reader that knows corrections and what they are about."""

    def corrections(self) -> tuple[StoredCorrection, ...]:
        """Every correction there ever was, in the order of their making."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """A correction that holds for an SLO: what it covers of the window, and what comes next.

    `coming` is the stretch that is under way or comes next, None where none does in a month.
    """

    correction: Correction
    covered: tuple[Span, ...]
    coming: Span | None

    @property
    def covered_s(self) -> int:
        """How much of the window it covers."""
        return sum(span.length_s for span in self.covered)


def bearing(reader: Corrected, view: SloView) -> tuple[Bearing, ...]:
    """The corrections that bear on the window of an SLO or will soon, the latest first."""
    stored = reader.corrections()
    if not stored:
        return ()
    tallies = reader.series(kind=SeriesKind.TALLY)
    ids = frozenset(view.series_ids)
    mine = [one.key for one in tallies if one.id in ids]
    found = (_bearing(one, view) for one in bearing_on(stored, mine))
    told = [one for one in found if one.covered or one.coming is not None]
    return tuple(sorted(told, key=_latest, reverse=True))


def bearing_on(
    stored: Iterable[StoredCorrection], tallies: Collection[SeriesKey]
) -> Iterator[Correction]:
    """The corrections that hold of any of these tallies, whichever SLO that reads them they name."""
    for one in stored:
        if one.revoked_at is None and any(map(one.holds, tallies)):
            yield one.correction


def covered_s(found: Iterable[Bearing]) -> int:
    """How much of the window is covered by any of them."""
    return sum(span.length_s for span in united(part for one in found for part in one.covered))


def also_touched(
    reader: Corrected, slos: Iterable[Slo], found: Collection[Correction]
) -> dict[str, tuple[str, ...]]:
    """By the key of each correction the SLOs whose figures it changes though it does not name them.

    They read some of the same counts: an objective of another target, or a composite. What is
    stored is read once, and looked through once for all corrections that are about the same.
    """
    stored = reader.series(kind=SeriesKind.TALLY)
    targets = {one.correction.key: one for one in reader.corrections()}
    index = Index(stored)
    read = [(slo, frozenset(index.of(slo).ids)) for slo in slos]
    met: dict[Targets, frozenset[int]] = {}
    touched = {}
    for correction in found:
        held = targets[correction.key]
        if held.targets not in met:
            met[held.targets] = frozenset(one.id for one in stored if held.holds(one.key))
        touched[correction.key] = tuple(
            slo.name
            for slo, ids in read
            if not correction.scope.holds(slo.name, slo.service) and ids & met[held.targets]
        )
    return touched


def _bearing(correction: Correction, view: SloView) -> Bearing:
    ahead = Span(view.as_of, view.as_of + AHEAD_S)
    coming = next(iter(correction.spans_within(ahead)), None)
    return Bearing(correction, correction.spans_within(view.span), coming)


def _latest(one: Bearing) -> tuple[int, str]:
    spans = [*one.covered, *([one.coming] if one.coming else [])]
    return spans[-1].since, one.correction.key
