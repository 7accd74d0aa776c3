"""What a channel is to be told of an alert, given what it was told last.

It follows from the state, not from its changes: a channel added while something fires is told of
it, and so is one whose silence ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from slo.alerting import Alert, Phase
from slo.notices import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A channel and one alert: what it can be told, and how often.

    `is_asked` says that the alert goes to it as the configuration stands; one that is not any
    more, but was told before, is told of the end alone.
    """

    channel: str
    tells: frozenset[Happening]
    refreshes: bool
    repeat_s: int
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """The last that a channel was told of an alert, be it on its way still."""

    happening: Happening
    at: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be told; a refresh says again to a channel that forgets what it knows."""

    happening: Happening
    is_refresh: bool = False


def owed(
    alert: Alert, listener: Listener, told: Told | None, *, is_silenced: bool, now: int
) -> Owed | None:
    """What the channel is to be told now; None where there is nothing new to it.

    A silence keeps quiet what is new. It never lets a channel believe that something is over
    which is not: who was told of it before goes on being refreshed, and is told of the end.
    """
    found = _owed(alert, listener, told, is_silenced=is_silenced, now=now)
    return found if found is not None and found.happening in listener.tells else None


def _owed(
    alert: Alert, listener: Listener, told: Told | None, *, is_silenced: bool, now: int
) -> Owed | None:
    if alert.phase is Phase.RESOLVED:
        is_known = told is not None and told.happening is not Happening.RESOLVED
        return Owed(Happening.RESOLVED) if is_known else None
    if not listener.is_asked:
        return None
    if told is None:
        is_new = alert.phase is Phase.FIRING and not is_silenced
        return Owed(Happening.FIRING) if is_new else None
    news = None if is_silenced else _news(alert, listener, told, now)
    if news is None and listener.refreshes:
        return Owed(_still(alert, listener), is_refresh=True)
    return news


def _news(alert: Alert, listener: Listener, told: Told, now: int) -> Owed | None:
    if alert.phase is Phase.RECOVERING:
        can_say = Happening.RECOVERING in listener.tells
        is_new = can_say and told.happening is not Happening.RECOVERING
        return Owed(Happening.RECOVERING) if is_new else None
    if told.happening is Happening.RECOVERING:
        return Owed(Happening.STILL_FIRING)
    is_due = now - told.at >= listener.repeat_s and not alert.acknowledged_by
    return Owed(Happening.STILL_FIRING) if is_due and not listener.refreshes else None


def _still(alert: Alert, listener: Listener) -> Happening:
    """What keeps an alert alive where it would be forgotten."""
    recovers = alert.phase is Phase.RECOVERING and Happening.RECOVERING in listener.tells
    return Happening.RECOVERING if recovers else Happening.STILL_FIRING
