"""What became of a delivery: the list, the page and the metrics know it from one place."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON
from small_shop import SOURCE

from collectors.store.reader import Reader
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.machines.exposition import families
from dashboard.views.upkeep.delivery_words import state_words
from dashboard.views.upkeep.house import house_rows
from dashboard.views.upkeep.scene import Scene

CONFIG = SOURCE


@pytest.mark.parametrize(
    ("age_s", "listed", "row", "is_failing"),
    [
        (179, "being made", "weekly 2026-W01, 12:00 UTC: being made", 0.0),
        (
            180,
            "unknown whether sent, tried again",
            "weekly 2026-W01, 12:00 UTC: unknown whether sent, tried again; 1 unknown",
            1.0,
        ),
    ],
)
def test_a_delivery_that_was_cut_off_is_unknown_wherever_it_is_told(
    tmp_path: Path, age_s: int, listed: str, row: str, is_failing: float
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    url = f"sqlite:///{tmp_path}/burnline.db"
    with Store.open(url, now=NOON) as store:
        store.begin_delivery("weekly", "2026-W01", "folder", due_at=NOON, now=NOON)

    loaded = load(tmp_path / "config.toml", {}, with_sources=False)
    with Reader.open(url) as reader:
        scene = Scene(loaded, reader, NOON + age_s)
        (delivery,) = reader.deliveries()
        house = dict(house_rows(scene, None, ()))
        told = {family.name: family.samples for family in families(scene)}

    assert state_words(delivery, NOON + age_s) == listed
    assert house["Deliveries"] == row
    assert told["burnline_report_failing"] == ((("weekly", "folder"), is_failing),)
