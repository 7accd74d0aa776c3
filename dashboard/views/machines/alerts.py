"""Alerts, notices and silences as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from collectors.store.alert_book import StoredNotice
from dashboard.views.alerts.blocks import Ledger
from slo.alerting import Alert
from slo.silences import Silence
from slo.spans import rfc3339

SCHEMA = "burnline.alerts/1"


def document(made: Ledger) -> dict[str, Any]:
    """What `burnline alerts --json` prints; unknown is null, and that none is live says nothing before `judged_at`."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(made.now),
        "judged_at": _at(made.judged_at),
        "alerts": [
            _alert(one, made.told_of(one), made.silence_of(one) if one.is_live else None)
            for one in made.alerts
        ],
        "silences": silence_documents(made.silences),
    }


def silence_documents(silences: Iterable[Silence]) -> list[dict[str, Any]]:
    """Each silence as an object."""
    return [
        {
            "key": one.key,
            "scope": one.scope.value,
            "name": one.name or None,
            "since": rfc3339(one.span.since),
            "until": rfc3339(one.until),
            "by": one.author,
            "reason": one.reason,
        }
        for one in silences
    ]


def _alert(alert: Alert, told: Iterable[StoredNotice], silence: Silence | None) -> dict[str, Any]:
    return {
        "key": alert.key,
        "subject": alert.subject,
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "phase": alert.phase.value,
        "began_at": rfc3339(alert.began_at),
        "fires_since": rfc3339(alert.since) if alert.kind.is_burn else None,
        "phase_at": rfc3339(alert.phase_at),
        "frozen_at": _at(alert.frozen_at),
        "ended_at": _at(alert.ended_at),
        "acknowledged_by": alert.acknowledged_by or None,
        "acknowledged_at": _at(alert.acknowledged_at),
        "slos": list(alert.slos),
        "source": alert.source or None,
        "silenced_by": None if silence is None else silence.key,
        "told": [_notice(one) for one in told],
    }


def _notice(one: StoredNotice) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "happening": one.happening,
        "at": rfc3339(one.at),
        "state": one.state.value,
        "attempts": one.attempts,
        "error": one.error,
        "ended_at": _at(one.ended_at),
    }


def _at(moment: int | None) -> str | None:
    return None if moment is None else rfc3339(moment)
