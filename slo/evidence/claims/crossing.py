"""Figures of one document that contradict each other, each pair with both quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from slo.evidence.claims.changes import Change, Form
from slo.evidence.claims.quantities import Dimension, Quantity
from slo.evidence.claims.statements import Role, Sentence, Statement
from slo.evidence.claims.written import NUMBER, number, plain
from slo.lengths import MONTH_S


class Crossing(StrEnum):
    """In which way two figures contradict each other."""

    DOWN_DESPITE_ZERO = "down despite none"
    EVENTS_DESPITE_ZERO = "events despite none"
    TWO_THINGS = "one figure for two things"
    TWO_FIGURES = "two figures for one thing"
    TWO_CHANGES = "two changes of one thing"
    FREQUENCY_IN_TIME = "a frequency in units of time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two places that cannot both hold; the second is the first where one alone contradicts itself.

    `amount` is what follows from the first: minutes down, or events, over `months` (None: a month).
    """

    kind: Crossing
    first: Statement
    second_quote: str
    second_line: int
    amount: Fraction | None = None
    months: Fraction | None = None


_ZERO = re.compile(
    r"\b(?:zero|no|0|without(?: any| an?)?)\s+(?:[a-z]+[- ]){0,3}?"
    r"(outages?|downtimes?|incidents?|interruptions?)\b"
)
_MONTHS = re.compile(rf"\b({NUMBER}|two|three|four|five|six|twelve)[ -]months?\b")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_MONTH_MINUTES = MONTH_S / 60
_MOST_COMPARED = 300
_MOST_FOUND = 100
_HUNDRED = 100


def contradictions(
    stated: Sequence[Statement], sentences: Sequence[Sentence]
) -> tuple[Contradiction, ...]:
    """Every pair of figures that cannot both hold, in the order of the document, no more than 100.

    Only what is about the same measure is compared, and a figure that says not of what is taken
    to be of the whole. What is found is for a person to judge: two periods or two services may
    explain it, and then the document should say so.
    """
    compared = list(stated[:_MOST_COMPARED])
    found = [
        *_despite_zero(compared, sentences),
        *(each for one in compared for each in _frequency_in_time(one)),
        *(each for pair in combinations(compared, 2) for each in _between(*pair)),
    ]
    pairs = _pairs(compared)
    unique: dict[tuple[object, ...], Contradiction] = {}
    for each in found:
        if each.kind is Crossing.TWO_THINGS and _is_told_again(each, pairs):
            continue
        unique.setdefault(_key(each), each)
    ordered = sorted(unique.values(), key=lambda each: (each.first.line, each.second_line))
    return tuple(ordered[:_MOST_FOUND])


_Pairs = dict[tuple[int, str], frozenset[tuple[Role, Fraction]]]


def _pairs(stated: Iterable[Statement]) -> _Pairs:
    """The values of each place with what they are of: before and after."""
    found: dict[tuple[int, str], set[tuple[Role, Fraction]]] = {}
    for one in stated:
        if one.quantity is not None:
            values = found.setdefault((one.line, one.quote), set())
            values.add((one.role, one.quantity.base))
    return {place: frozenset(values) for place, values in found.items()}


def _is_told_again(found: Contradiction, pairs: _Pairs) -> bool:
    """Whether both places tell the same before and the same after: one thing in other words."""
    places = ((found.first.line, found.first.quote), (found.second_line, found.second_quote))
    first, second = (pairs.get(place, frozenset()) for place in places)
    return len(first) > 1 and first == second


def _key(found: Contradiction) -> tuple[object, ...]:
    """What makes two findings one: the same lines; or the same amount beside the same "none"."""
    if found.amount is not None:
        return found.kind, found.amount, found.second_line
    return found.kind, *sorted((found.first.line, found.second_line))


def _despite_zero(
    stated: Iterable[Statement], sentences: Sequence[Sentence]
) -> Iterator[Contradiction]:
    """Time down, or events, beside a sentence that says there were none."""
    months = _months_of(sentences)
    zeros = [
        (sentence, match[1])
        for sentence in sentences
        if (match := _ZERO.search(plain(sentence.text)))
    ]
    for one in stated:
        for sentence, what in zeros:
            own = _months(one.quote) or _months(sentence.text) or months
            found = _despite(one, what, own)
            if found is not None:
                yield Contradiction(
                    kind=found[0],
                    first=one,
                    second_quote=sentence.text,
                    second_line=sentence.line,
                    amount=found[1],
                    months=own,
                )


