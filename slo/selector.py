"""Which series a selector such as `probe_success{slug="api", region=~"eu-.*"}` means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_VALUE = r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'"
_MATCHER = re.compile(rf"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*({_VALUE})\s*")
_SELECTOR = re.compile(rf"\s*({_NAME})?\s*(?:\{{(.*)\}})?\s*", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'"}


@dataclass(frozen=True, slots=True, order=True)
class Matcher:
    """One condition on a label; an absent label counts as an empty value, as in PromQL."""

    label: str
    op: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels satisfy the condition; patterns must match the whole value."""
        seen = labels.get(self.label, "")
        if self.op in {"=", "!="}:
            return (seen == self.value) == (self.op == "=")
        return (re.fullmatch(self.value, seen) is not None) == (self.op == "=~")

    def __str__(self) -> str:
        """The matcher in PromQL, its value escaped."""
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.op}"{escaped}"'


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric name and conditions on labels, in canonical order."""

    name: str
    matchers: tuple[Matcher, ...] = ()

    def __str__(self) -> str:
        """The canonical text: equal selectors have equal texts, whatever way they were written.

        >>> str(Selector.parse("up{ job='api',env!='dev' }"))
        'up{env!="dev",job="api"}'
        """
        inner = ",".join(str(matcher) for matcher in self.matchers)
        return f"{self.name}{{{inner}}}" if inner else self.name

    @classmethod
    def parse(cls, text: str) -> Selector:
        """Read a plain selector.

        Raises:
            ValueError: the text is not `name{label="value", …}`: a function, an operator or a
                range is no selector.
        """
        whole = _SELECTOR.fullmatch(text)
        if whole is None or not whole.group(1):
            raise ValueError(f'{text!r} is not a selector such as name{{label="value"}}')
        return cls(whole.group(1), _matchers(whole.group(2) or "", text))

    def matches(self, name: str, labels: Mapping[str, str]) -> bool:
        """Whether a series of that name and those labels is meant."""
        return name == self.name and all(matcher.matches(labels) for matcher in self.matchers)


def _matchers(inner: str, text: str) -> tuple[Matcher, ...]:
    found, position = [], 0
    while position < len(inner.rstrip()):
        match = _MATCHER.match(inner, position)
        if match is None:
            raise ValueError(f"cannot read the labels of {text!r} from {inner[position:]!r} on")
        label, op, quoted = match.groups()
        found.append(_checked(Matcher(label, op, _unquoted(quoted)), text))
        position = match.end()
        if position < len(inner) and inner[position] != ",":
            raise ValueError(f"expected a comma in {text!r} before {inner[position:]!r}")
        position += 1
    return tuple(sorted(found))


def _unquoted(quoted: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), quoted[1:-1])


def _checked(matcher: Matcher, text: str) -> Matcher:
    if matcher.op in {"=~", "!~"}:
        try:
            re.compile(matcher.value)
        except re.error as error:
            raise ValueError(f"pattern of {matcher.label} in {text!r}: {error}") from error
    return matcher
