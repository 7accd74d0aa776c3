"""Queries that are divided by each other, but look back by different lengths or in different units."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from slo.durations import exact_seconds
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
from slo.promql.meaning import OF_COUNTERS


def unlike(*queries: str) -> str:
    """What keeps the quotient of queries from being a share of events; empty where nothing does.

    >>> unlike("sum(rate(ok[5m]))", "sum(rate(all[300s]))")
    ''

    Raises:
        ValueError: one of them is no query.
    """
    inside = [one for query in queries for one in _parts(parsed(query))]
    ranges = {_length(text): text for one in inside if (text := _range(one))}
    names = {one.name for one in inside if isinstance(one, Call)}
    said = [f"look back by different lengths ({', '.join(ranges.values())})"] * (len(ranges) > 1)
    said += ["mix rate and increase"] * (names >= OF_COUNTERS)
    if not said:
        return ""
    return (
        f"its queries {' and '.join(said)}, so that their quotient is no share of events; here all"
        " of them count events over the same time"
    )


def _parts(tree: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of, from left to right."""
    yield tree
    match tree:
        case Call(_, arguments):
            for one in arguments:
                yield from _parts(one)
        case Aggregate(_, inner) | Subquery(inner):
            yield from _parts(inner)
        case Binary(left, _, right):
            yield from _parts(left)
            yield from _parts(right)
        case Vector() | Number():
            pass


def _range(part: Expression) -> str:
    """The text between its brackets, without the steps of a subquery."""
    text = part.range if isinstance(part, Vector | Subquery) else ""
    return "".join(text.partition(":")[0].split())


def _length(text: str) -> Fraction | str:
    """What two spellings of one length share."""
    try:
        return exact_seconds(text)
    except ValueError:
        return text
