"""What the store keeps of alerts: episodes, the outbox, silences; to read, and to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from collectors.store import alerts, notices, silences
from collectors.store.notices import NewNotice, NoticeState, StoredNotice
from collectors.store.opening.asking import Readable
from collectors.store.opening.engine import Database
from slo.alerting import Alert
from slo.silences import Silence

__all__ = ["AlertBook", "AlertPages", "Known", "NewNotice", "NoticeState", "StoredNotice"]

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """The last episode of each subject and kind, and the newest notice of each live one and channel."""

    alerts: tuple[Alert, ...]
    told: tuple[StoredNotice, ...]

    def is_held_by(self, other: Known) -> bool:
        """Whether nobody has judged between the two; what was sent or acknowledged may differ."""
        return self._judged() == other._judged()

    def _judged(self) -> tuple[object, ...]:
        bare = [replace(one, acknowledged_by="", acknowledged_at=None) for one in self.alerts]
        return bare, sorted((one.id, one.at) for one in self.told)


class AlertPages:
    """Reads what the store keeps of alerts."""

    def __init__(self, database: Readable) -> None:
        """Read through an open database."""
        self._database = database

    def known(self) -> Known:
        """What an evaluation goes on from, as it is at one moment."""
        with self._database.reading() as connection:
            return _known(connection)

    def live(self) -> tuple[Alert, ...]:
        """The episodes that are not over, the oldest first."""
        with self._database.reading() as connection:
            return alerts.read_live_alerts(connection)

    def since(self, at: int) -> tuple[Alert, ...]:
        """The episodes that were live after `at`, the newest first."""
        with self._database.reading() as connection:
            return alerts.read_alerts(connection, since=at, most=_MOST)

    def judged_at(self) -> int | None:
        """When all was last judged; None when it never was, and that none is live says nothing."""
        with self._database.reading() as connection:
            return alerts.read_judged_at(connection)

    def silences(self, since: int) -> tuple[Silence, ...]:
        """The silences that end after a moment, by their beginnings."""
        with self._database.reading() as connection:
            return silences.read_silences(connection, since)

    def told(self, *, since: int = 0, most: int = _MOST) -> tuple[StoredNotice, ...]:
        """The newest notices made after `since`, the oldest of them first."""
        with self._database.reading() as connection:
            return notices.read_notices(connection, since=since, most=most)

    def troubled(self, since: int) -> tuple[StoredNotice, ...]:
        """The notices tried in vain: those that wait for another try, and those given up since."""
        with self._database.reading() as connection:
            return notices.read_troubled(connection, since)

    def due(self, now: int) -> tuple[StoredNotice, ...]:
        """What is to be sent now: of each alert and channel the first notice that waits."""
        with self._database.reading() as connection:
            return notices.read_due(connection, now)


def _known(connection: Connection) -> Known:
    return Known(alerts.read_last_alerts(connection), notices.read_last_told(connection))


class AlertBook:
    """Writes what the store keeps of alerts; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Write through an open database."""
        self._database = database

    def evaluated(
        self,
        changed: Sequence[Alert],
        new: Sequence[NewNotice],
        *,
        now: int,
        known: Known | None = None,
        is_whole: bool = True,
    ) -> bool:
        """Store how alerts now stand together with what is to be told of it: both or neither.

        Where it `is_whole`, every alert there is, the moment of judging is stored as well. False,
        and nothing is stored, where somebody else has judged since what was `known`.
        """
        with self._database.writing() as connection:
            if known is not None and not known.is_held_by(_known(connection)):
                return False
            alerts.write_alerts(connection, changed)
            notices.queue(connection, new, now=now)
            if is_whole:
                alerts.write_judged(connection, now)
        return True

    def sent(self, notice_id: int, *, now: int) -> None:
        """Note that the other side has accepted a notice."""
        with self._database.writing() as connection:
            notices.sent(connection, notice_id, now=now)

    def failed(self, notice_id: int, error: str, retry_at: int | None, *, now: int) -> None:
        """Note that a notice was not accepted; at None it is given up, else tried again then."""
        with self._database.writing() as connection:
            notices.failed(connection, notice_id, error, retry_at=retry_at, now=now)

    def forget(self, *, now: int) -> None:
        """Let go of notices that ended long ago."""
        with self._database.writing() as connection:
            notices.forget(connection, now=now)
