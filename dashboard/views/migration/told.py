"""A migration report in words: what pages, files and the command line all say."""

from __future__ import annotations

from dataclasses import dataclass

from slo.evidence.terms import Flag, GoalResult, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One measure in words; every cell is a main line and a small one below it, "" for none.

    `flags` are those to be shown beside it: what all share is said once, in the notes.
    """

    id: str
    name: tuple[str, str]
    before: tuple[str, str]
    after: tuple[str, str]
    change: tuple[str, str]
    evidence: tuple[str, str]
    goal: tuple[str, str]
    coverage: str
    verdict: Verdict
    goal_result: GoalResult | None
    flags: tuple[Flag, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBeside:
    """Old against new on the same days: rows of name, old, new, change and its range."""

    title: str
    note: str
    old_name: str
    new_name: str
    rows: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The report: two lines of verdict, the periods, the rows, the notes, what is side by side."""

    headline: str
    goals: str
    look: str
    periods: str
    rows: tuple[ToldRow, ...]
    notes: tuple[str, ...]
    besides: tuple[ToldBeside, ...] = ()
    generated: str = ""
