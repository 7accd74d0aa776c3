"""What becomes of an alert from one evaluation to the next: begun, kept alive, recovering, over.

One episode is one `Alert`. It moves by the time of the data, not by the clock: a clock set back
or forward neither ends nor repeats one, and what was judged already is not judged again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from slo.burn import Firing
from slo.policy import Severity
from slo.splits import is_of

_LONGEST_SUBJECT = 160
_CUT_AT = 120
_LATE_S = 300


class AlertKind(StrEnum):
    """What an alert is about: a burn for now or for this week, or data that do not come.

    STALE is of a source that brings nothing new, NO_DATA of SLOs whose data ended together while
    their source goes on.
    """

    PAGE = "page"
    TICKET = "ticket"
    STALE = "stale"
    NO_DATA = "no-data"

    @property
    def is_burn(self) -> bool:
        """Whether rows of a burn policy fire; else data are missing, which the clock alone can time."""
        return self in {AlertKind.PAGE, AlertKind.TICKET}

    def is_asked_by(self, row: Firing) -> bool:
        """Whether a row that fires keeps such an alert: one that would page on whole data keeps a page."""
        return self.value in {row.severity.value, row.row.severity.value}

    @property
    def severity(self) -> Severity:
        """Whom it asks for: that nothing can be measured wakes nobody by itself."""
        return Severity.PAGE if self is AlertKind.PAGE else Severity.TICKET


class Phase(StrEnum):
    """Where an episode stands: rows fire; none fires, but not for long; over."""

    FIRING = "firing"
    RECOVERING = "recovering"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One episode: from the first moment at which it fires until it has not for a while.

    `subject` is the name of an SLO or of a member of its group, for STALE that of a source. `slos`
    are those that are left without figures; for NO_DATA of one `source`, of which the subject was
    the first, though it may have come back. Moments are those of the data judged; where
    none come, of the clock, but `began_at`, which is when they ended. `seen_at` is the last moment
    judged, `frozen_at` since when it cannot be, `reset_s` for how long nothing must fire before it
    is over: the short window of the slowest row that fired.
    `phase_at` is since when it stands in its phase; of missing data that come and end again,
    when they last ended.
    `fires_since` is since when rows fire by the data, where that is before `began_at`, the moment
    first judged: a history was read late; `is_open` says that it may be longer.
    `is_removed` says that it ended because nobody promises it any more.
    """

    subject: str
    kind: AlertKind
    began_at: int
    phase: Phase
    phase_at: int
    seen_at: int
    reset_s: int
    frozen_at: int | None = None
    ended_at: int | None = None
    acknowledged_by: str = ""
    acknowledged_at: int | None = None
    slos: tuple[str, ...] = ()
    source: str = ""
    fires_since: int | None = None
    is_open: bool = False
    is_removed: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other episode, through every restart; at most 200 characters.

        A subject too long for that is cut, and its digest added.
        """
        subject = self.subject
        if len(subject) > _LONGEST_SUBJECT:
            digest = hashlib.sha256(subject.encode()).hexdigest()[:16]
            subject = f"{subject[:_CUT_AT]}…{digest}"
        return f"{subject} {self.kind} {self.began_at}"

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.phase is not Phase.RESOLVED

    @property
    def since(self) -> int:
        """Since when it is so by the data, whenever that was first judged."""
        return self.began_at if self.fires_since is None else self.fires_since

    @property
    def judged_late_at(self) -> int | None:
        """When it was first judged, where that was a good while after it began; else None."""
        return self.began_at if self.began_at - self.since > _LATE_S else None

    @property
    def names(self) -> tuple[str, ...]:
        """What people call it by: its subject; of data that ended together, each SLO without."""
        is_shared = self.kind is AlertKind.NO_DATA and bool(self.slos)
        return self.slos if is_shared else (self.subject,)

    @property
    def about(self) -> tuple[str, ...]:
        """The SLOs, or members, that it is about: of a source those that it leaves blind."""
        return self.slos if self.kind is AlertKind.STALE else self.names

    def is_of(self, name: str) -> bool:
        """Whether it is of an SLO or source of that name, or of a member of its group.

        >>> began = stepped("shop/eu", AlertKind.PAGE, None, Seen(at=600, begins=True))
        >>> began.is_of("shop"), began.is_of("shop/eu"), began.is_of("sho")
        (True, True, False)
        """
        return any(is_of(one, name) for one in (self.subject, *self.names))

    @property
    def severity(self) -> Severity:
        """Whom it asks for."""
        return self.kind.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one evaluation saw of a subject, judged at the moment `at` of its data.

    `begins` says that it fires so that an alert may begin, `holds` that it fires so that one
    goes on; `reset_s` is that of the rows that fire. Frozen is what cannot be judged. `since`
    is when it began, where that is earlier than the moment that shows it.
    """

    at: int
    begins: bool = False
    holds: bool = False
    reset_s: int = 0
    is_frozen: bool = False
    slos: tuple[str, ...] = ()
    source: str = ""
    since: int | None = None


