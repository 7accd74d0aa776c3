"""What an SLO's figures mean: the two facts *now* and *budget*, decided in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction

from slo.budget import Budget
from slo.burn import Firing, firing, policy_windows
from slo.objective import Objective
from slo.policy import Policy, Severity
from slo.tally import Tally

LOW_BELOW = Fraction(1, 4)
"""A budget with less than this left is low."""


class State(StrEnum):
    """How much the counts of a window can be believed; absent is never a number."""

    OK = "OK"
    NO_TRAFFIC = "NO_TRAFFIC"
    NO_DATA = "NO_DATA"
    PARTIAL = "PARTIAL"
    ESTIMATED = "ESTIMATED"
    CONFLICT = "CONFLICT"

    @property
    def words(self) -> str:
        """The state as people read it."""
        return _WORDS[self]


_WORDS = {
    State.OK: "ok",
    State.NO_TRAFFIC: "no traffic",
    State.NO_DATA: "not measured",
    State.PARTIAL: "partly measured",
    State.ESTIMATED: "estimated",
    State.CONFLICT: "sources disagree",
}


class Now(StrEnum):
    """The first fact: is someone needed at this moment?"""

    PAGING = "paging"
    TICKET = "ticket"
    QUIET = "quiet"
    FROZEN = "frozen"


class Level(StrEnum):
    """The second fact: how much of the budget is left?"""

    HEALTHY = "healthy"
    LOW = "low"
    SPENT = "spent"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a judgement is not simply quiet and healthy, each a phrase that stands alone."""

    STALE = "data is stale"
    CORRECTED = "under a correction"
    UNMEASURED = "not measured"
    NOT_MEASURED_NOW = "not measured lately"
    NO_TRAFFIC = "no traffic"
    PARTIAL = "partly measured"
    ESTIMATED = "estimated"
    CONFLICT = "sources disagree"
    PAGE = "page-level burn"
    TICKET = "ticket-level burn"
    DEMOTED = "would page on fully measured data"
    SPENT = "budget spent"
    LOW = "budget below 25 %"


class Check(IntEnum):
    """The exit codes of monitoring plugins."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """Both facts about one SLO, never merged into one, and why they are so."""

    now: Now
    level: Level
    state: State
    firing: tuple[Firing, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All counts that a judgement rests on.

    `window` are those of the SLO's window, `recent` those of the last N seconds by N
    (`policy_windows` names every N), both summed over `members` series. Of the lengths `set_aside`
    all that was measured is under corrections: somebody said that it does not count, so it is no
    hole in what is known.
    """

    window: Tally | None
    recent: Mapping[int, Tally | None]
    members: int = 1
    is_stale: bool = False
    set_aside: frozenset[int] = frozenset()


def state_of(tally: Tally | None) -> State:
    """How far the counts of a window can be believed; the gravest doubt is named.

    Thin coverage is no state of its own: it is told as a share beside the figures.

    >>> state_of(None), state_of(Tally(observed_s=60)), state_of(Tally(1, 1, 60))
    (<State.NO_DATA: 'NO_DATA'>, <State.NO_TRAFFIC: 'NO_TRAFFIC'>, <State.OK: 'OK'>)
    """
    if tally is None or not (tally.observed_s or tally.total):
        return State.NO_DATA
    doubts = (
        (State.CONFLICT, tally.conflict_s > 0),
        (State.NO_TRAFFIC, tally.total == 0),
        (State.PARTIAL, tally.partial_s > 0),
        (State.ESTIMATED, tally.estimated_s > 0),
    )
    return next((state for state, holds in doubts if holds), State.OK)


def level_of(remaining: Fraction | None) -> Level:
    """How much is left in a word: exactly nothing left is spent, under a quarter is low.

    >>> level_of(Fraction(0)), level_of(Fraction(1, 4))
    (<Level.SPENT: 'spent'>, <Level.HEALTHY: 'healthy'>)
    """
    if remaining is None:
        return Level.UNKNOWN
    if remaining <= 0:
        return Level.SPENT
    return Level.LOW if remaining < LOW_BELOW else Level.HEALTHY


