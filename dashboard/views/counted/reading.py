"""How the counts that plans ask for are read: all together, and again where data had ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from collectors.store.stored import HasSeries
from collectors.store.together import Together
from collectors.store.windows import WindowAsk
from dashboard.views.counted.plan import Plan, moved
from dashboard.views.counted.series_index import Series
from slo.facts import Integers
from slo.lengths import DAY_S, QUARTER_S
from slo.spans import Span
from slo.tally import Tally

_COARSER_S = (QUARTER_S, DAY_S)


class Timed(Protocol):
    """Columns of bins, of which only the times are asked here."""

    @property
    def at(self) -> Integers:
        """The first second of each bin that has a row."""


class Tallies(HasSeries, Protocol):
    """The part of the store's reader that figures are made of."""

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """The tally of each ask over each of its spans; None where there is no row."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> Timed:
        """The bins of one level in a span."""

    def excluded_s(self, series_ids: Sequence[int], span: Span) -> int:
        """Seconds of the span that corrections exclude, by the clock."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The counts that one plan asked for, in the plan's words."""

    window: Tally | None
    low: Tally | None
    high: Tally | None
    lengths: Mapping[int, Tally | None]
    past: tuple[tuple[Tally | None, Tally | None], ...]
    further: tuple[Tally | None, ...] = ()


def answered(reader: Tallies, plans: Sequence[Plan], *, history: bool) -> list[tuple[Plan, Answer]]:
    """Each plan with its counts, by one statement.

    A plan whose data had ended before its moment, though there are later ones, is moved to
    where they ended and read again: so the past looks as it looked then.
    """
    answers = [*zip(plans, _read(reader, plans), strict=True)]
    late = [number for number, pair in enumerate(answers) if _had_ended(*pair)]
    if late:
        ended = [_moved_to_data(reader, plans[number], history=history) for number in late]
        for number, pair in zip(late, zip(ended, _read(reader, ended), strict=True), strict=True):
            answers[number] = pair
    return answers


def _had_ended(plan: Plan, answer: Answer) -> bool:
    """Whether there are rows after `as_of`, but none just before it: data ended earlier, for then."""
    until = plan.series.until
    return until is not None and until > plan.at and next(iter(answer.lengths.values())) is None


def _moved_to_data(reader: Tallies, plan: Plan, *, history: bool) -> Plan:
    """The plan at the end of the last bin that has a row before it; without data if none has."""
    ended = _end_of_data(reader, plan)
    if ended is None:
        return replace(plan, series=replace(plan.series, until=None))
    return moved(plan, ended, history=history)


def _end_of_data(reader: Tallies, plan: Plan) -> int | None:
    """Where the rows before the plan's moment end: looked for in ever coarser bins, ever earlier.

    A coarse bin that holds the moment also holds what came after it, so each level is asked
    only up to the last of its bins that had ended by then.
    """
    until = plan.at
    for level_s, coarser_s in pairwise((plan.series.bin_s, *_COARSER_S, plan.at + 1)):
        since = until - until % coarser_s
        if since < until:
            begun = reader.tally_rows(plan.series.together, level_s, Span(since, until)).at
            if len(begun):
                return _end_within(reader, plan.series, int(begun[-1]), level_s)
        until = since
    return None


def _end_within(reader: Tallies, series: Series, at: int, level_s: int) -> int:
    """Where the rows of a coarse bin end, as finely as they are kept."""
    for finer_s in (QUARTER_S, series.bin_s):
        if finer_s < level_s:
            begun = reader.tally_rows(series.together, finer_s, Span(at, at + level_s)).at
            if not len(begun):
                break
            at, level_s = int(begun[-1]), finer_s
    return at + level_s


def _read(reader: Tallies, plans: Sequence[Plan]) -> list[Answer]:
    """One answer a plan; the bounds are asked for where a threshold needed them."""
    asks = [WindowAsk(plan.series.together, plan.spans) for plan in plans]
    for plan in (plan for plan in plans if plan.series.is_bounded):
        asks.append(WindowAsk(plan.series.low_ids, (plan.span,)))
        asks.append(WindowAsk(plan.series.high_ids, (plan.span,)))
    answers = reader.windows(asks)
    bounds = iter(answers[len(plans) :])
    return [
        _taken_apart(plan, main, _pair(bounds) if plan.series.is_bounded else (None, None))
        for plan, main in zip(plans, answers, strict=False)
    ]


def _pair(bounds: Iterator[list[Tally | None]]) -> tuple[Tally | None, Tally | None]:
    return next(bounds)[0], next(bounds)[0]


def _taken_apart(
    plan: Plan, main: Sequence[Tally | None], bounds: tuple[Tally | None, Tally | None]
) -> Answer:
    lengths = dict(zip(plan.lengths, main[1:], strict=False))
    counted = 1 + len(lengths)
    past = main[counted + len(plan.further) :]
    further = tuple(main[counted : counted + len(plan.further)])
    pairs = tuple(zip(past[::2], past[1::2], strict=True))
    return Answer(main[0], *bounds, lengths, pairs, further)
