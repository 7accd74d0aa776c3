"""How the keys of any table are written: durations, limits, percentages, selectors."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, InstanceOf, WithJsonSchema

from slo.durations import exact_seconds, seconds
from slo.lengths import DAY_S
from slo.selector import Selector

DURATION = {
    "type": "string",
    "pattern": "^([0-9]+(\\.[0-9]+)?(ms|[wdhms]))+$",
    "examples": ['"500ms"', '"5m"', '"30d"'],
}
LONGEST_S = 20 * 366 * DAY_S
_MOST_DIGITS = 12


def quoted(value: object, example: str) -> str:
    """The value as the text it must be.

    Raises:
        ValueError: it is no text; the example says how one looks.
    """
    if not isinstance(value, str):
        raise ValueError(f'must be text in quotes such as "{example}"')  # noqa: TRY004 (pydantic)
    return value


def length_s(value: object) -> int:
    """The whole seconds of a duration such as "5m".

    Raises:
        ValueError: it is none, nothing, or longer than 20 years.
    """
    length = seconds(quoted(value, "5m"))
    if length == 0:
        raise ValueError("must be greater than 0")
    if length > LONGEST_S:
        raise ValueError("must not be longer than 20 years")
    return length


def percentage(value: object, most_digits: int = _MOST_DIGITS) -> Decimal:
    """The percentage as it was written, exactly.

    Raises:
        ValueError: it is no number, or one beyond all measure.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a percentage such as 99.95, without quotes")  # noqa: TRY004
    percent = Decimal(value)
    if not percent.is_finite() or abs(percent.adjusted()) > _MOST_DIGITS:
        raise ValueError("must be a percentage such as 99.95, not a number beyond all measure")
    if len(percent.as_tuple().digits) > most_digits:
        raise ValueError(f"must have at most {most_digits} digits, such as 99.95")
    return percent


def _threshold(value: object) -> float:
    threshold = exact_seconds(quoted(value, "500ms"))
    if threshold == 0:
        raise ValueError("must be greater than 0")
    return float(threshold)


def _quantile(value: object) -> Fraction:
    percent = percentage(value)
    if not 0 < percent < 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage between 0 and 100, such as 95 for the p95")
    return Fraction(percent) / 100


def _selector(value: str) -> str:
    return str(Selector.parse(value))


Length = Annotated[int, BeforeValidator(length_s), WithJsonSchema(DURATION)]
Threshold = Annotated[float, BeforeValidator(_threshold), WithJsonSchema(DURATION)]
SelectorText = Annotated[str, AfterValidator(_selector)]
QuantilePercent = Annotated[
    InstanceOf[Fraction],
    BeforeValidator(_quantile),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100}),
]
