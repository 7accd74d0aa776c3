"""Everything the page *Data health* shows: each source, the holes, and this burnline itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from dashboard.views.counted.measured import DAYS, Day, Hole, Measured, day_of, measured
from dashboard.views.pages.fleet import board_of, judged
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import Board
from dashboard.views.upkeep.house import house_rows
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_words import lag_words, said_of
from dashboard.views.upkeep.standings import Standing, State, runs_of, standings
from dashboard.views.upkeep.untold import untold
from dashboard.views.words import (
    NOTHING,
    date_words,
    duration_words,
    length_words,
    near_words,
    percent_words,
)
from slo.judgement import Now
from slo.lengths import DAY_S
from slo.spans import Span

if TYPE_CHECKING:
    from dashboard.config import SourceDef

_UNREAD = "nothing: no objective and no migration reads it"
_NAMED, _HOLES = 2, 8
_ORDER = (
    State.FAILING,
    State.LATE,
    State.PART,
    State.NEVER,
    State.FIRST,
    State.BEFORE,
    State.OK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source in words, with what share of each of the last 28 days it measured."""

    name: str
    about: str
    state: State
    newest: str
    lag: str
    coverage: str
    days: tuple[Fraction | None, ...]
    words: str
    feeds: str

    @property
    def needs_hand(self) -> bool:
        """Whether somebody should look."""
        return self.state.needs_hand

    @property
    def strip(self) -> tuple[Day | None, ...]:
        """The days as a picture shows them."""
        return tuple(day_of(share) for share in self.days)

    @property
    def strip_words(self) -> str:
        """The days for who cannot see them."""
        return f"coverage by day, {DAYS} days: {self.coverage}"


@dataclass(frozen=True, slots=True)
class HoleRow:
    """One hole in words."""

    source: str
    span: str
    length: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    """The page; `house` are the rows about this burnline, `untold` the channels that lag behind."""

    board: Board
    rows: tuple[SourceRow, ...]
    holes: tuple[HoleRow, ...]
    more_holes: int
    days: str
    house: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    untold: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The verdict over all sources in a sentence, and which channels take nothing."""
        if not self.untold:
            return self._of_sources
        named = [*self.untold[:2], *([f"{len(self.untold) - 2} more"] if self.untold[2:] else [])]
        channels = "channel" if len(self.untold) == 1 else "channels"
        return f"{self._of_sources}; not told: {channels} {', '.join(named)}"

    @property
    def _of_sources(self) -> str:
        wrong = [row for row in self.rows if row.needs_hand]
        if not self.rows:
            return "No source is configured"
        sources = "source" if len(self.rows) == 1 else "sources"
        if not wrong:
            return _nothing_wrong(self.rows, self.board)
        if all(row.state is State.NEVER for row in self.rows):
            return "No source was collected yet"
        named = [f"{row.name} {row.state.phrase}" for row in wrong[:3]]
        more = [f"{len(wrong) - 3} more"] if len(wrong) > 3 else []  # noqa: PLR2004 - as many as a line holds
        verb = "needs" if len(wrong) == 1 else "need"
        return (
            f"{len(wrong)} of {len(self.rows)} {sources} {verb} a hand: {', '.join(named + more)}"
        )

    @property
    def frozen(self) -> str:
        """How many objectives cannot be judged; empty where all can."""
        blind, count = len(_blind(self.board)), len(self.board.views)
        if not blind:
            return ""
        which = "The objective" if count == 1 else f"{blind} of {count} objectives"
        whose = "Its alerts are" if blind == 1 else "Their alerts are"
        return f"{which} cannot be judged now. {whose} frozen, not resolved."


def _blind(board: Board) -> list[SloView]:
    """The objectives that cannot be judged."""
    return [view for view in board.views if view.judgement.now is Now.FROZEN]


def _nothing_wrong(rows: Sequence[SourceRow], board: Board) -> str:
    """That every source answers, and what is missing nevertheless."""
    first = sum(row.state is State.FIRST for row in rows)
    blind, before = _blind(board), [row.name for row in rows if row.state is State.BEFORE]
    if before:
        verb = "has" if len(before) == 1 else "have"
        return f"{len(before)} of {len(rows)} sources {verb} no data yet: {', '.join(before[:3])}"
    if blind and not first:
        who = f"{rows[0].name} answers" if len(rows) == 1 else f"All {len(rows)} sources answer"
        return f"{who}, but {_blind_words(blind, board.as_of)}"
    if len(rows) == 1:
        return f"{rows[0].name} {rows[0].state.phrase}"
    if not first:
        return f"All {len(rows)} sources are well"
    verb, whose = ("is", "its") if first == 1 else ("are", "their")
    return f"{first} of {len(rows)} sources {verb} in {whose} first collection"


def _blind_words(blind: Sequence[SloView], as_of: int) -> str:
    view, *more = blind
    if more:
        return f"{len(blind)} objectives cannot be judged"
    if view.ended_at is None:
        return f"{view.name} has no data"
    return f"{view.name} has had no data since {near_words(view.ended_at, as_of)}"


def health_of(scene: Scene) -> HealthPage:
    """The page at the scene's moment."""
    views = by_need(judged(scene))
    known = zip(scene.config.sources, standings(scene), strict=True)
    found = [_source(scene, source, views, standing) for source, standing in known]
    found.sort(key=lambda pair: (_ORDER.index(pair[0].state), pair[0].name))
    holes = sorted(
        (hole for _, one in found for hole in one.holes), key=lambda hole: -hole.span.until
    )
    mends = {source.name: source.fills_holes for source in scene.config.sources}
    return HealthPage(
        board=board_of(scene, views),
        rows=tuple(row for row, _ in found),
        holes=tuple(_hole(hole, mends[hole.source], scene.as_of) for hole in holes[:_HOLES]),
        more_holes=max(0, len(holes) - _HOLES),
        days=f"{date_words(scene.as_of - (DAYS - 1) * DAY_S)} to {date_words(scene.as_of)}",
        house=house_rows(scene, scene.reader.collector(), runs_of(scene)),
        untold=tuple(one.channel for one in untold(scene.reader.alerts, scene.as_of)),
    )


