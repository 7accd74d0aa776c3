"""A policy over a history: of what is made of parts as its alerts would have gone out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from dashboard.views.backtest.history import History
from dashboard.views.counted.series_index import RETIRED_S, Series
from slo.bins import Bins
from slo.burn import policy_windows
from slo.episodes import Episode
from slo.facts import Integers
from slo.indicator import Combined, Composite, is_worst_member
from slo.known_policies import Rows
from slo.objective import Slo
from slo.policy import Policy
from slo.replay import Flags, Replay, frozen, joined, outlived, replay
from slo.replay_parts import any_of, late, unseen
from slo.replay_weighed import Weighted, replay_weighed
from slo.spans import CalendarWindow, Span


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What fires over a history, and for which part of it.

    While `blind` it is frozen: nothing ends, though more may begin. It was `known` where all that
    it needs was measured.
    """

    of: History
    found: Replay
    blind: Flags
    known: Flags
    parts: tuple[Played, ...] = ()

    @property
    def frozen(self) -> Flags | None:
        """At which moments its alerts freeze by its parts; None of what is no composite."""
        return self.blind if isinstance(self.of.slo.indicator, Composite) else None

    @property
    def worst_of(self) -> Iterator[Played]:
        """The members of the worst, theirs where they are one, too; else it is by itself."""
        if is_worst_member(self.of.slo.indicator):
            for part in self.parts:
                yield from part.worst_of
        else:
            yield self

    def paged_by(self, page: Episode) -> History:
        """What has the counts that a page began on: of the worst, and of a group, the part that fired."""
        made = self.of.slo.indicator
        if isinstance(made, Composite) and not is_worst_member(made):
            return self.of
        row, number = self.found.policy.index(page.row), self.found.number(page.span.since)
        for part in self.parts:
            if part.found.fires[row, number] and not part.found.demoted[row, number]:
                return part.paged_by(page)
        return self.of


def played(found: History, rows: Rows) -> Played:
    """The policy over a history and each part of it, as live alerts are judged.

    Each period of a calendar window is judged by its own factors.
    A sum and a weighted burn are judged where every member was measured. Slices that are bad fire
    whatever the members are that nobody sees; of the worst, and of the values of a group, each
    fires by itself.
    """
    parts = tuple(played(one, rows) for one in found.parts)
    if not isinstance(found.slo.indicator, Composite):
        return _of_own(found, rows, parts)
    blind = np.logical_or.reduce([one.blind for one in parts])
    all_known = np.logical_and.reduce([one.known for one in parts])
    any_known = np.logical_or.reduce([one.known for one in parts])
    match found.slo.indicator.method:
        case Combined.WORST_MEMBER:
            worst = any_of([one.found for one in parts])
            each = [(one.found, one.blind) for part in parts for one in part.worst_of]
            return Played(found, worst, unseen(worst, each), any_known, parts)
        case Combined.UNION_OF_BAD_SLICES:
            laid = _over(found, rows, _summed)
            made = _frozen(laid, any_known)
            blind |= late(laid, _shortest_s(laid.policy) - laid.bin_s)
            return Played(found, made, blind & ~made.fires.any(axis=0), any_known, parts)
        case Combined.WEIGHTED_BURN:
            made = _over(found, rows, _weighed)
        case Combined.SUM_OF_EVENTS:
            made = _over(found, rows, _summed)
    return Played(found, _frozen(made, all_known), blind, all_known, parts)


def _of_own(found: History, rows: Rows, parts: tuple[Played, ...]) -> Played:
    """Of what has counts of its own: they, and each value of a group beside them."""
    own = _over(found, rows, _held)
    blind = late(own, found.late_s)
    if not parts:
        return Played(found, own, blind, own.measured)
    each = tuple(replace(one, found=outlived(one.found, own, RETIRED_S)) for one in parts)
    together = replace(any_of([own, *(one.found for one in each)]), measured=own.measured)
    itself = Played(replace(found, parts=()), own, blind, own.measured)
    return Played(found, together, blind, own.measured, (itself, *each))


def _shortest_s(policy: Policy) -> int:
    return min(policy_windows(policy), default=0)


def _frozen(found: Replay, known: Flags) -> Replay:
    return frozen(replace(found, measured=known))


_Way = Callable[[History, int, int, Rows, int], Replay]
"""How what a piece of a history holds up to a moment is replayed by the rows of a period."""


def _over(found: History, rows: Rows, way: _Way) -> Replay:
    """All of it; what was not measured is held by the way that holds it, else as its counts are."""
    parts = [
        way(found, number, stretch.until, rows, whole_s).within(stretch)
        for number, piece in enumerate(found.pieces)
        for stretch, whole_s in stretches(found.slo, piece.span)
    ]
    return joined([one.refined(found.bin_s) for one in parts], is_held=way is _held)


def stretches(slo: Slo, span: Span) -> Iterator[tuple[Span, int]]:
    """The parts of the span with the length of the window in force in each."""
    at = span.since
    while at < span.until:
        whole = slo.window.whole(at)
        until = span.until
        if isinstance(slo.window, CalendarWindow):
            until = min(whole.until, span.until)
        yield Span(at, until), whole.length_s
        at = until


def _held(found: History, number: int, until: int, rows: Rows, whole_s: int) -> Replay:
    bins, objective = _up_to(found, number, until), found.slo.objective
    return replay(bins, rows(objective, whole_s), objective, whole_s, expected(found.series, bins))


def _summed(found: History, number: int, until: int, rows: Rows, whole_s: int) -> Replay:
    bins, objective = _up_to(found, number, until), found.slo.objective
    policy, members = rows(objective, whole_s), expected(found.series, bins)
    return replay(bins, policy, objective, whole_s, members, is_held=False)


def _weighed(found: History, number: int, until: int, rows: Rows, whole_s: int) -> Replay:
    objective = found.slo.objective
    members = list(weighted(found, number, until))
    return replay_weighed(members, rows(objective, whole_s), objective, whole_s, is_held=False)


def weighted(
    found: History, number: int, until: int, share: Fraction = Fraction(1)
) -> Iterator[Weighted]:
    """The members of a weighted burn in one piece, those of one within it by both shares."""
    made = found.slo.indicator
    if not isinstance(made, Composite) or made.method is not Combined.WEIGHTED_BURN:
        bins = _up_to(found, number, until)
        yield Weighted(bins, share, expected(found.series, bins))
        return
    whole = sum(made.weights)
    for part, weight in zip(found.parts, made.weights, strict=True):
        yield from weighted(part, number, until, share * weight / whole)


def _up_to(found: History, number: int, until: int) -> Bins:
    bins = found.pieces[number].bins
    return Bins(bins.since, bins.bin_s, bins.table[: (until - bins.since) // bins.bin_s])


def expected(series: Series, bins: Bins) -> Integers:
    """How many series were expected at the end of each bin, as `Series.members` has it."""
    moments = bins.since + bins.bin_s * np.arange(1, len(bins.table) + 1)
    count = np.zeros(len(moments), np.int64)
    for life in series.lives:
        count += (life.since < moments) & (life.until > moments - RETIRED_S)
    return np.maximum(count, 1)
