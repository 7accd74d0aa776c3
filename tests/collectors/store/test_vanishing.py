"""What was derived from a fact goes with it, from every level."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, QUARTER_S, states

from collectors.contract import Batch, Stream
from collectors.store.store import Store, WindowAsk
from slo.indicator import Uptime
from slo.spans import Span

LIVE = Stream("probes")
PROBE = Uptime('probe{service="checkout"}')
EVER = Span(0, NOON + 9 * DAY_S)


def put(store: Store, text: str, *, later_s: int = 0) -> None:
    fact = states(text)
    known = replace(fact, observed_at=fact.observed_at + later_s)
    store.ingest("shop", LIVE, Batch((known,)), (PROBE,), now=NOON)


@pytest.mark.parametrize("level_s", [MINUTE_S, QUARTER_S, HOUR_S, DAY_S])
def test_seconds_that_turn_out_unknown_leave_no_row_at_any_level(
    store: Store, level_s: int
) -> None:
    put(store, "uuuduuu")
    (kept,) = store.reader.pick("shop", PROBE)
    before = store.reader.tally_rows((kept.id,), level_s, EVER)

    put(store, "???????", later_s=1)

    after = store.reader.tally_rows((kept.id,), level_s, EVER)
    (answers,) = store.reader.windows([WindowAsk((kept.id,), (EVER,))])
    assert (before.total.sum(), before.good.sum()) == (360, 300)
    assert len(after.at) == 0
    assert answers == [None]
