"""What a document says has changed: "-40 %", "+0.17 pp", "4x faster", "+5x", "monthly -> weekly"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from slo.evidence.claims.quantities import Dimension, Quantity, quantity
from slo.evidence.claims.written import NUMBER, Number, number, plain


class Form(StrEnum):
    """In which way a change is told."""

    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    MORE_TIMES = "more times"
    ABSOLUTE = "absolute"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A claimed change: `number` without its sign, `way` -1, +1 or 0 where none is told.

    `quantity` is the value of an absolute change, `step` both ends of "monthly -> weekly";
    `is_least` that it is told as more than so much, `is_of_downtime` that it is one of downtime, and
    `is_speed` that its way is told as "faster": down for durations, up for what comes so often.
    """

    form: Form
    number: Number | None = None
    way: int = 0
    quantity: Quantity | None = None
    step: tuple[Quantity, Quantity] | None = None
    is_least: bool = False
    is_of_downtime: bool = False
    is_speed: bool = False


_DOWN = re.compile(
    r"\b(?:down|less|fewer|lower|faster|quicker|shorter|cheaper|smaller|sooner|reduc\w+|decreas\w+"
    r"|drop\w*|fell|fall|cut|sav\w+)\b"
)
_UP = re.compile(r"\b(?:up|more|higher|increas\w+|grow\w*|grew|rose|rise|longer|slower|better)\b")
_LEAST = re.compile(r"^(?:>=?|≥|over|more than|at least|above)\s*")
_ABOUT = re.compile(r"^(?:~|≈|ca\.?|about|approx\.?|around|roughly|almost|nearly|up to|by)\s*")
_POINTS = re.compile(
    rf"^({NUMBER})\s*(?:pp|p\.p\.|ppt|%-points?|%\s?points?|percent(?:age)?[ -]points?)(?![a-z])"
)
_PERCENT = re.compile(rf"^({NUMBER})\s*(?:%|percent\b|per cent\b|pct\b)")
_TIMES = re.compile(rf"^({NUMBER})\s*-?\s*(?:x(?![a-z])|times\b|fold\b)")
_CROSS = re.compile(rf"^x\s*({NUMBER})(?![0-9a-z])")
_NAMED = re.compile(r"^(doubled|halved|tripled|quadrupled)\b")
_FACTORS = {"doubled": 2, "halved": 2, "tripled": 3, "quadrupled": 4}


def change(text: str) -> Change | None:
    """The change that the text claims; None where it claims none that can be read.

    >>> change("+0.17 pp").form.value, change("4.3x as often").form.value, change("+5x").form.value
    ('points', 'times', 'more times')
    """
    told = re.sub(r"^[(\[]|[)\]]$", "", plain(text)).strip(" .;:*")
    if " -> " in told:
        return _step(told)
    is_least = bool(_LEAST.match(told))
    told = _ABOUT.sub("", _LEAST.sub("", told))
    way, rest = _way(told)
    found = _counted(rest, way) or _absolute(rest, way)
    if found is None:
        return None
    return Change(
        form=found.form,
        number=found.number,
        way=found.way,
        quantity=found.quantity,
        is_least=is_least,
        is_of_downtime="downtime" in told or "minutes down" in told,
        is_speed=bool(re.search(r"\b(?:faster|quicker)\b", told)),
    )


def step(text: str) -> tuple[Quantity, Quantity] | None:
    """Both ends of "72 h -> 8 h" or "from monthly to weekly"; None where it is no such step.

    >>> before, after = step("820 -> 490 ms")
    >>> before.unit.name, after.unit.name
    ('ms', 'ms')
    """
    told = re.sub(r"^from (.+?) to (.+)$", r"\1 -> \2", plain(text))
    ends = told.split(" -> ")
    if len(ends) != 2:  # noqa: PLR2004 - a step has two ends
        return None
    return both(ends[0], ends[1])


def both(before: str, after: str) -> tuple[Quantity, Quantity] | None:
    """Two values, of which one may lend the other its unit; None where either is none.

    >>> before, after = both("72", "8 h")
    >>> before.unit == after.unit
    True
    """
    first, second = quantity(before), quantity(after)
    if first is None or second is None:
        return None
    if _is_bare(first) and not _is_bare(second):
        first = quantity(before, second.unit)
    elif _is_bare(second) and not _is_bare(first):
        second = quantity(after, first.unit)
    return None if first is None or second is None else (first, second)


def _step(told: str) -> Change | None:
    ends = step(told)
    return None if ends is None else Change(form=Form.STEP, step=ends)


def _way(told: str) -> tuple[int, str]:
    """The way that a sign or a word tells, and what follows the sign."""
    signed = re.match(r"^([+-]|±)\s*(.*)$", told)
    if signed:
        return {"+": 1, "-": -1}.get(signed[1], 0), signed[2]
    rest = re.sub(
        r"^(?:down|up|reduced|increased|cut|fell|rose|grew|dropped)\s+(?:by\s+)?", "", told
    )
    if _DOWN.search(told):
        return -1, rest
    return (1, rest) if _UP.search(told) else (0, rest)


def _counted(rest: str, way: int) -> Change | None:
    """Points, percent or times."""
    is_signed = way != 0
    for form, pattern in ((Form.POINTS, _POINTS), (Form.PERCENT, _PERCENT)):
        if match := pattern.match(rest):
            return _made(form, number(match[1]), way)
    if match := _TIMES.match(rest):
        form = Form.MORE_TIMES if is_signed and not _is_worded(rest) else Form.TIMES
        return _made(form, number(match[1]), way)
    if match := _CROSS.match(rest):
        return _made(Form.TIMES, number(match[1]), way)
    if match := _NAMED.match(rest):
        return _made(Form.TIMES, number(str(_FACTORS[match[1]])), -1 if match[1] == "halved" else 1)
    return None


def _made(form: Form, counted: Number | None, way: int) -> Change | None:
    return None if counted is None else Change(form=form, number=counted, way=way)


def _is_worded(rest: str) -> bool:
    """Whether the times are told as such: "4x faster", "4x as often"; "4x more" is not."""
    return bool(re.search(r"\bas \w+|faster|quicker|shorter|cheaper|fewer|lower|smaller", rest))


def _absolute(rest: str, way: int) -> Change | None:
    told = re.sub(r"\s+(?:more|less|fewer|lower|higher|faster|shorter|longer|better)$", "", rest)
    found = quantity(told)
    if found is None or found.unit.dimension is Dimension.PERCENT:
        return None
    return Change(form=Form.ABSOLUTE, number=found.number, way=way, quantity=found)


def _is_bare(found: Quantity) -> bool:
    return found.unit.dimension is Dimension.NUMBER and not found.unit.name
