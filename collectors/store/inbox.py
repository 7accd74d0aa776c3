"""What others than the collector want written: put in quickly, taken out by the collector.

The web process reads the store alone but for `put`: one row, committed before it answers. The
collector takes each item out in one transaction with all that follows from it, so a crash at
any moment neither loses an item nor applies it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from collectors.contract import Batch
from collectors.store.canonical import canonical_json
from collectors.store.history import write_audit
from collectors.store.ingest import ingest_batch
from collectors.store.opening import engine, refusals, sqlite_file
from collectors.store.opening.schema import check_version
from collectors.store.tables import inbox
from slo.errors import InputError, StoreError
from slo.facts import Fact
from slo.lengths import DAY_S

MOST_BYTES = 64 * 1024
MOST_WAITING = 1_000
KEPT_S = 30 * DAY_S
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing somebody asked to be written, taken or waiting; `refusal` says why it was not."""

    id: int
    delivery_id: str
    kind: str
    body: Mapping[str, Any]
    actor: str
    received_at: int
    taken_at: int | None
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from an item: facts of a source, and an entry in the audit log."""

    source: str
    facts: tuple[Fact, ...]
    action: str
    subject: str
    actor: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def write(self, connection: Connection, *, now: int) -> None:
        """Store the facts, and say so in the audit log."""
        ingest_batch(connection, self.source, Batch(self.facts), (), now=now)
        write_audit(
            connection,
            at=now,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            detail=self.detail,
        )


class KnownOtherwiseError(InputError):
    """The delivery id was given to something else before."""


class Deed(Protocol):
    """What follows from an item, of whatever kind."""

    def write(self, connection: Connection, *, now: int) -> None:
        """Store it within the transaction of the connection, its entry of the audit log too.

        Raises:
            InputError: it cannot be done as things are.
        """


Apply = Callable[[InboxItem], Deed]
"""What an item means; raises InputError where it means nothing."""


def put(
    url: str, kind: str, body: Mapping[str, Any], *, delivery_id: str, actor: str, now: int
) -> bool:
    """Commit one item; False where the same is known by its delivery id, and nothing is added.

    Raises:
        KnownOtherwiseError: another item is known by that id.
        InputError: it is larger than 64 kB, or its id is none.
        StoreError: a thousand items wait already, or the store cannot be written.
    """
    text = _fitting(body, delivery_id)
    values = {"delivery_id": delivery_id, "kind": kind, "body": text, "actor": actor}
    with closing(_writer(url)) as database, database.writing() as connection:
        check_version(engine.asked(connection), database.where)
        if _is_known(connection, kind, text, delivery_id):
            return False
        _refuse_full(connection, database.where)
        connection.execute(insert(inbox).values(**values, received_at=now))
    return True


def take(connection: Connection, item: InboxItem, effect: Deed, *, now: int) -> bool:
    """Whether the item still waited; it is then taken together with its effect."""
    if not _mark(connection, item, now, None):
        return False
    effect.write(connection, now=now)
    return True


def refuse(connection: Connection, item: InboxItem, why: str, *, now: int) -> None:
    """Take an item out that means nothing, and keep why."""
    if _mark(connection, item, now, why):
        detail = {"kind": item.kind, "reason": why}
        write_audit(
            connection,
            at=now,
            actor=item.actor,
            action="refuse",
            subject=item.delivery_id,
            detail=detail,
        )


def forget(connection: Connection, *, now: int) -> None:
    """Let go of items that were taken long ago."""
    connection.execute(delete(inbox).where(inbox.c.taken_at < now - KEPT_S))


def read_waiting(connection: Connection) -> tuple[InboxItem, ...]:
    """The items that nobody has taken yet, in the order they came."""
    rows = connection.execute(select(inbox).where(inbox.c.taken_at.is_(None)).order_by(inbox.c.id))
    return tuple(map(_item, rows))


def read_item(connection: Connection, delivery_id: str) -> InboxItem | None:
    """The item of that delivery id, waiting or taken; None where there is none (any more)."""
    row = connection.execute(select(inbox).where(inbox.c.delivery_id == delivery_id)).first()
    return None if row is None else _item(row)


def _item(row: Row[Any]) -> InboxItem:
    return InboxItem(
        row.id,
        row.delivery_id,
        row.kind,
        orjson.loads(row.body),
        row.actor,
        row.received_at,
        row.taken_at,
        row.refusal,
    )


def _mark(connection: Connection, item: InboxItem, now: int, refusal: str | None) -> bool:
    waiting = (inbox.c.id == item.id, inbox.c.taken_at.is_(None))
    done = connection.execute(update(inbox).where(*waiting).values(taken_at=now, refusal=refusal))
    return done.rowcount > 0


def _fitting(body: Mapping[str, Any], delivery_id: str) -> str:
    if not 0 < len(delivery_id) <= _LONGEST_ID or not delivery_id.isprintable():
        raise InputError(
            f"a delivery id has 1 to {_LONGEST_ID} printable characters",
            where="delivery id",
            mend="send another, or none",
        )
    text = canonical_json(dict(body), "inbox")
    if len(text.encode()) > MOST_BYTES:
        raise InputError(
            f"an item of more than {MOST_BYTES // 1024} kB is not taken",
            where=delivery_id,
            mend="say it in fewer words",
        )
    return text


def _writer(url: str) -> engine.Database:
    """A connection that writes to a store which is there already."""
    made = engine.parsed(url)
    path = engine.sqlite_path(made)
    if path is not None:
        if not path.exists():
            raise refusals.missing(path)
        refusals.check_folder(path)
        sqlite_file.check_file(path)
    return engine.writer(made)


def _is_known(connection: Connection, kind: str, text: str, delivery_id: str) -> bool:
    known = select(inbox.c.kind, inbox.c.body).where(inbox.c.delivery_id == delivery_id)
    before = connection.execute(known).first()
    if before is not None and tuple(before) != (kind, text):
        raise KnownOtherwiseError(
            f'something else was sent under the key "{delivery_id}" before; this was not taken',
            where="delivery id",
            mend="send what is new under a key of its own, what is repeated as it was",
        )
    return before is not None


def _refuse_full(connection: Connection, where: str) -> None:
    waiting = select(func.count()).select_from(inbox).where(inbox.c.taken_at.is_(None))
    if connection.execute(waiting).scalar_one() >= MOST_WAITING:
        raise StoreError(
            f"the inbox is full: {MOST_WAITING:,} items wait for the collector",
            where=where,
            mend="start the collector (burnline up, or burnline collect), then send it again",
        )
