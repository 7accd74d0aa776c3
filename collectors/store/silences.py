"""The silences: written once, ended early at most, never deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from collectors.store.engine_tables import silences
from collectors.store.history import write_audit
from slo.errors import InputError
from slo.silences import Scope, Silence
from slo.spans import Span


def add(connection: Connection, silence: Silence, *, actor: str) -> None:
    """Store a silence, and note it in the audit log; one known by its key changes nothing."""
    known = select(silences.c.key).where(silences.c.key == silence.key)
    if connection.execute(known).first() is not None:
        return
    values = {
        "key": silence.key,
        "scope": " ".join(filter(None, (silence.scope.value, silence.name))),
        "since": silence.span.since,
        "until": silence.span.until,
        "author": silence.author,
        "reason": silence.reason,
        "created_at": silence.created_at,
    }
    connection.execute(insert(silences).values(**values))
    _note(connection, values, actor, "silence", silence.created_at)


def revoke(connection: Connection, key: str, *, actor: str, by: str, now: int) -> None:
    """End a silence before its time.

    Raises:
        InputError: none of that key is to come or in force.
    """
    mine = (silences.c.key == key, silences.c.revoked_at.is_(None), silences.c.until > now)
    done = connection.execute(update(silences).where(*mine).values(revoked_at=now))
    if not done.rowcount:
        raise InputError(
            f'no silence "{key}" is in force or to come',
            where="silence",
            mend="burnline silence --list names those that are",
        )
    _note(connection, {"key": key, "author": by}, actor, "end silence", now)


def read_silences(connection: Connection, since: int) -> tuple[Silence, ...]:
    """The silences that end after a moment, in the order of their beginnings."""
    order = (silences.c.since, silences.c.key)
    rows = connection.execute(select(silences).where(silences.c.until > since).order_by(*order))
    found = map(_silence, rows)
    return tuple(one for one in found if one.until > since)


def _note(
    connection: Connection, values: dict[str, Any], actor: str, action: str, now: int
) -> None:
    subject = str(values.get("scope", values["key"]))
    write_audit(connection, at=now, actor=actor, action=action, subject=subject, detail=values)


def _silence(row: Any) -> Silence:
    scope, _, name = row.scope.partition(" ")
    return Silence(
        key=row.key,
        scope=Scope(scope),
        name=name,
        span=Span(row.since, row.until),
        author=row.author,
        reason=row.reason,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
