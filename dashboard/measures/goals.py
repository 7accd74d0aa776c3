"""What a goal such as "< 500ms" or "≥ 99.95 %" asks for, in the unit of its measure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from dashboard.measures.contract import Unit
from slo.durations import exact_seconds
from slo.evidence.terms import Goal, Op
from slo.lengths import MONTH_S, WEEK_S, YEAR_S

_OPS = {"<=": Op.LTE, "≤": Op.LTE, ">=": Op.GTE, "≥": Op.GTE, "<": Op.LT, ">": Op.GT}
_GOAL = re.compile(r"\s*(<=|>=|≤|≥|<|>)\s*(\S.*?)\s*")
_NUMBER = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*(.*)")
_EACH = re.compile(r"(?:a|an|per|each|every|/)\s*([a-z]+)")
_LONGEST = 60
PERIODS_S: Mapping[Unit, Fraction] = {
    Unit.PER_WEEK: Fraction(WEEK_S),
    Unit.PER_MONTH: MONTH_S,
    Unit.PER_QUARTER: YEAR_S / 4,
    Unit.PER_YEAR: YEAR_S,
}
"""How many seconds each unit of a rate has: a year is 365.2425 days, a month a twelfth of it."""


def duration_goal(text: str) -> Goal:
    """The goal of a measure in seconds.

    >>> duration_goal("< 500ms")
    Goal(op=<Op.LT: 'lt'>, value=0.5)

    Raises:
        ValueError: it compares with something else than a length of time.
    """
    op, limit = _parts(text, "< 500ms")
    try:
        length = exact_seconds(limit.replace(" ", ""))
    except ValueError as error:
        raise ValueError(f'{text!r} is no limit of time: {error}; write "< 500ms"') from error
    return Goal(op, float(length))


def percent_goal(text: str) -> Goal:
    """The goal of a measure that is a share, as a ratio.

    >>> percent_goal("≥ 99.95 %")
    Goal(op=<Op.GTE: 'gte'>, value=0.9995)

    Raises:
        ValueError: it is no percentage from 0 to 100.
    """
    op, limit = _parts(text, ">= 99.95 %")
    number, unit = _number(text, limit, ">= 99.95 %")
    if unit not in {"%", "percent"} or number > 100:  # noqa: PLR2004 (a percentage)
        raise ValueError(f'{text!r} is no percentage from 0 to 100; write ">= 99.95 %"')
    return Goal(op, float(number / 100))


def rate_goal(text: str, unit: Unit) -> Goal:
    """The goal of a rate, in events a `unit`; a goal a week is turned into one a month.

    >>> round(rate_goal(">= 1 a week", Unit.PER_MONTH).value, 3)
    4.348

    Raises:
        ValueError: it counts nothing, or by something else than week, month, quarter or year.
    """
    op, limit = _parts(text, ">= 1 a week")
    number, each = _number(text, limit, ">= 1 a week")
    named = _EACH.fullmatch(each)
    meant = {one.value.removeprefix("a "): one for one in PERIODS_S}
    if each and (named is None or named[1] not in meant):
        raise ValueError(
            f"{text!r} counts by something else than a week, month, quarter or year;"
            ' write ">= 1 a week"'
        )
    its_unit = meant[named[1]] if named else unit
    return Goal(op, float(number * PERIODS_S[unit] / PERIODS_S[its_unit]))


def number_goal(text: str, label: str) -> Goal:
    """The goal of a plain number, its unit the measure's own or not written.

    >>> number_goal(">= 4.5", "of 5")
    Goal(op=<Op.GTE: 'gte'>, value=4.5)

    Raises:
        ValueError: it is no number, or one of another unit.
    """
    op, limit = _parts(text, ">= 4.5")
    number, unit = _number(text, limit, ">= 4.5")
    if unit not in {"", label}:
        own = f"{label!r}" if label else "no unit"
        raise ValueError(f"{text!r} is in {unit!r}, but the measure has {own}")
    return Goal(op, float(number))


def _parts(text: str, example: str) -> tuple[Op, str]:
    found = _GOAL.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(
            f"{text[:_LONGEST]!r} is no goal: begin with <, <=, > or >=, as in {example!r}"
        )
    return _OPS[found[1]], found[2]


def _number(text: str, limit: str, example: str) -> tuple[Fraction, str]:
    found = _NUMBER.fullmatch(limit)
    if found is None:
        raise ValueError(f"{text!r} compares with no number; write {example!r}")
    return Fraction(found[1]), found[2]
