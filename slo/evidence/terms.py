"""The words of a verdict: roles, evidence, goals and what a reader must be warned of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which way is an improvement."""

    LOWER = "lower"
    HIGHER = "higher"


class Role(StrEnum):
    """What a measure is there for: only goals are tested together, context is never tested."""

    GOAL = "goal"
    GUARDRAIL = "guardrail"
    CONTEXT = "context"


class Multiple(StrEnum):
    """How p-values are adjusted for being several."""

    NONE = "none"
    HOLM = "holm"
    BH = "bh"


class Verdict(StrEnum):
    """The evidence in a word; each is what people read."""

    IMPROVED = "improved"
    WORSE = "worse"
    NO_EVIDENCE = "no evidence of change"
    SAME = "about the same"
    NOT_ENOUGH = "not enough data"
    NOT_COMPARABLE = "not comparable"
    INSIDE = "inside its limit"
    BEYOND = "beyond its limit"
    NOT_TESTED = "not tested"


TESTED = frozenset({Verdict.IMPROVED, Verdict.WORSE, Verdict.NO_EVIDENCE, Verdict.SAME})
"""Verdicts that a test of a change gave."""


class GoalResult(StrEnum):
    """Whether what was aimed at was reached, apart from whether anything changed."""

    MET = "met"
    NOT_CERTAIN = "met, not certain"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Op(StrEnum):
    """How a value must lie to its limit, in OpenSLO's words."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit, in the measure's own unit, and how the value after must lie to it."""

    op: Op
    value: float


class Flag(StrEnum):
    """What a reader must be warned of; appended to a verdict, never silently applied."""

    TREND = "trend"
    CLUSTERS = "clusters"
    SEASONAL = "seasonal"
    INTERIM = "interim"
    MIX = "mix"
    TRAFFIC = "traffic"
    WEEKDAYS = "weekdays"
    DEFINITION = "definition changed"
    LARGEST_OUTAGE = "rests on one outage"
