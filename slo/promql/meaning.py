"""Which indicator two queries mean: counters whose increases they sum, or a gauge they hold.

Only what can be told for certain is told. Anything else is refused with the recording rule that
would make it a gauge, because a query that is nearly understood would count something else.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from slo.indicator import Absent, Gauge, Latency, Op, Ratio, RawRatio
from slo.promql.expressions import (
    Aggregate,
    Binary,
    Call,
    Expression,
    Number,
    Subquery,
    Vector,
    parsed,
)
from slo.selector import Matcher, Selector

OF_COUNTERS = frozenset({"rate", "increase"})
_OPPOSITE = {Op.LT: Op.GTE, Op.LTE: Op.GT, Op.GT: Op.LTE, Op.GTE: Op.LT}
_ONE = Decimal(1)
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_TEXT_OR_BLANK = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?:\s|\#[^\n]*)+""")
_RECORDED = "service:quality:gauge"
_LONGEST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator, and the labels by whose values it is grouped."""

    indicator: Ratio | Latency | Gauge | RawRatio
    group_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Events:
    """A sum of increases of counters, less that of others where `less` is set."""

    of: Selector
    by: tuple[str, ...] = ()
    or_zero: bool = False
    less: Selector | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """How many samples of a gauge there were; those that keep to `op value` where it is set."""

    gauge: Selector
    by: tuple[str, ...] = ()
    op: Op | None = None
    value: float = 0.0


def meant_by(counted: str, total: str, *, is_bad: bool) -> Meaning:
    """What two queries mean of which the first counts good (or bad) events among the second's.

    >>> meant_by('sum(rate(r{code="500"}[5m])) or vector(0)', "sum(rate(r[5m]))", is_bad=True)
    Meaning(indicator=Ratio(total='r', good=None, bad='r{code="500"}', absent=<Absent.ZERO: 'zero'>), group_by=())

    Raises:
        ValueError: one of them is no query, or it cannot be told which events it counts.
    """
    part, whole = _count(parsed(counted)), _count(parsed(total))
    if part.by != whole.by:
        raise ValueError("the two queries are grouped by different labels")
    if isinstance(part, _Held) and isinstance(whole, _Held):
        return Meaning(_gauge(part, whole, is_bad=is_bad), whole.by)
    if isinstance(part, _Events) and isinstance(whole, _Events):
        return Meaning(_ratio(part, whole, is_bad=is_bad), whole.by)
    raise ValueError("one of the two queries sums a counter, the other counts samples of a gauge")


def meant_by_ratio(query: str, *, is_failure: bool) -> Meaning:
    """What a query means that is the ratio of good (or bad) events itself.

    >>> meant_by_ratio("1 - avg_over_time(quality[1h])", is_failure=False).indicator.is_failure
    True

    Raises:
        ValueError: it is no query, or it cannot be told what its ratio is made of.
    """
    tree = parsed(query)
    while isinstance(tree, Binary) and tree.sign == "-" and tree.left == Number(_ONE):
        tree, is_failure = tree.right, not is_failure
    mean = _mean(tree)
    if mean is not None:
        return Meaning(RawRatio(str(mean), is_failure))
    if not isinstance(tree, Binary) or tree.sign != "/":
        raise ValueError("it is neither a quotient of two sums nor the mean of a gauge")
    part, whole = _count(tree.left), _count(tree.right)
    if not isinstance(part, _Events) or not isinstance(whole, _Events) or part.by != whole.by:
        raise ValueError("the two sides of the quotient do not count the same events")
    return Meaning(_ratio(part, whole, is_bad=is_failure), whole.by)


def gauge_of(query: str) -> Selector:
    """The gauge whose values a query gives as they are, or as their mean over a range.

    Raises:
        ValueError: it is no query, or does something else to them.
    """
    found = _mean(parsed(query))
    if found is None:
        rule = recorded(_RECORDED, _on_one_line(query) if len(query) <= _LONGEST_SHOWN else "…")
        said = f"it is not a gauge alone, or its mean over a range; record it as {rule}"
        raise ValueError(f"{said} and name that")
    return found


def recording(counted: str, total: str, name: str, *, is_bad: bool) -> str:
    """What makes one gauge of two queries, on one line: the rule, and the key that reads it.

    >>> recording("max(a[{{.window}}])", "b", "a:error_ratio", is_bad=True)
    'record it as {record: "a:error_ratio", expr: "(max(a[5m])) / (b)"} and read that by failure_ratio'
    """
    key = "failure_ratio" if is_bad else "success_ratio"
    if len(counted) + len(total) > _LONGEST_SHOWN:
        return f"record it as a gauge and read that by {key}"
    expr = _TEMPLATE.sub("5m", f"({_on_one_line(counted)}) / ({_on_one_line(total)})")
    return f"record it as {recorded(name, expr)} and read that by {key}"


def recorded(name: str, expr: str) -> str:
    """A recording rule as YAML on one line.

    >>> print(recorded("ok", 'max(up{job="a"})'))
    {record: "ok", expr: 'max(up{job="a"})'}
    """
    return f"{{record: {_quoted(name)}, expr: {_quoted(expr)}}}"


def any_spelling(counted: Selector) -> Selector:
    r"""The selector, its bucket edge found however the server writes it: `1` is `1.0` since 3.0.

    >>> str(any_spelling(Selector.parse('r_bucket{le="1"}')))
    'r_bucket{le=~"1(\\\\.0)?"}'
    """
    return replace(counted, matchers=tuple(sorted(_spelt(each) for each in counted.matchers)))


def _quoted(text: str) -> str:
    """The text as YAML reads it back; in single quotes where it holds double ones, as queries do."""
    is_printable = text.isprintable()
    if is_printable and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=not is_printable)


def _on_one_line(query: str) -> str:
    """The query without comments and line breaks; what stands in quotes stays as it is."""
    return _TEXT_OR_BLANK.sub(lambda m: " " if m[0][0] not in "\"'`" else m[0], query).strip()


def _ratio(part: _Events, whole: _Events, *, is_bad: bool) -> Ratio | Latency:
    if whole.less is not None:
        raise ValueError("all events are a difference of two sums")
    counted = part.of
    if part.less is not None:
        if part.of != whole.of:
            raise ValueError("a difference is subtracted from something else than all events")
        counted, is_bad = part.less, not is_bad
    edge = None if is_bad else _edge(counted, whole.of)
    if edge is not None:
        return edge
    absent = Absent.ZERO if part.or_zero else Absent.NO_DATA
    text, total = str(any_spelling(counted)), str(whole.of)
    return Ratio(total, None if is_bad else text, text if is_bad else None, absent)


def _edge(good: Selector, total: Selector) -> Latency | None:
    """A latency, where the good events are one bucket of the histogram that the total counts."""
    edges = [each for each in good.matchers if each.label == "le"]
    if len(edges) != 1 or edges[0].op != "=" or not good.name.endswith("_bucket"):
        return None
    rest = tuple(each for each in good.matchers if each.label != "le")
    base = good.name.removesuffix("_bucket")
    all_of_it = (
        Selector(f"{base}_count", rest),
        Selector(good.name, tuple(sorted((*rest, Matcher("le", "=", "+Inf"))))),
    )
    threshold = _number(edges[0].value)
    if total not in all_of_it or not 0 < threshold < math.inf:
        return None
    return Latency(threshold, histogram=str(Selector(good.name, rest)))


def _spelt(matcher: Matcher) -> Matcher:
    value = _number(matcher.value) if matcher.label == "le" and matcher.op == "=" else math.nan
    if not math.isfinite(value) or value != int(value):
        return matcher
    return Matcher("le", "=~", f"{int(value)}(\\.0)?")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _gauge(part: _Held, whole: _Held, *, is_bad: bool) -> Gauge:
    if part.gauge != whole.gauge or part.op is None or whole.op is not None:
        raise ValueError("the two queries do not count samples of one gauge against a bound")
    op = _OPPOSITE[part.op] if is_bad else part.op
    return Gauge(str(part.gauge), op, part.value)


def _count(tree: Expression) -> _Events | _Held:
    """What an expression counts.

    Raises:
        ValueError: that cannot be told.
    """
    match tree:
        case Binary(left, "or", right) if _is_zero(right):
            found = _count(left)
            return replace(found, or_zero=True) if isinstance(found, _Events) else found
        case Binary(left, "-", right):
            return _difference(_count(left), _count(right))
        case Vector(selector, ""):
            return _Events(selector)
        case Aggregate("sum", inner, by):
            return _summed(inner, by)
        case Call("sum_over_time", (Subquery(Aggregate("count", inner, by), _),)):
            return _held(inner, by)
        case Call(("rate" | "increase") as name, (Vector(),)):
            raise ValueError(f"{name}(…) stands alone, which is one result a series; sum() them")
        case _:
            raise ValueError("it is neither a sum of counters nor a count of samples")


def _difference(whole: _Events | _Held, part: _Events | _Held) -> _Events:
    if not (isinstance(whole, _Events) and isinstance(part, _Events)):
        raise ValueError("a difference is not one of two sums of counters")  # noqa: TRY004 - of a query
    if whole.by != part.by or whole.less or part.less:
        raise ValueError("the two sums of a difference are not grouped alike")
    return replace(whole, less=part.of, or_zero=part.or_zero)


def _summed(inner: Expression, by: tuple[str, ...] | None) -> _Events | _Held:
    if by is None:
        raise ValueError("sum without (…) names the labels that go, not those that stay; use by")
    match inner:
        case Vector(selector, ""):
            return _Events(selector, by)
        case Call(name, (Vector(selector, range_),)) if name in OF_COUNTERS and range_:
            return _Events(selector, by)
        case Call("count_over_time", (Vector(selector, range_),)) if range_:
            return _Held(selector, by)
        case Call("count_over_time", (Subquery(inner_most, _),)):
            return _held(inner_most, by)
        case _:
            raise ValueError("what it sums is not the increase of a counter")


def _held(tree: Expression, by: tuple[str, ...] | None) -> _Held:
    match tree:
        case Vector(selector, "") if by is not None:
            return _Held(selector, by)
        case Binary(Vector(selector, ""), sign, Number(value), ()) if (
            by is not None and sign in set(Op)
        ):
            return _Held(selector, by, Op(sign), float(value))
        case _:
            raise ValueError("what it counts is not a gauge held against a number")


def _is_zero(tree: Expression) -> bool:
    return tree == Call("vector", (Number(Decimal(0)),))


def _mean(tree: Expression) -> Selector | None:
    """The gauge whose mean an expression is; None where it is none."""
    match tree:
        case Vector(selector, "") | Call("avg_over_time", (Vector(selector),)):
            return selector
        case Aggregate("avg", inner, ()):
            return _mean(inner)
        case Binary(
            Aggregate("sum", Call("sum_over_time", (Vector(summed),)), ()),
            "/",
            Aggregate("sum", Call("count_over_time", (Vector(counted),)), ()),
        ) if summed == counted:
            return summed
        case _:
            return None
