"""Alert rows of other tools that could never fire here are left out and named."""

from __future__ import annotations

from dataclasses import replace

from slo.burn import BurnRow, Policy, default_policy, factor, reachable
from slo.exact import exact_text
from slo.formats.contract import Carried, Ledger
from slo.objective import Slo
from slo.spans import length_label, longest_s


def fitted(carried: Carried, ledger: Ledger) -> Carried:
    """The SLO with the rows of its policy that can fire; each other one is told."""
    slo, mark = carried.slo, len(ledger.findings)
    reasons = [(row, _never(slo, row)) for row in slo.policy or ()]
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


def _never(slo: Slo, row: BurnRow) -> str | None:
    """Why a row can never fire, or cannot be written; None where it can."""
    window_s, long, short = longest_s(slo.window), *map(length_label, (row.long_s, row.short_s))
    said = f"the alert over {long} and {short}"
    if row.long_s > window_s:
        return f"{said} looks further back than the window of {slo.window.kind}"
    threshold = factor(row, window_s)
    if not reachable(slo.objective, threshold):
        most = exact_text(1 / slo.objective.error_budget)
        return (
            f"{said} can never fire: it asks for a burn of {float(threshold):g} of at most {most}"
        )
    if row.short_s >= row.long_s or row.long_s % 60 or row.short_s % 60:
        return f"{said} has no shorter window of whole minutes"
    return None
