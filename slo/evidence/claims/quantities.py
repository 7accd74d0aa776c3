"""What a cell of a document says was measured: a duration, a percentage, a rate, a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from slo.evidence.claims.written import NUMBER, Number, number, plain
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, MONTH_S, WEEK_S, YEAR_S


class Dimension(StrEnum):
    """What kind of thing is counted; values of different kinds cannot be compared."""

    TIME = "time"
    PERCENT = "percent"
    RATE = "rate"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: how many of the base (seconds, percent, events a month, one) it is.

    `name` is how it was written; numbers have a label of their own, "" for none.
    """

    dimension: Dimension
    size: Fraction
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its unit, as it was written: `number` is exact and keeps its decimals."""

    number: Number
    unit: Unit
    is_negative: bool = False

    @property
    def base(self) -> Fraction:
        """The value in seconds, percent, events a month or as it is."""
        value: Fraction = self.number.value * self.unit.size
        return -value if self.is_negative else value

    @property
    def rounding(self) -> Fraction:
        """By how much the base may be off for having been rounded when it was written."""
        return self.unit.size * Fraction(1, 2 * 10**self.number.decimals)


MONTH_DAYS = MONTH_S / DAY_S
_SECONDS = MappingProxyType(
    {
        "ns": Fraction(1, 10**9),
        "us": Fraction(1, 10**6),
        "µs": Fraction(1, 10**6),
        "ms": Fraction(1, 1_000),
        "millisecond": Fraction(1, 1_000),
        "s": Fraction(1),
        "sec": Fraction(1),
        "second": Fraction(1),
        "m": Fraction(MINUTE_S),
        "min": Fraction(MINUTE_S),
        "minute": Fraction(MINUTE_S),
        "h": Fraction(HOUR_S),
        "hr": Fraction(HOUR_S),
        "hour": Fraction(HOUR_S),
        "d": Fraction(DAY_S),
        "day": Fraction(DAY_S),
        "w": Fraction(WEEK_S),
        "wk": Fraction(WEEK_S),
        "week": Fraction(WEEK_S),
        "month": MONTH_S,
        "year": YEAR_S,
    }
)
_A_MONTH = MappingProxyType(
    {
        "hour": 24 * MONTH_DAYS,
        "h": 24 * MONTH_DAYS,
        "day": MONTH_DAYS,
        "d": MONTH_DAYS,
        "week": MONTH_DAYS / 7,
        "wk": MONTH_DAYS / 7,
        "fortnight": MONTH_DAYS / 14,
        "month": Fraction(1),
        "mo": Fraction(1),
        "quarter": Fraction(1, 3),
        "q": Fraction(1, 3),
        "year": Fraction(1, 12),
        "yr": Fraction(1, 12),
    }
)
_ADVERBS = MappingProxyType(
    {
        "hourly": "hour",
        "daily": "day",
        "weekly": "week",
        "fortnightly": "fortnight",
        "biweekly": "fortnight",
        "monthly": "month",
        "quarterly": "quarter",
        "yearly": "year",
        "annually": "year",
    }
)
_WORDS = MappingProxyType(
    {
        **{
            word: n for n, word in enumerate(("zero", "one", "two", "three", "four", "five", "six"))
        },
        "no": 0,
        "once": 1,
        "twice": 2,
        "a": 1,
    }
)
_PERCENT = frozenset({"%", "percent", "per cent", "pct"})
_SCALES = MappingProxyType(
    {"k": 1_000, "thousand": 1_000, "million": 10**6, "mio": 10**6, "bn": 10**9}
)
_EVERY = "|".join(sorted(_A_MONTH, key=len, reverse=True))
_PER = re.compile(rf"(?:/|\bper\b|\ban?\b|\beach\b|\bevery\b)\s*({_EVERY})s?\b\.?")
_ADVERB = re.compile(rf"^(?:once |twice )?({'|'.join(_ADVERBS)})$")
_EVERY_FEW = re.compile(rf"^every\s+(?:({NUMBER}|[a-z]+)\s+)?({_EVERY})s?$")
_LENGTH = re.compile(rf"({NUMBER})\s*([a-zµ]+)")
_ABOUT = re.compile(r"^(?:~|≈|ca\.?|about|approx\.?|around|roughly)\s*")
_NOTE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_CURRENCY = r"[$€£]|eur|usd|gbp|chf"
_PLAIN = re.compile(rf"^(-|\+)?\s*({_CURRENCY})?\s*({NUMBER})\s*(.*)$")


def quantity(text: str, default: Unit | None = None) -> Quantity | None:
    """What the text says, None where it says no single value.

    `default` is the unit of a number without one: that of the column or of the row's name.

    >>> quantity("72 h").base, quantity("99.80 %").base, quantity("weekly").base
    (Fraction(259200, 1), Fraction(499, 5), Fraction(6957, 1600))
    """
    told = _ABOUT.sub("", _NOTE.sub("", plain(text))).strip(" .;:")
    found = _rate(told) or _length(told) or _valued(told)
    is_bare = found is not None and found.unit == _BARE
    if found is not None and is_bare and default is not None:
        return Quantity(found.number, default, found.is_negative)
    return found


def unit_in(text: str) -> Unit | None:
    """The unit that a header or a name gives in brackets or words: "p95 (ms)", "per quarter".

    >>> unit_in("p95 latency (ms)").name, unit_in("Incidents per month").dimension.value
    ('ms', 'rate')
    """
    told = plain(text)
    if per := _PER.search(told):
        return Unit(Dimension.RATE, _A_MONTH[per[1]], f"a {per[1]}")
    for inside in re.findall(r"[(\[]([^()\[\]]{1,20})[)\]]", told) + told.rsplit(",", 1)[1:]:
        found = _unit(inside.strip())
        if found is not None and found.dimension is not Dimension.NUMBER:
            return found
    return None


def _rate(told: str) -> Quantity | None:
    """Events in a time: "weekly", "2.5 a month", "4/quarter", "every 2 weeks", "twice a week"."""
    if adverb := _ADVERB.match(told):
        every = _ADVERBS[adverb[1]]
        times = 2 if told.startswith("twice ") else 1
        return _every(Number(Fraction(times), 0), every)
    if few := _EVERY_FEW.match(told):
        apart = _counted(few[1] or "one")
        if apart is None or not apart.value:
            return None
        return _every(Number(1 / apart.value, 6), few[2])
    per = _PER.search(told)
    if per is None or told[per.end() :].strip():
        return None
    count = re.match(rf"^({NUMBER}|[a-z]+)\b", told)
    counted = None if count is None else _counted(count[1])
    return None if counted is None else _every(counted, per[1])


def _every(counted: Number, every: str) -> Quantity:
    return Quantity(counted, Unit(Dimension.RATE, _A_MONTH[every], f"a {every}"))


def _counted(text: str) -> Number | None:
    word = _WORDS.get(text)
    return number(text) if word is None else Number(Fraction(word), 0)


def _length(told: str) -> Quantity | None:
    """A duration, also one in parts ("1 h 30 min"), which keeps the unit of its last part."""
    if not re.fullmatch(rf"-?\s*(?:{NUMBER}\s*[a-zµ]+\s*)+", told):
        return None
    parts = [(number(each), _singular(unit)) for each, unit in _LENGTH.findall(told)]
    if any(each is None or unit not in _SECONDS for each, unit in parts):
        return None
    last, name = parts[-1]
    assert last is not None
    unit = Unit(Dimension.TIME, _SECONDS[name], name)
    seconds = sum((each.value * _SECONDS[name] for each, name in parts if each), Fraction(0))
    return Quantity(Number(seconds / unit.size, last.decimals), unit, told.startswith("-"))


def _valued(told: str) -> Quantity | None:
    """A percentage, or a number with what stands behind it."""
    match = _PLAIN.match(told)
    if match is None:
        return None
    counted = number(match[3])
    unit = _unit(match[4].strip())
    if counted is None or unit is None:
        return None
    if match[2] and unit.dimension is Dimension.NUMBER:
        unit = Unit(unit.dimension, unit.size, _label(match[2]))
    return Quantity(counted, unit, match[1] == "-")


_BARE = Unit(Dimension.NUMBER, Fraction(1))


def _unit(name: str) -> Unit | None:
    """A unit by its name; None for words that are none."""
    if name in _PERCENT:
        return Unit(Dimension.PERCENT, Fraction(1), "%")
    if _singular(name) in _SECONDS:
        return Unit(Dimension.TIME, _SECONDS[_singular(name)], name)
    scale, rest = _scaled(name)
    if re.search(r"[0-9]", rest) and not re.fullmatch(r"(?:/|of|out of)\s*[0-9]+(?:\.0)?", rest):
        return None
    if re.fullmatch(r"[^()<>|=]{0,24}", rest) and "->" not in rest:
        return Unit(Dimension.NUMBER, Fraction(scale), _label(rest))
    return None


def _scaled(name: str) -> tuple[int, str]:
    word, _, rest = name.partition(" ")
    return (_SCALES[word], rest.strip()) if word in _SCALES else (1, name)


def _label(rest: str) -> str:
    """A label in one spelling: stars and marks out of something are their number."""
    named = {"€": "eur", "$": "usd", "£": "gbp", "pts": "points", "point": "points", "pt": "points"}
    return named.get(rest, "" if re.match(r"(?:/|of|out of)\s*[0-9]", rest) else _singular(rest))


def _singular(word: str) -> str:
    known = {*_SECONDS, *_A_MONTH}
    return word[:-1] if word.endswith("s") and word[:-1] in known and word not in known else word
