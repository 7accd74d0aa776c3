"""Targets scraped every two minutes, or five, or unevenly: live is what one finds at once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import StartPrometheus
from prometheus_source import collector

from collectors.prometheus import ratio, splits
from collectors.prometheus.pages import Inquiry
from collectors.run import Pace, collect_once
from collectors.store.store import Reader, Store
from dashboard import wiring
from dashboard.config import load
from dashboard.views.counted.figures import evaluate
from slo.facts import SeriesKind, TallyRows
from slo.indicator import Absent, Ratio, Split
from slo.judgement import Now
from slo.spans import Span
from slo.splits import Labels

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(300)]

BEGIN = 1_767_267_000  # half an hour before a whole one
LENGTH_S = 3_000
END = BEGIN + LENGTH_S
BURN = 30
"""Of 100 requests between two scrapes so many fail, once the burning has begun."""
BURNS_SINCE = BEGIN + 400
CALM, GONE = BEGIN + 1_501, BEGIN + 2_401
"""Scrapes of `seldom` with no new errors, and without their counter: it is born again after it."""
Minutes = dict[tuple[Labels, int], tuple[float, float, int]]
CONFIG = """
[[source]]
kind = "prometheus"
url = "{url}"
backfill = "2h"
every = "5m"

[[slo]]
name = "slow"
objective = 99
total = 'requests_total{{job="slow"}}'
bad = 'requests_total{{job="slow",code="500"}}'
group_by = ["instance"]
breakdown = ["code"]

[[slo]]
name = "seldom"
objective = 99
total = 'requests_total{{job="seldom"}}'
bad = 'requests_total{{job="seldom",code="500"}}'
absent = "zero"
breakdown = ["code"]

[[slo]]
name = "uneven"
objective = 99
total = 'requests_total{{job="uneven"}}'
bad = 'requests_total{{job="uneven",code="500"}}'
absent = "zero"
method = "timeslices"
slice = "1m"
slice_objective = 75

