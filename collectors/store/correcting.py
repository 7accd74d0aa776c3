"""How corrections are made, changed and revoked: each in one transaction with what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from collectors.store import corrections
from collectors.store.corrections import StoredCorrection, Targets
from collectors.store.exclusions import mark_anew
from collectors.store.history import write_audit
from collectors.store.ids import StoredSeries, stored
from collectors.store.opening import engine
from collectors.store.tables import series
from slo.corrections import Correction
from slo.errors import InputError
from slo.facts import SeriesKind
from slo.nearest import did_you_mean


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
        with self._database.writing() as connection:
            before = corrections.find(connection, said.key)
            if before is not None and before.revoked_at is not None:
                raise InputError(
                    f'the correction "{said.key}" was revoked, and stays so',
                    where=said.key,
                    mend="say it under another key",
                )
            after = StoredCorrection(said, targets, now)
            met = _aimed(connection, before, after, now)
            if before is None:
                _note(connection, "correct", actor, said, {}, now)
            elif before.correction != said:
                was = {"before": before.correction.document}
                _note(connection, "change correction", actor, said, was, now)
        is_changed = before is not None and before.correction != said
        return Noted(before is None, is_changed, met)

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
            met = _follow(connection, (before,))
            because = {"reason": reason, "author": author, "before": before.correction.document}
            _note(connection, "revoke correction", actor, None, {"key": key, **because}, now)
        return Noted(is_new=False, is_changed=True, series=met)

    def aim(self, targets: Mapping[str, Targets], *, now: int) -> int:
        """Let corrections, by key, be about other tallies than before; how many of them are.

        What an SLO is measured by changes with the configuration, and its corrections go along.
        """
        with self._database.writing() as connection:
            held = {one.correction.key: one for one in corrections.read_corrections(connection)}
            moved = [
                (held[key], replace(held[key], targets=wanted))
                for key, wanted in targets.items()
                if key in held and held[key].revoked_at is None and held[key].targets != wanted
            ]
            for before, after in moved:
                _aimed(connection, before, after, now)
        return len(moved)


def _aimed(
    connection: Connection, before: StoredCorrection | None, after: StoredCorrection, now: int
) -> tuple[StoredSeries, ...]:
    """The series that the new one is about, once both their stretches are excluded as they say."""
    if before is not None and (before.correction, before.targets) == (
        after.correction,
        after.targets,
    ):
        return _about(connection, after)
    corrections.write(connection, after.correction, after.targets, now=now)
    return _follow(connection, (after,) if before is None else (after, before))


def _follow(
    connection: Connection, changed: Sequence[StoredCorrection]
) -> tuple[StoredSeries, ...]:
    """The series of the first, once every series of any is marked anew."""
    for one in _tallies(connection):
        bearing = [each.correction for each in changed if each.holds(one.key)]
        if bearing:
            mark_anew(connection, one, bearing)
    return _about(connection, changed[0])


def _about(connection: Connection, one: StoredCorrection) -> tuple[StoredSeries, ...]:
    return tuple(each for each in _tallies(connection) if one.holds(each.key))


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
