"""How one source stands, in a sentence."""

from __future__ import annotations

from collectors.store.runs import RunRecord, SourceHealth
from collectors.turns import NOT_ASKED
from dashboard.views.sentence import sentence
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.standings import Standing, State
from dashboard.views.words import NOTHING, ago_words, cut_words, duration_words, near_words

_LONGEST = 160


_UNRECORDED = {
    State.LATE: "No run is on record: does the collector run?",
    State.NEVER: "No run is on record: does the collector run?",
    State.BEFORE: "It begins later, or never gave anything.",
    State.FIRST: "Its history is being brought in, the newest first.",
}


def said_of(found: Standing, scene: Scene) -> str:
    """What is wrong and what will be done about it, in a sentence; a dash where nothing is."""
    health = found.health
    match found.state:
        case State.FAILING | State.PART if health is not None:
            return _failing(found, health, scene.as_of)
        case State.LATE if found.is_asked and found.newest is not None:
            return (
                f"It answers, but its newest row is from {near_words(found.newest, scene.as_of)}."
            )
        case State.LATE if health is not None:
            return f"Last asked {near_words(health.last.ended_at, scene.as_of)}: does the collector run?"
        case State.LATE | State.NEVER | State.FIRST | State.BEFORE:
            return _UNRECORDED[found.state]
        case _:
            warned = health.last.warnings if health is not None else ()
            return _first_line(warned[0]) if warned else NOTHING


def _failing(found: Standing, health: SourceHealth, as_of: int) -> str:
    run, resting = health.last, found.resting
    why = reason_words(run)
    words = f"{streams_words(run)}. {why}" if run.is_in_part else why
    good = (
        ""
        if health.last_good_at is None
        else f" {sentence(good_words(health.last_good_at, as_of))}"
    )
    again = (
        ""
        if resting is None
        else f" {resting.tries} tries, the next at {near_words(resting.until, as_of)}."
    )
    return f"{sentence(words)}{good}{again}"


def streams_words(run: RunRecord) -> str:
    """How many streams of how many failed."""
    return f"{len(run.failures)} of {run.streams} streams failing"


def reason_words(run: RunRecord) -> str:
    """The first line of what went wrong, of one stream where others went well."""
    if not run.is_in_part:
        return _first_line((run.error or "").removeprefix(f"{run.source}: "))
    name, said = next(one for one in run.failures.items() if one[1] != NOT_ASKED)
    return _first_line(f"{name}: {said}")


def good_words(good_at: int | None, as_of: int) -> str:
    """When it was last collected whole."""
    if good_at is None:
        return "never collected before"
    return f"last good {near_words(good_at, as_of)}, {ago_words(as_of - good_at)}"


def lag_words(newest: int | None, as_of: int) -> str:
    """How far behind the newest fact is."""
    return NOTHING if newest is None else duration_words(max(0, as_of - newest))


def _first_line(said: str) -> str:
    """The first line, cut where it is long."""
    return cut_words(said.splitlines()[0], _LONGEST) if said else "no reason given"
