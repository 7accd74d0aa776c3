"""Alerts and silences with sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

from builders import HOUR_S, NOON

from slo.alerting import Alert, AlertKind, Phase
from slo.silences import Scope, Silence
from slo.spans import Span


def an_alert(
    subject: str = "checkout",
    kind: AlertKind = AlertKind.PAGE,
    *,
    at: int = NOON,
    phase: Phase = Phase.FIRING,
    slos: tuple[str, ...] = (),
) -> Alert:
    """An episode that began and was last seen at one moment."""
    return Alert(
        subject=subject,
        kind=kind,
        began_at=at,
        phase=phase,
        phase_at=at,
        seen_at=at,
        reset_s=300,
        ended_at=at if phase is Phase.RESOLVED else None,
        slos=slos,
    )


def a_silence(
    scope: Scope = Scope.ALL, name: str = "", *, since: int = NOON, length_s: int = HOUR_S
) -> Silence:
    """An hour's silence by ada."""
    return Silence(
        key="drill",
        scope=scope,
        name=name,
        span=Span(since, since + length_s),
        author="ada",
        reason="failover drill",
        created_at=since,
    )
