"""A shop with SLOs on series of one exporter, which dies and comes back as a test says."""

from __future__ import annotations

from alert_shop import SLO, Shop
from builders import minutes, series

from collectors.contract import Batch, Stream
from dashboard.config import load
from slo.alerting import Alert, AlertKind
from slo.indicator import Ratio
from slo.rules import tally_pick

OTHER = SLO.replace('total = "requests"', 'total = "{name}"')
TEAM = """
[[service]]
name = "shop"
team = "web"
labels = { tier = "gold" }
[[service]]
name = "bank"
"""


def promise(shop: Shop, *names: str, service: str = "shop") -> None:
    """Promise `checkout` and these, each on series of its own."""
    shop.configure("checkout")
    path = shop.folder / "config.toml"
    others = "".join(OTHER.format(name=name) for name in names)
    path.write_text(
        path.read_text() + TEAM + others.replace('service = "shop"', f'service = "{service}"')
    )
    shop.config = load(path, {}, with_sources=False)


def bring(shop: Shop, length_s: int, *names: str) -> None:
    """Good requests of these SLOs over the time before now."""
    for name in names:
        pick = tally_pick(Ratio(total=name))
        key = series(pick.name, rule=pick.rule)
        count = length_s // 60
        rows = minutes([100] * count, [100] * count, since=shop.now - length_s, key=key)
        shop.store.ingest("shop", Stream(name), Batch((rows,)), (), now=shop.now)


def on(shop: Shop, length_s: int, *names: str) -> tuple[Alert, ...]:
    """Time passes: `checkout` and these bring data, and all is judged."""
    shop.serve(bad=0, length_s=length_s)
    bring(shop, length_s, *names)
    return shop.judge()


def live(shop: Shop) -> list[Alert]:
    """The alerts of ended data that are not over."""
    return [one for one in shop.store.reader.alerts.live() if one.kind is AlertKind.NO_DATA]
