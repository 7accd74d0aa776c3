"""The figures of a document one by one: of which subject, before or after, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from slo.evidence.claims.changes import Change, Form, change, step
from slo.evidence.claims.quantities import Dimension, Quantity, quantity
from slo.evidence.claims.subjects import Subject, subject
from slo.evidence.claims.written import NUMBER, plain


class Role(StrEnum):
    """Of when a figure is said to be; what only "was" may be of before as well as of now."""

    BEFORE = "before"
    PAST = "once"
    AFTER = "after"
    GOAL = "goal"
    SOME = "some time"


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure: what it is about, what it was, and the words it stands in, on which line.

    `change` is set instead of `quantity` where a change is stated.
    """

    about: Subject
    role: Role
    quote: str
    line: int
    quantity: Quantity | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the prose, as it stands there."""

    text: str
    line: int


_UNIT = (
    r"(?:ms|milliseconds?|seconds?|sec|s|minutes?|min|hours?|hrs?|h|days?|d"
    r"|%|percent|pp|points?|stars?)"
)
_VALUE = rf"{NUMBER}(?:\s*{_UNIT}(?![a-z]))?"
_ADVERB = r"(?:hourly|daily|weekly|biweekly|monthly|quarterly|yearly|annually)"
_RATE = rf"{NUMBER}(?:\s+[a-z-]+){{0,2}}?\s*(?:/|\bper\b|\ban?\b)\s*(?:day|week|month|quarter|year)"
_FIGURE = re.compile(rf"(?<![\w.-])(?:{_RATE}|{_ADVERB}|{_VALUE})(?![\w])")
_STEPS = re.compile(
    rf"(?:from\s+)?((?:{_RATE})|{_ADVERB}|{_VALUE})\s*(?:->|\bto\b)\s*((?:{_RATE})|{_ADVERB}|{_VALUE})"
)
_CHANGES = re.compile(
    rf"[+-]\s*{NUMBER}\s*(?:%|pp|x)|\b{NUMBER}\s*x\s+(?:as \w+|faster|more|fewer|less)"
    rf"|\b{NUMBER}\s*(?:%|percent)\s+(?:faster|slower|more|fewer|less|lower|higher|shorter)"
    rf"|\bby\s+{NUMBER}\s*(?:%|pp|percent)"
)
_GOAL = re.compile(r"\b(?:goals?|targets?|aim\w*)\b")
_BEFORE = re.compile(r"\b(?:before|used to|previously|formerly|old|monolith)\b")
_WAS = re.compile(r"\b(?:was|were)\b")
_NOW = re.compile(r"\b(?:now|after|is|are|today|new)\b")
_CLAUSES = re.compile(r"\s*(?:;|,(?![0-9])|\bbut\b|\bwhile\b)\s*")
_LONGEST = 2_000


def statements(sentences: Iterable[Sentence]) -> Iterator[Statement]:
    """Every figure that a sentence states, with what its clause, or the one before it, is about.

    >>> found = list(statements([Sentence("Checkout p95 fell from 820 ms to 320 ms.", 3)]))
    >>> [(each.role.value, each.quantity.unit.name) for each in found]
    [('before', 'ms'), ('after', 'ms')]
    """
    for sentence in sentences:
        about = Subject(frozenset(), frozenset())
        for clause in _CLAUSES.split(plain(sentence.text[:_LONGEST])):
            own = subject(clause)
            about = own if own.topics else Subject(about.topics, own.things or about.things)
            yield from _of_clause(clause, about, sentence)


def _of_clause(clause: str, about: Subject, sentence: Sentence) -> Iterator[Statement]:
    rest = clause
    for found in _STEPS.finditer(clause):
        ends = step(f"{found[1]} -> {found[2]}")
        if ends is not None:
            rest = rest.replace(found[0], " ")
            yield Statement(about, Role.BEFORE, sentence.text, sentence.line, ends[0])
            yield Statement(about, Role.AFTER, sentence.text, sentence.line, ends[1])
    for found in _CHANGES.finditer(rest):
        claimed = change(found[0])
        if claimed is not None and claimed.form is not Form.STEP:
            yield Statement(about, Role.SOME, sentence.text, sentence.line, change=claimed)
    rest, role = _CHANGES.sub(" ", rest), _role(clause)
    for found in _FIGURE.finditer(rest):
        value = quantity(found[0])
        if value is not None and (value.unit.dimension is not Dimension.NUMBER or value.unit.name):
            yield Statement(about, role, sentence.text, sentence.line, value)


def _role(clause: str) -> Role:
    if _GOAL.search(clause):
        return Role.GOAL
    if _BEFORE.search(clause):
        return Role.BEFORE
    was, now = _WAS.search(clause), _NOW.search(clause)
    if bool(was) == bool(now):
        return Role.SOME
    return Role.PAST if was else Role.AFTER
