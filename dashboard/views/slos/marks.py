"""Which sign a state has, and which colour: one owner for every surface that shows one."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from dashboard.views.slos.slo_view import SloView
from slo.judgement import Level, Now
from slo.policy import Severity


class Mark(StrEnum):
    """The sign before a word, by the name that style sheets know it by."""

    PAGE = "page"
    TICKET = "ticket"
    QUIET = "quiet"
    FROZEN = "frozen"
    SPENT = "spent"
    LOW = "low"
    LATE = "late"

    @property
    def sign(self) -> str:
        """The sign as a character, for where nothing can be drawn."""
        return _SIGNS[self]

    @property
    def tone(self) -> Tone:
        """How much it asks for."""
        return _TONES.get(self, Tone.PLAIN)


class Tone(StrEnum):
    """How much a state asks for: act, look, or nothing."""

    RED = "red"
    AMBER = "amber"
    PLAIN = ""


_SIGNS = MappingProxyType(
    {
        Mark.PAGE: "■",
        Mark.TICKET: "▲",
        Mark.QUIET: "●",
        Mark.FROZEN: "○",
        Mark.SPENT: "×",
        Mark.LOW: "▾",
        Mark.LATE: "▲",
    }
)
_TONES = MappingProxyType(
    {
        Mark.PAGE: Tone.RED,
        Mark.TICKET: Tone.AMBER,
        Mark.SPENT: Tone.RED,
        Mark.LOW: Tone.AMBER,
        Mark.LATE: Tone.AMBER,
    }
)
_NOW = MappingProxyType(
    {
        Now.PAGING: Mark.PAGE,
        Now.TICKET: Mark.TICKET,
        Now.QUIET: Mark.QUIET,
        Now.FROZEN: Mark.FROZEN,
    }
)
_LEVELS = MappingProxyType({Level.SPENT: Mark.SPENT, Level.LOW: Mark.LOW})
_SEVERITIES = MappingProxyType({Severity.PAGE: Mark.PAGE, Severity.TICKET: Mark.TICKET})


def now_mark(view: SloView) -> Mark:
    """The mark of what happens now."""
    return _NOW[view.judgement.now]


def severity_mark(severity: Severity) -> Mark:
    """The mark of what a firing row asks for."""
    return _SEVERITIES[severity]


def level_mark(view: SloView) -> Mark | None:
    """The mark of a budget that a person should know of; None where it is healthy or unknown."""
    return _LEVELS.get(view.judgement.level)


def level_tone(view: SloView) -> Tone:
    """The tone of the budget's state; amber where an estimate leaves it in doubt."""
    mark = level_mark(view)
    if mark is None:
        return Tone.PLAIN
    return mark.tone if view.is_level_sure else Tone.AMBER


def burn_mark(view: SloView, long_s: int) -> Mark | None:
    """What fires over that length by its own counts, or nothing of data that are late."""
    if view.stale:
        return None
    fired = next((one for one in view.itself.firing if one.row.long_s == long_s), None)
    return None if fired is None else severity_mark(fired.severity)


def held_mark(view: SloView) -> Mark | None:
    """The mark of an alert that froze while it fired; None of every other state."""
    if view.judgement.now is not Now.FROZEN or not view.firing:
        return None
    return severity_mark(view.firing[0].severity)
