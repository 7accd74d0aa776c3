"""What was promised when, and who changed what: versions of definitions and the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select

from collectors.store.canonical import canonical_json
from collectors.store.tables import audit, definitions
from collectors.store.versions import Definition

_CHAINED = ("at", "actor", "action", "subject", "detail", "previous")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change and who made it; `digest` covers the entry and the digest before it."""

    at: int
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    digest: str


def define(
    connection: Connection,
    slo: str,
    document: Mapping[str, Any],
    *,
    now: int,
    effective: int | None,
) -> Definition | None:
    """The version that was added; None when the last one says the same, from the same moment on."""
    last = read_definitions(connection, slo)[-1:]
    text = _canonical(document)
    if last and _canonical(last[0].document) == text and not _is_moved(last[0], effective, now):
        return None
    since = (effective if effective is not None else now) if last else None
    made = Definition(slo, last[0].version + 1 if last else 1, since, now, document)
    values = {"slo": slo, "version": made.version, "effective": since, "recorded_at": now}
    connection.execute(insert(definitions).values(**values, document=text))
    return made


def read_definitions(connection: Connection, slo: str) -> tuple[Definition, ...]:
    """Every version of the SLO, the oldest first."""
    statement = select(definitions).where(definitions.c.slo == slo)
    rows = connection.execute(statement.order_by(definitions.c.version))
    return tuple(_definition(row) for row in rows)


def _is_moved(last: Definition, effective: int | None, now: int) -> bool:
    """Whether the same promise is to hold from another moment; the first always held."""
    if last.effective is None:
        return False
    if effective is None:
        return last.effective > now
    return effective != last.effective


def write_audit(
    connection: Connection,
    *,
    at: int,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
) -> None:
    """Append an entry that holds the digest of the last."""
    last = select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)
    values: dict[str, Any] = {
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": _canonical(detail),
        "previous": connection.execute(last).scalar() or "",
    }
    connection.execute(insert(audit).values(**values, digest=_digest(values)))


def read_audit(connection: Connection) -> tuple[AuditEntry, ...]:
    """The whole log, the oldest entry first."""
    rows = connection.execute(select(audit).order_by(audit.c.id))
    return tuple(
        AuditEntry(
            row.at,
            row.actor,
            row.action,
            row.subject,
            orjson.loads(row.detail),
            row.previous,
            row.digest,
        )
        for row in rows
    )


def first_broken(entries: tuple[AuditEntry, ...]) -> AuditEntry | None:
    """The first entry that does not follow from the one before it; None when all do."""
    previous = ""
    for entry in entries:
        values = {name: getattr(entry, name) for name in _CHAINED}
        values["detail"] = _canonical(entry.detail)
        if entry.previous != previous or _digest(values) != entry.digest:
            return entry
        previous = entry.digest
    return None


def _definition(row: Row[Any]) -> Definition:
    document = orjson.loads(row.document)
    return Definition(row.slo, row.version, row.effective, row.recorded_at, document)


def _canonical(document: Mapping[str, Any]) -> str:
    return canonical_json(dict(document), "history")


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps([values[name] for name in _CHAINED])).hexdigest()
