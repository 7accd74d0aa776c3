"""Sources and series that stop beneath a composite: told as what stopped, never as what goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_shop import CHANNELS, CONFIG, SLO, Shop
from builders import HOUR_S, minutes, series

from collectors.contract import Batch, Stream
from dashboard.config import load
from dashboard.shell.alerting import evaluate_alerts
from slo.alerting import Alert
from slo.facts import SeriesKey
from slo.indicator import Ratio
from slo.rules import tally_pick

BANK = CONFIG.replace('"shop"', '"bank"').replace("requests.csv", "bank.csv")
WHOLE = """
[[slo]]
name = "whole"
objective = 99.9
composite = "worst-member"
members = ["login", "pay"]
window = "30d"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that promises nothing yet."""
    made = Shop(tmp_path)
    yield made
    made.store.close()


def key(name: str, source: str = "shop") -> SeriesKey:
    """The series of an SLO's requests."""
    pick = tally_pick(Ratio(total=name))
    return series(pick.name, rule=pick.rule, source=source)


def promise(shop: Shop, **sources: str) -> None:
    """Promise these SLOs, each on series of its own, and the worst of `login` and `pay`."""
    slos = [
        SLO.replace('total = "requests"', f'source = "{source}"\ntotal = "{name}"').format(
            name=name
        )
        for name, source in sources.items()
    ]
    path = shop.folder / "config.toml"
    path.write_text(CONFIG + BANK + "".join(slos) + WHOLE + CHANNELS)
    shop.config = load(path, {}, with_sources=False)


def on(shop: Shop, length_s: int, **sources: str) -> tuple[Alert, ...]:
    """Time passes in which these bring data, of `login` the worst, and all is judged."""
    count = length_s // 60
    for name, source in sources.items():
        good = 100_000 - (name == "login")
        rows = minutes([good] * count, [100_000] * count, since=shop.now, key=key(name, source))
        shop.store.ingest(source, Stream(name), Batch((rows,)), (), now=shop.now + length_s)
    return shop.judge(after_s=length_s)


def test_a_source_that_stops_says_nothing_of_the_source_of_the_worst_member(shop: Shop) -> None:
    both = {"login": "shop", "pay": "bank"}
    promise(shop, **both)
    on(shop, HOUR_S, **both)
    ended = shop.now

    began = [one for _ in range(12) for one in on(shop, 60, login="shop")]

    assert [(one.key, one.slos) for one in began] == [(f"bank stale {ended}", ("pay",))]


def test_a_member_that_ends_alone_is_told_by_itself_while_its_source_goes_on(shop: Shop) -> None:
    every = dict.fromkeys(("login", "pay", "mail"), "shop")
    promise(shop, **every)
    on(shop, HOUR_S, **every)
    ended = shop.now

    began = [one for _ in range(12) for one in on(shop, 60, login="shop", mail="shop")]

    assert [(one.key, one.slos) for one in began] == [(f"pay no-data {ended}", ("pay",))]


def test_a_composite_is_judged_once_the_sources_of_its_members_are_asked_whoever_else_is_not(
    shop: Shop,
) -> None:
    promise(shop, login="shop", pay="shop", mail="bank")
    path = shop.folder / "config.toml"
    path.write_text(path.read_text().replace('"worst-member"', '"sum-of-events"'))
    shop.config = load(path, {}, with_sources=False)
    on(shop, HOUR_S, pay="shop", login="shop", mail="bank")
    shop.now += 600
    for name, source in {"login": "shop", "pay": "shop", "mail": "bank"}.items():
        good = [100_000 * (name != "login")] * 10
        rows = minutes(good, [100_000] * 10, since=shop.now - 600, key=key(name, source))
        shop.store.ingest(source, Stream(name), Batch((rows,)), (), now=shop.now)

    waited = evaluate_alerts(shop.config, shop.store, shop.now, waited_for={"shop"})
    asked = evaluate_alerts(shop.config, shop.store, shop.now, waited_for={"bank"})

    assert waited == ()
    assert {one.subject for one in asked} == {"login", "whole"}
