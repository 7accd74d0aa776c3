"""Real histories, from their files through the runner and the store, against independent truth."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from file_builders import NOW, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.contract import Named
from collectors.files.table import FileTable
from collectors.run import Lane, Pace, collect_once
from collectors.sources.files import for_import
from collectors.store.store import Reader, RunRecord, Store, WindowAsk
from slo.budget import Budget
from slo.facts import EventKind, SeriesKind
from slo.indicator import Indicator, Latency, Uptime
from slo.objective import Objective
from slo.spans import CalendarWindow, Period, Span, epoch_s
from slo.status import outages
from slo.tally import Tally

EVER = Span(946_684_800, NOW)
VALID_S = 26 * 3_600
PROBES: dict[str, Any] = {
    "holds": "probes",
    "columns": {"at": "ts_utc", "service": "slug", "latency": "response_ms"},
    "unit": "ms",
    "valid_for": "26h",
}
INCIDENTS: dict[str, Any] = {
    "holds": "incidents",
    "columns": {
        "at": "begin_utc",
        "ended_at": "end_utc",
        "service": "service_name",
        "observed_at": "last_seen_utc",
    },
    "key": ["begin_utc", "end_utc", "service_name"],
}
RELEASES: dict[str, Any] = {
    "holds": "events",
    "kind": "release",
    "columns": {"at": "released_at_utc"},
    "key": ["tag"],
    "service": "boto3",
}
HISTORIES = ("probes_4hse", "probes_curc")
_HERE = Path(__file__).resolve().parents[3] / "shared"
ORACLES = Path(os.environ.get("BURNLINE_SHARED", _HERE)) / "oracles" / "realdata"


def load(
    store: Store, paths: Sequence[Path], how: FileTable, indicators: Sequence[Indicator] = ()
) -> RunRecord:
    """Import the files as the command does, each batch a transaction."""
    wanted = tuple(indicators)
    collector = for_import(Named("files", "-", wanted), how, [str(path) for path in paths])
    lane = Lane("files", collector, wanted)
    return collect_once(lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _seconds: None))


def truth(name: str) -> Any:
    """One file of the oracles; empty where the shared folder is missing."""
    path = ORACLES / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def slugs() -> list[tuple[str, str]]:
    """Every history and slug that has an oracle."""
    return [(name, slug) for name in HISTORIES for slug in truth(name).get("sites", {})]


OF_EVERY_SLUG = pytest.mark.parametrize(
    ("name", "slug"), slugs() or [pytest.param("none", "none", id="no history was found")]
)
"""Without the shared folder one is left, which its fixture fails or skips with the reason."""


def uptime(slug: str) -> Uptime:
    """Whether the slug was up."""
    return Uptime(f'probe{{service="{slug}"}}', VALID_S)


def latency(slug: str) -> Latency:
    """Whether the slug answered within 500 ms."""
    return Latency(0.5, samples=f'probe_latency_seconds{{service="{slug}"}}')


@dataclass(frozen=True, slots=True)
class History:
    """One history in a store."""

    reader: Reader
    run: RunRecord

    def tally(self, indicator: Indicator, span: Span) -> Tally | None:
        """What the indicator's tallies add up to in the span."""
        ids = tuple(one.id for one in self.reader.pick("files", indicator))
        return self.reader.windows([WindowAsk(ids, (span,))])[0][0]

    def base(self, slug: str, kind: SeriesKind) -> int:
        """The stored series of a slug that holds what the file said (or its buckets)."""
        (one,) = [
            one
            for one in self.reader.series("files", kind)
            if dict(one.key.labels).get("service") == slug and not one.key.rule
        ]
        return one.id

    def quantile(self, slug: str, q: float, span: Span) -> float | None:
        """A percentile of the latency in ms."""
        found = self.reader.measured.histogram([self.base(slug, SeriesKind.HISTOGRAM)], span)
        quantile = found.quantile(q) if found is not None else None
        return None if quantile is None else quantile.estimate * 1_000


@pytest.fixture(scope="module")
def histories(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, History]]:
    """Each history of probes in a store of its own."""
    stores, found = [], {}
    for name in HISTORIES:
        store = Store.open(f"sqlite:///{tmp_path_factory.mktemp(name)}/burnline.db", now=NOW)
        stores.append(store)
        wanted = [make(slug) for of, slug in slugs() if of == name for make in (uptime, latency)]
        path = shared / "data" / name / "probes.csv.gz"
        found[name] = History(store.reader, load(store, [path], table(**PROBES), wanted))
    yield found
    for store in stores:
        store.close()


def month_of(text: str) -> Span:
    """The UTC month such as 2025-06."""
    window = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))
    return window.whole(epoch_s(datetime.fromisoformat(f"{text}-15T00:00:00+00:00")))


def near(expected: float) -> Any:
    """The tolerance of percentiles: half a percent."""
    return pytest.approx(expected, rel=0.005)