def stepped(subject: str, kind: AlertKind, last: Alert | None, seen: Seen) -> Alert | None:
    """The episode after an evaluation, given the last one of the same subject and kind.

    None while there is none: nothing fires, or it was judged already. A frozen episode stays
    what it is; one that cannot be judged is never over.

    >>> began = stepped("shop", AlertKind.PAGE, None, Seen(at=600, begins=True, reset_s=300))
    >>> calm = stepped("shop", AlertKind.PAGE, began, Seen(at=660))
    >>> calm.phase, stepped("shop", AlertKind.PAGE, calm, Seen(at=960)).phase
    (<Phase.RECOVERING: 'recovering'>, <Phase.RESOLVED: 'resolved'>)
    """
    if not kind.is_burn and last is not None:
        last = _by_the_clock(last, seen.at)
    if last is None or not last.is_live:
        is_new = last is None or seen.at > last.seen_at
        return _begun(subject, kind, last, seen) if seen.begins and is_new else None
    if seen.at < last.seen_at:
        return last
    last = replace(last, seen_at=seen.at, slos=seen.slos or last.slos)
    if seen.is_frozen:
        return replace(last, frozen_at=seen.at if last.frozen_at is None else last.frozen_at)
    return _went_on(replace(last, frozen_at=None), seen)


def removed(alert: Alert, at: int) -> Alert:
    """The episode of something that is no longer promised: over."""
    ended = max(at, alert.seen_at)
    return replace(
        alert,
        phase=Phase.RESOLVED,
        phase_at=ended,
        ended_at=ended,
        frozen_at=None,
        is_removed=True,
    )


def seen_of(
    kind: AlertKind, fired: Iterable[Firing], *, at: int, now: int, is_frozen: bool
) -> Seen:
    """What the rows that fire mean for an alert of that kind.

    A page goes on while a row of its severity fires on counts that are partly measured or
    estimated, but does not begin there. On data that have ended, nothing begins once the long
    window of the row has passed since: what it says is then about another day.
    """
    rows = [(one, one.severity.value == kind.value) for one in fired if kind.is_asked_by(one)]
    return Seen(
        at=at,
        begins=any(is_own and now - at <= one.row.long_s for one, is_own in rows),
        holds=bool(rows),
        reset_s=max((one.row.short_s for one, _ in rows), default=0),
        is_frozen=is_frozen,
    )


def _by_the_clock(last: Alert, at: int) -> Alert:
    """The episode of missing data, which only the clock can time: set back, it takes them along."""
    if last.seen_at <= at:
        return last
    return replace(last, seen_at=at - 1, phase_at=min(last.phase_at, at))


def _begun(subject: str, kind: AlertKind, last: Alert | None, seen: Seen) -> Alert:
    """A new episode; what it began with lies after the one before, of which it is told apart by it."""
    since = seen.at if seen.since is None else seen.since
    is_told = last is not None and (since < (last.ended_at or 0) or since <= last.began_at)
    began_at = seen.at if is_told else since
    return Alert(
        subject=subject,
        kind=kind,
        began_at=began_at,
        phase=Phase.FIRING,
        phase_at=began_at,
        seen_at=seen.at,
        reset_s=seen.reset_s,
        frozen_at=seen.at if seen.is_frozen else None,
        slos=seen.slos,
        source=seen.source,
    )


def _went_on(alert: Alert, seen: Seen) -> Alert:
    if seen.begins or seen.holds:
        since = alert.phase_at if alert.phase is Phase.FIRING else seen.at
        since = since if seen.since is None else max(seen.since, alert.began_at)
        return replace(alert, phase=Phase.FIRING, phase_at=since, reset_s=seen.reset_s)
    if alert.phase is Phase.FIRING:
        return replace(alert, phase=Phase.RECOVERING, phase_at=seen.at)
    if seen.at - alert.phase_at < alert.reset_s:
        return alert
    return replace(alert, phase=Phase.RESOLVED, phase_at=seen.at, ended_at=seen.at)