def _source(
    scene: Scene, source: SourceDef, views: Sequence[SloView], standing: Standing
) -> tuple[SourceRow, Measured]:
    own = [view for view in views if view.slo.source == source.name]
    found = measured(
        source.name, own, scene.reader, as_of=scene.as_of, end=standing.end(scene.as_of)
    )
    happened, newest = _happened(scene, source.name, standing.newest)
    row = SourceRow(
        name=source.name,
        about=f"{source.kind}, every {length_words(source.every_s)}",
        state=standing.state,
        newest=NOTHING if newest is None else near_words(newest, scene.as_of),
        lag=lag_words(standing.newest, scene.as_of),
        coverage="100 %" if found.share == 1 else percent_words(found.share, 1),
        days=found.days,
        words=said_of(standing, scene),
        feeds=_feeds(own, happened, _moves(scene, source.name)),
    )
    return row, found


def _happened(scene: Scene, source: str, newest: int | None) -> tuple[tuple[str, ...], int | None]:
    """What kinds of events the source told of in the 28 days, and the newest fact of all."""
    span = Span(scene.as_of - DAYS * DAY_S, scene.as_of)
    events = scene.reader.events(source=source, span=span)
    kinds = sorted({f"{one.kind.value.replace('_', ' ')}s" for one in events})
    last = max((one.at for one in events), default=None)
    known = [at for at in (newest, last) if at is not None]
    return tuple(kinds), max(known) if known else None


def _moves(scene: Scene, source: str) -> list[str]:
    """The migrations of which a measure reads a series of the source, by their titles."""
    found = []
    for one in scene.config.migrations:
        compared = {*(each.source for each in one.metrics), *(each.source for each in one.besides)}
        if source in compared | {each.source for each in one.services}:
            found.append(f"migration {one.title}")
    return found


def _feeds(views: Sequence[SloView], happened: Sequence[str], moves: Sequence[str]) -> str:
    """What stands on the source: objectives by name, or how many, kinds of events, migrations."""
    names = [view.name for view in views]
    objectives = [f"{len(names)} objectives"] if len(names) > _NAMED else names
    return ", ".join([*objectives, *happened, *moves]) or _UNREAD


def _hole(hole: Hole, mend: str, as_of: int) -> HoleRow:
    since = near_words(hole.span.since, as_of)
    until = "open" if hole.is_open else f"to {near_words(hole.span.until, hole.span.since)}"
    more = len(hole.names) - 1
    names = hole.names[0] + (f" and {more} more" if more else "")
    whose = "" if hole.is_whole else f", {names} only"
    ended = as_of if hole.is_open else hole.span.until
    return HoleRow(
        hole.source,
        f"{since}{', ' if hole.is_open else ' '}{until}{whose}",
        duration_words(ended - hole.span.since),
        mend,
    )
