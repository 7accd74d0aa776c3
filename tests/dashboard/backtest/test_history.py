"""Histories read from a real store: a replay says what was judged then, as finely as is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, minutes
from verdict_builders import an_slo, judged, stored

from collectors.store.store import Reader, Store
from dashboard.views.backtest.history import History, history
from dashboard.views.backtest.replaying import played
from dashboard.views.counted.plan import policy_of
from slo.burn import default_policy, factor
from slo.corrections import Correction, CorrectionKind, Scope
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Policy, Severity
from slo.replay import Replay
from slo.spans import CalendarWindow, Period, Span, ZoneInfo
from slo.tally import Treatment

LEAD_S = 3 * DAY_S
# Three quiet days and one of outages: 5 min of all, 40 min of a fifth, 6 h of a hundredth.
BAD = [0] * (3 * 1_440) + [0] * 300 + [100] * 5 + [0] * 200 + [20] * 40 + [0] * 300 + [1] * 360
SINCE = NOON - len(BAD) * 60


def shop(folder: Path, bad: list[int] = BAD) -> str:
    good = [100 - one for one in bad]
    return stored(folder, minutes(good, [100] * len(bad), since=NOON - len(bad) * 60))


def read(url: str, slo: Slo, span: Span | None = None, as_of: int = NOON) -> History | None:
    with Reader.open(url) as reader:
        return history(reader, slo, span, as_of=as_of, lead_s=LEAD_S)


def own(slo: Slo, url: str, span: Span | None = None) -> Replay:
    found = read(url, slo, span)
    assert found is not None
    return played(found, lambda _objective, window_s: policy_of(slo, window_s)).found


def test_a_store_without_the_slos_series_has_no_history(tmp_path: Path) -> None:
    assert read(stored(tmp_path), an_slo()) is None


def test_a_span_in_which_nothing_was_stored_has_no_history(tmp_path: Path) -> None:
    url = shop(tmp_path)

    assert read(url, an_slo(), Span(0, DAY_S)) is None
    assert read(url, an_slo(), Span(NOON + DAY_S, NOON + 2 * DAY_S)) is None
    assert read(url, an_slo(), as_of=SINCE) is None
    assert read(url, an_slo(), as_of=SINCE - 365 * DAY_S) is None


def test_a_span_that_begins_in_the_last_quarter_hour_has_no_history(tmp_path: Path) -> None:
    until = NOON - 8 * 60
    url = stored(tmp_path, minutes([100] * 60, [100] * 60, since=until - HOUR_S))

    assert read(url, an_slo(), Span(until - 60, until)) is None
    assert read(url, an_slo(), Span(NOON, NOON + 60), as_of=NOON + 60) is None


def test_the_first_minute_of_a_store_is_a_history(tmp_path: Path) -> None:
    url = stored(tmp_path, minutes([90], [100], since=NOON))

    found = read(url, an_slo(), as_of=NOON + 90)

    assert found is not None
    assert (found.span, found.bin_s) == (Span(NOON, NOON + 60), 60)
    assert found.pieces[-1].bins.total.tolist() == [100]


def test_at_each_moment_it_fires_what_was_judged_then(tmp_path: Path) -> None:
    slo, url = an_slo(), shop(tmp_path)
    found = own(slo, url)

    edges = np.flatnonzero(np.diff(found.fires.astype(np.int8), axis=1).any(axis=0))
    asked = {int(n) + step for n in edges for step in (0, 1)} | set(range(4_400, len(found), 211))
    for number in sorted(asked):
        (view,) = judged(url, slo, as_of=found.moment(number))
        fires = {row for row, on in zip(found.policy, found.fires[:, number], strict=True) if on}
        assert {one.row for one in view.firing} == fires, number
    assert len(edges) >= 4


def test_a_part_of_the_history_is_judged_with_what_lies_before_it(tmp_path: Path) -> None:
    slo, url = an_slo(), shop(tmp_path)
    whole, part = own(slo, url), own(slo, url, Span(NOON - 12 * HOUR_S, NOON - 6 * HOUR_S))

    assert part.span == Span(NOON - 12 * HOUR_S, NOON - 6 * HOUR_S)
    assert np.array_equal(whole.within(part.span).fires, part.fires)


def test_where_minutes_are_gone_it_goes_by_quarter_hours_and_says_since_when_not(
    tmp_path: Path,
) -> None:
    slo, url = an_slo(), shop(tmp_path, [0] * (10 * 1_440) + BAD)
    with Store.open(url, now=NOON) as store:
        store.retain(now=NOON, minutes_s=7 * DAY_S)

    found = read(url, slo)

    assert found is not None
    coarse, fine = found.pieces
    assert (coarse.bins.bin_s, fine.bins.bin_s, found.bin_s) == (900, 60, 60)
    # Minutes are kept from the midnight seven days back; windows of three days hold them alone
    # three days later.
    kept = NOON - NOON % DAY_S - 7 * DAY_S
    assert found.minutes_from == fine.span.since == kept + LEAD_S
    assert coarse.span.until == fine.span.since
    replay = own(slo, url)
    assert replay.span == found.span
    assert np.array_equal(replay.within(fine.span).fires, own(slo, url, fine.span).fires)


def test_a_history_of_quarter_hours_alone_has_no_minute(tmp_path: Path) -> None:
    slo, url = an_slo(), shop(tmp_path, [0] * (9 * 1_440) + [100] * 60)
    with Store.open(url, now=NOON) as store:
        store.retain(now=NOON + 30 * DAY_S, minutes_s=DAY_S)

    found = read(url, slo)

    assert found is not None
    assert (found.bin_s, found.minutes_from, len(found.pieces)) == (900, None, 1)
    assert own(slo, url).asks(Severity.PAGE).any()


def test_each_month_is_replayed_by_factors_of_its_own_length(tmp_path: Path) -> None:
    # 1.9 % of an hour at 99 %: a burn of 14.15 for a 2 % row over 31 d is 14.88, over 28 d 13.44.
    month = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))
    slo = an_slo("99", window=month)
    february = 1_769_904_000  # 2026-02-01
    at = february - DAY_S
    bad = [14] * (2 * 1_440)
    url = stored(tmp_path, minutes([86] * len(bad), [100] * len(bad), since=at))

    with Reader.open(url) as reader:
        found = history(reader, slo, None, as_of=at + 2 * DAY_S, lead_s=LEAD_S)
    assert found is not None
    row = BurnRow(Severity.PAGE, default_policy(slo.objective, 30 * DAY_S)[0].share, 3_600, 300)

    def fast(_objective: Objective, _window_s: int) -> Policy:
        return (row,)

    pages = played(found, fast).found.asks(Severity.PAGE)

    assert float(factor(row, 31 * DAY_S)) == 14.88
    assert float(factor(row, 28 * DAY_S)) == 13.44
    assert not pages[:1_440].any()
    assert pages[1_440:].all()


@pytest.mark.parametrize("treatment", Treatment)
def test_what_a_correction_covers_pages_nobody_whichever_way_it_counts(
    tmp_path: Path, treatment: Treatment
) -> None:
    slo, url = replace(an_slo(), corrections=treatment), shop(tmp_path)
    covered = Span(NOON - 1_000 * 60, NOON - 700 * 60)
    before = own(slo, url)
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(),
        when=covered,
        reason="a drill",
        author="Ada",
    )
    with Store.open(url, now=NOON) as store:
        store.corrections.put(drill, None, actor="unverified", now=NOON)

    after = own(slo, url)

    assert before.within(covered).asks(Severity.PAGE).any()
    assert not after.within(covered).asks(Severity.PAGE).any()
    assert after.within(Span(covered.until, NOON)).asks(Severity.PAGE).any()
