"""A real process that stores one evaluation and is killed by its own hand at a named moment.

    python tests/dying_evaluation.py URL MOMENT

MOMENT is `alerts` or `notices` (once rows of that table are written), `commit` (before the
transaction is), or `after` (when it is).
"""

from __future__ import annotations

import os
import signal
import sys

from builders import NOON
from sqlalchemy import Connection, event

from collectors.store.alert_book import NewNotice
from collectors.store.store import Store
from slo.alerting import Alert, AlertKind, Phase

ALERT = Alert(
    subject="checkout",
    kind=AlertKind.PAGE,
    began_at=NOON,
    phase=Phase.FIRING,
    phase_at=NOON,
    seen_at=NOON,
    reset_s=300,
)
NOTICE = NewNotice(alert=ALERT.key, channel="pager", happening="firing", body={"key": ALERT.key})


def evaluate_and_die(url: str, moment: str) -> None:
    """Store the alert with its notice, and be gone at that moment."""
    with Store.open(url, now=NOON) as store:
        engine = store._database.engine

        @event.listens_for(engine, "after_cursor_execute")
        def _wrote(_1: object, _2: object, statement: str, *_rest: object) -> None:
            if statement.startswith(f"INSERT INTO {moment}"):
                _die()

        @event.listens_for(engine, "commit")
        def _commits(_connection: Connection) -> None:
            if moment == "commit":
                _die()

        store.alerts.evaluated([ALERT], [NOTICE], now=NOON)
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    evaluate_and_die(*sys.argv[1:])
