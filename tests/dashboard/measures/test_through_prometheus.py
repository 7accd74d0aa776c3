"""What a measure asks a source for is what it then reads: through a real Prometheus."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import StartPrometheus
from delivery_builders import RULES, at, span
from measure_builders import UTC, measured

from collectors.contract import Named
from collectors.run import Lane, Pace, collect_once
from collectors.sources.prometheus import SOURCE
from collectors.sources.prometheus import Options as PrometheusOptions
from collectors.store.store import Store
from dashboard.measures import registry
from dashboard.measures.contract import Asked

pytestmark = pytest.mark.prometheus

NOW = at("2026-08-10T15:02")
JUNE, JULY = span("2026-06-01", "2026-07-01"), span("2026-07-01", "2026-08-01")


def test_uptime_and_percentile_of_real_probes_equal_the_oracle(
    shared: Path, prometheus: StartPrometheus, tmp_path: Path
) -> None:
    truth = json.loads((shared / "oracles/realdata/probes_curc.json").read_text())["sites"]
    slug, site = max(truth.items(), key=lambda each: each[1]["latency"]["p95"])
    server = prometheus(openmetrics=shared / "data/probes_curc/probes.openmetrics.gz")
    chosen = f'{{instance="{slug}"}}'
    up = {"uptime": f"probe_success{chosen}", "valid_for": "26h"}
    slow = {
        "samples": f"probe_duration_seconds{chosen}",
        "only_if": f"probe_success{chosen}",
        "quantile": 50,
    }
    wanted = [
        each
        for kind, options in (("uptime", up), ("latency_quantile", slow))
        for each in registry.load(kind).indicators(
            registry.load(kind).options.model_validate(options)
        )
    ]
    source = SOURCE.build(
        Named("probes", "config.toml:1", tuple(wanted)), PrometheusOptions(url=server.url)
    )
    pace = Pace(lambda: NOW, lambda: 0.0, lambda _: None)

    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as store:
        lane = Lane("probes", source, tuple(wanted), settle_s=30)
        run = collect_once(lane, store, NOW, pace, since=at("2026-05-10"))
        assert run.error is None, run.error
        asked = Asked(
            reader=store.reader, before=JUNE, after=JULY, as_of=NOW, zone=UTC, rules=RULES
        )
        found = measured("uptime", replace(asked, source="probes"), **up).comparison
        median = measured("latency_quantile", asked, **slow).comparison

    months = site["months"]
    for side, latency, month in (
        (found.before, median.before, months["2026-06"]),
        (found.after, median.after, months["2026-07"]),
    ):
        assert 100 * side.estimate == pytest.approx(month["uptime_pct"], abs=0.03)
        assert 1_000 * latency.estimate == pytest.approx(month["p50"], rel=0.02)
