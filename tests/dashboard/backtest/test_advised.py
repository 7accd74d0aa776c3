"""Which targets a history supports: to its last minute, and by the same counts as `check` has."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, NOON, minutes, series
from verdict_builders import an_slo, judged, stored

from collectors.store.store import Reader, Store
from dashboard.config import load
from dashboard.views.backtest.advice import block
from dashboard.views.backtest.advising import advised
from dashboard.views.compliance.making import Kept, records
from dashboard.views.upkeep.scene import Scene
from slo.advise import Advice, Lowest
from slo.corrections import Correction, CorrectionKind, Scope
from slo.objective import Slo
from slo.periods import ReportPeriod
from slo.spans import RollingWindow, Span

WEEK = RollingWindow(7 * DAY_S)


def advice(folder: Path, url: str, slo: Slo, as_of: int, asked: Span | None = None) -> Advice:
    (folder / "config.toml").write_text("", encoding="utf-8")
    config = load(folder / "config.toml", {})
    with Reader.open(url) as reader:
        return advised(Scene(config, reader, as_of), slo, asked)


def shop(folder: Path, bad: list[int], until: int) -> str:
    good = [100 - one for one in bad]
    return stored(folder, minutes(good, [100] * len(bad), since=until - len(bad) * 60))


@pytest.mark.parametrize("minutes_bad", [1, 14, 15, 29])
def test_no_target_is_supported_that_is_overspent_at_this_moment(
    tmp_path: Path, minutes_bad: int
) -> None:
    """Of seven days of 100 a minute n minutes are all bad: n of 10,080."""
    until = NOON + minutes_bad * 60
    slo = an_slo("99.99", window=WEEK)
    url = shop(tmp_path, [0] * (20 * 1_440) + [100] * minutes_bad, until)

    made = advice(tmp_path, url, slo, until)
    (view,) = judged(url, slo, as_of=until)

    assert made.lowest is not None
    assert made.lowest.sli == view.sli == 1 - Fraction(minutes_bad, 10_080)
    assert made.lowest.until == until
    assert made.months[-1].tally is not None
    assert made.months[-1].tally.bad == 100 * minutes_bad


def test_what_came_after_the_moment_or_the_span_is_not_counted(tmp_path: Path) -> None:
    slo = an_slo("99.99", window=WEEK)
    url = shop(tmp_path, [0] * (20 * 1_440) + [100] * 14, NOON + 840)

    for made in (
        advice(tmp_path, url, slo, NOON),
        advice(tmp_path, url, slo, NOON + 840, Span(0, NOON)),
    ):
        assert made.lowest is not None
        assert made.lowest.sli == 1


def test_a_window_of_which_a_half_was_not_measured_decides_nothing(tmp_path: Path) -> None:
    url = shop(tmp_path, [100] * (3 * 1_440), NOON)

    assert advice(tmp_path, url, an_slo("99", window=WEEK), NOON).lowest is None


@pytest.mark.parametrize("instances", [1, 2, 3])
def test_so_many_series_of_one_history_are_advised_as_one_of_them_is(
    tmp_path: Path, instances: int
) -> None:
    """Two days of 50 %, six of nothing, twelve good: no week with a bad event was half measured."""
    begun, keys = NOON - 20 * DAY_S, [series(instance=f"{one}") for one in range(instances)]
    bad = [minutes([50] * 2_880, [100] * 2_880, since=begun, key=key) for key in keys]
    good = [
        minutes([100] * 17_280, [100] * 17_280, since=begun + 8 * DAY_S, key=key) for key in keys
    ]
    url = stored(tmp_path, *bad, *good)

    made = advice(tmp_path, url, an_slo("99", window=WEEK), NOON)

    assert made.lowest is not None
    assert made.lowest.sli == 1


def test_a_window_under_a_correction_is_as_much_measured_as_without_it(tmp_path: Path) -> None:
    """Of seven days five are maintenance and taken out, two are at 50 %; half a day is good again.

    The last quarter hour within the fault ends at noon, 7 minutes before it: of its 2,880 minutes
    that count 7 are before the maintenance, and 2,873 lost 50 of 100.
    """
    ended = NOON + 7 * 60
    slo, calm = an_slo("99", window=WEEK), [0] * 720
    url = shop(tmp_path, [0] * (18 * 1_440) + [50] * 2_880 + calm, ended + len(calm) * 60)
    when = Span(ended - 7 * DAY_S, ended - 2 * DAY_S)
    work = CorrectionKind.MAINTENANCE
    one = Correction(key="k", kind=work, scope=Scope(), when=when, reason="disks", author="Eve")
    with Store.open(url, now=ended) as store:
        store.corrections.put(one, None, actor="Eve", now=ended)

    during = advice(tmp_path, url, slo, ended)
    after = advice(tmp_path, url, slo, ended + len(calm) * 60)
    (view,) = judged(url, slo, as_of=ended)

    assert view.sli == Fraction(1, 2)
    assert during.lowest == Lowest(7 * DAY_S, ended, Fraction(1, 2))
    assert during.supported is after.supported is None
    assert after.lowest == Lowest(7 * DAY_S, NOON, 1 - Fraction(2_873 * 50, 2_880 * 100))


def test_a_month_has_one_verdict_and_one_coverage_wherever_it_is_told(tmp_path: Path) -> None:
    """November: the 29th alone. December whole, of January half a day."""
    bad = [0] * (1_440 * 32 + 720)
    begun = NOON - len(bad) * 60
    rows = minutes([100 - one for one in bad], [100] * len(bad), since=begun)
    slo = an_slo("99.9", window=WEEK)
    url = stored(tmp_path, rows)
    with Reader.open(url) as reader:
        (record,) = records(reader, [slo], ReportPeriod.MONTH, ZoneInfo("UTC"), NOON)

    made = advice(tmp_path, url, slo, NOON)

    kept: dict[str, Kept] = {one.period.label: one for one in record.periods}
    assert {one.period.label: one.counts for one in made.months} == {
        "2025-11": False,
        "2025-12": True,
        "2026-01": False,
    }
    for one in made.months:
        other = kept[one.period.label]
        assert one.covered == other.coverage
        assert one.counts == other.counts
        assert one.met(slo.objective) is other.compliance.is_kept
    assert [row[0].words for row in block(slo, made).rows] == ["Jan 2026", "Dec 2025", "Nov 2025"]
