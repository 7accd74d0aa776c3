"""How corrections are made, changed and revoked: each in one transaction with what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from collectors.store import corrections
from collectors.store.corrections import StoredCorrection, Targets
from collectors.store.exclusions import mark_anew
from collectors.store.history import write_audit
from collectors.store.ids import stored
from collectors.store.opening import engine
from collectors.store.stored import StoredSeries
from collectors.store.tables import series
from slo.corrections import Correction
from slo.errors import InputError
from slo.facts import SeriesKind
from slo.nearest import did_you_mean

STAYS_REVOKED = "was revoked, and stays so"
"""What is said of a correction that somebody took back and somebody says again."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a correction: whether it says something new, and the series it is about."""

    is_new: bool
    is_changed: bool
    series: tuple[StoredSeries, ...]


class Correcting:
    """The corrections of one store, to be written; what is excluded follows each change."""

    def __init__(self, database: engine.Database) -> None:
        """Write through an open database."""
        self._database = database

    def put(self, said: Correction, targets: Targets, *, actor: str, now: int) -> Noted:
        """Add a correction, or change the one of its key; the same again changes nothing.

        Raises:
            InputError: the one of that key was revoked.
        """
        (noted,) = self.put_all([(said, targets)], actor=actor, now=now)
        return noted

    def put_all(
        self, said: Sequence[tuple[Correction, Targets]], *, actor: str, now: int
    ) -> tuple[Noted, ...]:
        """Do so with several, each with what it is about: all of them or none.

        Raises:
            InputError: some of those keys were revoked; all of them are named.
        """
        with self._database.writing() as connection:
            return _put(connection, said, actor=actor, now=now)

    def revoke(self, key: str, *, author: str, reason: str, actor: str, now: int) -> Noted:
        """Let a correction hold no longer: the figures are as if it had never been.

        Raises:
            InputError: there is none of that key, or it was revoked before.
        """
        with self._database.writing() as connection:
            before = corrections.find(connection, key)
            if before is None or before.revoked_at is not None:
                raise _unknown(connection, key, before)
            corrections.revoke(connection, key, now=now)
            tallies = _tallies(connection)
            _mark(connection, tallies, [before])
            because = {"reason": reason, "author": author, "before": before.correction.document}
            _note(connection, "revoke correction", actor, None, {"key": key, **because}, now)
        return Noted(is_new=False, is_changed=True, series=_about(tallies, before))

    def aim(self, targets: Mapping[str, Targets], *, now: int) -> int:
        """Let corrections, by key, be about other tallies than before; how many of them are.

        What an SLO is measured by changes with the configuration, and its corrections go along.
        """
        with self._database.writing() as connection:
            held = {one.correction.key: one for one in corrections.read_corrections(connection)}
            moved = [
                _Change(held[key], replace(held[key], targets=wanted))
                for key, wanted in targets.items()
                if key in held and held[key].revoked_at is None and held[key].targets != wanted
            ]
            for one in moved:
                one.write(connection, now=now)
            if moved:
                _mark_changed(connection, _tallies(connection), moved)
        return len(moved)


@dataclass(frozen=True, slots=True)
class Said:
    """A correction that was handed in; what it is about is aimed by who knows the configuration."""

    correction: Correction
    actor: str

    def write(self, connection: Connection, *, now: int) -> None:
        """Store it; about nothing yet where it is new, or about other SLOs than before.

        Raises:
            InputError: the one of its key was revoked.
        """
        before = corrections.find(connection, self.correction.key)
        is_aimed = before is not None and before.correction.scope == self.correction.scope
        targets: Targets = before.targets if before is not None and is_aimed else ()
        _put(connection, [(self.correction, targets)], actor=self.actor, now=now)


