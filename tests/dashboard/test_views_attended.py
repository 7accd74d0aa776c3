"""What nobody has seen comes before what someone looks after or silenced, and can be acted on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alert_builders import a_silence, an_alert
from fleet_history import AS_OF, LINES, ONSET, Line, filled

from collectors.store.quieting import Acknowledged, Silenced
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.pages.now import NowPage, now_of
from dashboard.views.upkeep.scene import Scene
from slo.alerting import AlertKind
from slo.silences import Scope

FAST = replace(LINES[0], name="fast", burning=0.5)
SLOW = replace(LINES[0], name="slow", burning=0.1)
TICKET: Line = next(one for one in LINES if one.name == "payments success")
SEEN = Acknowledged("fast", "ada", "unverified")
SILENCE = Silenced(replace(a_silence(Scope.SLO, "fast", since=AS_OF), author="ada"), "unverified")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two pages, of which one burns faster, and a ticket."""
    filled(tmp_path, FAST, SLOW, TICKET)
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=AS_OF) as opened:
        live = [
            an_alert("fast", at=ONSET),
            an_alert("slow", at=ONSET),
            an_alert(TICKET.name, AlertKind.TICKET, at=ONSET),
        ]
        opened.alerts.evaluated(live, [], now=ONSET)
        yield opened


def page_of(store: Store, folder: Path) -> NowPage:
    loaded = load(folder / "config.toml", {}, with_sources=False)
    return now_of(Scene(loaded, store.reader, AS_OF))


def order(page: NowPage) -> list[str]:
    assert page.gravest is not None
    return [one.view.name for one in (page.gravest, *page.others)]


def test_of_pages_that_nobody_has_seen_the_faster_burn_comes_first(
    store: Store, tmp_path: Path
) -> None:
    assert order(page_of(store, tmp_path)) == ["fast", "slow", TICKET.name]


@pytest.mark.parametrize("deed", [SEEN, SILENCE], ids=["acknowledged", "silenced"])
def test_a_page_that_someone_knows_of_makes_room_for_the_one_that_nobody_does(
    store: Store, tmp_path: Path, deed: Acknowledged | Silenced
) -> None:
    store.apply(deed, now=AS_OF)

    assert order(page_of(store, tmp_path)) == ["slow", "fast", TICKET.name]


def test_whatever_fires_can_be_acted_on_in_the_order_of_the_page(
    store: Store, tmp_path: Path
) -> None:
    store.apply(SEEN, now=AS_OF)
    store.apply(SILENCE, now=AS_OF)

    firing = page_of(store, tmp_path).firing

    assert [(view.name, one.is_seen, one.is_silenced) for view, one in firing] == [
        ("slow", False, False),
        ("fast", True, True),
        (TICKET.name, False, False),
    ]
