"""The outbox: what is to be told of alerts, committed with the state that it tells of.

A row is there before anything is sent, and is marked once it was accepted. Whoever dies between
the two sends it once more: at least once, under the key of its alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from collectors.store.canonical import canonical_json
from collectors.store.engine_tables import alerts, notices
from slo.lengths import DAY_S

LONGEST_WAIT_S = 900
"""No retry waits longer: then a clock that was set back holds nothing up for long."""
KEPT_S = 400 * DAY_S


class NoticeState(StrEnum):
    """How far a notice came."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What is to be told through a channel; `body` is the whole notice as JSON.

    `is_refresh` repeats what was told before, and takes its place where that says the same.
    """

    alert: str
    channel: str
    happening: str
    body: Mapping[str, Any]
    is_refresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice in the outbox; `due_at` is when it is tried, `error` why the last try failed."""

    id: int
    alert: str
    channel: str
    happening: str
    at: int
    body: Mapping[str, Any]
    state: NoticeState
    due_at: int
    attempts: int
    error: str | None
    ended_at: int | None


def queue(connection: Connection, new: Iterable[NewNotice], *, now: int) -> None:
    """Put notices into the outbox, each behind the earlier ones of its alert and channel.

    One that says again what still waits takes its place.

    No row is ever deleted for another: its number would be given again, and whoever is just
    sending the one would mark the other as sent.
    """
    told = {(one.alert, one.channel): one for one in read_last_told(connection)}
    added, renewed = [], []
    for one in new:
        before = told.get((one.alert, one.channel))
        body = canonical_json(dict(one.body), one.alert)
        if before is not None and _is_renewable(before, one):
            renewed.append({"of": before.id, "now": now, "text": body})
        else:
            added.append({**_new(one, now), "body": body})
    if added:
        connection.execute(insert(notices), added)
    if renewed:
        connection.execute(_RENEW_WAITING, renewed)
        connection.execute(_RENEW_SENT, renewed)


def read_due(connection: Connection, now: int) -> tuple[StoredNotice, ...]:
    """What is to be sent now, the oldest first: of each alert and channel the first that waits.

    What was never tried is due whatever the clock says; so is a retry that lies further ahead
    than any retry can: the clock was set back.
    """
    waiting = notices.c.state == NoticeState.WAITING.value
    first = (
        select(func.min(notices.c.id)).where(waiting).group_by(notices.c.alert, notices.c.channel)
    )
    due = (
        (notices.c.attempts == 0)
        | (notices.c.due_at <= now)
        | (notices.c.due_at > now + LONGEST_WAIT_S)
    )
    statement = select(notices).where(notices.c.id.in_(first), due).order_by(notices.c.id)
    return tuple(map(_stored, connection.execute(statement)))


def sent(connection: Connection, notice_id: int, *, now: int) -> None:
    """Note that the other side has accepted a notice."""
    _ended(connection, notice_id, NoticeState.SENT, None, now)


def failed(
    connection: Connection, notice_id: int, error: str, *, retry_at: int | None, now: int
) -> None:
    """Note that a notice was not accepted: to be tried again then, or, at None, given up."""
    if retry_at is None:
        _ended(connection, notice_id, NoticeState.FAILED, error, now)
        return
    values = {
        "due_at": min(retry_at, now + LONGEST_WAIT_S),
        "attempts": notices.c.attempts + 1,
        "error": error,
    }
    connection.execute(update(notices).where(*_waiting(notice_id)).values(**values))


def read_last_told(connection: Connection) -> tuple[StoredNotice, ...]:
    """The newest notice of each live alert and channel, whether it was sent already or waits."""
    live = select(alerts.c.key).where(alerts.c.ended_at.is_(None))
    newest = (
        select(func.max(notices.c.id))
        .where(notices.c.alert.in_(live))
        .group_by(notices.c.alert, notices.c.channel)
    )
    rows = connection.execute(select(notices).where(notices.c.id.in_(newest)))
    return tuple(map(_stored, rows))


def read_notices(connection: Connection, *, since: int, most: int) -> tuple[StoredNotice, ...]:
    """The newest notices made after `since`, the oldest of them first."""
    newest = select(notices).where(notices.c.at >= since).order_by(notices.c.id.desc()).limit(most)
    return tuple(map(_stored, reversed(connection.execute(newest).all())))


def read_troubled(connection: Connection, since: int) -> tuple[StoredNotice, ...]:
    """What was tried in vain: what waits to be tried again, and what was given up after `since`."""
    retried = and_(notices.c.state == NoticeState.WAITING.value, notices.c.attempts > 0)
    given_up = and_(notices.c.state == NoticeState.FAILED.value, notices.c.ended_at >= since)
    rows = connection.execute(select(notices).where(retried | given_up).order_by(notices.c.id))
    return tuple(map(_stored, rows))


def forget(connection: Connection, *, now: int) -> None:
    """Let go of notices that ended long ago."""
    connection.execute(delete(notices).where(notices.c.ended_at < now - KEPT_S))


def _new(one: NewNotice, now: int) -> dict[str, Any]:
    state = {"state": NoticeState.WAITING.value, "at": now, "due_at": now}
    return {"alert": one.alert, "channel": one.channel, "happening": one.happening, **state}


def _is_renewable(before: StoredNotice, one: NewNotice) -> bool:
    """Whether the last notice says the same of an earlier moment, which nobody need be told any more.

    What waits behind a channel that takes nothing would come out in a row, long untrue.
    """
    if before.happening != one.happening:
        return False
    waits = before.state is NoticeState.WAITING
    return waits or (one.is_refresh and before.state is NoticeState.SENT)


def _renewed(held: NoticeState, **reset: Any) -> Any:
    """Put newer words into a notice of that state; one that is tried again keeps its turn."""
    mine = (notices.c.id == bindparam("of"), notices.c.state == held.value)
    words: dict[str, Any] = {"at": bindparam("now"), "body": bindparam("text")}
    return update(notices).where(*mine).values(**words, **reset)


_RENEW_WAITING = _renewed(NoticeState.WAITING)
_RENEW_SENT = _renewed(
    NoticeState.SENT,
    state=NoticeState.WAITING.value,
    due_at=bindparam("now"),
    attempts=0,
    ended_at=None,
)


def _ended(
    connection: Connection, notice_id: int, state: NoticeState, error: str | None, now: int
) -> None:
    values: dict[str, Any] = {"state": state.value, "ended_at": now, "error": error}
    values["attempts"] = notices.c.attempts + 1
    connection.execute(update(notices).where(*_waiting(notice_id)).values(**values))


def _waiting(notice_id: int) -> tuple[Any, ...]:
    return notices.c.id == notice_id, notices.c.state == NoticeState.WAITING.value


def _stored(row: Any) -> StoredNotice:
    return StoredNotice(
        id=row.id,
        alert=row.alert,
        channel=row.channel,
        happening=row.happening,
        at=row.at,
        body=orjson.loads(row.body),
        state=NoticeState(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.error,
        ended_at=row.ended_at,
    )
