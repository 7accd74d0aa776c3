"""What is said of a claim: the finding, what to say instead, what the data say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from types import MappingProxyType

from dashboard.views.claims.model import Claim, Held, Support
from dashboard.views.rounding import rounded, signed, significant, times
from dashboard.views.words import NOTHING
from slo.evidence.claims.arithmetic import Exact, Finding, exact_change
from slo.evidence.claims.changes import Change, Form, change
from slo.evidence.claims.crossing import Contradiction, Crossing
from slo.evidence.claims.quantities import Dimension, Quantity
from slo.evidence.claims.subjects import subject
from slo.evidence.terms import Verdict
from slo.lengths import down_minutes

HEADS = ("Arithmetic", "Data", "Better")
"""Above what the arithmetic and the data say of a claim, and above how it is better told."""
_MANY = 3
_CURRENCIES = frozenset({"eur", "usd", "gbp", "chf"})
"""A hundredth of thirty days."""


def arithmetic_words(claim: Claim) -> str:
    """The finding on the claimed change, with the exact one."""
    row, exact = claim.row, claim.checked.exact
    if exact is None or row.before is None or row.after is None:
        return _unreadable(claim)
    told = change(row.change_text)
    if told is None:
        return f"{NOTHING}" if not row.change_text else f'"{row.change_text}" names no figure'
    words = exact_words(exact, row.before, row.after, told)
    if claim.checked.read_as is not None:
        return _two_readings(claim, words, told, claim.checked.read_as)
    words = f"{words}{_literal(told)}{_downtime(claim, exact, told)}"
    return f"{_finding_words(claim.checked.finding, row.before)}: exactly {words}"


def _two_readings(
    claim: Claim, words: str, told: Change, read_as: tuple[Quantity, Quantity]
) -> str:
    """The exact change as the point is read, and as the claim reads it."""
    other = exact_change(*read_as)
    assert other is not None
    values = " or ".join(
        f"{text} may be {_valued(other)}" for text, _, other in _read_otherwise(claim, read_as)
    )
    return f"ambiguous, {values}: exactly {words}, or {exact_words(other, *read_as, told)}"


def _read_otherwise(
    claim: Claim, read_as: tuple[Quantity, Quantity]
) -> Iterator[tuple[str, Quantity, Quantity]]:
    """The values that are another in the other reading: as written, as read, and as the other."""
    row = claim.row
    texts = ((row.before_text, row.before), (row.after_text, row.after))
    for (text, value), other in zip(texts, read_as, strict=True):
        if value is not None and value != other:
            yield text, value, other


def _finding_words(finding: Finding, before: Quantity) -> str:
    if finding is Finding.UNIT:
        is_share = before.unit.dimension is Dimension.PERCENT
        return (
            f"wrong unit, {'of a percentage say points' if is_share else 'not that of the values'}"
        )
    if finding is Finding.AMBIGUOUS and before.unit.dimension is Dimension.PERCENT:
        return "ambiguous, points or percent of a percentage"
    if finding is Finding.AMBIGUOUS:
        return "ambiguous, so many times or so many more"
    return finding.value


def better_words(claim: Claim) -> str:
    """What to say instead; "" where the claim is right as it stands, or nothing can be said."""
    row, exact = claim.row, claim.checked.exact
    told = change(row.change_text)
    if exact is None or row.before is None or row.after is None or told is None:
        return ""
    if claim.checked.read_as is not None:
        others = [other for *_, other in _read_otherwise(claim, claim.checked.read_as)]
        plainly = " and ".join(_valued(each).replace(",", "") for each in others)
        return f'write "{plainly}" if that is meant'
    is_plain = bool(told.way) or told.form in {Form.TIMES, Form.STEP} or not exact.absolute
    if claim.checked.finding is Finding.OK and is_plain:
        return ""
    return f'say "{telling(exact, row.before, row.after)}"'


def telling(exact: Exact, before: Quantity, after: Quantity) -> str:
    """How such a change is best told: in points, as so many times as often, or in percent."""
    dimension = before.unit.dimension
    if dimension is Dimension.PERCENT and exact.points is not None:
        return f"{_signed(exact.points, _decimals(before, after))} pp"
    if exact.times is None:
        return f"{_valued(before)} to {_valued(after)}"
    return _told_times(exact, exact.times, dimension) if exact.absolute else "no change"


def _told_times(exact: Exact, ratio: Fraction, dimension: Dimension) -> str:
    if dimension is Dimension.RATE and ratio >= 1:
        return f"{_times(ratio)}x as often"
    if dimension is Dimension.TIME and 0 < ratio * _MANY <= 1:
        return f"{_times(1 / ratio)}x faster ({_percent(exact)})"
    if ratio >= _MANY:
        return f"{_times(ratio)}x as {_often(dimension)} ({_percent(exact)})"
    return _percent(exact)


def exact_words(exact: Exact, before: Quantity, after: Quantity, told: Change) -> str:
    """The exact change in the way that was claimed, and in the others that people use."""
    said = []
    if exact.points is not None:
        said.append(f"{_signed(exact.points, max(2, _decimals(before, after)))} pp")
        if exact.downtime_percent is not None and told.is_of_downtime:
            said.append(f"{_signed(exact.downtime_percent, 1)} % of the downtime")
        return ", ".join(said)
    if told.form is Form.ABSOLUTE:
        value = exact.absolute / after.unit.size
        said.append(f"{_signed(value, _decimals(before, after))}{_unit(after)}")
    if exact.times is None:
        why = "before is below zero" if before.base < 0 else "there was nothing before"
        return ", ".join([*said, f"no percentage, for {why}"])
    if told.form in {Form.TIMES, Form.MORE_TIMES} and exact.times:
        is_less = exact.times < 1
        factor = 1 / exact.times if is_less else exact.times
        word = "less" if is_less else f"as {_often(before.unit.dimension)}"
        word = "faster" if is_less and before.unit.dimension is Dimension.TIME else word
        said.append(f"{_plain(factor, 2)}x {word}")
    percent = exact.percent or Fraction(0)
    said.append(f"{_signed(percent, min(1, significant(float(percent), 4)))} %")
    return ", ".join(said)


def support_words(claim: Claim) -> str:
    """What the data say: for which measure, whether the values are ours, what was judged.

    Without data, what the claim's own numbers show.
    """
    if claim.support is Support.NO_DATA:
        return "; ".join(each for each in (_no_data(claim), claim.alone) if each)
    assert claim.measure is not None
    sides = [
        words for words in (_held("before", claim.before), _held("after", claim.after)) if words
    ]
    verdict = _VERDICTS.get(claim.measure.verdict, claim.measure.verdict.value)
    return "; ".join([*sides, f"{claim.measure.metric.title}: {verdict}"])


def _no_data(claim: Claim) -> str:
    if claim.rivals:
        return f"not held against the data: it may mean {_either(claim.rivals)}"
    if claim.measure is None:
        return Support.NO_DATA.value
    return f"nothing was measured for {claim.measure.metric.title}"


def _either(names: Sequence[str]) -> str:
    """Names that may be meant, the last after "or"; of many only the first three.

    >>> _either(["API p95", "Checkout p95"])
    'API p95 or Checkout p95'
    """
    if len(names) > _MANY:
        return f"{', '.join(names[:_MANY])} or {len(names) - _MANY} more"
    return " or ".join([", ".join(names[:-1]), names[-1]])


_VERDICTS = MappingProxyType({Verdict.NOT_TESTED: "single readings, not tested"})


def contradiction_words(found: Contradiction) -> str:
    """One sentence with both quotes and where they stand."""
    first = f"line {found.first.line}, “{found.first.quote}”"
    second = f"; line {found.second_line}, “{found.second_quote}”"
    is_alone = found.kind is Crossing.FREQUENCY_IN_TIME
    return f"{_CROSSED[found.kind]}{_amount(found)}: {first}{'' if is_alone else second}"


_CROSSED = MappingProxyType(
    {
        Crossing.DOWN_DESPITE_ZERO: "Some time was down, and none was",
        Crossing.EVENTS_DESPITE_ZERO: "There were incidents, and there were none",
        Crossing.TWO_THINGS: "One figure is claimed for two things",
        Crossing.TWO_FIGURES: "Two figures are claimed for one thing",
        Crossing.TWO_CHANGES: "Two changes are claimed for one thing",
        Crossing.FREQUENCY_IN_TIME: "A frequency is so many in a time, not a length of time",
    }
)


def _amount(found: Contradiction) -> str:
    if found.amount is None:
        return ""
    over = f"over {_plain(found.months, 1)} months" if found.months else "a month"
    if found.kind is Crossing.DOWN_DESPITE_ZERO:
        return f" ({_plain(found.amount, 0)} min down {over})"
    return f" ({_plain(found.amount, 1)} {over})"


def _unreadable(claim: Claim) -> str:
    row = claim.row
    if claim.checked.finding is Finding.INCOMPARABLE and row.before and row.after:
        return f"{row.before_text} and {row.after_text} cannot be compared"
    missing = [
        f'{name} "{text}"' if text else f"no {name}"
        for name, text, value in (
            ("before", row.before_text, row.before),
            ("after", row.after_text, row.after),
        )
        if value is None
    ]
    return f"not one value: {' and '.join(missing)}"


def _literal(told: Change) -> str:
    """What "+5x" would be, taken at its word."""
    if told.form is not Form.MORE_TIMES or told.number is None or told.way <= 0:
        return ""
    return f'; "+{_plain(told.number.value, 2)}x" as an increase is {_plain(told.number.value + 1, 2)}x'


def _downtime(claim: Claim, exact: Exact, told: Change) -> str:
    """What the change of an uptime means in time down, which the points hide."""
    row, percent = claim.row, exact.downtime_percent
    if percent is None or told.is_of_downtime or "uptime" not in subject(row.metric).topics:
        return ""
    assert row.before is not None
    assert row.after is not None
    minutes = [_plain(down_minutes(1 - each.base / 100), 1) for each in (row.before, row.after)]
    return f"; the downtime {_signed(percent, 0)} %, {minutes[0]} to {minutes[1]} min per 30 d"


def _held(name: str, held: Held | None) -> str:
    if held is None:
        return ""
    around = f" ({held.around})" if held.around else ""
    if held.is_inside is None:
        return f"{name} {held.ours}{around}"
    if not held.around:  # nothing to be inside of
        return f"{name} {'agrees with' if held.is_inside else 'differs from'} ours, {held.ours}"
    return f"{name} {'inside' if held.is_inside else 'outside'} ours, {held.ours}{around}"


def _often(dimension: Dimension) -> str:
    return {Dimension.RATE: "often", Dimension.TIME: "long"}.get(dimension, "much")


def _times(ratio: Fraction) -> str:
    return times(float(ratio)).removesuffix(".0")


def _percent(exact: Exact) -> str:
    percent = exact.percent or Fraction(0)
    return f"{_signed(percent, 0 if abs(percent) >= 1 else 1)} %"


def _decimals(before: Quantity, after: Quantity) -> int:
    return max(before.number.decimals, after.number.decimals)


def _signed(value: Fraction, decimals: int) -> str:
    return signed(float(value), decimals)


def _plain(value: Fraction, most: int) -> str:
    number = float(value)
    return rounded(number, min(most, significant(number, 4)))


def _valued(value: Quantity) -> str:
    number = -value.number.value if value.is_negative else value.number.value
    return f"{_plain(number, value.number.decimals)}{_unit(value)}"


def _unit(value: Quantity) -> str:
    name = value.unit.name
    return f" {name.upper() if name in _CURRENCIES else name}" if name else ""
