"""When all alerts were last judged, of which that none is live is true."""

from __future__ import annotations

from alert_builders import an_alert
from builders import NOON

from collectors.store.store import Store


def test_when_all_was_last_judged_is_kept_of_evaluations_that_were_whole_and_held(
    store: Store,
) -> None:
    known = store.reader.alerts.known()
    store.alerts.evaluated([], [], now=NOON, is_whole=False)
    never = store.reader.alerts.judged_at()
    store.alerts.evaluated([an_alert()], [], now=NOON + 60, known=known)
    store.alerts.evaluated([], [], now=NOON + 120, known=known)
    once = store.reader.alerts.judged_at()
    store.alerts.evaluated([], [], now=NOON + 180)

    assert (never, once, store.reader.alerts.judged_at()) == (None, NOON + 60, NOON + 180)
