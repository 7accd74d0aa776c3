"""How each source stands, in the few words that a footer has room for."""

from __future__ import annotations

from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_words import good_words, reason_words, streams_words
from dashboard.views.upkeep.standings import Standing, State, standings
from dashboard.views.words import ago_words, moment_words


def source_lines(scene: Scene) -> tuple[SourceLine, ...]:
    """Each source by its last run; by the end of its data where the moment was asked for."""
    return tuple(_line(found, scene) for found in standings(scene))


def _line(found: Standing, scene: Scene) -> SourceLine:
    said = _reach(found) if scene.is_fixed else _words(found, scene.as_of)
    return SourceLine(
        found.name,
        f"{said}, generated figures" if found.is_generated else said,
        is_late=found.state.needs_hand,
        is_generated=found.is_generated,
    )


def _words(found: Standing, as_of: int) -> str:
    if found.health is None:
        return _without_run(found.state)
    run = found.health.last
    ago = ago_words(as_of - run.ended_at)
    match found.state:
        case State.PART:
            return f"collected {ago}, {streams_words(run)} ({reason_words(run)})"
        case State.FAILING:
            return f"failing ({reason_words(run)}), {good_words(found.health.last_good_at, as_of)}"
        case State.LATE:
            return f"late, collected {ago}{f', data {_reach(found)}' if found.is_asked else ''}"
        case _:
            return f"collected {ago}"


def _without_run(state: State) -> str:
    match state:
        case State.FIRST:
            return "in its first collection"
        case State.LATE:
            return "late, no run on record"
        case _:
            return "not collected yet"


def _reach(found: Standing) -> str:
    return "without data" if found.newest is None else f"to {moment_words(found.newest)}"
