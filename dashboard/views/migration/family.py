"""From what was measured to verdicts: what may be tested, the family's p-values, goals, guardrails.

not comparable   the measurement changed inside: shown, never tested
not enough data  too little was observed, or no data of this size could tell
family           the goal measures that could tell a change, adjusted together
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dashboard.config.migration_def import MetricDef, MigrationDef
from dashboard.measures.contract import Measured
from dashboard.views.migration.model import Row
from dashboard.views.migration.windows import Windows
from dashboard.views.sentence import sentence
from dashboard.views.words import share_words
from slo.evidence.adjust import adjusted
from slo.evidence.comparison import Comparison, Side
from slo.evidence.exact import alpha_of
from slo.evidence.terms import Better, Flag, GoalResult, Role, Verdict
from slo.evidence.verdict import VerdictRule, can_tell, goal_result, guarded, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One measure before its verdict: what was found, and what speaks against a comparison.

    `broken` are sentences about changes of the measurement inside; `better` is the measure's, or
    its kind's where it says nothing; `why` says why there is nothing to compare yet.
    """

    metric: MetricDef
    windows: Windows
    measured: Measured | None
    better: Better | None
    broken: tuple[str, ...] = ()
    why: str = ""


def judged(definition: MigrationDef, candidates: Sequence[Candidate]) -> tuple[Row, ...]:
    """A row a measure, in their order, the p-values of the goals adjusted together."""
    family = [_family_p(definition, one) for one in candidates]
    together = adjusted(family, definition.multiple)
    return tuple(
        _row(definition, one, p_adjusted)
        for one, p_adjusted in zip(candidates, together, strict=True)
    )


def _family_p(definition: MigrationDef, one: Candidate) -> float | None:
    """The p-value that is adjusted with the others: of goals alone, and of those that can tell."""
    if one.measured is None or one.broken or one.metric.role is not Role.GOAL:
        return None
    found = one.measured.comparison
    return found.p_value if can_tell(found, _rule(definition, one)) else None


def _rule(definition: MigrationDef, one: Candidate) -> VerdictRule:
    return VerdictRule(
        better=one.better,
        alpha=alpha_of(definition.confidence),
        min_coverage=definition.min_coverage,
        same_within=one.metric.same_within,
    )


def _row(definition: MigrationDef, one: Candidate, p_adjusted: float | None) -> Row:
    measured = _untested(one)
    found = None if measured is None else measured.comparison
    return Row(
        metric=replace(one.metric, better=one.better),
        before=one.windows.before,
        after=one.windows.after,
        measured=measured,
        verdict=_verdict(definition, one, p_adjusted),
        goal=_goal(one, found, definition.min_coverage),
        p_adjusted=p_adjusted,
        flags=(Flag.DEFINITION,) if one.broken else (),
        reasons=_reasons(definition, one, found),
    )


def _untested(one: Candidate) -> Measured | None:
    """What was measured; without test and range where the measurement changed inside."""
    if one.measured is None or not one.broken:
        return one.measured
    bare = replace(
        one.measured.comparison, interval=None, p_value=None, best_p=None, enough="", clusters=1.0
    )
    return replace(one.measured, comparison=bare, without_largest=None, goal_is_certain=None)


def _verdict(definition: MigrationDef, one: Candidate, p_adjusted: float | None) -> Verdict:
    """The evidence in a word; what is not there, or never to be tested, comes first."""
    if one.measured is None:
        return Verdict.NOT_ENOUGH
    if one.broken:
        return Verdict.NOT_COMPARABLE
    if one.metric.role is Role.CONTEXT:
        return Verdict.NOT_TESTED
    if one.metric.role is Role.GUARDRAIL:
        return _guarded(definition, one, one.measured.comparison)
    return verdict(one.measured.comparison, _rule(definition, one), p_adjusted)


def _guarded(definition: MigrationDef, one: Candidate, found: Comparison) -> Verdict:
    """Whether a guardrail holds; one without a limit, or a better side, is only shown."""
    if one.metric.max_worse is None or one.better is None:
        return Verdict.NOT_TESTED
    return guarded(
        found,
        one.better,
        one.metric.max_worse,
        alpha=alpha_of(definition.confidence),
        min_coverage=definition.min_coverage,
    )


def _goal(one: Candidate, found: Comparison | None, least: Fraction) -> GoalResult | None:
    """Whether the goal was reached; None where none was set, unknown where after is hardly known."""
    if one.metric.goal is None:
        return None
    if found is None or one.measured is None or _is_thin(found.after, least):
        return GoalResult.UNKNOWN
    is_certain = one.measured.goal_is_certain
    is_reading = one.measured.comparison.best_p is None
    return goal_result(found.after, one.metric.goal, is_certain=is_certain, is_reading=is_reading)


def _reasons(definition: MigrationDef, one: Candidate, found: Comparison | None) -> tuple[str, ...]:
    if one.why:
        return (one.why, *one.broken)
    said = [*one.broken]
    if found is not None:
        thin = list(_thin(found, definition.min_coverage))
        said += thin or [found.enough]
    if one.measured is not None:
        said += one.measured.remarks
    return tuple(sentence(each) for each in said if each)


def _is_thin(side: Side, least: Fraction) -> bool:
    """Whether too little of a period was observed for anything to be said of it."""
    return side.coverage is not None and side.coverage < least


def _thin(found: Comparison, least: Fraction) -> Iterator[str]:
    """Which period was observed too little for a verdict."""
    for name, side in (("before", found.before), ("after", found.after)):
        if _is_thin(side, least):
            share = f"only {share_words(Fraction(side.coverage))}" if side.coverage else "nothing"
            yield f"{share} of the period {name} was observed, and {share_words(least)} are needed"