[[slo]]
name = "fast"
objective = 50
histogram = 'seconds_bucket{{job="slow"}}'
latency = "500ms"
"""


def scrapes() -> dict[tuple[str, str], list[int]]:
    """When each target was scraped: `slow` has two of them, one begins late and ends early."""
    chance = random.Random(7)
    uneven = [BEGIN + 10]
    while uneven[-1] < END:
        uneven.append(uneven[-1] + chance.choice([31, 59, 60, 61, 90, 119, 121, 180, 299, 305]))
    return {
        ("slow", "a"): [*range(BEGIN + 35, END, 120)],
        ("slow", "b"): [*range(BEGIN + 670, END - 900, 120)],
        ("seldom", "a"): [*range(BEGIN + 1, END, 300)],
        ("uneven", "a"): uneven[:-1],
    }


def written() -> Iterator[str]:
    """What Prometheus stored: 100 requests from scrape to scrape, a restart, errors born late."""
    yield "# TYPE up gauge"
    for (job, instance), moments in scrapes().items():
        yield from (f'up{{job="{job}",instance="{instance}"}} 1 {at}' for at in moments)
    yield "# TYPE requests counter"
    for (job, instance), moments in scrapes().items():
        for code, share in (("200", 100 - BURN), ("500", BURN)):
            named = f'requests_total{{job="{job}",instance="{instance}",code="{code}"}}'
            yield from (f"{named} {value} {at}" for at, value in counted(moments, share, code))
    yield "# TYPE seconds histogram"
    for (job, instance), moments in scrapes().items():
        for edge, share in (("0.5", 80), ("1.0", 90), ("+Inf", 100)):
            named = f'seconds_bucket{{job="{job}",instance="{instance}",le="{edge}"}}'
            yield from (f"{named} {value} {at}" for at, value in counted(moments, share, "200"))
        named = f'seconds_count{{job="{job}",instance="{instance}"}}'
        yield from (f"{named} {value} {at}" for at, value in counted(moments, 100, "200"))
    yield "# EOF"


def counted(moments: Iterable[int], each: int, code: str) -> Iterator[tuple[int, int]]:
    """The values of a counter that restarts at its tenth scrape; errors have no series at first."""
    value = 0
    for number, at in enumerate(moments):
        grown = 0 if code == "500" and at == CALM else each
        value = grown if number == 10 else value + grown
        if code == "500" and (at <= BURNS_SINCE or at == GONE):
            value = 0
        else:
            yield at, value


@pytest.fixture(scope="module")
def url(prometheus_of_module: StartPrometheus, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("slow") / "history.openmetrics"
    path.write_text("\n".join([*written(), ""]))
    return prometheus_of_module(openmetrics=path).url


def collected(folder: Path, url: str, moments: Iterable[int]) -> Path:
    """A store that was brought up to each of the moments in turn; nothing else is remembered."""
    (folder / "config.toml").write_text(CONFIG.format(url=url))
    config = load(folder / "config.toml", {})
    with Store.open(config.store_url, now=BEGIN) as store:
        for now in moments:
            pace = Pace(lambda now=now: now, time.monotonic, lambda _: None)  # type: ignore[misc]
            record = collect_once(wiring.lane(config.sources[0]), store, now, pace)
            assert record.error is None, record.error
    return folder


def rows(folder: Path) -> dict[object, object]:
    """Every row of every series: its counts and its quality, by the minute and the quarter."""
    found: dict[object, object] = {}
    with Reader.open(load(folder / "config.toml", {}).store_url) as reader:
        for one in reader.series(kind=SeriesKind.TALLY):
            for level_s in (60, 900):
                read = reader.tally_rows((one.id,), level_s, Span(BEGIN - 3_600, END + 3_600))
                columns = [getattr(read, name) for name in read.__slots__]
                found[one.key, level_s] = [*zip(*(c.tolist() for c in columns), strict=True)]
        for one in reader.series(kind=SeriesKind.HISTOGRAM):
            kept = reader.measured.buckets((one.id,), Span(BEGIN, BEGIN + 2_700), ())
            columns = [getattr(kept, name) for name in kept.__slots__]
            found[one.key, 900] = [*zip(*(c.tolist() for c in columns), strict=True)]
    return found


@pytest.fixture(scope="module")
def at_once(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collected(tmp_path_factory.mktemp("once"), url, (END + 30,))


@pytest.mark.parametrize("every_s", [60, 420])
def test_rows_collected_live_are_those_of_one_reading_and_none_is_revised(
    url: str, at_once: Path, tmp_path: Path, every_s: int
) -> None:
    live = collected(tmp_path, url, [*range(BEGIN + 1_295, END, every_s), END + 30])

    assert rows(live) == rows(at_once)
    with Reader.open(load(live / "config.toml", {}).store_url) as reader:
        assert not reader.conflicts()
        assert not reader.revisions()


JOBS = ("slow", "seldom", "uneven")


def ratio_of(job: str) -> Ratio:
    named = f'requests_total{{job="{job}"'
    return Ratio(f"{named}}}", bad=f'{named},code="500"}}', absent=Absent.ZERO)


def told(url: str, of: Ratio | Split, span: Span, *, series: int = 1) -> Minutes:
    """Each minute that a reading of a span tells of, once."""
    inquiry = Inquiry(collector(url).client, "p", END + 3_600, 300)
    batches = (
        splits.collect(inquiry, of, span, series)
        if isinstance(of, Split)
        else ratio.collect(inquiry, of, span, series)
    )
    found: Minutes = {}
    for fact in (fact for batch in batches for fact in batch.facts):
        assert isinstance(fact, TallyRows)
        columns = fact.good.tolist(), fact.total.tolist(), fact.observed_s.tolist()
        times = [(fact.series.labels, at) for at in fact.at.tolist()]
        minutes = dict(zip(times, zip(*columns, strict=True), strict=True))
        assert not minutes.keys() & found.keys()
        found |= minutes
    return found


@pytest.mark.parametrize("job", JOBS)
def test_a_piece_of_the_past_knows_its_last_minutes_by_what_comes_after_it(
    url: str, job: str
) -> None:
    whole = told(url, ratio_of(job), Span(BEGIN, END))

    for length_s in (60, 780):
        pieces = [
            told(url, ratio_of(job), Span(since, min(since + length_s, END)))
            for since in range(BEGIN, END, length_s)
        ]
        kept: Minutes = {}
        for piece in reversed(pieces):  # as history is brought in: what was told stays as it is
            assert all(kept.get(at, row) == row for at, row in piece.items())
            kept |= piece
        assert kept == whole


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("series", [714, 10_000_000])
def test_minutes_are_the_same_however_short_the_pages_are(url: str, job: str, series: int) -> None:
    """So many series make the first page fourteen minutes long, or one."""
    span = Span(BEGIN + 600, END)

    for of in (ratio_of(job), Split(ratio_of(job), ("instance",))):
        assert told(url, of, span, series=series) == told(url, of, span)


def test_a_wide_counter_stays_wide_in_a_minute_without_a_sample_of_it(url: str) -> None:
    """Samples at 10:01 and 15:01; the minute from 14:00 holds none, and is read as the others."""
    wide = collector(url, ratio_of("seldom"), max_raw_series=1)
    minute = Span(BEGIN + 840, BEGIN + 900)

    batches = list(wide.collect(wide.streams[0], minute, minute.until + 60))

    assert [said[:12] for batch in batches for said in batch.warnings] == ["extrapolated"]


@pytest.mark.parametrize(
    ("name", "since", "until", "bad", "total"),
    [
        # a counts 100 in each 2 min from 0:35, b in 11 of them; errors are born at 8:35
        ("slow", 420, 2_940, 960, 3_200),
        # 100 in each 5 min from 0:01 to 45:01, in six of the last eight of nine with errors
        ("seldom", 60, 2_760, 180, 810),
        # the buckets of `slow`, from the first pair on: 24 of a and 11 of b
        ("fast", 60, 2_940, 700, 3_500),
    ],
)
def test_every_minute_of_a_slow_scrape_is_known_and_its_burn_is_not_the_half(
    at_once: Path, name: str, since: int, until: int, bad: int, total: int
) -> None:
    config = load(at_once / "config.toml", {})
    with Reader.open(config.store_url) as reader:
        sources = {one.name: one for one in config.sources}
        views = evaluate(config.slos, reader, as_of=END + 30, sources=sources)
    view = next(one for one in views if one.name == name)

    assert view.data_until == BEGIN + until
    assert view.tally is not None
    assert (view.tally.bad, view.tally.total) == (bad, total)
    assert view.tally.observed_s == until - since
    burn = Fraction(bad, total) / (1 - Fraction(str(view.objective_percent)) / 100)
    hourly = burn * Fraction(until - since, 3_600)
    assert [one.long_burn for one in view.judgement.firing] == ([hourly] if hourly > 14 else [])
    assert view.judgement.now is (Now.PAGING if hourly > 14 else Now.QUIET)
