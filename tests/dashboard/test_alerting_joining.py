"""Which alert an SLO belongs to whose data ended near those of others: one, and always the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_exporter import bring, live, on, promise
from alert_shop import Shop
from builders import HOUR_S

from slo.alerting import AlertKind


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with three SLOs besides `checkout`, all well up to now."""
    made = Shop(tmp_path)
    promise(made, "zoo", "art", "mid")
    bring(made, HOUR_S, "zoo", "art", "mid")
    yield made
    made.store.close()


def test_of_two_alerts_that_an_slo_could_belong_to_the_earlier_takes_it(shop: Shop) -> None:
    promise(shop, "zoo", "art")
    on(shop, 240, "art", "mid")
    on(shop, 240, "art")
    on(shop, HOUR_S)
    apart = {one.subject: one.slos for one in live(shop)}

    promise(shop, "zoo", "art", "mid")
    on(shop, 60)

    assert apart == {"zoo": ("zoo",), "art": ("art",)}
    assert {one.subject: one.slos for one in live(shop)} == {"zoo": ("zoo", "mid"), "art": ("art",)}


def test_what_stops_with_its_source_joins_no_alert_of_what_ended_shortly_before(
    shop: Shop,
) -> None:
    promise(shop, "zoo", "art")
    on(shop, 300, "art")
    (lost,) = on(shop, 180)

    (late,) = shop.judge(after_s=600)

    assert (lost.subject, late.kind, late.slos) == (
        "zoo",
        AlertKind.STALE,
        ("checkout", "zoo", "art"),
    )
    assert [one.slos for one in live(shop)] == [("zoo",)]