def _despite(
    one: Statement, what: str, months: Fraction | None
) -> tuple[Crossing, Fraction] | None:
    value = one.quantity
    if value is None or one.role in {Role.BEFORE, Role.GOAL}:
        return None
    over = months or Fraction(1)
    if value.unit.dimension is Dimension.PERCENT and "uptime" in one.about.topics:
        down = (_HUNDRED - value.base) / _HUNDRED * _MONTH_MINUTES * over
        return (Crossing.DOWN_DESPITE_ZERO, down) if down > 0 else None
    is_event = one.about.topics & {"incidents", "outages"} and not what.startswith("downtime")
    if value.unit.dimension is Dimension.RATE and is_event and value.base > 0:
        return Crossing.EVENTS_DESPITE_ZERO, value.base * over
    return None


def _frequency_in_time(one: Statement) -> Iterator[Contradiction]:
    """A frequency is so many a week; a figure in hours is the time between, or of, something."""
    is_frequency = re.search(r"\bfrequenc(?:y|ies)\b", plain(one.quote))
    in_time = one.quantity is not None and one.quantity.unit.dimension is Dimension.TIME
    if is_frequency and in_time:
        yield Contradiction(
            kind=Crossing.FREQUENCY_IN_TIME,
            first=one,
            second_quote=one.quote,
            second_line=one.line,
        )


def _between(first: Statement, second: Statement) -> Iterator[Contradiction]:
    kind = _kind(first, second)
    if kind is not None:
        yield Contradiction(
            kind=kind,
            first=first,
            second_quote=second.quote,
            second_line=second.line,
        )


def _kind(first: Statement, second: Statement) -> Crossing | None:
    if first.line == second.line and first.quote == second.quote:
        return None
    if first.change is not None and second.change is not None:
        is_same = first.about.is_same(second.about)
        return Crossing.TWO_CHANGES if is_same and _differ(first.change, second.change) else None
    if first.quantity is None or second.quantity is None:
        return None
    return _of_values(first, second, first.quantity, second.quantity)


def _of_values(
    first: Statement, second: Statement, one: Quantity, other: Quantity
) -> Crossing | None:
    """One figure of two things, or two of one, said of the same time."""
    times = [Role.BEFORE if each.role is Role.PAST else each.role for each in (first, second)]
    is_of_one_time = times[0] is times[1] is not Role.SOME
    if not is_of_one_time or one.unit.dimension is not other.unit.dimension:
        return None
    if abs(one.base - other.base) <= max(one.rounding, other.rounding):
        is_two = first.about.is_other_thing(second.about) and _is_telling(one)
        return Crossing.TWO_THINGS if is_two else None
    return Crossing.TWO_FIGURES if first.about.is_same(second.about) else None


def _is_telling(value: Quantity) -> bool:
    """Whether two things having this very figure would be a coincidence: a time of two digits."""
    digits = str(value.number.value.numerator).strip("0")
    return value.unit.dimension is Dimension.TIME and len(digits) > 1


def _differ(first: Change, second: Change) -> bool:
    """Whether two changes told in the same way are not the same, each at its own digits."""
    if first.form is not second.form or first.number is None or second.number is None:
        return False
    if first.form in {Form.ABSOLUTE, Form.STEP}:
        return False
    if first.way * second.way < 0:
        return True
    is_one = first.number.is_rounded(second.number.value)
    return not (is_one or second.number.is_rounded(first.number.value))


def _months_of(sentences: Iterable[Sentence]) -> Fraction | None:
    """The months that the document speaks of, where it speaks of one number of them only."""
    told = {found for each in sentences if (found := _months(each.text)) is not None}
    return told.pop() if len(told) == 1 else None


def _months(text: str) -> Fraction | None:
    match = _MONTHS.search(plain(text))
    if match is None:
        return None
    if match[1] in _COUNTS:
        return Fraction(_COUNTS[match[1]])
    counted = number(match[1])
    return None if counted is None else counted.value
