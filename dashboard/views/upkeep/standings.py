"""How each source stands at a moment, decided once for footers, `status` and *Data health*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from collectors.store.leases import CollectorSeen, Resting
from collectors.store.runs import SourceHealth
from collectors.store.stored import StoredSeries
from dashboard.views.counted.plan import reached
from dashboard.views.counted.series_index import Index
from dashboard.views.upkeep.scene import Scene
from slo.facts import SeriesKind
from slo.freshness import stale_after_s
from slo.indicator import Composite
from slo.objective import Slo

if TYPE_CHECKING:
    from dashboard.config import SourceDef

_BASE_BIN_S = 60


class State(StrEnum):
    """How a source stands, the word that people read."""

    OK = "ok"
    LATE = "late"
    PART = "in part"
    FAILING = "failing"
    NEVER = "not collected"
    FIRST = "first run"
    BEFORE = "no data yet"
    """At a moment that was asked for, and lies before its first data."""

    @property
    def phrase(self) -> str:
        """The state after the source's name."""
        return _PHRASES[self]

    @property
    def needs_hand(self) -> bool:
        """Whether somebody should look."""
        return self not in {State.OK, State.FIRST, State.BEFORE}


_PHRASES = {
    State.OK: "is well",
    State.LATE: "is late",
    State.PART: "fails in part",
    State.FAILING: "is failing",
    State.NEVER: "was never collected",
    State.FIRST: "is in its first collection",
    State.BEFORE: "has no data yet",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to when a source has counts that an objective reads, and how wide its widest bins are."""

    until: int | None = None
    bin_s: int = _BASE_BIN_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One source: its state, its runs if it had any, and `newest`, up to when there are counts.

    Counts that end before `due` are late. `is_asked` says that its last run was in time, so that
    what is late is its data.
    """

    name: str
    state: State
    newest: int | None
    due: int
    health: SourceHealth | None = None
    resting: Resting | None = None
    is_generated: bool = False
    is_asked: bool = True

    def end(self, as_of: int) -> int:
        """Up to when something was to be measured: the end of its counts, unless they are late."""
        return self.newest if self.newest is not None and self.newest >= self.due else as_of


def standings(scene: Scene) -> tuple[Standing, ...]:
    """Each source of the config as it stands."""
    seen = scene.reader.collector()
    runs = {one.last.source: one for one in runs_of(scene)}
    stored = scene.reader.series(kind=SeriesKind.TALLY)
    known = reaches(scene.config.slos, stored, scene.as_of)
    return tuple(
        _standing(scene, source, runs.get(source.name), known.get(source.name), seen)
        for source in scene.config.sources
    )


def runs_of(scene: Scene) -> tuple[SourceHealth, ...]:
    """The last run of each source; of a fixed moment those that had ended by then.

    A moment that follows the clock is shared for seconds, in which runs go on ending: they count.
    """
    found = scene.reader.last_runs()
    if not scene.is_fixed:
        return found
    return tuple(one for one in found if one.last.ended_at <= scene.as_of)


def reaches(slos: Iterable[Slo], stored: Iterable[StoredSeries], as_of: int) -> Mapping[str, Reach]:
    """How far the counts reach, by source: no other counts than its objectives read."""
    index, found = Index(stored), dict[str, Reach]()
    for slo in slos:
        if isinstance(slo.indicator, Composite):
            continue  # its members stand for it
        series = index.of(slo)
        before = found.get(slo.source, Reach())
        begun = any(life.since < as_of for life in series.lives)
        ends = [before.until, reached(series, as_of) if begun else None]
        until = max((end for end in ends if end is not None), default=None)
        found[slo.source] = Reach(until, max(before.bin_s, series.bin_s))
    return found


def _standing(
    scene: Scene,
    source: SourceDef,
    health: SourceHealth | None,
    reach: Reach | None,
    seen: CollectorSeen | None,
) -> Standing:
    bin_s = _BASE_BIN_S if reach is None else reach.bin_s
    due = scene.as_of - stale_after_s(source.every_s, bin_s=bin_s)
    works = seen is not None and seen.works_at(scene.as_of)
    is_asked = scene.is_fixed or _is_in_time(health, source.every_s, scene.as_of)
    return Standing(
        name=source.name,
        state=(
            _without_run(reach, due, scene, works=works)
            if health is None
            else _by_run(health, reach, due, is_asked=is_asked)
        ),
        newest=None if reach is None else reach.until,
        due=due,
        health=health,
        resting=None if seen is None or scene.is_fixed else seen.standing.resting.get(source.name),
        is_generated=source.is_generated,
        is_asked=is_asked,
    )


def _is_in_time(health: SourceHealth | None, every_s: int, as_of: int) -> bool:
    return health is not None and as_of - health.last.ended_at <= stale_after_s(every_s)


def _by_run(health: SourceHealth, reach: Reach | None, due: int, *, is_asked: bool) -> State:
    """The gravest that holds: it fails, it is not asked, its data ended though it answers."""
    if health.last.is_in_part:
        return State.PART
    if health.last.error is not None:
        return State.FAILING
    newest = None if reach is None else reach.until
    has_ended = newest is not None and newest < due
    return State.LATE if has_ended or not is_asked else State.OK


def _without_run(reach: Reach | None, due: int, scene: Scene, *, works: bool) -> State:
    """What its data alone say; a collector at work begins with every source at once."""
    newest = None if reach is None else reach.until
    if scene.is_fixed:
        if newest is not None and newest < due:
            return State.LATE
        return State.BEFORE if reach is not None and newest is None else State.OK
    if works:
        return State.FIRST
    return State.NEVER if newest is None else State.LATE
