"""Figures under corrections: both semantics to the digit, and both figures on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, series, states
from verdict_builders import DAYS_30, an_slo, judged, one_judged, stored

from collectors.store.corrections import StoredCorrection, target_of
from collectors.store.store import Reader, Store
from collectors.store.stored import StoredSeries
from dashboard.views.corrections.bearing import also_touched, bearing
from dashboard.views.corrections.words import both_words, corrections_block
from dashboard.views.counted.burning import burning
from dashboard.views.counted.course import course_view
from dashboard.views.counted.zoom import Zoom
from dashboard.views.machines.blocks import lines
from dashboard.views.machines.check import entry
from dashboard.views.machines.explain import steps
from dashboard.views.report.making import report_of
from dashboard.views.report.model import Heading
from dashboard.views.report.words import told
from dashboard.views.slos.slo_view import SloView
from slo.corrections import Correction, CorrectionKind, Scope
from slo.delivery.facts import DeliveryRules
from slo.facts import SeriesKind, StatusRows
from slo.indicator import Indicator, Uptime
from slo.judgement import Now
from slo.objective import Slo
from slo.periods import ReportPeriod, last_complete
from slo.recurrence import Recurrence
from slo.spans import RollingWindow, Span
from slo.tally import Treatment

WEEK = RollingWindow(7 * DAY_S)
PROBES = Uptime('probe{service="checkout"}')
BEGIN = NOON - 7 * DAY_S


def correct(
    url: str, when: Span | Recurrence, indicator: Indicator | None = None, key: str = "c"
) -> None:
    targets = (target_of("shop", indicator or an_slo().indicator),)
    said = Correction(
        key=key,
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("checkout",)),
        when=when,
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(said, targets, actor="x", now=NOON)


def down_for_an_hour(folder: Path) -> str:
    """A week of probes by the minute, the third hour of it down."""
    text = "u" * 120 + "d" * 60 + "u" * (7 * 1_440 - 180 + 1)
    return stored(folder, *_pieces(text), indicators=(PROBES,))


def _pieces(text: str) -> Iterator[StatusRows]:
    for first in range(0, len(text), 4_000):
        yield states(text[first : first + 4_000], since=BEGIN + 60 * first, valid_s=60)


def week_slo(treatment: Treatment | None) -> Slo:
    return replace(an_slo("99", window=WEEK, indicator=PROBES), corrections=treatment)


def test_an_hour_down_in_a_week_is_0694_percent_once_a_day_is_taken_out_and_0595_called_good(
    tmp_path: Path,
) -> None:
    """60 / 8,640 and 60 / 10,080 minutes.

    Source: Datadog, SLO status corrections and time slice SLOs.
    """
    url = down_for_an_hour(tmp_path)
    correct(url, Span(NOON - DAY_S, NOON), PROBES)

    removed, as_good = judged(url, week_slo(None), week_slo(Treatment.AS_GOOD))

    assert removed.sli == 1 - Fraction(60, 8_640)
    assert as_good.sli == 1 - Fraction(60, 10_080)
    assert [f"{float(100 * (1 - (view.sli or 0))):.3f}" for view in (removed, as_good)] == [
        "0.694",
        "0.595",
    ]
    for view in (removed, as_good):
        assert view.raw is not None
        assert view.raw.sli == 1 - Fraction(60, 10_080)
        assert view.raw_remaining == 1 - Fraction(60, 10_080) * 100


def test_correcting_the_hour_itself_gives_the_whole_budget_back_under_both(
    tmp_path: Path,
) -> None:
    url = down_for_an_hour(tmp_path)
    correct(url, Span(BEGIN + 2 * HOUR_S, BEGIN + 3 * HOUR_S), PROBES)

    removed, as_good = judged(url, week_slo(None), week_slo(Treatment.AS_GOOD))

    assert removed.budget_remaining == as_good.budget_remaining == 1
    assert (removed.tally and removed.tally.total, as_good.tally and as_good.tally.total) == (
        7 * DAY_S - HOUR_S,
        7 * DAY_S,
    )


def test_while_work_is_announced_nobody_is_called_and_nothing_freezes(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 120 + [0] * 60, [100] * 180, since=NOON - 3 * HOUR_S))
    slo = an_slo("99")
    assert one_judged(url, slo).judgement.now is Now.PAGING

    correct(url, Span(NOON - HOUR_S, NOON + HOUR_S))

    view = one_judged(url, slo)
    assert view.judgement.now is Now.QUIET
    assert "under a correction" in view.reasons
    assert any("as measured, " in reason for reason in view.reasons)


def test_the_sparkline_and_every_burn_follow_the_treatment(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 120 + [0] * 60, [100] * 180, since=NOON - 3 * HOUR_S))
    correct(url, Span(NOON - HOUR_S, NOON - 1_800))
    slo = an_slo("99")

    removed, as_good = judged(url, slo, replace(slo, corrections=Treatment.AS_GOOD), history=True)

    assert removed.burn_rate("1h") == 100
    assert as_good.burn_rate("1h") == 50
    assert removed.sparkline[-1] == pytest.approx(1 - 3_000 / 15_000 * 100)
    assert as_good.sparkline[-1] == pytest.approx(1 - 3_000 / 18_000 * 100)


def block_of(url: str, slo: Slo) -> str:
    with Reader.open(url) as reader:
        (view,) = [one_judged(url, slo)]
        found = bearing(reader, view)
        return "\n".join(lines([corrections_block(view, found, ("strict",))], 400))


def test_the_page_says_what_is_corrected_by_whom_and_both_figures(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 120 + [0] * 60, [100] * 180, since=NOON - 3 * HOUR_S))
    correct(url, Span(NOON - HOUR_S, NOON - 1_800))

    said = " ".join(block_of(url, an_slo("99")).split())

    assert "As measured, −3,234 % of the budget is left; with corrections, −1,900 %" in said
    assert "30 m with 3,000 bad of 3,000 requests are taken out" in said
    assert "maintenance (a drill)" in said
    assert "Ada (c)" in said
    assert "read by strict" in said


def test_a_rule_tells_its_next_time_and_a_revoked_one_nothing(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 180, [100] * 180, since=NOON - 3 * HOUR_S))
    start = datetime(2026, 1, 1, 20)
    correct(url, Recurrence("FREQ=WEEKLY", start, HOUR_S, ZoneInfo("Asia/Kathmandu")))

    said = " ".join(block_of(url, an_slo("99")).split())

    assert (
        "Thursdays, 20:00 to 21:00 Asia/Kathmandu (from 1 Jan 2026, next 1 Jan 2026 14:15 UTC)"
    ) in said
    assert "Nothing that was measured in this window is changed" in said
    with Store.open(url, now=NOON) as store:
        store.corrections.revoke("c", author="", reason="", actor="x", now=NOON)
        assert bearing(store.reader, one_judged(url, an_slo("99"))) == ()


def test_without_corrections_there_is_nothing_to_say(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([9], [10], since=NOON - HOUR_S))
    view: SloView = one_judged(url, an_slo("99", window=DAYS_30))

    with Reader.open(url) as reader:
        assert bearing(reader, view) == ()
    assert both_words(view) == ""


def test_time_under_a_correction_is_drawn_as_measured_and_without_a_share(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 120 + [0] * 60, [100] * 180, since=NOON - 3 * HOUR_S))
    correct(url, Span(NOON - HOUR_S, NOON - 1_800))
    view = one_judged(url, an_slo("99"))

    with Reader.open(url) as reader:
        course = course_view(reader, view, Zoom.HOURS_3)
        now = burning(view, reader).course

    assert all(gap.until <= NOON - 3 * HOUR_S for gap in course.gaps)
    assert now.holes == ()
    assert None in now.shares


def test_a_letter_is_not_quiet_about_a_correction_and_tells_both_figures(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 120 + [0] * 60, [100] * 180, since=NOON - 3 * HOUR_S))
    correct(url, Span(NOON - HOUR_S, NOON))
    day = last_complete(ReportPeriod.DAY, ZoneInfo("UTC"), NOON + DAY_S)
    heading = Heading("daily", None, day)
    with Reader.open(url) as reader:
        made = told(report_of(heading, [an_slo("99")], reader, {}, DeliveryRules()))

    assert not made.is_quiet
    assert made.corrected == ("checkout: 100 % of the budget left; as measured, −3,234 %.",)


def test_half_an_hour_of_three_series_is_told_as_half_an_hour_everywhere(tmp_path: Path) -> None:
    regions = (series(region=one) for one in ("eu", "us", "asia"))
    begun = NOON - 3 * HOUR_S
    facts = [minutes([100] * 120 + [0] * 60, [100] * 180, since=begun, key=k) for k in regions]
    url = stored(tmp_path, *facts)
    correct(url, Span(NOON - HOUR_S, NOON - 1_800))

    view = one_judged(url, an_slo("99"))

    assert view.corrected_s == 1_800
    assert entry(view)["as_measured"]["corrected_s"] == 1_800  # type: ignore[index]
    assert any(reason.startswith("30 m under corrections") for reason in view.reasons)
    assert "30 m with 9,000 bad of 9,000 requests are taken out" in both_words(view)
    assert dict(steps(view))["excluded"] == "0 good of 9,000 in 30 m under corrections"


class Watched:
    """What is stored, and how often it was read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.reads = 0

    def corrections(self) -> tuple[StoredCorrection, ...]:
        self.reads += 1
        return self._reader.corrections()

    def series(
        self, source: str | None = None, kind: SeriesKind | None = None
    ) -> tuple[StoredSeries, ...]:
        self.reads += 1
        return self._reader.series(source, kind)


def test_whom_several_corrections_touch_is_found_in_one_look(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 60, [100] * 60, since=NOON - HOUR_S))
    for key, begun in (("first", NOON - HOUR_S), ("second", NOON - 1_800)):
        correct(url, Span(begun, begun + 600), key=key)
    slos = [an_slo("99"), replace(an_slo("99"), name="strict")]

    with Reader.open(url) as reader:
        watched = Watched(reader)
        made = [one.correction for one in reader.corrections()]
        found = also_touched(watched, slos, made)

    assert found == {"first": ("strict",), "second": ("strict",)}
    assert watched.reads == 2


def test_the_section_says_how_much_of_what_is_covered_was_measured(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([100] * 60, [100] * 60, since=NOON - HOUR_S))
    correct(url, Span(NOON - 3 * HOUR_S, NOON - 1_800))

    assert "Corrections (2 h 30 m of the window, 30 m of it measured)" in block_of(
        url, an_slo("99")
    )
