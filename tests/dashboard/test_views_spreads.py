"""Of two jobs that measure under one name, each objective has the spread of its own alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, quarters, series
from verdict_builders import Shop, an_slo, judged, stored

from collectors.store.store import Reader
from dashboard.views.counted.course import course_view
from dashboard.views.counted.edges import edges_around
from dashboard.views.counted.quantiles import quantiles
from dashboard.views.counted.zoom import Zoom
from slo.facts import Fact, SeriesKey, SeriesKind
from slo.indicator import Latency
from slo.spans import RollingWindow, Span

HALF_A_DAY_AGO = NOON - 12 * HOUR_S
A_DAY = Span(NOON - DAY_S, NOON)
OF_A, OF_B = {(0.25, 0.6): 100.0}, {(0.4, 1.0): 100.0}
SAMPLES = Latency(0.5, samples='lat{job="a"}')
BUCKETS = Latency(0.5, histogram='lat_bucket{job="a"}')


def two_jobs(folder: Path, a: SeriesKey, b: SeriesKey) -> str:
    """Twelve hours of each job, whose buckets have no edge in common."""
    facts: list[Fact] = [
        quarters([spread] * 48, since=HALF_A_DAY_AGO, key=key)
        for key, spread in ((a, OF_A), (b, OF_B))
    ]
    tally = series(a.name, rule="<=0.5", **dict(a.labels))
    return stored(folder, *facts, minutes([90] * 720, [100] * 720, since=HALF_A_DAY_AGO, key=tally))


def by_label(folder: Path) -> str:
    """Two jobs as samples tell them apart: by a label."""
    one, other = (series("lat", SeriesKind.HISTOGRAM, job=job) for job in "ab")
    return two_jobs(folder, one, other)


def by_selector(folder: Path) -> str:
    """Two jobs as histograms tell them apart: by the selector that was asked."""
    one, other = (series(f'lat_bucket{{job="{job}"}}', SeriesKind.HISTOGRAM) for job in "ab")
    return two_jobs(folder, one, other)


@pytest.mark.parametrize(("stored_by", "indicator"), [(by_label, SAMPLES), (by_selector, BUCKETS)])
def test_the_edges_around_a_threshold_are_those_of_the_job_that_is_promised(
    tmp_path: Path, stored_by: Callable[[Path], str], indicator: Latency
) -> None:
    slo = an_slo("95", window=RollingWindow(DAY_S), indicator=indicator)

    with Reader.open(stored_by(tmp_path)) as reader:
        assert edges_around(reader, slo, A_DAY) == (0.25, 0.6)


@pytest.mark.parametrize(("stored_by", "indicator"), [(by_label, SAMPLES), (by_selector, BUCKETS)])
def test_the_percentile_is_that_of_the_job_that_is_promised(
    tmp_path: Path, stored_by: Callable[[Path], str], indicator: Latency
) -> None:
    url = stored_by(tmp_path)
    (view,) = judged(url, an_slo("95", window=RollingWindow(DAY_S), indicator=indicator))

    with Reader.open(url) as reader:
        found = quantiles(reader, view, course_view(reader, view, Zoom.WINDOW, Shop()))

    assert found is not None
    known = [value for _, value in found.points if value is not None]
    assert known
    assert max(known) < 600.001
    assert min(known) == pytest.approx(250 + 0.95 * 350)
