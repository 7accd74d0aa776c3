"""One line of an explanation: the name of a figure, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.digits import digits_words
from dashboard.views.words import count_words, moment_words
from slo.spans import Span

Step = tuple[str, str]


def step_lines(steps: Sequence[Step]) -> tuple[str, ...]:
    """The steps for a terminal, their names and texts in two columns."""
    width = max((len(name) for name, _ in steps), default=0)
    return tuple(f"{name:<{width}}  {text}" for name, text in steps)


def span_text(span: Span) -> str:
    """From when to when, and how many seconds lie between."""
    since, until, length = span.since, span.until, count_words(span.length_s)
    return f"{moment_words(since)} to {moment_words(until)}: {until} − {since} = {length} s"


def digits(count: float | Fraction) -> str:
    """A count with every digit it has."""
    return digits_words(Fraction(count))
