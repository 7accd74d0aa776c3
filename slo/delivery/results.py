"""What the words for an ending mean: it succeeded, it failed, or neither of the two."""

from __future__ import annotations

from enum import Enum, auto


class Ending(Enum):
    """How an attempt ended; a run that was cancelled or never began says nothing of the change."""

    SUCCEEDED = auto()
    FAILED = auto()
    NEITHER = auto()
    RUNNING = auto()
    INACTIVE = auto()
    ROLLED_BACK = auto()
    UNSAID = auto()
    UNKNOWN = auto()


_WORDS = {
    Ending.SUCCEEDED: "success succeeded successful passed pass ok deployed done complete completed "
    "finished active ready fixed green",
    Ending.FAILED: "failure failed fail error errored timedout timeout unstable broken red "
    "deployfailed",
    Ending.NEITHER: "cancelled canceled startupfailure skipped neutral stale actionrequired aborted "
    "stopped notbuilt manual superseded blocked",
    Ending.RUNNING: "running inprogress pending queued created waiting started baking scheduled "
    "building requested onhold",
    Ending.INACTIVE: "inactive",
    Ending.ROLLED_BACK: "rolledback reverted",
    Ending.UNSAID: "",
}
_ENDINGS = {word: ending for ending, words in _WORDS.items() for word in (words.split() or [""])}


def ending_of(word: str) -> Ending:
    """The ending that a plain word stands for.

    >>> ending_of("success").name, ending_of("startupfailure").name, ending_of("purple").name
    ('SUCCEEDED', 'NEITHER', 'UNKNOWN')
    """
    return _ENDINGS.get(word, Ending.UNKNOWN)
