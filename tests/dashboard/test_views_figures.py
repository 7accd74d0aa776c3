"""Figures out of a real store: at the data time, of the right series, absent where absent."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import DAY_S, HOUR_S, MINUTE_S, NOON, minutes, series, steady
from verdict_builders import an_slo, judged, one_judged, stored

from collectors.store.store import RunRecord, Store
from dashboard.views.counted.plan import HISTORY_DAYS
from dashboard.views.slos.row_words import now_note
from slo.facts import TallyRows
from slo.indicator import Ratio, Uptime
from slo.judgement import Level, Now, State
from slo.rules import stream_name
from slo.spans import CalendarWindow, Period, RollingWindow, Span

BERLIN = ZoneInfo("Europe/Berlin")


def day_before(since: int = NOON - DAY_S, *, bad: int = 0) -> TallyRows:
    return steady(1_440, bad=bad, since=since)


def test_a_figure_covers_the_window_before_the_end_of_the_data(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, bad=1, since=NOON - HOUR_S))

    view = one_judged(url, an_slo("99"), as_of=NOON + 47)

    assert view.data_until == NOON
    assert view.span == Span(NOON - 30 * DAY_S, NOON)
    assert view.tally is not None
    assert (view.tally.good, view.tally.total) == (5_940, 6_000)
    assert view.sli == Fraction(99, 100)
    assert view.budget_remaining == 0
    assert view.judgement.level is Level.SPENT


def test_a_window_longer_than_the_history_says_how_little_was_measured(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - HOUR_S))

    view = one_judged(url)

    assert view.coverage == Fraction(1, 720)
    assert "<1 % of the window was measured" in view.reasons


def test_nothing_stored_is_not_measured_and_has_no_figure(tmp_path: Path) -> None:
    view = one_judged(stored(tmp_path))

    assert view.judgement.state is State.NO_DATA
    assert view.judgement.now is Now.FROZEN
    assert (view.tally, view.sli, view.budget_remaining, view.data_until) == (None,) * 4
    assert view.reasons == ("not measured",)
    assert all(rate is None for _, rate in view.burn_rates)


def test_data_that_ended_three_intervals_ago_freeze_the_alert_and_keep_the_budget(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, day_before())
    limit_s = 2 * 60 + 30 + 60

    fresh = one_judged(url, as_of=NOON + limit_s)
    stale = one_judged(url, as_of=NOON + limit_s + 1)

    assert (fresh.stale, fresh.judgement.now) == (False, Now.QUIET)
    assert (stale.stale, stale.judgement.now) == (True, Now.FROZEN)
    assert stale.budget_remaining == fresh.budget_remaining == 1
    assert stale.reasons[0] == (
        "no data since 1 Jan 2026 12:00 UTC: alerts are frozen, not resolved"
    )


def test_the_past_looks_as_it_looked_then_though_later_data_are_there(tmp_path: Path) -> None:
    early, late = NOON - DAY_S, NOON - HOUR_S
    url = stored(tmp_path, steady(60, bad=2, since=early), steady(60, since=late))
    in_the_hole = early + 5 * HOUR_S

    then = one_judged(url, as_of=in_the_hole)
    now = one_judged(url)

    assert then.data_until == early + HOUR_S
    assert then.stale
    assert then.tally is not None
    assert then.tally.total == 6_000
    assert now.tally is not None
    assert now.tally.total == 12_000


def test_a_hole_longer_than_the_window_does_not_forget_where_the_data_ended(
    tmp_path: Path,
) -> None:
    before = NOON - 100 * DAY_S
    url = stored(tmp_path, steady(61, bad=1, since=before), steady(60, since=NOON - HOUR_S))

    then = one_judged(url, as_of=NOON - DAY_S)

    assert (then.data_until, then.judgement.now) == (before + 61 * MINUTE_S, Now.FROZEN)
    assert then.tally is not None
    assert (then.tally.total, then.tally.bad) == (6_100, 61)


def test_a_moment_before_all_data_knows_of_none(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60))

    view = one_judged(url, as_of=NOON - HOUR_S)

    assert (view.data_until, view.judgement.state) == (None, State.NO_DATA)


def test_every_member_that_the_selector_matches_is_summed_and_no_other(tmp_path: Path) -> None:
    paid = [minutes([9], [10], key=series(route=route)) for route in ("/pay", "/cart")]
    other = minutes([0], [50], key=series(route="/health"))
    url = stored(tmp_path, *paid, other)
    slo = an_slo(indicator=Ratio('requests{route=~"/pay|/cart"}'))

    view = one_judged(url, slo, as_of=NOON + MINUTE_S)

    assert view.members == 2
    assert view.tally is not None
    assert (view.tally.good, view.tally.total) == (18, 20)
    assert view.coverage == Fraction(60, 30 * DAY_S)


def test_a_route_that_was_retired_counts_but_does_not_water_down_what_burns(
    tmp_path: Path,
) -> None:
    gone = minutes([100] * 60, [100] * 60, since=NOON - DAY_S, key=series(route="/old"))
    calm = minutes([100] * 300, [100] * 300, since=NOON - 6 * HOUR_S, key=series(route="/pay"))
    hot = minutes([80] * 60, [100] * 60, since=NOON - HOUR_S, key=series(route="/pay"))
    url = stored(tmp_path, gone, calm, hot)

    view = one_judged(url, an_slo("99"))

    assert (view.members, len(view.series_ids)) == (1, 2)
    assert view.tally is not None
    assert view.tally.total == 42_000
    assert view.judgement.now is Now.PAGING
    assert view.firing[0].long_burn == 20


def test_two_slos_with_the_same_indicator_share_its_counts(tmp_path: Path) -> None:
    url = stored(tmp_path, day_before(bad=1))

    strict, loose = judged(url, an_slo("99.9", name="a"), an_slo("90", name="b"))

    assert strict.tally == loose.tally
    assert strict.budget_remaining == -9
    assert loose.budget_remaining == Fraction(9, 10)


def test_a_calendar_month_is_cut_at_local_midnight_and_projected_to_its_end(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, day_before(bad=1))
    window = CalendarWindow(Period.MONTH, BERLIN)

    view = one_judged(url, an_slo("98", window=window))

    begin = NOON - 13 * HOUR_S  # 31 Dec 2025 23:00 UTC is New Year in Berlin
    assert view.span == Span(begin, NOON)
    assert view.whole == Span(begin, begin + 31 * DAY_S)
    assert view.budget_remaining == Fraction(1, 2)
    elapsed = Fraction(13, 31 * 24)
    assert view.projected_remaining == 1 - elapsed / 2


def test_a_month_overspent_on_its_first_day_says_what_the_rest_can_give_back(
    tmp_path: Path,
) -> None:
    url = stored(tmp_path, day_before(bad=3))

    view = one_judged(url, an_slo("98", window=CalendarWindow(Period.MONTH, BERLIN)))

    assert view.judgement.level is Level.SPENT
    assert view.reasons[-1] == (
        "97 % left of the whole period's budget if the rest has the same traffic and nothing fails"
    )


def test_a_month_that_ends_at_midnight_is_judged_whole_at_midnight(tmp_path: Path) -> None:
    midnight = NOON - 12 * HOUR_S
    url = stored(tmp_path, steady(1_440, since=midnight - DAY_S))
    window = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))

    view = one_judged(url, an_slo(window=window), as_of=midnight)

    assert view.span == view.whole == Span(midnight - 31 * DAY_S, midnight)
    assert view.judgement.state is State.OK


def test_the_sparkline_is_the_budget_left_as_it_stood_each_day(tmp_path: Path) -> None:
    midnight = NOON - 12 * HOUR_S
    bad_day = minutes([99] * 1_440, [100] * 1_440, since=midnight - 10 * DAY_S)
    good_days = steady(2 * 1_440, since=midnight - 2 * DAY_S)
    url = stored(tmp_path, bad_day, good_days)
    slo = an_slo("99", window=RollingWindow(7 * DAY_S))

    (view,) = judged(url, slo, as_of=midnight, history=True)

    assert len(view.sparkline) == HISTORY_DAYS
    known = {place: left for place, left in enumerate(view.sparkline) if left is not None}
    assert known == {17: 0.0, 25: 1.0, 26: 1.0, 27: 1.0}


def test_the_budget_runs_out_at_each_rate_above_one_and_at_no_other(tmp_path: Path) -> None:
    calm = steady(30 * 1_440 - 60, since=NOON - 30 * DAY_S)
    hot = steady(60, bad=5, since=NOON - HOUR_S)
    url = stored(tmp_path, calm, hot)

    view = one_judged(url, an_slo("99"))

    left = 1 - Fraction(300, 43_200)
    assert view.budget_remaining == left
    assert view.burn_rate("1h") == 5
    assert view.exhausts == (("1h", int(left / 5 * 30 * DAY_S)),)
    assert view.exhausts_first == view.exhausts[0]
    assert "budget gone in 5 d 23 h at the 1 h rate" in view.reasons


def test_what_was_never_measured_says_why_as_far_as_the_last_run_knows(tmp_path: Path) -> None:
    url = stored(tmp_path)
    up = Uptime('up{job="typo"}')
    said = "nothing found: no series matches up"
    records = {
        said: RunRecord("shop", NOON, NOON, streams=2, silences={stream_name(up): said}),
        "cannot be collected: no bucket": RunRecord(
            "shop", NOON, NOON, "…", streams=2, failures={stream_name(up): "no bucket\n  at: x"}
        ),
        "source failing: refused": RunRecord("shop", NOON, NOON, "refused\n  at: x"),
        'nothing found: no series of shop matches up{job="typo"}': RunRecord("shop", NOON, NOON),
    }
    for reason, record in records.items():
        with Store.open(url, now=NOON) as store:
            store.record(record)
        view = one_judged(url, an_slo(indicator=up))

        assert view.reasons == ("not measured", reason)
        assert now_note(view) == reason.partition(":")[0]
        assert one_judged(url, an_slo(indicator=up), as_of=NOON - 1).reasons == ("not measured",)


def test_what_was_measured_once_is_late_whatever_the_last_run_says(tmp_path: Path) -> None:
    url = stored(tmp_path, day_before())
    with Store.open(url, now=NOON) as store:
        store.record(RunRecord("shop", NOON, NOON, "refused"))

    (reason, *_) = one_judged(url, as_of=NOON + HOUR_S).reasons

    assert reason == "no data since 1 Jan 2026 12:00 UTC: alerts are frozen, not resolved"
