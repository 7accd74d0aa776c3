"""A shop of which every section of an SLO's page has something to say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alert_builders import an_alert
from builders import DAY_S, HOUR_S, NOON, incident, minutes, series
from small_shop import SOURCE, a_promise
from verdict_builders import REQUESTS, stored

from collectors.store.alert_book import NewNotice
from collectors.store.corrections import target_of
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.shell.definitions import keep
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import Fact
from slo.spans import Span

FAILED_SINCE = NOON - 6 * HOUR_S
SAID = {
    "service": '"checkout"',
    "window": '["7d", "month"]',
    "group_by": '["region"]',
    "breakdown": '["route"]',
}


def promised(folder: Path, percent: str = "99") -> Config:
    """The configuration of the shop's only SLO, written into the folder."""
    (folder / "config.toml").write_text(SOURCE + a_promise("pay", percent, **SAID))
    return load(folder / "config.toml", {}, with_sources=False)


def eventful(folder: Path) -> str:
    """The URL of a store with a thin week in two regions, the last six hours of one all bad.

    An incident began with them, an alert was told, an hour was announced, the promise changed.
    """
    url = stored(folder, *_facts())
    alert = an_alert("pay", at=FAILED_SINCE)
    told = NewNotice(alert=alert.key, channel="pager", happening="firing", body={})
    with Store.open(url, now=NOON) as store:
        keep(store, promised(folder, "98").slos, NOON - 2 * DAY_S)
        keep(store, promised(folder).slos, NOON - DAY_S)
        store.corrections.put(_drill(), (target_of("shop", REQUESTS),), actor="x", now=NOON)
        store.alerts.evaluated([alert], [told], now=NOON)
    return url


def _facts() -> Iterator[Fact]:
    """One request every ten minutes and region."""
    hours = 7 * 24
    for region, bad_hours in (("eu", 0), ("us", 6)):
        total = [1, *[0] * 9] * 6 * hours
        good = [*total[: 60 * (hours - bad_hours)], *[0] * 60 * bad_hours]
        key = series(region=region, route=f"/{region}")
        yield minutes(good, total, since=NOON - hours * HOUR_S, key=key)
    yield incident(at=FAILED_SINCE, lasted_s=None)


def _drill() -> Correction:
    return Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("pay",)),
        when=Span(NOON - DAY_S, NOON - DAY_S + HOUR_S),
        reason="failover drill",
        author="ada",
    )
