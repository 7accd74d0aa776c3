"""Each row about a deployment as one attempt: to where, what, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from slo.delivery.facts import DeliveryRules, Flaw
from slo.delivery.fields import Told
from slo.delivery.results import Ending, ending_of
from slo.facts import EventKind, EventRow

ELSEWHERE = "deployed to another environment"
UNFINISHED = "not finished, or cancelled"
UNKNOWN_RESULT = "its result is a word that is not known"
UNKNOWN_SUCCESS = "inactive, and nothing says when it first succeeded"
READY_LATER = "its change was ready after it was deployed: no lead time"
_HOTFIX = frozenset({"hotfix", "unplanned", "rework", "emergency"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to deploy; `at` is when it succeeded, or when it ended without."""

    at: int
    begun_at: int
    key: str
    service: str
    version: str
    title: str
    ready_at: int | None
    has_succeeded: bool
    says_result: bool
    is_rollback: bool
    rollback_of: str
    is_planned: bool | None
    has_failed: bool | None


def attempts(
    events: Iterable[EventRow], rules: DeliveryRules, flaws: list[Flaw], as_of: int | None
) -> list[Attempt]:
    """The attempts to deploy to an environment that counts, by time; what is left out is counted.

    Nothing after `as_of` is used: an attempt that succeeded later had not ended yet.
    """
    found = (
        _attempt(event, rules, flaws)
        for event in events
        if event.kind is EventKind.DEPLOYMENT and (as_of is None or event.at < as_of)
    )
    known = (one for one in found if one is not None and (as_of is None or one.at < as_of))
    return sorted(known, key=lambda one: (one.at, one.key))


def _attempt(event: EventRow, rules: DeliveryRules, flaws: list[Flaw]) -> Attempt | None:
    told = Told.of(event, flaws)
    environment = told.text("environment").casefold()
    if environment and environment not in {each.casefold() for each in rules.environments}:
        told.leave_out(ELSEWHERE)
        return None
    ending = ending_of(told.word("result"))
    succeeded_at = told.moment("succeeded_at")
    left_out = _left_out(ending, succeeded_at)
    if left_out:
        told.leave_out(left_out)
        return None
    at = _ended_at(event, succeeded_at)
    has_failed = True if ending is Ending.ROLLED_BACK else told.flag("failed")
    return Attempt(
        at=at,
        begun_at=event.at,
        key=event.key,
        service=event.service,
        version=told.text("version") or event.key,
        title=told.text("title"),
        ready_at=_ready_at(told, rules, at),
        has_succeeded=ending is not Ending.FAILED,
        says_result=ending is not Ending.UNSAID,
        is_rollback=_is_rollback(told),
        rollback_of=told.text("rollback_of"),
        is_planned=_is_planned(told),
        has_failed=has_failed,
    )


def _left_out(ending: Ending, succeeded_at: int | None) -> str:
    if ending in {Ending.RUNNING, Ending.NEITHER}:
        return UNFINISHED
    if ending is Ending.UNKNOWN:
        return UNKNOWN_RESULT
    if ending is Ending.INACTIVE and succeeded_at is None:
        return UNKNOWN_SUCCESS
    return ""


def _ended_at(event: EventRow, succeeded_at: int | None) -> int:
    """The first success; never the last change, which a later deployment moves.

    Where the row tells only when it began, it counts from there.
    """
    if succeeded_at is not None:
        return succeeded_at
    return event.at if event.ended_at is None else event.ended_at


def _ready_at(told: Told, rules: DeliveryRules, at: int) -> int | None:
    """When the change was ready; a time after its own deployment is an error of the data."""
    ready_at = told.moment(rules.lead_from)
    if ready_at is not None and ready_at > at:
        told.doubt(READY_LATER)
        return None
    return ready_at


def _is_rollback(told: Told) -> bool:
    if told.flag("rollback") or told.text("rollback_of") or told.word("type") == "rollback":
        return True
    return told.word("creator") == "codedeployrollback"


def _is_planned(told: Told) -> bool | None:
    """None where nobody said; a word such as hotfix says that it was not."""
    unplanned = told.flag("unplanned")
    if unplanned is None and told.word("type") in _HOTFIX:
        return False
    if unplanned is not None:
        return not unplanned
    return told.flag("planned")
