"""What people read of alerts: where each stands, who was told, who looks after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from alert_builders import a_silence, an_alert
from builders import HOUR_S
from fleet_history import AS_OF, ONSET, filled

from collectors.store.alert_book import NewNotice
from collectors.store.quieting import Acknowledged, Silenced
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.alerts.blocks import ledger, whole
from dashboard.views.alerts.standing import handled
from dashboard.views.alerts.words import phase_words, told_words
from dashboard.views.blocks import Block
from dashboard.views.machines.blocks import lines
from dashboard.views.pages.fleet import judged
from dashboard.views.sections.alerts import SECTION
from dashboard.views.upkeep.scene import Scene
from slo.alerting import Alert, AlertKind, Phase
from slo.silences import Scope

CHECKOUT = "checkout availability"
ALERT = an_alert(CHECKOUT, at=ONSET)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the drawn moment, in which nobody has judged yet."""
    return filled(tmp_path_factory.mktemp("drawn")).parent


@pytest.fixture
def store(tmp_path: Path, drawn: Path) -> Iterator[Store]:
    """The store of a copy of that folder, for one test to write to."""
    copytree(drawn, tmp_path, dirs_exist_ok=True)
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=AS_OF) as opened:
        yield opened


def scene(store: Store, folder: Path, *, is_fixed: bool = False) -> Scene:
    config = load(folder / "config.toml", {}, with_sources=False)
    return Scene(config, store.reader, AS_OF, is_fixed)


def fires(store: Store, *alerts: Alert, channels: tuple[str, ...] = ("mail", "pager")) -> None:
    """Have these alerts be live, told through the channels; the pager alone takes it."""
    new = [
        NewNotice(alert=one.key, channel=channel, happening="firing", body={})
        for one in alerts
        for channel in channels
    ]
    store.alerts.evaluated(list(alerts), new, now=ONSET)
    for one in store.reader.alerts.due(AS_OF):
        if one.channel == "pager":
            store.alerts.sent(one.id, now=ONSET + 60)
        else:
            store.alerts.failed(one.id, "no answer within 2 s", AS_OF + 60, now=ONSET + 60)


def rows(block: Block) -> list[list[str]]:
    return [[cell.words for cell in row] for row in block.rows]


def test_a_page_says_who_was_told_and_who_was_not_reached(store: Store, tmp_path: Path) -> None:
    fires(store, ALERT)

    standing = handled(scene(store, tmp_path)).standings[CHECKOUT]

    assert standing.words == "told pager 15:19 UTC, mail not reached"
    assert (standing.is_seen, standing.is_silenced) == (False, False)


def test_a_page_says_who_looks_after_it_and_what_silences_it(store: Store, tmp_path: Path) -> None:
    fires(store, ALERT, channels=("pager",))
    store.apply(Acknowledged(CHECKOUT, "ada", "unverified"), now=AS_OF - 60)
    silence = replace(a_silence(Scope.SERVICE, "checkout", since=AS_OF), author="bob")
    store.apply(Silenced(silence, "unverified"), now=AS_OF)

    standing = handled(scene(store, tmp_path)).standings[CHECKOUT]

    assert standing.words == (
        "told pager 15:19 UTC · ada looks after it since 15:41 UTC"
        " · silenced until 16:42 UTC (bob: failover drill)"
    )
    assert (standing.is_seen, standing.is_silenced) == (True, True)


@pytest.mark.parametrize("width", [100, 80])
def test_a_terminal_holds_the_alerts_however_many_channels_were_told(
    store: Store, width: int
) -> None:
    channels = ("pager", "alertmanager-eu", "mail-on-call", "hook-status-page", "pagerduty-pay")
    fires(store, ALERT, channels=channels)
    made = ledger(store.reader.alerts, AS_OF, since=ONSET - HOUR_S)

    said = lines(whole(made), width)

    assert max(map(len, said)) <= width
    assert "nobody yet" in " ".join(said)
    assert not [name for name in channels if name not in " ".join(said)]


def test_without_a_channel_the_page_says_that_nobody_can_be_told(
    store: Store, tmp_path: Path
) -> None:
    fires(store, ALERT, channels=())

    assert handled(scene(store, tmp_path)).standings[CHECKOUT].words == ("no channel is told of it")


def test_who_looks_at_another_moment_is_shown_nothing_to_act_on(
    store: Store, tmp_path: Path
) -> None:
    fires(store, ALERT)

    assert handled(scene(store, tmp_path, is_fixed=True)).standings == {}


