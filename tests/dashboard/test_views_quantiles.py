"""The percentile over time: each part from its own histogram, never an average of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import HOUR_S, NOON, samples
from verdict_builders import Shop, an_slo, judged, stored

from collectors.store.store import Reader
from dashboard.views.counted.course import course_view
from dashboard.views.counted.quantiles import Quantiles, is_offered, quantile_name, quantiles
from dashboard.views.counted.zoom import Zoom
from slo.indicator import Indicator, Latency, Uptime
from slo.spans import RollingWindow

SECONDS = Latency(0.5, samples="probe_latency_seconds")


def found(folder: Path, indicator: Indicator = SECONDS) -> Quantiles | None:
    """The percentile over three hours: one of 100 ms, one of 100 ms and 900 ms, one without."""
    fast, mixed = [0.1] * 60, [0.1] * 30 + [0.9] * 30
    facts = samples([*fast, *mixed], since=NOON - 3 * HOUR_S)
    url = stored(folder, facts, indicators=(SECONDS,))
    slo = an_slo("95", window=RollingWindow(6 * HOUR_S), indicator=indicator)
    (view,) = judged(url, slo, as_of=NOON)
    with Reader.open(url) as reader:
        return quantiles(reader, view, course_view(reader, view, Zoom.WINDOW, Shop()))


def test_each_half_hour_of_a_value_a_minute_has_the_percentile_of_its_own_values(
    tmp_path: Path,
) -> None:
    percentile = found(tmp_path)

    assert percentile is not None
    known = [value for _, value in percentile.points if value is not None]
    assert known[:3] == pytest.approx([100.0] * 3, rel=0.01)
    assert max(known) == pytest.approx(900.0, rel=0.01)
    assert percentile.threshold_ms == 500
    assert percentile.title.startswith("p95, per 30 min")


def test_what_has_no_latency_has_no_percentile(tmp_path: Path) -> None:
    slo = an_slo(indicator=Uptime(probe="probe"))
    (view,) = judged(stored(tmp_path, samples([0.1])), slo)

    assert not is_offered(view)
    assert found(tmp_path, Uptime(probe="probe")) is None


def test_the_percentile_is_the_one_that_the_objective_names(tmp_path: Path) -> None:
    url = stored(tmp_path, samples([0.1] * 60), indicators=(SECONDS,))
    (view,) = judged(url, an_slo("99.9", indicator=SECONDS), as_of=NOON + HOUR_S)

    assert quantile_name(view) == "p99.9"
    assert is_offered(view)
