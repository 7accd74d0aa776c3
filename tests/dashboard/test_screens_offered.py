"""Which entries the menu has: a page with nothing to show has an address and no entry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_history import AS_OF, LINES, filled
from streamlit.testing.v1 import AppTest

from collectors.store.store import Store
from dashboard import serving, session
from dashboard.config import load
from dashboard.screens import delivery, migration
from dashboard.screens.registry import all_screens
from dashboard.screens.screen import Screen
from dashboard.serving import Serving
from slo.errors import ConfigError

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
MIGRATION = """
[[migration]]
name = "move"
before = [2026-10-01, 2026-10-20]
after = [2026-10-25, 2026-11-15]
[[migration.metric]]
id = "deploys"
title = "Deployments"
kind = "event_rate"
events = "deployment"
"""


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


def serve(config: Path) -> None:
    """Make the config the subject of this process."""
    serving.begin(Serving(load=lambda: load(config, {}, with_sources=False), clock=lambda: AS_OF))


def entries(config: Path) -> list[str]:
    """The titles of the menu's entries."""
    serve(config)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    assert not app.exception
    return [str(entry.proto.label) for entry in app.get("page_link")]


def test_the_migration_is_in_the_menu_once_one_is_configured(tmp_path: Path) -> None:
    config = filled(tmp_path, LINES[0])
    without = entries(config)
    config.write_text(config.read_text() + MIGRATION)

    assert "Migration" not in without
    assert "Migration" in entries(config)


def test_delivery_is_in_the_menu_once_any_event_was_collected(tmp_path: Path) -> None:
    config = filled(tmp_path, LINES[0])
    known = entries(config)
    (tmp_path / "burnline.db").unlink()
    session.forget()
    Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=AS_OF).close()

    assert "Delivery & incidents" in known
    assert "Delivery & incidents" not in entries(config)


def test_a_configuration_that_cannot_be_used_offers_neither_and_breaks_nothing() -> None:
    def broken() -> None:
        raise ConfigError("line 3: no", where="config.toml", mend="mend it")

    serving.begin(Serving(load=broken, clock=lambda: AS_OF))  # type: ignore[arg-type]

    assert not migration.SCREEN.has_entry
    assert not delivery.SCREEN.has_entry


def test_a_page_without_a_condition_is_always_offered_and_a_hidden_one_never() -> None:
    shown = Screen(title="A", path="a", order=1, page=lambda: None)
    hidden = Screen(title="B", path="b", order=2, page=lambda: None, is_hidden=True)

    assert shown.has_entry
    assert not hidden.has_entry


def test_the_entries_follow_the_order_of_the_work() -> None:
    titles = [screen.title for screen in all_screens() if not screen.group]

    assert (
        titles.index("Objectives")
        < titles.index("Migration")
        < titles.index("Delivery & incidents")
    )


def test_no_page_loads_the_statistics_before_somebody_asks_for_them() -> None:
    """Scipy takes a second to load, and a server answers sooner without it."""
    code = "import sys; import dashboard.server.serve; print('scipy' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
