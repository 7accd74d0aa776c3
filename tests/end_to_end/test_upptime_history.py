"""Real Upptime histories as the commits they were: the same figures as their files and the oracle."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from file_builders import NOW, table
from probe_letters import down
from repositories import Writing, reading

from collectors.contract import Collector, Named
from collectors.plan import everything
from collectors.run import Lane, Pace, collect_once
from collectors.sources.files import for_import
from collectors.store.store import Store, WindowAsk
from slo.facts import SampleRows, SeriesKind, StatusRows
from slo.indicator import Uptime
from slo.spans import Span, epoch_s, moment

HISTORIES = ("probes_4hse", "probes_curc")
EVER = Span(946_684_800, NOW)
VALID_S = 26 * 3_600
LATE_S = 2
"""How long after the look its commit was made: what counts is the look."""
Row = tuple[str, str, int, object, int]


@pytest.fixture(scope="module", params=HISTORIES)
def history(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def clone(history: str, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history as Upptime writes it: a commit for each row, in its site's own file."""
    writing = Writing()
    with gzip.open(shared / "data" / history / "probes.csv.gz", "rt", encoding="utf-8") as text:
        for row in sorted(csv.DictReader(text), key=lambda row: row["ts_utc"]):
            at = epoch_s(datetime.fromisoformat(row["ts_utc"]))
            said = (
                f"{row['site']} is {row['status']} ({row['http_code']} in {row['response_ms']} ms)"
            )
            writing.commit(at + LATE_S, {f"history/{row['slug']}.yml": _state(row, at)}, said)
            if at % 7 == 0:  # what else Upptime commits changes no state
                writing.commit(at + LATE_S, {"history/summary.json": f"[{at}]"}, "Update summary")
    return writing.into(tmp_path_factory.mktemp(history))


def test_the_commits_say_the_same_as_the_rows_of_the_file(
    history: str, shared: Path, clone: Path
) -> None:
    columns = {"at": "ts_utc", "service": "slug", "latency": "response_ms"}
    how = table(columns=columns, unit="ms", valid_for="26h")
    path = shared / "data" / history / "probes.csv.gz"
    file = for_import(Named("file", "-"), how, [str(path)])

    found = sorted(rows(reading("upptime", clone)))

    assert len(found) > 2_000
    assert found == sorted(rows(file))


def test_uptime_and_outages_of_every_site_equal_the_oracle(
    history: str, shared: Path, clone: Path, tmp_path: Path
) -> None:
    oracle = json.loads((shared / "oracles" / "realdata" / f"{history}.json").read_text())["sites"]
    wanted = {slug: Uptime(f'probe{{service="{slug}"}}', VALID_S) for slug in oracle}
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOW) as store:
        lane = Lane("code", reading("upptime", clone), tuple(wanted.values()))
        run = collect_once(lane, store, NOW, Pace(lambda: NOW, lambda: 0.0, lambda _seconds: None))
        figures = {slug: _figures(store, slug, uptime) for slug, uptime in wanted.items()}

    assert run.error is None
    assert len(figures) >= 7
    for slug, expected in oracle.items():
        percent, down_min, count = figures[slug]
        assert percent == pytest.approx(expected["uptime_step_26h_pct"], abs=0.005), slug
        assert down_min == pytest.approx(expected["down_min_26h"], abs=1), slug
        assert count == expected["outages"], slug


def rows(collector: Collector) -> Iterator[Row]:
    """Every state and latency flat, without the source's own name."""
    for stream in collector.streams:
        for batch in collector.collect(stream, everything(NOW, None), NOW):
            for fact in batch.facts:
                assert isinstance(fact, StatusRows | SampleRows)
                said = fact.state if isinstance(fact, StatusRows) else fact.value.tolist()
                own = (fact.series.name, fact.series.service)
                for one in zip(fact.at.tolist(), said, fact.valid_s.tolist(), strict=True):
                    yield *own, *one


def _figures(store: Store, slug: str, uptime: Uptime) -> tuple[float, float, int]:
    """Percent up, minutes down, outages."""
    ids = tuple(one.id for one in store.reader.pick("code", uptime))
    tally = store.reader.windows([WindowAsk(ids, (EVER,))])[0][0]
    assert tally is not None
    assert tally.sli is not None
    (states,) = [
        one.id
        for one in store.reader.series("code", SeriesKind.STATUS)
        if one.key.service == slug and not one.key.rule
    ]
    (known,) = store.reader.measured.status_intervals([states], EVER)
    return float(tally.sli * 100), tally.bad / 60, len(down(known))


def _state(row: dict[str, str], at: int) -> str:
    written = moment(at).isoformat().replace("+00:00", ".250Z")
    return (
        f"url: https://{row['slug']}.example\nstatus: {row['status']}\ncode: {row['http_code']}\n"
        f"responseTime: {row['response_ms']}\nlastUpdated: {written}\n"
        "startTime: 2024-12-09T16:52:06.000Z\n"
        "generator: Upptime <https://github.com/upptime/upptime>\n"
    )
