"""Real histories of probes, through the runner and the store, against independent truth."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from file_builders import NOW, table
from probe_letters import down
from real_histories import EVER, PROBES, VALID_S, latency, load, near, truth, uptime

from collectors.store.store import Reader, RunRecord, Store, WindowAsk
from slo.budget import Budget
from slo.facts import SeriesKind
from slo.indicator import Indicator, Uptime
from slo.objective import Objective
from slo.spans import CalendarWindow, Period, Span, epoch_s
from slo.status import DOWN
from slo.tally import Tally

HISTORIES = ("probes_4hse", "probes_curc")


def slugs() -> list[tuple[str, str]]:
    """Every history and slug that has an oracle."""
    return [(name, slug) for name in HISTORIES for slug in truth(name).get("sites", {})]


OF_EVERY_SLUG = pytest.mark.parametrize(
    ("name", "slug"), slugs() or [pytest.param("none", "none", id="no history was found")]
)
"""Without the shared folder one is left, which its fixture fails or skips with the reason."""


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
    found = down(known)

    assert tally is not None
    assert tally.sli is not None
    assert float(tally.sli * 100) == pytest.approx(expected["uptime_step_26h_pct"], abs=0.005)
    assert tally.bad / 60 == pytest.approx(expected["down_min_26h"], abs=1)
    unknown_s = last - first - tally.observed_s
    assert unknown_s / 60 == pytest.approx(expected["unknown_min_26h"], abs=1)
    assert len(found) == expected["outages"]
    assert bool(known.state[-1] == DOWN) == expected["outage_ongoing_at_end"]
    longest = max((until - since for since, until in found), default=0) / 60
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
        began = [since for since, _ in down(known) if span.since <= since < span.until]
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
