"""Alert rows of other tools that could never fire here are left out and named."""

from __future__ import annotations

from dataclasses import replace

from slo.burn import default_policy
from slo.exact import exact_text
from slo.formats.contract import Carried, Ledger
from slo.objective import Slo
from slo.policy import Policy
from slo.reach import Reach, reaches
from slo.spans import length_label, longest_s


def fitted(carried: Carried, ledger: Ledger) -> Carried:
    """The SLO with the rows of its policy that can fire; each other one is told."""
    slo, mark = carried.slo, len(ledger.findings)
    rows = reaches(slo.policy or (), slo.objective, longest_s(slo.window), None)
    reasons = [(one.row, _never(slo, one)) for one in rows]
    for _, reason in reasons:
        if reason is not None:
            ledger.leave(carried.piece, reason)
    policy = tuple(row for row, reason in reasons if reason is None) or None
    told = (*carried.findings, *ledger.findings[mark:])
    return replace(carried, slo=replace(slo, policy=policy), findings=told)


def rows_of(slo: Slo) -> Policy:
    """The alert rows of the SLO, its own or the default ones, with its least number of bad events."""
    if slo.policy is not None:
        return slo.policy
    rows = default_policy(slo.objective, longest_s(slo.window))
    return tuple(replace(row, min_bad_events=slo.min_bad_events) for row in rows)


def _never(slo: Slo, one: Reach) -> str | None:
    """Why a row can never fire, or cannot be written; None where it can."""
    row = one.row
    said = f"the alert over {length_label(row.long_s)} and {length_label(row.short_s)}"
    if row.long_s > longest_s(slo.window):
        return f"{said} looks further back than the window of {slo.window.kind}"
    if not one.is_reachable:
        most = exact_text(1 / slo.objective.error_budget)
        return (
            f"{said} can never fire: it asks for a burn of {float(one.factor):g} of at most {most}"
        )
    if row.short_s >= row.long_s or row.long_s % 60 or row.short_s % 60:
        return f"{said} has no shorter window of whole minutes"
    return None
