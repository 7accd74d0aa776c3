"""What is told of alerts, and what of that is due."""

from __future__ import annotations

from dataclasses import replace

from builders import NOON

from collectors.store.alert_book import NewNotice, StoredNotice
from collectors.store.store import Store
from slo.alerting import Alert, Phase


def over(one: Alert, at: int) -> Alert:
    return replace(one, phase=Phase.RESOLVED, phase_at=at, seen_at=at, ended_at=at)


def notice(
    one: Alert, said: str = "firing", channel: str = "pager", *, is_refresh: bool = False
) -> NewNotice:
    body = {"key": one.key, "summary": "«5 %» of requests fail"}
    return NewNotice(
        alert=one.key, channel=channel, happening=said, body=body, is_refresh=is_refresh
    )


def due(store: Store, now: int = NOON) -> list[StoredNotice]:
    return list(store.reader.alerts.due(now))