def spent(expected: float, tally: Tally) -> Any:
    """Percent of a budget of 0.05 %, within what one minute more or less of downtime spends."""
    return pytest.approx(expected, abs=60 / (tally.total * 0.0005) * 100)


@OF_EVERY_SLUG
def test_uptime_outages_and_percentiles_of_a_real_history_equal_the_oracle(
    histories: dict[str, History], name: str, slug: str
) -> None:
    history, expected = histories[name], truth(name)["sites"][slug]
    first, last = (epoch_s(datetime.fromisoformat(expected[edge])) for edge in ("first", "last"))

    tally = history.tally(uptime(slug), EVER)
    (known,) = history.reader.measured.status_intervals(
        [history.base(slug, SeriesKind.STATUS)], EVER
    )
    found = outages(known)

    assert tally is not None
    assert tally.sli is not None
    assert float(tally.sli * 100) == pytest.approx(expected["uptime_step_26h_pct"], abs=0.005)
    assert tally.bad / 60 == pytest.approx(expected["down_min_26h"], abs=1)
    unknown_s = last - first - tally.observed_s
    assert unknown_s / 60 == pytest.approx(expected["unknown_min_26h"], abs=1)
    assert len(found) == expected["outages"]
    assert any(outage.ongoing for outage in found) == expected["outage_ongoing_at_end"]
    longest = max((outage.until - outage.since for outage in found), default=0) / 60
    assert longest == pytest.approx(expected["longest_outage_min"] or 0, abs=1)
    for q in (50, 95, 99):
        at = [expected["latency"][f"p{q}"], expected["latency"][f"p{q}_nr"]]
        quantile = history.quantile(slug, q / 100, EVER)
        assert quantile is not None
        assert any(quantile == near(value) for value in at), (q, quantile, at)


@OF_EVERY_SLUG
def test_every_month_of_a_real_history_equals_the_oracle(
    histories: dict[str, History], name: str, slug: str
) -> None:
    history, months = histories[name], truth(name)["sites"][slug]["months"]
    (known,) = history.reader.measured.status_intervals(
        [history.base(slug, SeriesKind.STATUS)], EVER
    )

    for month, expected in months.items():
        span = month_of(month)
        tally = history.tally(uptime(slug), span)
        began = [outage for outage in outages(known) if span.since <= outage.since < span.until]
        assert len(began) == expected["outages_started"], month
        if expected["uptime_pct"] is None:
            assert tally is None, month
            continue
        assert tally is not None, month
        assert tally.sli is not None, month
        assert float(tally.sli * 100) == pytest.approx(expected["uptime_pct"], abs=0.03), month
        assert tally.bad / 60 == pytest.approx(expected["down_min"], abs=1), month
        counted = history.tally(latency(slug), span)
        assert (counted.total if counted else 0) == expected["n_latency"], month
        for q in (50, 95, 99):
            quantile = history.quantile(slug, q / 100, span)
            wanted = expected.get(f"p{q}")
            assert (quantile is None) == (wanted is None), (month, q)
            assert wanted is None or quantile == near(wanted), (month, q)


@OF_EVERY_SLUG
def test_every_month_is_judged_as_the_oracle_judges_it(
    histories: dict[str, History], name: str, slug: str
) -> None:
    history = histories[name]
    judged = truth("slo_by_month")[f"{name}/{slug}"]["by_month"]

    for month, expected in judged.items():
        span = month_of(month)
        tally = history.tally(uptime(slug), span)
        if expected.get("uptime_pct") is None:
            assert tally is None, month
            continue
        assert tally is not None, month
        assert tally.sli is not None, month
        assert (tally.sli * 10_000 >= 9_995) == expected["meets_99_95"], month
        budget = Budget(Objective.from_percent("99.95"), tally)
        assert budget.consumed is not None, month
        assert float(budget.consumed * 100) == spent(expected["budget_used_pct"], tally), month
        p95 = expected["p95_ms"]
        if p95 is not None:
            quantile = history.quantile(slug, 0.95, span)
            assert quantile == near(p95), month
            assert (quantile < 500) == expected["meets_p95_500"], month


def test_a_hole_of_91_days_is_measured_neither_as_up_nor_as_down(
    histories: dict[str, History],
) -> None:
    hole = Span(*(epoch_s(datetime(2025, month, 4, tzinfo=UTC)) for month in (4, 7)))
    inside = Span(hole.since, epoch_s(datetime(2025, 7, 2, tzinfo=UTC)))

    assert histories["probes_4hse"].tally(uptime("www"), inside) is None
    assert histories["probes_4hse"].tally(uptime("mobile"), inside) is not None


