"""Real probes and real incidents: each page that would have gone out, and its delay."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from delivery_builders import at
from verdict_builders import burnline

from slo.spans import Span, united

CONFIG = """
[[source]]
kind = "files"
name = "4hse"
[[source.file]]
path = "{data}/probes_4hse/probes.csv.gz"
holds = "probes"
columns = {{ at = "ts_utc", service = "slug", status = "status", latency = "response_ms" }}
unit = "ms"
valid_for = "26h"

[[source]]
kind = "files"
name = "status-page"
[[source.file]]
path = "{data}/incidents_gcp/incidents.csv"
holds = "incidents"
columns = {{ at = "begin_utc", ended_at = "end_utc", service = "service_name" }}
key = ["incident_id"]
"""
SLO = """
[[slo]]
name = "{slug}"
service = "{slug}"
source = "4hse"
objective = 99.9
uptime = 'probe{{service="{slug}"}}'
valid_for = "26h"
"""
SLUGS = ("academy", "service")
AS_OF = ("--as-of", "2026-11-22T00:00:00Z")


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store holds both histories, minutes and all."""
    found = tmp_path_factory.mktemp("histories")
    text = CONFIG.format(data=shared / "data") + "".join(SLO.format(slug=slug) for slug in SLUGS)
    (found / "config.toml").write_text(text, encoding="utf-8")
    ran = burnline("collect", "--once", folder=found)
    assert ran.code == 0, ran.err
    return found


def tried(folder: Path, *words: str) -> Any:
    ran = burnline("backtest", *words, *AS_OF, "--json", folder=folder)
    assert ran.code == 0, ran.err
    return ran.json


def outages(shared: Path, slug: str) -> list[tuple[int, int]]:
    """From when to when a site was down by its log: a row of it down, until the next that is up."""
    with gzip.open(shared / "data/probes_4hse/probes.csv.gz", "rt") as log:
        rows = [
            (at(one["ts_utc"]), one["status"]) for one in csv.DictReader(log) if one["slug"] == slug
        ]
    found, since = [], None
    for when, status in sorted(rows):
        if status == "down" and since is None:
            since = when
        elif status == "up" and since is not None:
            found.append((since, when))
            since = None
    return found


def first_page(down: Sequence[tuple[int, int]], since: int, step_s: int) -> int | None:
    """The first moment after `since` at which one of the two rows that page fires, by hand.

    At 99.9 %: more than 14.4 thousandths of an hour and of five minutes down, or more than 6 of
    six hours and of thirty minutes; a window is a step long at least.
    """
    for moment in range(since - since % step_s + step_s, since + 7_200, step_s):
        for thousandths, lengths_s in ((14.4, (3_600, 300)), (6, (21_600, 1_800))):
            windows = (max(length_s, step_s) for length_s in lengths_s)
            if all(down_s(down, moment, one) > thousandths * one / 1_000 for one in windows):
                return moment
    return None


def down_s(down: Sequence[tuple[int, int]], until: int, length_s: int) -> int:
    """The seconds down in the last so many; those of `down` are apart."""
    return sum(max(0, min(end, until) - max(begin, until - length_s)) for begin, end in down)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_outage_of_a_real_site_is_paged_at_the_moment_that_arithmetic_says(
    folder: Path, shared: Path, slug: str
) -> None:
    truth = json.loads((shared / "oracles/realdata/probes_4hse.json").read_text())["sites"][slug]
    found = tried(folder, slug)
    (own,) = found["policies"]
    real = outages(shared, slug)

    assert found["step_seconds"] == 900  # as finely as a source of such files is counted
    assert len(real) == len(own["met"]) == truth["outages"]
    assert [(at(one["since"]), at(one["until"])) for one in own["met"]] == real
    for one, (since, _) in zip(own["met"], real, strict=True):
        paged = at(one["page"])
        assert paged == first_page(real, since, 900) or paged <= since
        assert one["delay_seconds"] == paged - since
    assert min(one["delay_seconds"] for one in own["met"]) > -7_200
    assert (own["recall"], own["precision"]) == (1, 1)


@pytest.mark.parametrize("service", ["Google Compute Engine", "Google Cloud Networking"])
def test_each_real_incident_is_named_with_its_page_or_as_missed(
    folder: Path, shared: Path, service: str
) -> None:
    with (shared / "data/incidents_gcp/incidents.csv").open() as table:
        rows = [one for one in csv.DictReader(table) if one["service_name"] == service]
    year = [one for one in rows if one["begin_utc"].startswith("2023")]
    span = ("--since", "2023-01-01T00:00:00Z", "--until", "2024-01-01T00:00:00Z")

    (own,) = tried(folder, "--incidents-of", service, *span)["policies"]

    # Incidents that overlap are one time down.
    down = united(Span(at(one["begin_utc"]), at(one["end_utc"])) for one in rows if one["end_utc"])
    whole = [(one.since, one.until) for one in down]
    named = {one["key"]: one for one in own["met"]}
    assert {one["incident_id"] for one in year} <= set(named)
    for one in year:
        met, since = named[one["incident_id"]], at(one["begin_utc"])
        expected = first_page(whole, since, 60)
        paged = None if met["page"] is None else at(met["page"])
        assert paged == expected or (paged is not None and paged <= since)
    assert all(one["right"] for one in own["pages"])
    assert sum(one["page"] is None for one in own["met"]) <= 1
