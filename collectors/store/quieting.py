"""What people do about an alert, each with its entry of the audit log: silence it, acknowledge it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from collectors.store import alerts, silences
from slo.silences import Silence


@dataclass(frozen=True, slots=True)
class Silenced:
    """A silence begins, now or later."""

    silence: Silence
    actor: str

    def write(self, connection: Connection, *, now: int) -> None:
        """Store it; one that is known by its key changes nothing."""
        silences.add(connection, self.silence, actor=self.actor)


@dataclass(frozen=True, slots=True)
class SilenceEnded:
    """A silence ends before its time."""

    key: str
    by: str
    actor: str

    def write(self, connection: Connection, *, now: int) -> None:
        """Store that it did.

        Raises:
            InputError: none of that key is in force or to come.
        """
        silences.revoke(connection, self.key, actor=self.actor, by=self.by, now=now)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has seen what is live of a subject, and looks after it."""

    subject: str
    by: str
    actor: str

    def write(self, connection: Connection, *, now: int) -> None:
        """Store who it is.

        Raises:
            InputError: nothing of the subject is live.
        """
        alerts.acknowledge(connection, self.subject, self.actor, by=self.by, now=now)
