"""Three months of real probes, through a real Prometheus, into the store: the true figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import QUARTER_S
from conftest import StartPrometheus
from probe_letters import down

from collectors.contract import Named
from collectors.run import Lane, Pace, collect_once
from collectors.sources.prometheus import SOURCE, Options
from collectors.store.reader import Reader
from collectors.store.store import Store
from collectors.store.windows import WindowAsk
from slo.facts import SeriesKind
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import Span, epoch_s
from slo.tally import Tally

pytestmark = pytest.mark.prometheus

VALID_S = 26 * 3_600
NOW = epoch_s(datetime(2026, 8, 10, 15, 2, tzinfo=UTC))
SINCE = epoch_s(datetime(2026, 5, 10, tzinfo=UTC))


def uptime(slug: str) -> Uptime:
    return Uptime(f'probe_success{{instance="{slug}"}}', valid_s=VALID_S)


def latency(slug: str) -> Latency:
    chosen = f'{{instance="{slug}"}}'
    return Latency(0.5, samples=f"probe_duration_seconds{chosen}", only_if=f"probe_success{chosen}")


@pytest.fixture(scope="module")
def sites(shared: Path) -> dict[str, Any]:
    truth = json.loads((shared / "oracles/realdata/probes_curc.json").read_text())
    found: dict[str, Any] = truth["sites"]
    assert len(found) == 11
    return found


@dataclass(frozen=True)
class Collected:
    store: Store
    lane: Lane


@pytest.fixture(scope="module")
def reader(collected: Collected) -> Reader:
    return collected.store.reader


@pytest.fixture(scope="module")
def collected(
    shared: Path,
    sites: dict[str, Any],
    prometheus_of_module: StartPrometheus,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Collected]:
    """The store after one run that collects the whole history over HTTP."""
    server = prometheus_of_module(openmetrics=shared / "data/probes_curc/probes.openmetrics.gz")
    indicators: list[Indicator] = [uptime(slug) for slug in sites]
    indicators += [latency(slug) for slug in sites]
    named = Named("probes", "config.toml:1", tuple(indicators))
    lane = Lane(
        "probes", SOURCE.build(named, Options(url=server.url)), tuple(indicators), settle_s=30
    )
    folder = tmp_path_factory.mktemp("store")
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=NOW) as store:
        run = collect_once(
            lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _: None), since=SINCE
        )
        assert run.error is None, run.error
        yield Collected(store, lane)


def observed(site: dict[str, Any]) -> Span:
    """From the first observation to the last, widened to whole quarter hours."""
    first, last = (
        epoch_s(datetime.fromisoformat(site[edge])) // QUARTER_S for edge in ("first", "last")
    )
    return Span(first * QUARTER_S, (last + 1) * QUARTER_S)


def tally(reader: Reader, indicator: Indicator, span: Span) -> Tally:
    ids = tuple(one.id for one in reader.pick("probes", indicator))
    (found,) = reader.windows([WindowAsk(ids, (span,))])[0]
    assert found is not None
    return found


def month(text: str) -> Span:
    year, number = map(int, text.split("-"))
    since = datetime(year, number, 1, tzinfo=UTC)
    until = datetime(year, number + 1, 1, tzinfo=UTC)
    return Span(epoch_s(since), epoch_s(until))


def percent(found: Tally) -> float:
    assert found.sli is not None
    return float(100 * found.sli)


def test_the_uptime_of_every_site_equals_the_oracle(reader: Reader, sites: dict[str, Any]) -> None:
    for slug, site in sites.items():
        seen = percent(tally(reader, uptime(slug), observed(site)))

        assert seen == pytest.approx(site["uptime_step_26h_pct"], abs=0.005), slug


def test_the_uptime_of_every_month_equals_the_oracle(reader: Reader, sites: dict[str, Any]) -> None:
    for slug, site in sites.items():
        for name, truth in site["months"].items():
            seen = percent(tally(reader, uptime(slug), month(name)))

            assert seen == pytest.approx(truth["uptime_pct"], abs=0.03), (slug, name)


def test_a_hole_longer_than_a_day_is_unknown_and_neither_up_nor_down(
    reader: Reader, sites: dict[str, Any]
) -> None:
    for slug, site in sites.items():
        first, last = (datetime.fromisoformat(site[edge]).timestamp() for edge in ("first", "last"))
        known = tally(reader, uptime(slug), observed(site)).total

        assert (last - first - known) / 60 == pytest.approx(site["unknown_min_26h"], abs=0.1), slug


def test_the_outages_of_every_site_are_those_of_the_oracle(
    reader: Reader, sites: dict[str, Any]
) -> None:
    probes = {
        dict(one.key.labels)["instance"]: one.id
        for one in reader.series("probes", SeriesKind.STATUS)
        if one.key.rule == ""
    }
    for slug, site in sites.items():
        (intervals,) = reader.measured.status_intervals([probes[slug]], observed(site))

        assert len(down(intervals)) == site["outages"], slug


def histogram_id(reader: Reader, slug: str) -> int:
    (found,) = (
        one.id
        for one in reader.series("probes", SeriesKind.HISTOGRAM)
        if dict(one.key.labels)["instance"] == slug
    )
    return found


@pytest.mark.parametrize("name", ["p50", "p95", "p99"])
def test_the_latency_percentiles_of_every_site_equal_the_oracle(
    reader: Reader, sites: dict[str, Any], name: str
) -> None:
    for slug, site in sites.items():
        spread = reader.measured.histogram([histogram_id(reader, slug)], observed(site))
        assert spread is not None
        found = spread.quantile(int(name[1:]) / 100)
        assert found is not None
        truths = site["latency"][name], site["latency"][f"{name}_nr"]

        nearest = min(abs(1_000 * found.estimate / truth - 1) for truth in truths)
        assert nearest <= 0.005, (slug, name, found, truths)


def test_probes_that_failed_have_no_latency(reader: Reader, sites: dict[str, Any]) -> None:
    for slug, site in sites.items():
        found = tally(reader, latency(slug), observed(site))

        assert found.total == sum(truth["n_latency"] for truth in site["months"].values()), slug


def test_collecting_the_same_history_again_changes_no_figure(collected: Collected) -> None:
    store, lane = collected.store, collected.lane
    before = store.reader.figures_digest()

    for stream in lane.collector.streams:
        for batch in lane.collector.collect(stream, Span(SINCE, NOW - 32), NOW + 3_600):
            done = store.ingest(lane.name, stream, batch, lane.indicators, now=NOW + 3_600)
            assert (done.new, done.revised, done.conflicts) == (0, 0, 0)

    assert store.reader.figures_digest() == before