def test_what_is_recovering_is_said_though_nothing_of_it_fires(
    store: Store, tmp_path: Path
) -> None:
    fires(store, replace(an_alert("ledger uptime", at=ONSET), phase=Phase.RECOVERING))

    assert handled(scene(store, tmp_path)).recovering == (
        "ledger uptime: recovering since 15:18 UTC",
    )


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        (an_alert(at=ONSET), "fires since 15:18 UTC"),
        (
            replace(an_alert(at=ONSET), frozen_at=ONSET + 60),
            "frozen while it fired: data end 15:19 UTC",
        ),
        (an_alert("prometheus", AlertKind.STALE, at=ONSET), "late since 15:18 UTC"),
        (an_alert(at=ONSET, phase=Phase.RESOLVED), "over since 15:18 UTC"),
        (
            replace(an_alert(at=ONSET, phase=Phase.RESOLVED), is_removed=True),
            "over since 15:18 UTC, no longer promised",
        ),
    ],
)
def test_an_alert_says_where_it_stands(alert: Alert, said: str) -> None:
    assert phase_words(alert, AS_OF) == said


def test_what_waits_to_be_sent_is_not_called_a_failure(store: Store) -> None:
    store.alerts.evaluated(
        [ALERT],
        [NewNotice(alert=ALERT.key, channel="mail", happening="firing", body={})],
        now=AS_OF,
    )

    assert told_words(store.reader.alerts.told(), AS_OF) == "mail not yet reached"


def test_the_page_of_an_objective_lists_its_alerts_of_thirty_days_and_each_notice(
    store: Store, tmp_path: Path
) -> None:
    old = replace(an_alert(CHECKOUT, at=ONSET - 86_400), phase=Phase.RESOLVED, ended_at=ONSET)
    ancient = replace(
        an_alert(CHECKOUT, at=ONSET - 90 * 86_400),
        phase=Phase.RESOLVED,
        ended_at=ONSET - 80 * 86_400,
    )
    fires(store, old, ancient, ALERT, an_alert("payments success", at=ONSET))
    made = scene(store, tmp_path)
    view = next(one for one in judged(made) if one.name == CHECKOUT)

    live, past, told = SECTION.make(made, view)

    assert rows(live) == [
        [CHECKOUT, "fires since 15:18 UTC", "pager 15:19 UTC, mail not reached", "nobody yet"]
    ]
    assert rows(past) == [
        ["21 Nov 2026 15:18 UTC", "page", "1 d", "pager 15:19 UTC, mail not reached"]
    ]
    assert ["15:18 UTC", "mail", f"{CHECKOUT} fires", "tried once: no answer within 2 s"] in rows(
        told
    )


def test_an_objective_without_any_alert_has_no_such_section(store: Store, tmp_path: Path) -> None:
    made = scene(store, tmp_path)

    assert list(SECTION.make(made, judged(made)[0])) == []


def test_a_source_that_is_late_is_listed_with_each_slo_that_it_blinds(store: Store) -> None:
    fires(store, an_alert("prometheus", AlertKind.STALE, at=ONSET, slos=(CHECKOUT,)))
    own, other = (
        ledger(store.reader.alerts, AS_OF, since=AS_OF - HOUR_S, subjects=[name])
        for name in (CHECKOUT, "login latency")
    )

    assert [one.subject for one in own.live] == ["prometheus"]
    ((calm,),) = (block.words for block in whole(other))
    assert calm.startswith("Nothing asked for anyone when all was last judged, at ")


def test_a_channel_that_took_an_alert_stays_reached_while_its_refresh_waits(store: Store) -> None:
    fires(store, ALERT, channels=("pager",))
    reached = told_words(store.reader.alerts.told(), AS_OF)

    again = NewNotice(
        alert=ALERT.key, channel="pager", happening="still-firing", body={}, is_refresh=True
    )
    for _ in range(2):
        store.alerts.evaluated([ALERT], [again], now=AS_OF)
        assert told_words(store.reader.alerts.told(), AS_OF) == reached
        (due,) = store.reader.alerts.due(AS_OF)
        store.alerts.sent(due.id, now=ONSET + 60)

    over = NewNotice(alert=ALERT.key, channel="pager", happening="resolved", body={})
    store.alerts.evaluated([ALERT], [over], now=AS_OF)
    assert told_words(store.reader.alerts.told(), AS_OF) == "pager not yet reached"
