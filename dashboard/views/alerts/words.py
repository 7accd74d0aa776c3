"""How people read an alert: where it stands, what was told of it, what silences it."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.store.alert_book import NoticeState, StoredNotice
from dashboard.views.slos.marks import Mark, severity_mark
from dashboard.views.words import clock_words, duration_words, moment_words, near_words
from slo.alerting import Alert, AlertKind, Phase
from slo.notices import Happening
from slo.silences import Scope, Silence
from slo.spans import moment

_HAPPENED = {
    Happening.FIRING: "fires",
    Happening.STILL_FIRING: "still fires",
    Happening.RECOVERING: "recovering",
    Happening.RESOLVED: "over",
}
_KEPT_ALIVE = frozenset({Happening.STILL_FIRING, Happening.RECOVERING})


def phase_words(alert: Alert, now: int) -> str:
    """Where an alert stands, since when.

    >>> alert = Alert(subject="a", kind=AlertKind.PAGE, began_at=60, phase=Phase.FIRING,
    ...     phase_at=60, seen_at=120, reset_s=300)
    >>> phase_words(alert, 3_720)
    'fires since 00:01 UTC'
    """
    if alert.ended_at is not None:
        why = ", no longer promised" if alert.is_removed else ""
        return f"over since {near_words(alert.ended_at, now)}{why}"
    if alert.kind is AlertKind.STALE:
        word = "late" if alert.phase is Phase.FIRING else "on time again"
        return f"{word} {_since(alert, now)}"
    if alert.kind is AlertKind.NO_DATA:
        is_out = alert.phase is Phase.FIRING
        return ended_words(alert, now) if is_out else f"data again {_since(alert, now)}"
    if alert.frozen_at is not None:
        return f"frozen while it {_goes_on(alert)}: data end {near_words(alert.frozen_at, now)}"
    if alert.phase is Phase.RECOVERING:
        return f"recovering {_since(alert, now)}"
    return f"fires {began_words(alert, now)}"


def ended_words(alert: Alert, now: int) -> str:
    """Since when data of SLOs are missing: of several, which did not all end at once, the first."""
    first = ", the first" if len(alert.names) > 1 else ""
    return f"no data{first} {_since(alert, now)}"


def _since(alert: Alert, now: int) -> str:
    return f"since {near_words(alert.phase_at, now)}"


def began_words(alert: Alert, now: int) -> str:
    """Since when rows fire, and when that was first judged where that was well after."""
    since = f"since {'before ' if alert.is_open else ''}{near_words(alert.since, now)}"
    late = alert.judged_late_at
    return since if late is None else f"{since}, first judged {near_words(late, now)}"


def alert_words(alert: Alert, now: int) -> str:
    """What an alert is about, and where it stands, in one line."""
    return f"{subject_words(alert)}: {kind_words(alert.kind)}, {phase_words(alert, now)}"


def kind_words(kind: AlertKind) -> str:
    """What kind of alert it is, as the pages call that state.

    >>> kind_words(AlertKind.STALE), kind_words(AlertKind.NO_DATA), kind_words(AlertKind.PAGE)
    ('late', 'no data', 'page')
    """
    return "late" if kind is AlertKind.STALE else kind.value.replace("-", " ")


def subject_words(alert: Alert) -> str:
    """What an alert is about: its subject; where data of several SLOs ended, the first and how many more."""
    first, *more = alert.names
    return f"{first} and {len(more)} more" if more else first


def lasted_words(alert: Alert, now: int) -> str:
    """For how long it went on, or has so far."""
    return duration_words(max(0, (alert.ended_at or now) - alert.since))


def alert_mark(alert: Alert) -> Mark:
    """The sign of what it asks for; frozen where it cannot be judged."""
    if alert.kind is AlertKind.STALE:
        return Mark.LATE
    is_frozen = alert.frozen_at is not None or alert.kind is AlertKind.NO_DATA
    return Mark.FROZEN if is_frozen else severity_mark(alert.severity)


def seen_words(alert: Alert, now: int) -> str:
    """Who looks after it; empty where nobody has said so."""
    if not alert.acknowledged_by or alert.acknowledged_at is None:
        return ""
    return f"{alert.acknowledged_by} looks after it since {near_words(alert.acknowledged_at, now)}"


def told_words(told: Iterable[StoredNotice], now: int) -> str:
    """Whom the last word on an alert reached and when, and whom it did not; empty where nobody was told."""
    last = sorted(_last(told).items())
    reached = [(channel, one) for channel, one in last if one.state is NoticeState.SENT]
    missed = [channel for channel, one in last if one.state is not NoticeState.SENT]
    waits = any(not one.attempts for _, one in last if one.state is not NoticeState.SENT)
    told_when = ", ".join(
        f"{channel} {near_words(one.ended_at or one.at, now)}" for channel, one in reached
    )
    not_yet = f"{', '.join(missed)} not {'yet ' if waits else ''}reached" if missed else ""
    return ", ".join(part for part in (told_when, not_yet) if part)


def _last(told: Iterable[StoredNotice]) -> dict[str, StoredNotice]:
    """The last notice of each channel; one that only keeps alive what was accepted waits unseen."""
    last: dict[str, StoredNotice] = {}
    for one in told:
        before = last.get(one.channel)
        is_known = before is not None and before.state is NoticeState.SENT
        waits = one.state is NoticeState.WAITING and not one.attempts
        if not (is_known and waits and one.happening in _KEPT_ALIVE):
            last[one.channel] = one
    return last


def notice_words(one: StoredNotice, now: int) -> str:
    """What became of one notice."""
    if one.state is NoticeState.SENT:
        tries = f" at the {_nth(one.attempts)} try" if one.attempts > 1 else ""
        return f"accepted {near_words(one.ended_at or one.at, now)}{tries}"
    why = f": {one.error}" if one.error else ""
    if one.state is NoticeState.FAILED:
        return f"given up{why}"
    tries = "once" if one.attempts == 1 else f"{one.attempts} times"
    return f"tried {tries}{why}" if one.attempts else "waits to be sent"


def happening_words(one: StoredNotice) -> str:
    """What was told."""
    return _HAPPENED[Happening(one.happening)]


def about_words(silence: Silence) -> str:
    """What a silence is about.

    >>> from slo.spans import Span
    >>> about_words(Silence(key="a", scope=Scope.SERVICE, name="shop", span=Span(0, 60),
    ...     author="ada", reason="drill", created_at=0))
    'service shop'
    """
    if silence.scope is Scope.ALL:
        return "everything"
    return silence.name if silence.scope is Scope.SLO else f"{silence.scope} {silence.name}"


def when_words(silence: Silence, now: int) -> str:
    """From when a silence holds where that is to come, and until when."""
    since = f"from {near_words(silence.span.since, now)} " if silence.span.since > now else ""
    is_today = moment(silence.until).date() == moment(now).date()
    until = clock_words(silence.until) if is_today else moment_words(silence.until)
    return f"{since}until {until}"


def silenced_words(silence: Silence | None, now: int) -> str:
    """Until when an alert is silenced, by whom and why; empty where it is not."""
    if silence is None:
        return ""
    return f"silenced {when_words(silence, now)} ({silence.author}: {silence.reason})"


def silence_words(silence: Silence, now: int) -> str:
    """A silence in one line."""
    when = when_words(silence, now)
    return f"{about_words(silence)} {when}, by {silence.author}: {silence.reason}"


def _goes_on(alert: Alert) -> str:
    return "recovered" if alert.phase is Phase.RECOVERING else "fired"


def _nth(count: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}  # codespell:ignore nd
    teens = 10 <= count % 100 <= 20  # noqa: PLR2004 - eleventh, twelfth, thirteenth
    return f"{count}{'th' if teens else endings.get(count % 10, 'th')}"
