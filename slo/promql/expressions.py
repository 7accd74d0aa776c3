"""PromQL as a tree: the part of the language in which SLO files write their queries.

Ranges such as `[{{.window}}]`, `[5m]` and `[window]` are kept as text: which window is meant is
for whoever asks. What the grammar does not know is refused with the place where it begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from slo.selector import Selector

MOST_LEVELS = 40
_LONGEST_QUERY = 20_000
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<matchers>\{(?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})
      | (?P<range>\[[^\]]*\])
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w:]))
      | (?P<name>[a-zA-Z_:][\w:]*)
      | (?P<sign>==|!=|<=|>=|[-+*/%^<>(),])""",
    re.VERBOSE,
)
_AGGREGATES = frozenset({"sum", "avg", "min", "max", "count", "group"})
_GROUPINGS = frozenset({"by", "without"})
_MATCHINGS = frozenset({"on", "ignoring", "group_left", "group_right"})
_LEVELS = (
    frozenset({"or"}),
    frozenset({"and", "unless"}),
    frozenset({"==", "!=", "<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
    frozenset({"^"}),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is written out."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Vector:
    """Series by a selector; `range` is the text between the brackets, empty where none are."""

    selector: Selector
    range: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value for each value of the labels `by`; None where `without` names others instead."""

    name: str
    inner: Expression
    by: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Subquery:
    """An expression over a range of time."""

    inner: Expression
    range: str


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions and what stands between them; `bool` and `on (…)` are kept as words."""

    left: Expression
    sign: str
    right: Expression
    words: tuple[str, ...] = ()


Expression = Number | Vector | Call | Aggregate | Subquery | Binary


def parsed(query: str) -> Expression:
    """The query as a tree.

    >>> parsed("sum by (job) (rate(up[5m])) or vector(0)").sign
    'or'

    Raises:
        ValueError: it is none, or of a part of the language that is not known here.
    """
    if len(query) > _LONGEST_QUERY:
        raise ValueError(f"the query is longer than {_LONGEST_QUERY:,} characters")
    reading = _Reading(_tokens(query))
    found = reading.binary(0, 0)
    if reading.kind:
        raise ValueError(f"cannot read the query from {reading.text!r} on")
    return found


def _tokens(query: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise ValueError(f"cannot read the query from {query[at : at + 20]!r} on")
        if match.lastgroup and match.lastgroup != "space":
            found.append((match.lastgroup, match[0]))
        at = match.end()
    return [*found, ("", "its end")]


class _Reading:
    """One descent through the tokens of a query."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    def binary(self, level: int, depth: int) -> Expression:
        """An expression whose signs bind at least as tightly as the level says."""
        if depth > MOST_LEVELS:
            raise ValueError(f"the query is nested deeper than {MOST_LEVELS} levels")
        if level == len(_LEVELS):
            return self._unary(depth)
        left = self.binary(level + 1, depth)
        while self.kind in {"sign", "name"} and self.text.lower() in _LEVELS[level]:
            sign = self._next().lower()
            words = tuple(self._matching())
            left = Binary(left, sign, self.binary(level + 1, depth + 1), words)
        return left

    def _unary(self, depth: int) -> Expression:
        if self.kind == "sign" and self.text in {"+", "-"}:
            sign = self._next()
            inner = self._unary(depth + 1) if depth <= MOST_LEVELS else self.binary(0, depth)
            return inner if sign == "+" else Binary(Number(Decimal(0)), "-", inner)
        found = self._atom(depth)
        if self.kind == "range":
            found = self._over(found, self._next()[1:-1].strip())
        return found

    def _over(self, found: Expression, span: str) -> Expression:
        if isinstance(found, Vector) and not found.range and ":" not in span:
            return Vector(found.selector, span or "?")
        return Subquery(found, span)

    def _atom(self, depth: int) -> Expression:
        kind, text = self.kind, self.text
        if kind == "number":
            return Number(Decimal(self._next()))
        if kind == "sign" and text == "(":
            return self._bracketed(depth)
        if kind != "name":
            raise ValueError(f"cannot read the query from {text!r} on")
        self._next()
        if text.lower() in _AGGREGATES and self.text.lower() in {"(", *_GROUPINGS}:
            return self._aggregate(text.lower(), depth)
        if self.text == "(":
            return Call(text, self._arguments(depth))
        matchers = self._next() if self.kind == "matchers" else ""
        return Vector(Selector.parse(text + matchers))

    def _bracketed(self, depth: int) -> Expression:
        self._expect("(")
        found = self.binary(0, depth + 1)
        self._expect(")")
        return found

    def _aggregate(self, name: str, depth: int) -> Expression:
        grouping = self._grouping()
        inner = self._bracketed(depth)
        return Aggregate(name, inner, grouping if grouping != () else self._grouping())

    def _grouping(self) -> tuple[str, ...] | None:
        """The labels behind `by`; none where nothing is said, None behind `without`."""
        if self.kind != "name" or self.text.lower() not in _GROUPINGS:
            return ()
        is_by = self._next().lower() == "by"
        labels = self._labels()
        return labels if is_by else None

    def _labels(self) -> tuple[str, ...]:
        self._expect("(")
        found = []
        while self.kind == "name":
            found.append(self._next())
            if self.text == ",":
                self._next()
        self._expect(")")
        return tuple(found)

    def _arguments(self, depth: int) -> tuple[Expression, ...]:
        self._expect("(")
        found: list[Expression] = []
        while self.text != ")":
            found.append(self.binary(0, depth + 1))
            if self.text != ")":
                self._expect(",")
        self._expect(")")
        return tuple(found)

    def _matching(self) -> list[str]:
        found = []
        if self.kind == "name" and self.text == "bool":
            found.append(self._next())
        while self.kind == "name" and self.text.lower() in _MATCHINGS:
            found.append(self._next().lower())
            if self.text == "(":
                found += self._labels()
        return found

    def _next(self) -> str:
        text = self.text
        if not self.kind:
            raise ValueError("the query ends too soon")
        self._at += 1
        return text

    def _expect(self, text: str) -> None:
        if self.text != text:
            raise ValueError(f"cannot read the query from {self.text!r} on, where {text!r} is due")
        self._at += 1