def judge(objective: Objective, policy: Policy, measured: Measured, window_s: int) -> Judgement:
    """The one decision about an SLO, for screen, check, report and alert alike.

    Now is frozen, and nothing resolves, when the data are stale, when the window was not
    measured, or when nothing fires but a window of the policy was not measured. What fired at
    the last measured moment stays listed while frozen. A window that is set aside freezes
    nothing: within announced work nobody is called, and what fired recovers.
    """
    fired = firing(policy, objective, measured.recent, window_s, measured.members)
    state = state_of(measured.window)
    level = level_of(Budget(objective, measured.window or Tally()).remaining)
    asked = [length for length in policy_windows(policy) if length not in measured.set_aside]
    blind = any(state_of(measured.recent.get(length)) is State.NO_DATA for length in asked)
    unmeasured = state is State.NO_DATA and window_s not in measured.set_aside
    now = _now(fired, frozen=measured.is_stale or unmeasured, blind=blind)
    reasons = _reasons(fired, state, level, stale=measured.is_stale, blind=blind)
    if measured.set_aside:
        reasons = tuple(one for one in reasons if unmeasured or one is not Reason.UNMEASURED)
        reasons = (*reasons, Reason.CORRECTED)
    return Judgement(now, level, state, fired, reasons)


def check_of(judgement: Judgement) -> Check:
    """The exit code of one judgement; the graver of what holds, unknown below warning.

    A page that fired when the data ended is still critical: alerts freeze, they do not resolve.
    """
    severities = {fired.severity for fired in judgement.firing}
    if Severity.PAGE in severities:
        return Check.CRITICAL
    if severities or judgement.level in {Level.SPENT, Level.LOW}:
        return Check.WARNING
    unknown = judgement.now is Now.FROZEN or judgement.state in {State.NO_DATA, State.CONFLICT}
    return Check.UNKNOWN if unknown else Check.OK


def worst(checks: Iterable[Check]) -> Check:
    """The gravest: CRITICAL > WARNING > UNKNOWN > OK; of nothing at all it is unknown.

    >>> worst([Check.OK, Check.UNKNOWN, Check.WARNING])
    <Check.WARNING: 1>
    """
    return max(checks, key=_GRAVITY.index, default=Check.UNKNOWN)


_GRAVITY = (Check.OK, Check.UNKNOWN, Check.WARNING, Check.CRITICAL)


def _now(fired: tuple[Firing, ...], *, frozen: bool, blind: bool) -> Now:
    if frozen:
        return Now.FROZEN
    if fired:
        page = any(one.severity is Severity.PAGE for one in fired)
        return Now.PAGING if page else Now.TICKET
    return Now.FROZEN if blind else Now.QUIET


def _reasons(
    fired: tuple[Firing, ...], state: State, level: Level, *, stale: bool, blind: bool
) -> tuple[Reason, ...]:
    severities = {one.severity for one in fired}
    found = (
        (Reason.PAGE, Severity.PAGE in severities),
        (Reason.TICKET, Severity.TICKET in severities),
        (Reason.DEMOTED, any(one.is_demoted for one in fired)),
        (Reason.SPENT, level is Level.SPENT),
        (Reason.LOW, level is Level.LOW),
        (Reason.STALE, stale),
        (Reason.UNMEASURED, state is State.NO_DATA),
        (Reason.NOT_MEASURED_NOW, blind and state is not State.NO_DATA),
        (Reason.NO_TRAFFIC, state is State.NO_TRAFFIC),
        (Reason.PARTIAL, state is State.PARTIAL),
        (Reason.ESTIMATED, state is State.ESTIMATED),
        (Reason.CONFLICT, state is State.CONFLICT),
    )
    return tuple(reason for reason, holds in found if holds)
