"""The episodes of alerts: the last one of every subject and kind is what an evaluation goes on from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select, update

from collectors.store.canonical import canonical_json
from collectors.store.engine_tables import alerts, judged
from collectors.store.history import write_audit
from collectors.store.upserts import upsert
from slo.alerting import Alert, AlertKind, Phase
from slo.errors import InputError

_STATE = ("phase", "phase_at", "seen_at", "frozen_at", "ended_at", "detail")


def read_last_alerts(connection: Connection) -> tuple[Alert, ...]:
    """The live episode of each subject and kind, else the newest, by subject and kind."""
    newest = (
        select(alerts.c.subject, alerts.c.kind, func.max(alerts.c.began_at).label("began_at"))
        .group_by(alerts.c.subject, alerts.c.kind)
        .subquery()
    )
    same = and_(*(alerts.c[name] == newest.c[name] for name in ("subject", "kind", "began_at")))
    found = map(_alert, connection.execute(select(alerts).join(newest, same)))
    last = {(one.subject, one.kind): one for one in (*found, *read_live_alerts(connection))}
    return tuple(last[key] for key in sorted(last))


def read_live_alerts(connection: Connection) -> tuple[Alert, ...]:
    """The episodes that are not over, the oldest first."""
    rows = connection.execute(select(alerts).where(alerts.c.ended_at.is_(None)))
    return tuple(sorted(map(_alert, rows), key=lambda one: (one.began_at, one.key)))


def read_alerts(connection: Connection, *, since: int, most: int) -> tuple[Alert, ...]:
    """The newest episodes that were live after `since`."""
    reach = (alerts.c.ended_at.is_(None)) | (alerts.c.ended_at >= since)
    order = (alerts.c.began_at.desc(), alerts.c.key)
    rows = connection.execute(select(alerts).where(reach).order_by(*order).limit(most))
    return tuple(map(_alert, rows))


def read_judged_at(connection: Connection) -> int | None:
    """When all alerts were last judged; None when they never were."""
    found: int | None = connection.execute(select(judged.c.at)).scalar_one_or_none()
    return found


def write_judged(connection: Connection, now: int) -> None:
    """Store that all alerts are judged now."""
    statement = upsert(connection.dialect.name, judged).values(one=1, at=now)
    new = {"at": statement.excluded["at"]}
    connection.execute(statement.on_conflict_do_update(index_elements=["one"], set_=new))


def write_alerts(connection: Connection, changed: Iterable[Alert]) -> None:
    """Store how the episodes now stand; who acknowledged one is left as it is stored."""
    rows = [_row(alert) for alert in changed]
    if not rows:
        return
    statement = upsert(connection.dialect.name, alerts)
    new = {name: statement.excluded[name] for name in _STATE}
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=new), rows)


def acknowledge(connection: Connection, subject: str, actor: str, *, by: str, now: int) -> None:
    """Store who looks after the live alerts of the subject, and note it in the audit log.

    Those of the members of a group are its own too, and one of data that ended together is each's.

    Raises:
        InputError: none is live.
    """
    mine = [one.key for one in read_live_alerts(connection) if one.is_of(subject)]
    if not mine:
        raise InputError(
            f'no alert of "{subject}" is live, so there is none to acknowledge',
            where=subject,
            mend="burnline alerts lists those that are",
        )
    values = {"acknowledged_by": by, "acknowledged_at": now}
    connection.execute(update(alerts).where(alerts.c.key.in_(mine)).values(values))
    detail = {"by": by, "alerts": len(mine)}
    write_audit(
        connection, at=now, actor=actor, action="acknowledge", subject=subject, detail=detail
    )


def _row(alert: Alert) -> dict[str, Any]:
    detail = {
        "reset_s": alert.reset_s,
        "slos": alert.slos,
        "source": alert.source,
        "fires_since": alert.fires_since,
        "is_open": alert.is_open,
        "is_removed": alert.is_removed,
    }
    return {
        "key": alert.key,
        "subject": alert.subject,
        "kind": alert.kind.value,
        "began_at": alert.began_at,
        "phase": alert.phase.value,
        "phase_at": alert.phase_at,
        "seen_at": alert.seen_at,
        "frozen_at": alert.frozen_at,
        "ended_at": alert.ended_at,
        "detail": canonical_json(detail, alert.subject),
    }


def _alert(row: Any) -> Alert:
    detail = orjson.loads(row.detail)
    return Alert(
        subject=row.subject,
        kind=AlertKind(row.kind),
        began_at=row.began_at,
        phase=Phase(row.phase),
        phase_at=row.phase_at,
        seen_at=row.seen_at,
        reset_s=detail["reset_s"],
        frozen_at=row.frozen_at,
        ended_at=row.ended_at,
        acknowledged_by=row.acknowledged_by or "",
        acknowledged_at=row.acknowledged_at,
        slos=tuple(detail["slos"]),
        source=detail.get("source", ""),
        fires_since=detail.get("fires_since"),
        is_open=detail.get("is_open", False),
        is_removed=detail["is_removed"],
    )
