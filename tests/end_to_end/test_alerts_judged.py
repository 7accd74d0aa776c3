"""Alerts of real collectors: one that is run by a timer, one that is killed while something fires."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from collecting_process import collecting
from components.process import free_port, until
from verdict_builders import burnline

from collectors.store.alert_book import StoredNotice
from collectors.store.store import Reader
from dashboard import wiring
from slo.alerting import Alert, AlertKind
from slo.errors import StoreError
from slo.spans import moment

CONFIG = """
[alerts]
every = "15s"
[[source]]
kind = "files"
name = "shop"
every = "2s"
[[source.file]]
path = "requests.csv"
holds = "requests"
[[slo]]
name = "checkout"
objective = 99.9
total = "requests"
[[channel]]
name = "am"
kind = "alertmanager"
url = "http://127.0.0.1:{port}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop of which half of all requests have failed for ten minutes; nobody listens."""
    (tmp_path / "config.toml").write_text(CONFIG.format(port=free_port()))
    until_minute = wiring.now() // 60 * 60 - 60
    rows = [
        f"{moment(until_minute - 60 * ago).isoformat()},{50 if ago < 10 else 100},100\n"
        for ago in range(120)
    ]
    (tmp_path / "requests.csv").write_text("".join(["at,good,total\n", *reversed(rows)]))
    return tmp_path


def live(folder: Path) -> tuple[Alert, ...]:
    """What fires; nothing before there is a store."""
    with suppress(StoreError), Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return reader.alerts.live()
    return ()


def told(folder: Path) -> list[StoredNotice]:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return [one for one in reader.alerts.told() if one.channel == "am"]


def test_a_collection_by_a_timer_judges_too_and_tells_once_what_began(folder: Path) -> None:
    first = burnline("collect", "--once", folder=folder)
    again = burnline("collect", "--once", folder=folder)

    assert "checkout: page, fires since" in first.err
    assert "fires since" not in again.err
    assert [(one.subject, one.kind) for one in live(folder)] == [("checkout", AlertKind.PAGE)]
    assert [one.happening for one in told(folder)] == ["firing", "still-firing"]


def test_a_collector_that_is_killed_while_something_fires_neither_loses_nor_doubles_it(
    folder: Path,
) -> None:
    config = (folder / "config.toml").read_text()
    with collecting(folder, config) as first:
        until(lambda: bool(live(folder)), "an alert")
        first.process.kill()
        first.process.wait()
    (began,) = live(folder)
    judged_at = max(one.at for one in told(folder))

    with collecting(folder, config):
        until(lambda: told(folder)[-1].at > judged_at, "a refresh")

    (kept,) = live(folder)
    assert kept.key == began.key
    assert [one.happening for one in told(folder)] == ["firing", "still-firing"]
