"""Real releases, incidents and pipelines, each counted once, against independent truth."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from file_builders import table
from real_histories import EVER, INCIDENTS, RELEASES, load, near, truth

from collectors.store.store import Store
from slo.facts import EventKind, SeriesKind
from slo.indicator import Latency
from slo.spans import epoch_s


def test_all_releases_of_boto3_are_stored_each_once(store: Store, shared: Path) -> None:
    expected = truth("releases_boto3")
    path = shared / "data" / "releases_boto3" / "releases.csv"

    first, again = (load(store, [path], table(**RELEASES)) for _ in range(2))

    found = store.reader.events(EventKind.RELEASE)
    change, year_s = epoch_s(datetime(2018, 1, 1, tzinfo=UTC)), 365 * 86_400
    before = [e for e in found if change - year_s <= e.at < change]
    after = [e for e in found if change <= e.at < change + year_s]
    assert len(found) == expected["all_tags"]["total"] == 2_102
    assert len(before) == expected["all_tags"]["before"]["releases"]
    assert len(after) == expected["all_tags"]["after"]["releases"]
    assert (first.stored.new, again.stored.new, again.stored.unchanged) == (2_102, 0, 2_102)


def test_incidents_under_two_ids_are_one_and_the_merged_rows_are_counted(
    store: Store, shared: Path
) -> None:
    expected = truth("incidents_gcp")
    folder = shared / "data" / "incidents_gcp"

    run = load(store, [folder / "incidents_raw_union.csv"], table(**INCIDENTS))

    found = store.reader.events(EventKind.INCIDENT)
    severities = [event.fields["severity"] for event in found]
    lengths = sorted(e.ended_at - e.at for e in found if e.ended_at is not None)
    assert run.counts.read == expected["raw_union_rows"] == 1_179
    assert len(found) == expected["after_dedupe"] == 1_034
    assert run.counts.duplicates == expected["duplicates_removed"] == 145
    assert sum(event.ended_at is None for event in found) == expected["open_ended"]
    assert {s: severities.count(s) for s in set(severities)} == expected["by_severity"]
    assert sum(lengths) / 60 == pytest.approx(expected["duration_all"]["sum_min"], abs=0.1)
    assert lengths[-1] / 60 == pytest.approx(expected["duration_all"]["max_min"], abs=0.1)


def test_pipeline_runs_are_stored_with_how_they_ended(store: Store, shared: Path) -> None:
    expected = truth("ci_rate_ukma")
    how = table(
        holds="events", kind="pipeline_run", columns={"at": "created_at_utc"}, key=["run_id"]
    )

    load(store, [shared / "data" / "ci_rate_ukma" / "runs.csv"], how)

    found = store.reader.events(EventKind.PIPELINE_RUN)
    ends = [event.fields["conclusion"] for event in found]
    assert len(found) == expected["runs"]
    assert {end: ends.count(end) for end in set(ends)} == expected["conclusion"]


def test_times_repeated_when_clocks_were_put_forward_are_counted_and_none_invented(
    store: Store, shared: Path
) -> None:
    expected = truth("nab_latency")["ec2_request_latency_system_failure.csv"]
    path = shared / "data" / "nab_latency" / "ec2_request_latency_system_failure.csv"
    how = table(holds="gauges", name="ec2_latency", zone="America/New_York", key=["value"])
    repeated = table(holds="gauges", name="ec2_repeated", zone="America/New_York")

    whole = load(store, [path], how, [Latency(60.0, samples="ec2_latency")])
    merged = load(store, [path], repeated)

    (buckets,) = store.reader.series("files", SeriesKind.HISTOGRAM)
    histogram = store.reader.measured.histogram([buckets.id], EVER)
    assert histogram is not None
    assert histogram.total == expected["rows"] == whole.counts.read
    for q in (50, 95, 99):
        quantile = histogram.quantile(q / 100)
        assert quantile is not None
        assert quantile.estimate == near(expected[f"p{q}"])
    assert merged.counts.duplicates == expected["dups"] == 11
    assert "11 rows repeat the key of another" in merged.warnings[0]
