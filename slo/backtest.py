"""What a policy would have done over a history: its alerts, held against what was recorded."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from slo.episodes import Episode, episodes
from slo.policy import Policy, Severity
from slo.replay import Flags, Replay
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Recorded:
    """An incident or outage that somebody, or a probe, noted; an open one goes on to the end."""

    key: str
    title: str
    span: Span
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """Something recorded, and the first page and ticket that it had, None where it had none.

    `last` is the page that stood when it ended, or the last before that.
    """

    recorded: Recorded
    page: Episode | None
    ticket: Episode | None
    last: Episode | None

    @property
    def delay_s(self) -> int | None:
        """From the recorded beginning to the page; negative when the page came first."""
        return None if self.page is None else self.page.span.since - self.recorded.span.since

    @property
    def reset_s(self) -> int | None:
        """From the recorded end to that of the page; None while one of the two goes on."""
        if self.last is None or self.last.is_open or self.recorded.is_open:
            return None
        return self.last.span.until - self.recorded.span.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The alerts of a policy over a span, and what they make of what was recorded in it.

    `firing_s` is how long something asked for each severity; `met` holds what was recorded in
    time that was measured, `unmeasured` what no policy could have seen; `right` says of each page
    whether something recorded was going on. Shares are None where there is nothing to share.
    """

    policy: Policy
    measured_s: int
    pages: tuple[Episode, ...]
    tickets: tuple[Episode, ...]
    firing_s: dict[Severity, int]
    met: tuple[Met, ...]
    unmeasured: tuple[Recorded, ...]
    right: tuple[bool, ...]

    @property
    def precision(self) -> Fraction | None:
        """The share of the pages during which something recorded was going on.

        None without pages, and where nothing was recorded that could tell right from wrong.
        """
        if not self.right or not (self.met or self.unmeasured):
            return None
        return Fraction(sum(self.right), len(self.right))

    @property
    def recall(self) -> Fraction | None:
        """The share of what was recorded, where it was measured, that had a page."""
        if not self.met:
            return None
        return Fraction(sum(one.page is not None for one in self.met), len(self.met))

    @property
    def delay_s(self) -> int | None:
        """The median time from a recorded beginning to a page, in whole seconds.

        None of it passed where a page stood already.
        """
        return _median(max(one.delay_s, 0) for one in self.met if one.delay_s is not None)

    @property
    def reset_s(self) -> int | None:
        """The median time from a recorded end to that of its last page, in whole seconds."""
        return _median(one.reset_s for one in self.met)


def backtest(
    found: Replay,
    recorded: Sequence[Recorded],
    beside: Backtest | None = None,
    blind: Flags | None = None,
) -> Backtest:
    """The alerts of a replay, and how they meet what was recorded; what lies outside is left out.

    A page belongs to what was going on during the time that it stands on: an incident shorter
    than the delay of its page is found, one that ended an hour before is not. Of a member of a
    group `beside` is what its whole would have done: while a page of that is live nothing of the
    member begins, and beside its ticket no ticket. While it is `blind` no alert ends, and none of
    it counts as measured.
    """
    before, lesser = ((), ()) if beside is None else (beside.pages, beside.tickets)
    pages = episodes(found, Severity.PAGE, beside=before, blind=blind)
    tickets = episodes(found, Severity.TICKET, beside=(*pages, *before, *lesser), blind=blind)
    inside = [one for one in sorted(recorded, key=_by_time) if _meets(one.span, found.span)]
    met = tuple(_met(one, pages, tickets) for one in inside if _is_measured(found, one.span))
    seen = found.measured if blind is None else found.measured & ~blind
    return Backtest(
        policy=found.policy,
        measured_s=int(seen.sum()) * found.bin_s,
        pages=pages,
        tickets=tickets,
        firing_s={one: int(found.asks(one).sum()) * found.bin_s for one in Severity},
        met=met,
        unmeasured=tuple(one for one in inside if not _is_measured(found, one.span)),
        right=_right(pages, inside),
    )


def _met(recorded: Recorded, pages: Sequence[Episode], tickets: Sequence[Episode]) -> Met:
    own, lesser = _during(recorded.span, pages), _during(recorded.span, tickets)
    return Met(
        recorded,
        own[0] if own else None,
        lesser[0] if lesser else None,
        own[-1] if own else None,
    )


def _during(span: Span, alerts: Sequence[Episode]) -> list[Episode]:
    """The alerts that stand on time of the span; alerts of one severity are in order and apart."""
    found = []
    for alert in alerts[bisect_left(alerts, span.since, key=lambda one: one.span.until) :]:
        if alert.stands_on.since > span.until:
            break
        found.append(alert)
    return found


def _right(pages: Sequence[Episode], recorded: Sequence[Recorded]) -> tuple[bool, ...]:
    right = {id(page) for one in recorded for page in _during(one.span, pages)}
    return tuple(id(page) in right for page in pages)


def _is_measured(found: Replay, span: Span) -> bool:
    """Whether any of it was."""
    begun = found.span.since
    first = max((span.since - begun) // found.bin_s, 0)
    last = max(-((begun - span.until) // found.bin_s), first + 1)
    return bool(found.measured[first:last].any())


def _meets(span: Span, other: Span) -> bool:
    return span.since < other.until and span.until >= other.since


def _by_time(one: Recorded) -> tuple[Span, str]:
    return one.span, one.key


def _median(values: Iterable[int | None]) -> int | None:
    """The one in the middle, of two their mean; half a second counts as a whole one.

    >>> _median([600, None, 60, 120]), _median([120, 295_860]), _median([60, 61]), _median([None])
    (120, 147990, 61, None)
    """
    known = [one for one in values if one is not None]
    return math.floor(median(known) + 0.5) if known else None
