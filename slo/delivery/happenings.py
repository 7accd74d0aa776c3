"""One row as a pipeline run, or as an incident."""

from __future__ import annotations

from slo.delivery.facts import DeliveryRules, Incident, PipelineRun
from slo.delivery.fields import Told, plain
from slo.delivery.results import Ending, ending_of
from slo.facts import EventRow

ENDS_FIRST = "it ends before it begins"
_MAINTENANCE = frozenset({"maintenance", "planned", "scheduled", "plannedmaintenance"})
_UNFELT = frozenset({"none", "no", "false", "operational"})
_PASSED = {
    Ending.SUCCEEDED: True,
    Ending.INACTIVE: True,
    Ending.ROLLED_BACK: True,
    Ending.FAILED: False,
}


def run_of(event: EventRow, told: Told, as_of: int | None) -> PipelineRun:
    """The run; without an end, and without a result, where it ended after `as_of`."""
    length_s = told.length_s("duration_s")
    ended_at = event.ended_at
    if ended_at is None and length_s is not None:
        ended_at = event.at + length_s
    ending = ending_of(told.word("result"))
    if ending is Ending.UNKNOWN:
        told.doubt("its result is a word that is not known")
    if ended_at is not None and ended_at < event.at:
        told.doubt(ENDS_FIRST)
        ended_at = None
    is_later = as_of is not None and ended_at is not None and ended_at > as_of
    return PipelineRun(
        at=event.at,
        key=event.key,
        service=event.service,
        ended_at=None if is_later else ended_at,
        has_passed=None if is_later else _PASSED.get(ending),
        is_running=is_later or (ended_at is None and ending is Ending.RUNNING),
    )


def incident_of(
    event: EventRow, told: Told, rules: DeliveryRules, as_of: int | None
) -> Incident | None:
    """The incident; None, and counted, where it ends before it begins."""
    ended_at = told.moment("restored_at") if event.ended_at is None else event.ended_at
    if ended_at is not None and ended_at < event.at:
        told.leave_out(ENDS_FIRST)
        return None
    severity = told.text("severity")
    created_at = _until(told.moment("created_at"), as_of)
    return Incident(
        at=event.at,
        key=event.key,
        service=event.service,
        ended_at=_until(ended_at, as_of),
        severity=severity,
        title=told.text("title"),
        detected_at=_after(told, "detected_at", event.at, as_of),
        created_at=created_at,
        acknowledged_at=_after(told, "acknowledged_at", created_at or event.at, as_of),
        is_planned=_is_planned(told),
        is_felt=_is_felt(told, severity, rules),
        users=told.count("users"),
        caused_by=tuple(told.text("caused_by").replace(",", " ").split()),
    )


def _until(at: int | None, as_of: int | None) -> int | None:
    """The time, unless it lay ahead then."""
    return None if at is not None and as_of is not None and at > as_of else at


def _after(told: Told, thing: str, since: int, as_of: int | None) -> int | None:
    """The time of a thing, unless it lies before what it can only follow, which is counted."""
    at = told.moment(thing)
    if at is not None and at < since:
        told.doubt(f"{thing} lies before the incident")
        return None
    return _until(at, as_of)


def _is_planned(told: Told) -> bool:
    words = (told.word("impact"), told.word("type"))
    return bool(told.flag("planned")) or any(word in _MAINTENANCE for word in words)


def _is_felt(told: Told, severity: str, rules: DeliveryRules) -> bool:
    """Whether users felt it: nobody said that they did not, and its severity is one of those."""
    if told.flag("felt") is False or told.word("impact") in _UNFELT:
        return False
    return not rules.severities or plain(severity) in {plain(one) for one in rules.severities}
