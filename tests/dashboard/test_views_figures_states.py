"""What figures of each indicator say of a day measured fully, partly, twice or not exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, MINUTE_S, NOON, minutes, samples, series, states, steady
from verdict_builders import an_slo, one_judged, stored

from slo.facts import SeriesKind, TallyRows
from slo.indicator import Latency, Uptime
from slo.judgement import Now, State
from slo.spans import RollingWindow
from slo.status import Status

A_DAY = RollingWindow(DAY_S)


def test_a_measured_window_without_traffic_has_no_sli_and_is_no_alarm(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([0] * 1_440, [0] * 1_440, since=NOON - DAY_S))

    view = one_judged(url, an_slo(window=A_DAY))

    assert view.judgement.state is State.NO_TRAFFIC
    assert view.judgement.now is Now.QUIET
    assert (view.sli, view.budget_remaining) == (None, None)


def test_an_uptime_budget_is_also_time(tmp_path: Path) -> None:
    up = Uptime(probe="probe", valid_s=60)
    line = "u" * 1_380 + "d" * 30 + "u" * 31
    seen = states(line, since=NOON - DAY_S, valid_s=60)
    url = stored(tmp_path, seen, indicators=(up,))

    view = one_judged(url, an_slo("95", window=A_DAY, indicator=up))

    assert view.tally is not None
    assert (view.tally.bad, view.tally.total) == (30 * 60, DAY_S)
    allowed_s = DAY_S // 20
    assert view.budget_left_s == allowed_s - 30 * 60
    assert Status.DOWN in seen.state


def test_raw_latencies_are_judged_by_their_threshold(tmp_path: Path) -> None:
    fast = Latency(0.5, samples="probe_latency_seconds")
    values = samples(np.where(np.arange(1_441) % 10 == 0, 0.8, 0.3), since=NOON - DAY_S)
    url = stored(tmp_path, values, indicators=(fast,))

    view = one_judged(url, an_slo("95", window=A_DAY, indicator=fast))

    assert view.sli == Fraction(9, 10)
    assert view.budget_remaining == -1
    assert view.promise == "95 % of values under 500 ms (p95 < 500 ms)"


def test_a_threshold_between_two_edges_gives_both_bounds_and_never_pages(tmp_path: Path) -> None:
    between = Latency(0.4, histogram="seconds_bucket")
    rules = {"<=0.4": 60, "<=0.4|low": 50, "<=0.4|high": 80}
    facts = [
        TallyRows(
            series("seconds_bucket", SeriesKind.TALLY, rule=rule),
            NOON - DAY_S + MINUTE_S * np.arange(1_440),
            np.full(1_440, float(good)),
            np.full(1_440, 100.0),
            np.full(1_440, 60),
            NOON,
            estimated=rule == "<=0.4",
        )
        for rule, good in rules.items()
    ]
    url = stored(tmp_path, *facts)

    view = one_judged(url, an_slo("99", window=A_DAY, indicator=between))

    assert view.judgement.state is State.ESTIMATED
    assert view.sli_bounds == (Fraction(1, 2), Fraction(4, 5))
    assert view.judgement.now is Now.TICKET
    assert "a ticket, not a page: its counts are estimated" in view.reasons


@pytest.mark.parametrize("order", [1, -1])
def test_partly_measured_minutes_are_named_and_demote_a_page(tmp_path: Path, order: int) -> None:
    whole = steady(1_380, bad=30, since=NOON - DAY_S)
    part = minutes([50] * 60, [100] * 60, since=NOON - HOUR_S, partial=True)
    url = stored(tmp_path, *(whole, part)[::order])

    view = one_judged(url, an_slo("99", window=A_DAY))

    assert view.judgement.state is State.PARTIAL
    assert view.judgement.now is Now.TICKET
    assert any(reason == "partly measured: 1 h of the window" for reason in view.reasons)


def test_two_accounts_of_one_hour_that_disagree_are_named_and_the_worse_is_used(
    tmp_path: Path,
) -> None:
    said = [
        minutes([good] * 60, [100] * 60, since=NOON - HOUR_S, observed_at=NOON) for good in (90, 99)
    ]
    url = stored(tmp_path, *said)

    view = one_judged(url, an_slo("80", window=A_DAY))

    assert view.judgement.state is State.CONFLICT
    assert view.sli == Fraction(9, 10)
    assert "sources disagree: 1 h of the window, the smaller good count is used" in view.reasons