def test_equal_windows_before_and_after_a_change_equal_the_oracle(
    histories: dict[str, History],
) -> None:
    for title, expected in truth("before_after").items():
        name, _, rest = title.partition("/")
        slug = rest.partition("@")[0]
        for part in ("before", "after"):
            want, history = expected[part], histories[name]
            since, until = (
                epoch_s(datetime.fromisoformat(want[edge]).replace(tzinfo=UTC))
                for edge in ("from", "to")
            )
            tally = history.tally(uptime(slug), Span(since, until))
            assert tally is not None
            assert tally.sli is not None
            assert float(tally.sli * 100) == pytest.approx(want["uptime_pct"], abs=0.005), title
            assert tally.observed_s / 60 == pytest.approx(want["known_min"], abs=1), title
            for q in (50, 95, 99):
                quantile = history.quantile(slug, q / 100, Span(since, until))
                assert quantile == near(want[f"p{q}"]), (title, part, q)


def test_every_row_of_a_real_history_is_read_and_none_is_lost(
    histories: dict[str, History], shared: Path
) -> None:
    for name, history in histories.items():
        with gzip.open(shared / "data" / name / "probes.csv.gz", "rt", newline="") as text:
            written = list(csv.DictReader(text))
        latencies = sum(row["status"] == "up" for row in written)
        assert history.run.error is None
        assert history.run.counts.read == len(written)
        assert history.run.stored.new == len(written) + latencies


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as opened:
        yield opened


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


def test_a_real_history_of_openmetrics_and_of_csv_have_the_same_uptime(
    store: Store, shared: Path, histories: dict[str, History]
) -> None:
    how = table(holds="probes", valid_for="26h")
    wanted = [
        Uptime(f'probe_success{{instance="{slug}"}}', VALID_S)
        for name, slug in slugs()
        if name == "probes_curc"
    ]

    run = load(store, [shared / "data" / "probes_curc" / "probes.openmetrics.gz"], how, wanted)

    assert run.error is None
    for name, slug in slugs():
        if name == "probes_curc":
            mine = History(store.reader, run)
            one = mine.tally(Uptime(f'probe_success{{instance="{slug}"}}', VALID_S), EVER)
            assert one == histories[name].tally(uptime(slug), EVER)


def pieces(rows: Sequence[str], folder: Path, seed: int, parts: int) -> list[Path]:
    """The rows of a file without its header, shuffled over files of their own, some twice."""
    chance = random.Random(seed)
    head, body = rows[0], list(rows[1:])
    chance.shuffle(body)
    edges = sorted(chance.sample(range(1, len(body)), parts - 1))
    paths = []
    for number, (since, until) in enumerate(zip([0, *edges], [*edges, None], strict=True)):
        path = folder / f"part-{seed}-{number}.csv"
        path.write_text("".join([head, *body[since:until]]))
        paths.append(path)
    chance.shuffle(paths)
    return [*paths, chance.choice(paths)]


@pytest.mark.parametrize("held", ["probes", "incidents", "requests"])
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), parts=st.integers(2, 6))
def test_files_in_any_order_any_split_and_twice_give_the_same_store(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, held: str, seed: int, parts: int
) -> None:
    folder = tmp_path_factory.mktemp("any-order")
    text, how, wanted = sample_of(held, shared)
    whole = folder / "whole.csv"
    whole.write_text("".join(text))
    digests = []

    for number, paths in enumerate(([whole], pieces(text, folder, seed, parts))):
        with Store.open(f"sqlite:///{folder}/{number}.db", now=NOW) as store:
            for path in paths:
                assert load(store, [path], how, wanted).error is None
            digests.append(store.reader.figures_digest())

    assert digests[0] == digests[1]


def sample_of(held: str, shared: Path) -> tuple[list[str], FileTable, list[Indicator]]:
    """Some hundred real rows (or made up ones that disagree), and how to read them."""
    if held == "probes":
        with gzip.open(shared / "data" / "probes_4hse" / "probes.csv.gz", "rt") as packed:
            rows = packed.readlines()
        chosen = [rows[0], *(row for row in rows[1:] if ",www," in row or ",docs," in row)][:400]
        return chosen, table(**PROBES), [uptime("www"), latency("www"), uptime("docs")]
    if held == "incidents":
        with (shared / "data" / "incidents_gcp" / "incidents_raw_union.csv").open() as text:
            return text.readlines()[:500], table(**INCIDENTS), []
    good = [f"{NOW - 60 * (i % 150)},s{i % 3},{i % 7},{7 + i % 2}\n" for i in range(300)]
    return ["at,service,good,total\n", *good], table(holds="requests", every="5m"), []


@pytest.mark.postgres
@pytest.mark.parametrize("held", ["probes", "incidents", "requests"])
def test_both_engines_make_the_same_figures_of_the_same_files(
    tmp_path: Path, shared: Path, postgres_url: str, held: str
) -> None:
    text, how, wanted = sample_of(held, shared)
    path = tmp_path / "whole.csv"
    path.write_text("".join(text))
    digests = []

    for url in (f"sqlite:///{tmp_path}/burnline.db", postgres_url):
        with Store.open(url, now=NOW) as store:
            assert load(store, [path], how, wanted).error is None
            digests.append(store.reader.figures_digest())

    assert digests[0] == digests[1]
