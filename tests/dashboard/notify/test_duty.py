"""What a collector says of its alerts: to a watcher after each evaluation, and in its log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from alert_shop import CHANNELS, CONFIG, SLO, Shop
from components.hostile import Hostile, in_turn, reply
from structlog.testing import capture_logs

from dashboard.config import load
from dashboard.shell.duty import Duty

BUSY, TAKEN = reply("", "503 Busy", "text/plain"), reply("", "202 Accepted")
HOOK = '[[channel]]\nname = "hook"\nkind = "webhook"\nurl = { env = "HOOK" }\nrepeat = "1h"\n'
BEAT = '[alerts]\nheartbeat = { env = "BEAT" }\n'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that is well."""
    found = Shop(tmp_path)
    yield found
    found.store.close()


def duty(shop: Shop, url: str, more: str = HOOK, slo: str = "") -> Duty:
    """The duty of a collector whose channel and watcher listen there."""
    path = shop.folder / "config.toml"
    path.write_text(CONFIG + SLO.format(name="checkout") + slo + more)
    environ = {"HOOK": url, "BEAT": f"{url}/beat/canary-4711"}
    shop.config = load(path, environ, with_sources=False, with_channels=True)
    made = Duty(shop.store, lambda: shop.config, structlog.get_logger(), lambda: shop.now)
    made.asked("shop")
    return made


def said(logs: list[Any], *events: str) -> list[dict[str, Any]]:
    return [one for one in logs if one["event"] in events]


def test_the_watcher_hears_of_every_evaluation(shop: Shop) -> None:
    with Hostile(reply("ok")) as watcher, capture_logs() as logs:
        collector = duty(shop, watcher.url, HOOK + BEAT)
        for _ in range(3):
            collector.evaluate(shop.now)
            shop.now += 60

    asked = [one.partition(b" HTTP")[0] for one in watcher.requests]
    assert asked == [b"GET /beat/canary-4711"] * 3
    assert said(logs, "the heartbeat was not heard") == []


def test_nobody_is_asked_where_no_heartbeat_is_wanted(shop: Shop) -> None:
    with Hostile(reply("ok")) as watcher:
        duty(shop, watcher.url).evaluate(shop.now)

    assert watcher.requests == []


def test_a_watcher_that_does_not_hear_is_told_of_once_and_its_secret_never(shop: Shop) -> None:
    """Evaluations go on; once it has heard again, a new failure is news."""
    answers = (BUSY, BUSY, reply("ok"), BUSY)
    with Hostile(in_turn(*answers)) as watcher, capture_logs() as logs:
        collector = duty(shop, watcher.url, HOOK + BEAT)
        shop.burn()
        for _ in answers:
            collector.evaluate(shop.now)
            shop.now += 60

    told = said(logs, "the heartbeat was not heard")
    assert len(watcher.requests) == len(told) + 2 == 4
    assert all("503" in one["why"] for one in told)
    assert "canary-4711" not in str(logs)
    assert shop.page.is_live


def offered(shop: Shop, collector: Duty, minutes: int) -> list[dict[str, Any]]:
    """What the log says of a channel that is offered the page for so many minutes."""
    with capture_logs() as logs:
        (channel,) = shop.config.channels
        run = collector.outgoing(channel)
        for _ in range(minutes):
            run(shop.now)
            shop.now += 60
    return said(logs, "not told", "told again")


def test_a_channel_that_takes_nothing_is_told_of_again_each_hour_and_when_it_took_it(
    shop: Shop,
) -> None:
    """Tried each two minutes: 503 for two hours and a bit."""
    refused = 66
    with Hostile(in_turn(*[BUSY] * refused, TAKEN)) as hook:
        collector = duty(shop, hook.url)
        shop.burn()
        collector.evaluate(shop.now)
        told = offered(shop, collector, 3 * 60)

    assert [one["event"] for one in told] == ["not told"] * 3 + ["told again"]
    assert [one["channel"] for one in told] == ["hook"] * 4
    first, *_, last = told
    assert (first["tries"], last["tries"]) == (1, refused)


def test_of_an_slo_that_reaches_no_channel_the_log_tells_once_a_configuration(
    shop: Shop,
) -> None:
    tickets = f'{HOOK}severities = ["ticket"]\n'
    own = SLO.format(name="cart") + 'notify = ["hook"]\n'
    with capture_logs() as logs:
        collector = duty(shop, "http://127.0.0.1:1", tickets, own)
        collector.evaluate(shop.now)
        collector.evaluate(shop.now)

    (told,) = [one for one in logs if one["event"].startswith("no channel is told")]
    assert told["event"] == "no channel is told when checkout or cart fire"
    assert "notify" in told["mend"]


def test_where_every_slo_reaches_a_channel_or_there_is_none_nothing_is_said(shop: Shop) -> None:
    with capture_logs() as logs:
        duty(shop, "http://127.0.0.1:1").evaluate(shop.now)
        duty(shop, "http://127.0.0.1:1", "").evaluate(shop.now)
        duty(shop, "http://127.0.0.1:1", CHANNELS).evaluate(shop.now)

    assert not [one for one in logs if one["event"].startswith("no channel")]
