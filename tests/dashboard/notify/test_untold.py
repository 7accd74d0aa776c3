"""Who was not told stands where people look: Data health, the metrics, the check."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import Shop
from components.burnline import MAIN

from dashboard.views.machines.exposition import families
from dashboard.views.upkeep.house import house_rows
from dashboard.views.upkeep.scene import Scene

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop whose page both channels were offered and did not take."""
    found = Shop(tmp_path)
    found.burn()
    found.judge()
    for one in found.store.reader.alerts.due(found.now):
        found.store.alerts.failed(one.id, "connection refused by x:1", found.now + 5, now=found.now)
    yield found
    found.store.close()


def test_data_health_names_the_channel_its_backlog_and_the_reason(shop: Shop) -> None:
    rows = dict(house_rows(Scene(shop.config, shop.store.reader, shop.now), None, ()))

    assert "channel hook: 1 notice not taken" in rows["Channels"]
    assert "connection refused by x:1" in rows["Channels"]


def test_data_health_says_so_where_all_was_taken(shop: Shop) -> None:
    shop.now += 60
    shop.send()

    rows = dict(house_rows(Scene(shop.config, shop.store.reader, shop.now), None, ()))

    assert rows["Channels"] == "took all that they were told"


def test_the_metrics_count_what_is_late_and_what_was_lost(shop: Shop) -> None:
    (first, *_) = shop.store.reader.alerts.told()
    shop.store.alerts.failed(first.id, "answered 400", None, now=shop.now)

    found = {
        (one.name, *labels): value
        for one in families(Scene(shop.config, shop.store.reader, shop.now))
        for labels, value in one.samples
        if one.name.startswith("burnline_channel_")
    }

    assert found["burnline_channel_lost_notices", first.channel] == 1
    assert found["burnline_channel_late_notices", first.channel] == 0
    assert sum(value for (name, _), value in found.items() if "late" in name) == 1


def test_the_check_tells_on_standard_error_and_keeps_its_answer(shop: Shop) -> None:
    ran = subprocess.run(
        [*MAIN, "check"],
        cwd=shop.folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "connection refused by x:1" in ran.stderr or "not taken" in ran.stderr
    assert "not taken" not in ran.stdout
