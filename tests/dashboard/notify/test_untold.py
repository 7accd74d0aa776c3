"""Who was not told stands where people look: Data health, the metrics, the check."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import CHANNELS, Shop
from components.burnline import MAIN

from dashboard.views.machines.exposition import families
from dashboard.views.pages.health import health_of
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


def test_the_headline_of_data_health_names_the_channels_that_take_nothing(shop: Shop) -> None:
    page = health_of(Scene(shop.config, shop.store.reader, shop.now))
    assert page.headline.endswith("; not told: channels am, hook")

    shop.now += 60
    shop.send()
    assert "channel" not in health_of(Scene(shop.config, shop.store.reader, shop.now)).headline


def test_data_health_says_so_where_all_was_taken(shop: Shop) -> None:
    shop.now += 60
    shop.send()

    rows = dict(house_rows(Scene(shop.config, shop.store.reader, shop.now), None, ()))

    assert rows["Channels"] == "took all that they were told"


def test_data_health_says_of_which_slo_nobody_would_hear(shop: Shop) -> None:
    shop.configure("checkout", channels=CHANNELS.replace("repeat", "default = false\nrepeat", 1))
    assert "no channel is told" not in channels_row(shop)

    only = '[[channel]]\nname = "am"\nkind = "alertmanager"\nurl = "http://127.0.0.1:9"\n'
    shop.configure("checkout", "cart", channels=f"{only}default = false\n")
    assert channels_row(shop).endswith("; no channel is told when checkout or cart fire")


def channels_row(shop: Shop) -> str:
    return dict(house_rows(Scene(shop.config, shop.store.reader, shop.now), None, ()))["Channels"]


def doctor(shop: Shop) -> list[str]:
    ran = subprocess.run(
        [*MAIN, "doctor"],
        cwd=shop.folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    return [line for line in ran.stdout.splitlines() if "channel" in line]


def test_the_doctor_names_a_channel_that_takes_nothing_and_the_command_that_tries_it(
    shop: Shop,
) -> None:
    (am, hook) = sorted(doctor(shop))

    for line, name in ((am, "am"), (hook, "hook")):
        assert line.startswith(f'WRONG  channel "{name}"')
        assert "1 notice not taken" in line
        assert "connection refused by x:1 -> mend what it says, then: " in line
        assert line.endswith(f"burnline notify --test {name} --send")


def test_the_doctor_is_content_with_channels_that_took_all_and_notes_who_is_not_heard(
    shop: Shop,
) -> None:
    shop.now += 60
    shop.send()
    shop.configure("checkout", channels=CHANNELS.replace("kind", "default = false\nkind"))

    am, hook, nobody = sorted(doctor(shop))

    assert {line.partition("  ")[0] for line in (am, hook, nobody)} == {"ok", "note"}
    assert any(
        "no channel is told when checkout fires -> name one in `notify`" in line
        for line in (am, hook, nobody)
    )


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
