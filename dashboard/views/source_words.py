"""How one source stands, in a word and in a sentence."""

from __future__ import annotations

from enum import StrEnum

from collectors.store.leases import Resting
from collectors.store.runs import SourceHealth
from collectors.turns import NOT_ASKED
from dashboard.views.scene import Scene
from dashboard.views.sentence import sentence
from dashboard.views.words import NOTHING, duration_words, near_words

_LONGEST = 160


class State(StrEnum):
    """How a source stands, the word that people read."""

    OK = "ok"
    LATE = "late"
    SILENT = "silent"
    PART = "in part"
    FAILING = "failing"
    NEVER = "not collected"
    FIRST = "first run"

    @property
    def phrase(self) -> str:
        """The state after the source's name."""
        return _PHRASES[self]


_PHRASES = {
    State.OK: "is well",
    State.LATE: "is late",
    State.SILENT: "is silent",
    State.PART: "fails in part",
    State.FAILING: "is failing",
    State.NEVER: "was never collected",
    State.FIRST: "is in its first collection",
}


_UNRECORDED = {
    State.LATE: "No run is on record: does the collector run?",
    State.NEVER: "No run is on record: does the collector run?",
    State.FIRST: "Its history is being brought in, the newest first.",
}


def state_of(
    health: SourceHealth | None,
    every_s: int,
    newest: int | None,
    due: int,
    scene: Scene,
    *,
    works: bool = False,
) -> State:
    """The gravest that holds: it fails, its data ended though it answers, it is not asked.

    `works` says that a collector is at work: it begins with every source at once.
    """
    if health is None:
        return _without_run(newest, due, scene, works=works)
    if health.last.is_in_part:
        return State.PART
    if health.last.error is not None:
        return State.FAILING
    if not scene.is_fixed and scene.as_of - health.last.ended_at > 2 * every_s + 30:
        return State.LATE
    return State.SILENT if newest is not None and newest < due else State.OK


def _without_run(newest: int | None, due: int, scene: Scene, *, works: bool) -> State:
    if scene.is_fixed:
        return State.SILENT if newest is None or newest < due else State.OK
    if works:
        return State.FIRST
    return State.NEVER if newest is None else State.LATE


def said_of(
    state: State,
    health: SourceHealth | None,
    newest: int | None,
    resting: Resting | None,
    scene: Scene,
) -> str:
    """What is wrong and what will be done about it, in a sentence; a dash where nothing is."""
    match state:
        case State.FAILING | State.PART if health is not None:
            return _failing(health, resting, scene.as_of)
        case State.SILENT if newest is not None:
            return f"It answers, but its newest row is from {near_words(newest, scene.as_of)}."
        case State.SILENT:
            return "It holds no row of any objective."
        case State.LATE if health is not None:
            return f"Last asked {near_words(health.last.ended_at, scene.as_of)}: does the collector run?"
        case State.LATE | State.NEVER | State.FIRST:
            return _UNRECORDED[state]
        case _:
            warned = health.last.warnings if health is not None else ()
            return _cut(warned[0]) if warned else NOTHING


def _failing(health: SourceHealth, resting: Resting | None, as_of: int) -> str:
    run = health.last
    if run.is_in_part:
        name, said = next(one for one in run.failures.items() if one[1] != NOT_ASKED)
        words = f"{len(run.failures)} of {run.streams} streams failing. {_cut(f'{name}: {said}')}"
    else:
        words = _cut((run.error or "").removeprefix(f"{run.source}: "))
    good = (
        ""
        if health.last_good_at is None
        else f" Last good {near_words(health.last_good_at, as_of)}."
    )
    again = (
        ""
        if resting is None
        else f" {resting.tries} tries, the next at {near_words(resting.until, as_of)}."
    )
    return f"{sentence(words)}{good}{again}"


def lag_words(newest: int | None, as_of: int) -> str:
    """How far behind the newest fact is."""
    return NOTHING if newest is None else duration_words(max(0, as_of - newest))


def _cut(said: str) -> str:
    line = said.splitlines()[0] if said else "no reason given"
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