@dataclass(frozen=True, slots=True)
class _Change:
    """A correction as it was, None where there was none of its key, and as it is from now on."""

    before: StoredCorrection | None
    after: StoredCorrection

    @property
    def says_otherwise(self) -> bool:
        """Whether there was one of its key that said something else."""
        return self.before is not None and self.before.correction != self.after.correction

    @property
    def touched(self) -> tuple[StoredCorrection, ...]:
        """What has to be marked anew: it and the one before, none if both mean the same."""
        if self.before is None:
            return (self.after,)
        is_moved = self.before.targets != self.after.targets
        return (self.after, self.before) if self.says_otherwise or is_moved else ()

    def write(self, connection: Connection, *, now: int) -> None:
        """Store it as it is from now on."""
        if self.touched:
            corrections.write(connection, self.after.correction, self.after.targets, now=now)


def _put(
    connection: Connection, said: Sequence[tuple[Correction, Targets]], *, actor: str, now: int
) -> tuple[Noted, ...]:
    _refuse_revoked(connection, [one.key for one, _ in said])
    changes = [_put_one(connection, *each, actor=actor, now=now) for each in said]
    tallies = _tallies(connection)
    _mark_changed(connection, tallies, changes)
    return tuple(
        Noted(one.before is None, one.says_otherwise, _about(tallies, one.after)) for one in changes
    )


def _put_one(
    connection: Connection, said: Correction, targets: Targets, *, actor: str, now: int
) -> _Change:
    """Store one and write into the audit log what it says now, or no longer."""
    change = _Change(corrections.find(connection, said.key), StoredCorrection(said, targets, now))
    change.write(connection, now=now)
    if change.before is None:
        _note(connection, "correct", actor, said, {}, now)
    elif change.says_otherwise:
        was = {"before": change.before.correction.document}
        _note(connection, "change correction", actor, said, was, now)
    return change


def _refuse_revoked(connection: Connection, keys: Sequence[str]) -> None:
    found = (corrections.find(connection, key) for key in keys)
    gone = [one.correction.key for one in found if one is not None and one.revoked_at is not None]
    if gone:
        raise InputError(
            "\n".join(f'the correction "{key}" {STAYS_REVOKED}' for key in gone),
            where=", ".join(gone),
            mend="say it under another key",
        )


def _mark_changed(
    connection: Connection, tallies: Iterable[StoredSeries], changes: Iterable[_Change]
) -> None:
    _mark(connection, tallies, list(chain.from_iterable(one.touched for one in changes)))


def _mark(
    connection: Connection, tallies: Iterable[StoredSeries], changed: Sequence[StoredCorrection]
) -> None:
    """Bring every series that some of those are about in line, whatever their number."""
    for one in tallies:
        bearing = [each.correction for each in changed if each.holds(one.key)]
        if bearing:
            mark_anew(connection, one, bearing)


def _about(tallies: Iterable[StoredSeries], one: StoredCorrection) -> tuple[StoredSeries, ...]:
    return tuple(each for each in tallies if one.holds(each.key))


def _tallies(connection: Connection) -> list[StoredSeries]:
    rows = connection.execute(select(series).where(series.c.kind == SeriesKind.TALLY.value))
    return [stored(row) for row in rows.all()]


def _note(
    connection: Connection,
    action: str,
    actor: str,
    said: Correction | None,
    detail: Mapping[str, Any],
    now: int,
) -> None:
    """Write it into the audit log, under the key."""
    document = {} if said is None else said.document
    whole = {**document, **detail}
    write_audit(
        connection, at=now, actor=actor, action=action, subject=str(whole["key"]), detail=whole
    )


def _unknown(connection: Connection, key: str, before: StoredCorrection | None) -> InputError:
    held = [one for one in corrections.read_corrections(connection) if one.revoked_at is None]
    known = [one.correction.key for one in held]
    what = f'the correction "{key}" was revoked before'
    if before is None:
        what = f'there is no correction "{key}"{did_you_mean(key, known)}'
    return InputError(what, where=key, mend="burnline correct --list shows those that hold")
