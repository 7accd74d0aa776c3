"""Members and breakdowns from a real Prometheus to the answer of `check`."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import shop_history
from conftest import StartPrometheus
from shop_history import BEGIN, LENGTH_S
from verdict_builders import burnline

from collectors.run import Pace, collect_once
from collectors.store.store import Reader, Store
from dashboard import wiring
from dashboard.config import Config, load
from dashboard.views.apart_words import breakdown_sentence
from dashboard.views.counted.breakdown import breakdowns
from dashboard.views.counted.figures import evaluate
from slo.spans import rfc3339

pytestmark = pytest.mark.prometheus

END = BEGIN + LENGTH_S
AS_OF = END + 60
CONFIG = """
[[source]]
kind = "prometheus"
url = "{url}"
backfill = "3h"

[[slo]]
name = "shop"
objective = 99.9
total = "shop_requests_total"
bad = 'shop_requests_total{{code="500"}}'
absent = "zero"
group_by = ["instance"]
breakdown = ["code", "instance"]

[[slo]]
name = "up"
objective = 99
uptime = "up"
group_by = ["instance"]

[[slo]]
name = "fast"
objective = 50
histogram = "shop_seconds_bucket"
latency = "500ms"

[[slo]]
name = "all"
objective = 99
composite = "worst-member"
members = ["shop", "fast"]
"""


def collected(folder: Path, url: str, moments: tuple[int, ...]) -> Config:
    (folder / "config.toml").write_text(CONFIG.format(url=url))
    config = load(folder / "config.toml", {})
    for now in moments:  # a lane of its own each: nothing is remembered between two
        with Store.open(config.store_url, now=now) as store:
            pace = Pace(lambda now=now: now, time.monotonic, lambda _: None)  # type: ignore[misc]
            record = collect_once(wiring.lane(config.sources[0]), store, now, pace)
            assert record.error is None, record.error
    return config


def test_members_found_by_a_real_prometheus_add_up_and_reach_check(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    truth = shop_history.write(tmp_path / "history.openmetrics")
    url = prometheus(openmetrics=tmp_path / "history.openmetrics").url

    collected(tmp_path, url, (AS_OF,))
    ran = burnline("check", "--json", "--as-of", rfc3339(AS_OF), folder=tmp_path)

    slos = {one["name"]: one for one in ran.json["slos"]}
    shop = {one["name"]: one for one in slos["shop"]["members"]}
    assert set(shop) == {"shop/a", "shop/b"}
    for count in ("good", "bad", "total"):
        assert sum(one[count] for one in shop.values()) == slos["shop"][count]
    assert shop["shop/a"]["bad"] == slos["shop"]["bad"] == sum(truth.bad.values())
    assert shop["shop/b"]["bad"] == 0
    assert slos["all"]["sli"] == min(slos["shop"]["sli"], slos["fast"]["sli"])
    up = {one["name"]: one for one in slos["up"]["members"]}
    assert up["up/a"]["bad"] == 0
    assert up["up/b"]["bad"] == slos["up"]["bad"] == len(shop_history.FAILED)


def test_what_is_told_apart_is_the_same_however_often_it_was_collected(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    shop_history.write(tmp_path / "history.openmetrics")
    url = prometheus(openmetrics=tmp_path / "history.openmetrics").url
    said = []
    for name, moments in (("once", (AS_OF,)), ("often", (BEGIN + 4_000, BEGIN + 5_030, AS_OF))):
        folder = tmp_path / name
        folder.mkdir()
        config = collected(folder, url, moments)
        with Reader.open(config.store_url) as reader:
            sources = {one.name: one for one in config.sources}
            (view, *_) = evaluate(config.slos, reader, as_of=AS_OF, sources=sources)
            said.append([breakdown_sentence(view, one) for one in breakdowns(reader, view, None)])

    assert said[0] == said[1]
    assert said[0] == [
        "500 is 100 % of bad events in the last 1 d.",
        "a is 100 % of bad events in the last 1 d.",
    ]
