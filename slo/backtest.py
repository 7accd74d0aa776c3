"""What a policy would have done over a history: its alerts, held against what was recorded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

import numpy as np

from slo.bins import Bins
from slo.facts import Integers
from slo.policy import BurnRow, Policy, Severity
from slo.replay import Flags, Replay
from slo.spans import Span, united


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alert: from the first moment at which it fires until it has not for a while.

    It is over as a live alert is: once nothing has fired for as long as the short window of the
    slowest row that did. `row` is the first of the policy that fired when it began, `looked_s` how
    far back its short window went, a bin at least, `firing_s` how much of it something fired; `is_open` says that it was not over when the history ended.
    """

    severity: Severity
    span: Span
    firing_s: int
    row: BurnRow
    looked_s: int
    is_open: bool = False

    @property
    def stands_on(self) -> Span:
        """The time whose events it is about: from the beginning of what its short window held."""
        return Span(self.span.since - self.looked_s, self.span.until)


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
    span: Span
    bin_s: int
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
        """The median time from a recorded beginning to a page; the lower one of two.

        None of it passed where a page stood already.
        """
        return _median(max(one.delay_s, 0) for one in self.met if one.delay_s is not None)

    @property
    def reset_s(self) -> int | None:
        """The median time from a recorded end to that of its last page."""
        return _median(one.reset_s for one in self.met)


def backtest(found: Replay, recorded: Sequence[Recorded]) -> Backtest:
    """The alerts of a replay, and how they meet what was recorded; what lies outside is left out.

    A page belongs to what was going on during the time that it stands on: an incident shorter
    than the delay of its page is found, one that ended an hour before is not.
    """
    pages = episodes(found, Severity.PAGE)
    tickets = episodes(found, Severity.TICKET, beside=pages)
    inside = [one for one in sorted(recorded, key=_by_time) if _meets(one.span, found.span)]
    seen = [one for one in inside if _is_measured(found, one.span)]
    met = tuple(_met(one, pages, tickets) for one in seen)
    return Backtest(
        policy=found.policy,
        span=found.span,
        bin_s=found.bin_s,
        measured_s=int(found.measured.sum()) * found.bin_s,
        pages=pages,
        tickets=tickets,
        firing_s={one: int(found.asks(one).sum()) * found.bin_s for one in Severity},
        met=met,
        unmeasured=tuple(one for one in inside if not _is_measured(found, one.span)),
        right=_right(pages, inside),
    )


def downtime(down: Iterable[Span], observed: Span, bin_s: int = 60) -> Bins:
    """Bins of a service that was down in those spans and up in the rest of what was observed.

    The events are its seconds; spans that overlap count once. What is observed is cut to whole bins.

    >>> downtime([Span(30, 90), Span(60, 100)], Span(0, 180)).bad.tolist()
    [30.0, 40.0, 0.0]
    """
    first, last = -(-observed.since // bin_s) * bin_s, observed.until // bin_s * bin_s
    edges = np.arange(first, max(first, last) + 1, bin_s)
    whole = united(one.clipped_to(Span(first, max(first, last))) for one in down)
    corners = np.array([first, *(at for one in whole for at in (one.since, one.until))], np.int64)
    lasted = np.array([at for one in whole for at in (0, one.length_s)], np.int64)
    spent = np.diff(np.interp(edges, corners, np.concatenate(([0], np.cumsum(lasted)))))
    table = np.zeros((len(spent), 6))
    table[:, 0], table[:, 1], table[:, 2] = bin_s - np.rint(spent), bin_s, bin_s
    return Bins(first, bin_s, table)


def episodes(
    found: Replay, severity: Severity, beside: Sequence[Episode] = ()
) -> tuple[Episode, ...]:
    """The alerts of that severity, as `slo.alerting` would have stepped through the moments.

    A page begins where a row asks for one, and goes on while one that pages fires at all. Nothing
    begins while one of those `beside` is live: a page says it all.
    """
    begins, holds = found.asks(severity), _holds(found, severity)
    for one in beside:
        begins[_number(found, one.span.since) : _number(found, one.span.until) + one.is_open] = (
            False
        )
    measured = np.flatnonzero(found.measured)
    made: list[Episode] = []
    began, end, firing, over = -1, 0, 0, 0
    for first, last in _runs(holds):
        if began >= 0 and over < first:
            made.append(_episode(found, severity, (began, over), firing))
            began = -1
        if began < 0:
            offset = int(begins[first:last].argmax())
            if not begins[first + offset]:
                continue
            began, firing = first + offset, -offset
        firing, end = firing + last - first, last
        over = _over(found, severity, end, measured)
    if began >= 0:
        made.append(_episode(found, severity, (began, over), firing))
    return tuple(made)


def _number(found: Replay, at: int) -> int:
    return (at - found.first_at) // found.bin_s


def _holds(found: Replay, severity: Severity) -> Flags:
    """Where an alert of that severity goes on: what asks for it, and what would on clean counts."""
    own = [n for n, row in enumerate(found.policy) if row.severity is severity]
    return np.asarray(found.asks(severity) | found.fires[own].any(axis=0))


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """The first moment of each run, and the first after it."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _over(found: Replay, severity: Severity, end: int, measured: Integers) -> int:
    """The number of the moment at which an alert that fires no more from `end` on is over.

    The number of moments where the history ends before that.
    """
    reset_s = max(row.short_s for row in _rows_at(found, severity, end - 1))
    place = int(np.searchsorted(measured, end - (-reset_s // found.bin_s)))
    return int(measured[place]) if place < len(measured) else len(found)


def _rows_at(found: Replay, severity: Severity, number: int) -> list[BurnRow]:
    """The rows that hold an alert of that severity at a moment."""
    fired = zip(found.policy, found.fires[:, number], found.demoted[:, number], strict=True)
    return [
        row
        for row, fires, demoted in fired
        if fires and severity in (row.severity, Severity.TICKET if demoted else row.severity)
    ]


def _episode(found: Replay, severity: Severity, moments: tuple[int, int], firing: int) -> Episode:
    began, over = moments
    is_open = over >= len(found)
    ended = found.span.until if is_open else found.moment(over)
    row = _rows_at(found, severity, began)[0]
    return Episode(
        severity=severity,
        span=Span(found.moment(began), ended),
        firing_s=firing * found.bin_s,
        row=row,
        looked_s=max(row.short_s, found.bin_s),
        is_open=is_open,
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
    known = sorted(one for one in values if one is not None)
    return median_low(known) if known else None
