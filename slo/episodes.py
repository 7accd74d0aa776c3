"""The alerts of a replay: the steps of live alerts, taken where what fires changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from slo.alerting import Alert, AlertKind, Phase, Seen, stepped
from slo.facts import Integers
from slo.policy import BurnRow, Severity
from slo.replay import Flags, Replay
from slo.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alert: from the first moment at which it fires until it has not for a while.

    `row` is the first of the policy that fired when it began, `looked_s` how far back its short
    window went, a bin at least, `firing_s` how much of it something fired; `is_open` says that it
    was not over when the history ended.
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


def episodes(
    found: Replay,
    severity: Severity,
    beside: Sequence[Episode] = (),
    blind: Flags | None = None,
) -> tuple[Episode, ...]:
    """The alerts of that severity, as `slo.alerting` steps through the moments that were measured.

    A page begins where a row asks for one, and goes on while one that pages fires at all. Nothing
    begins while one of those `beside` is live: a page says it all. At moments that are `blind`, of
    which some part was not seen though another was, one may begin, and none ends.
    """
    frozen = np.zeros(len(found), bool) if blind is None else blind
    begins, fires = found.asks(severity), _firing(found, severity)
    for one in beside:
        first, last = (found.number(at) for at in (one.span.since, one.span.until))
        begins[first : last + one.is_open] = False
    short_s = np.array([row.short_s for row in found.policy], np.int64)
    resets = (fires * short_s[:, None]).max(axis=0, initial=0)
    seen = _Seen(found, begins, resets, frozen, np.flatnonzero(found.measured))
    fired_until = np.cumsum(np.concatenate(([0], fires.any(axis=0))))
    made: dict[int, Alert] = {}
    for alert in _alerts(seen, AlertKind(severity.value)):
        made[alert.began_at] = alert
    return tuple(_episode(found, severity, fires, fired_until, one) for one in made.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What an evaluation would have seen at each moment.

    `resets` are the short window of the slowest row that holds an alert, 0 where none does.
    """

    found: Replay
    begins: Flags
    resets: Integers
    frozen: Flags
    measured: Integers

    @property
    def edges(self) -> list[int]:
        """The measured moments at which anything is other than at the one before; the first."""
        each = (one[self.measured] for one in (self.begins, self.resets, self.frozen))
        changed = np.logical_or.reduce([one[1:] != one[:-1] for one in each])
        return [int(one) for one in self.measured[np.flatnonzero(np.append(True, changed))]]

    def at(self, number: int) -> Seen:
        """What was seen at one moment."""
        reset_s = int(self.resets[number])
        return Seen(
            at=self.found.moment(number),
            begins=bool(self.begins[number]),
            holds=reset_s > 0,
            reset_s=reset_s,
            is_frozen=bool(self.frozen[number]),
        )

    def from_on(self, at: int) -> int:
        """The first measured moment at or after a time; past the end where there is none."""
        number = -((self.found.first_at - at) // self.found.bin_s)
        place = int(np.searchsorted(self.measured, number))
        return int(self.measured[place]) if place < len(self.measured) else len(self.found)


def _alerts(seen: _Seen, kind: AlertKind) -> Iterator[Alert]:
    """The alert after each step. Between the edges one step matters: that in which it is over."""
    if not len(seen.measured):
        return
    alert: Alert | None = None
    for edge, following in pairwise((*seen.edges, len(seen.found))):
        alert = stepped("", kind, alert, seen.at(edge)) or alert
        if alert is not None and alert.phase is Phase.RECOVERING:
            over = seen.from_on(alert.phase_at + alert.reset_s)
            if edge < over < following:
                alert = stepped("", kind, alert, seen.at(over))
        if alert is not None:
            yield alert


def _firing(found: Replay, severity: Severity) -> Flags:
    """The rows that hold an alert of that severity: those that ask for it, or would on clean counts."""
    own = np.array([row.severity is severity for row in found.policy], bool)
    demoted = found.demoted if severity is Severity.TICKET else np.zeros_like(found.demoted)
    return np.asarray(found.fires & (own[:, None] | demoted))


def _episode(
    found: Replay, severity: Severity, fires: Flags, fired_until: Integers, alert: Alert
) -> Episode:
    began = found.number(alert.began_at)
    over = len(found) if alert.ended_at is None else found.number(alert.ended_at)
    row = found.policy[int(fires[:, began].argmax())]
    return Episode(
        severity=severity,
        span=Span(alert.began_at, found.span.until if alert.ended_at is None else alert.ended_at),
        firing_s=int(fired_until[over] - fired_until[began]) * found.bin_s,
        row=row,
        looked_s=max(row.short_s, found.bin_s),
        is_open=alert.is_live,
    )
