"""A bin that a correction excludes stays excluded when its counts are written anew."""

from __future__ import annotations

import pytest
from builders import MINUTE_S, NOON, minutes, samples, series, states
from sqlalchemy import update

from collectors.contract import Batch, Stream
from collectors.store.levels import Stretch, roll_up_tallies
from collectors.store.store import Store, WindowAsk
from collectors.store.tables import TALLIES
from collectors.store.tables import series as series_table
from slo.facts import Fact, SeriesKind
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.spans import Span
from slo.tally import Tally

REQUESTS = Ratio("requests")
PROBES = Uptime('probe{service="checkout"}')
FAST = Latency(0.5, samples="probe_latency_seconds")
ANSWERED = Ratio("request_success")
OUTCOMES = series("request_success", SeriesKind.SAMPLE, service="checkout")
SECOND = Span(NOON + MINUTE_S, NOON + 2 * MINUTE_S)


def put(store: Store, *facts: Fact) -> None:
    asked = (REQUESTS, PROBES, FAST, ANSWERED)
    store.ingest("shop", Stream("x"), Batch(facts), asked, now=NOON)


def exclude(store: Store, indicator: Indicator, span: Span) -> None:
    """What a correction of the span does to the bins in it."""
    minute = TALLIES[MINUTE_S]
    (kept,) = store.reader.pick("shop", indicator)
    bins = (minute.c.series_id == kept.id, minute.c.at >= span.since, minute.c.at < span.until)
    counts = {"excluded_good": minute.c.good, "excluded_total": minute.c.total}
    with store._database.writing() as connection:
        connection.execute(
            update(minute).where(*bins).values(**counts, excluded_s=minute.c.observed_s)
        )
        roll_up_tallies(connection, [Stretch(kept.id, span.since, span.until)], MINUTE_S)
        mine = update(series_table).where(series_table.c.id == kept.id)
        connection.execute(mine.values(lesser=1))


def counted(store: Store, indicator: Indicator, until: int) -> Tally | None:
    ids = tuple(one.id for one in store.reader.pick("shop", indicator))
    return store.reader.windows([WindowAsk(ids, (Span(NOON, NOON + until),))])[0][0]


@pytest.mark.parametrize("until", [300, 900, 86_400 - 43_200], ids=["minutes", "quarter", "hours"])
def test_seconds_up_derived_anew_stay_excluded_where_they_were(store: Store, until: int) -> None:
    put(store, states("uuuuuu"))
    exclude(store, PROBES, SECOND)

    put(store, states("d", since=NOON + 90))

    assert counted(store, PROBES, until) == Tally(
        270, 300, 300, excluded_good=30, excluded_total=60, excluded_s=60
    )


def test_samples_counted_anew_stay_excluded_where_they_were(store: Store) -> None:
    put(store, samples([0.1, 0.1, 0.1]), samples([1, 1, 1], valid_s=0, key=OUTCOMES))
    for indicator in (FAST, ANSWERED):
        exclude(store, indicator, SECOND)

    put(store, samples([0.9], since=NOON + 90))
    put(store, samples([0], since=NOON + 90, valid_s=0, key=OUTCOMES))

    for indicator in (FAST, ANSWERED):
        found = counted(store, indicator, 180)
        assert found == Tally(3, 4, 180, excluded_good=1, excluded_total=2, excluded_s=60)
        assert found.corrected == Tally(2, 2, 120)


def test_counts_revised_by_a_better_observation_stay_excluded(store: Store) -> None:
    put(store, minutes([9, 9, 9], [9, 9, 9]))
    exclude(store, REQUESTS, SECOND)

    put(store, minutes([5], [10], since=SECOND.since, observed_at=NOON + 999))

    assert counted(store, REQUESTS, 180) == Tally(
        23, 28, 180, excluded_good=5, excluded_total=10, excluded_s=60
    )
