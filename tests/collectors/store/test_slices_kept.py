"""Slices of time are judged by the counts there are, and anew whenever those change."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, QUARTER_S, minutes, samples, series, states, steady
from verdict_builders import an_slo, one_judged, stored

from collectors.contract import Batch, Stream
from collectors.store.corrections import target_of
from collectors.store.store import RunRecord, Store, StoredSeries, WindowAsk
from dashboard.views.counted.series_index import Index
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import Fact, SeriesKind, TallyRows
from slo.indicator import Latency, Ratio, Sliced, Split, Uptime, Wanted
from slo.spans import Span
from slo.tally import Tally

REQUESTS = Ratio("requests")
ROUTES = (("/pay", "a"), ("/", "b"))
NINE_TENTHS = Sliced(REQUESTS, 300, Fraction(9, 10))
AVERAGED = Sliced(REQUESTS, 300)


def put(store: Store, *facts: Fact, indicators: tuple[Wanted, ...] = (NINE_TENTHS,)) -> None:
    store.ingest("shop", Stream("x"), Batch(facts), indicators, now=NOON)


def only(store: Store, indicator: Sliced) -> StoredSeries:
    (found,) = store.reader.pick("shop", indicator)
    return found


def window(
    store: Store, indicator: Sliced = NINE_TENTHS, since: int = 0, until: int = HOUR_S
) -> Tally | None:
    ids = tuple(one.id for one in store.reader.pick("shop", indicator))
    return store.reader.windows([WindowAsk(ids, (Span(NOON + since, NOON + until),))])[0][0]


def quarter(good: float, total: float, *, since: int = NOON) -> TallyRows:
    at, seconds = np.array([since]), np.array([QUARTER_S])
    counts = np.array([good], np.float64), np.array([total], np.float64)
    return TallyRows(series(bin_s=QUARTER_S), at, *counts, seconds, NOON)


def test_all_of_a_slice_is_good_or_none_of_it_whatever_the_traffic_in_it(store: Store) -> None:
    busy_and_bad, idle_and_good = minutes([0], [9]), minutes([1] * 4, [1] * 4, since=NOON + 60)
    next_slice = minutes([9, 0], [9, 1], since=NOON + 300)

    put(store, busy_and_bad, idle_and_good, next_slice)

    assert window(store) == Tally(120, 420, 420)
    assert only(store, NINE_TENTHS).until == NOON + 420


def test_without_a_target_each_second_is_as_good_as_its_slice_was(store: Store) -> None:
    put(store, minutes([1, 2, 0], [4, 4, 0]), indicators=(AVERAGED,))

    assert window(store, AVERAGED) == Tally(67.5, 180, 180)


def test_a_slice_without_events_is_neither_good_nor_bad_but_was_observed(store: Store) -> None:
    put(store, minutes([0] * 10, [0] * 5 + [1] * 5))

    assert window(store) == Tally(0, 300, 600)


def test_counts_that_come_later_judge_their_slice_anew_and_no_other(store: Store) -> None:
    put(store, minutes([9] * 10, [10] * 10))
    assert window(store) == Tally(600, 600, 600)

    put(store, minutes([0], [10], since=NOON + 60, observed_at=NOON + 9_999))

    assert window(store) == Tally(300, 600, 600)
    assert window(store, since=300) == Tally(300, 300, 300)


def test_slices_of_several_series_are_those_of_all_their_events_together(store: Store) -> None:
    pay, home = (series(route=route) for route in ("/pay", "/"))

    put(store, minutes([0], [1], key=pay), minutes([99], [99], key=home))

    assert window(store) == Tally(60, 60, 60)
    pays = Sliced(Ratio('requests{route="/pay"}'), 300, Fraction(9, 10))
    store.ensure("shop", [pays])
    assert window(store, pays) == Tally(0, 60, 60)


def test_slices_are_made_of_seconds_up_and_of_samples_as_of_requests(store: Store) -> None:
    up = Sliced(Uptime('probe{service="checkout"}'), 180, Fraction(1))
    fast = Sliced(Latency(0.5, samples="probe_latency_seconds"), 60, Fraction(1, 2))

    put(store, states("uuuuduuuu"), samples([0.1, 0.9, 0.1, 0.1]), indicators=(up, fast))

    assert window(store, up) == Tally(180 + 120, 480, 480)
    assert window(store, fast) == Tally(180, 240, 240)


def test_slices_asked_for_later_judge_all_that_is_stored_and_are_followed_for_ever(
    store: Store,
) -> None:
    put(store, steady(10, bad=20), indicators=())
    assert store.reader.pick("shop", NINE_TENTHS) == ()

    store.ensure("shop", [NINE_TENTHS])
    assert window(store) == Tally(0, 600, 600)

    put(store, steady(5, since=NOON + 600), indicators=())
    assert window(store) == Tally(300, 900, 900)


def test_a_doubt_about_one_minute_is_a_doubt_about_its_slice(store: Store) -> None:
    put(store, minutes([9] * 10, [9] * 10, observed_at=1))

    put(store, minutes([8], [9], since=NOON + 120, observed_at=1))
    put(store, minutes([9], [9], since=NOON + 600, partial=True))

    found = window(store)
    assert found == Tally(660, 660, 660, partial_s=60, conflict_s=300)


def test_minutes_under_a_correction_stay_excluded_when_their_slice_is_judged_anew(
    store: Store,
) -> None:
    put(store, steady(10, bad=20))
    drill = Correction(
        key="c",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("checkout",)),
        when=Span(NOON + 60, NOON + 120),
        reason="a drill",
        author="Ada",
    )
    target = target_of("shop", NINE_TENTHS)
    store.corrections.put(drill, (target,), actor="unverified", now=NOON)

    put(store, minutes([100] * 5, [100] * 5, observed_at=NOON + 9_999))

    excluded = {"excluded_good": 60, "excluded_total": 60, "excluded_s": 60}
    assert window(store) == Tally(300, 600, 600, **excluded)


def test_counts_of_quarter_hours_make_slices_of_a_quarter_and_of_no_less(store: Store) -> None:
    quarters = Sliced(REQUESTS, QUARTER_S, Fraction(9, 10))

    put(store, quarter(8, 10), indicators=(quarters, NINE_TENTHS))

    assert only(store, quarters).key.bin_s == QUARTER_S
    assert window(store, quarters) == Tally(0, QUARTER_S, QUARTER_S)
    assert store.reader.pick("shop", NINE_TENTHS) == ()


def test_why_counts_in_wide_bins_make_no_slices_is_said(tmp_path: Path) -> None:
    url = stored(tmp_path, quarter(8, 10), indicators=(NINE_TENTHS,))
    with Store.open(url, now=NOON) as store:
        store.record(RunRecord("shop", NOON, NOON, streams=1))

    view = one_judged(url, an_slo(indicator=NINE_TENTHS))

    assert view.silence == (
        "nothing found: no series of shop matches requests in bins of 5m or less;"
        ' counts by the quarter of an hour need slice = "15m"'
    )


@pytest.mark.parametrize("slice_s", [60, 300, QUARTER_S])
def test_what_retention_took_from_counts_is_not_taken_from_slices_already_judged(
    store: Store, slice_s: int
) -> None:
    sliced = Sliced(REQUESTS, slice_s, Fraction(9, 10))
    put(store, steady(60, bad=20), indicators=(sliced,))

    store.retain(now=NOON + 3 * DAY_S, minutes_s=DAY_S)
    put(store, steady(1, since=NOON + HOUR_S), indicators=(sliced,))

    assert window(store, sliced) == Tally(0, HOUR_S, HOUR_S)


def test_once_minutes_are_gone_only_slices_of_a_quarter_can_still_be_judged(store: Store) -> None:
    quarters = Sliced(REQUESTS, QUARTER_S, Fraction(9, 10))
    put(store, steady(60, bad=20), indicators=())
    store.retain(now=NOON + 3 * DAY_S, minutes_s=DAY_S)

    store.ensure("shop", [quarters, NINE_TENTHS])

    assert window(store, quarters) == Tally(0, HOUR_S, HOUR_S)
    assert window(store) is None


def test_what_is_taken_back_of_a_source_is_taken_back_of_its_slices(store: Store) -> None:
    up = Sliced(Uptime('probe{service="checkout"}'), 60)
    put(store, states("uuuuu"), indicators=(up,))

    store.take_back("shop", since=NOON + 150, now=NOON)

    assert window(store, up) == Tally(120, 120, 120)
    assert only(store, up).until == NOON + 120


def test_the_members_of_a_group_have_slices_of_their_own_whatever_they_are_made_of(
    store: Store,
) -> None:
    counted = Ratio("requests_total", bad="errors_total")
    name = "not errors_total / requests_total"
    pay, home = (series(name, route=route) for route in ("/pay", "/"))
    slow, fast = (series("seconds", SeriesKind.SAMPLE, route=r, pod=p) for r, p in ROUTES)
    sliced = Sliced(counted, 300, Fraction(1, 2))
    of_samples = Sliced(Latency(0.5, samples="seconds"), 300, Fraction(1, 2))
    splits = [Split(one, ("route",)) for one in (sliced, of_samples)]
    wanted = (sliced, of_samples, *splits)

    put(
        store,
        *(minutes([0], [9], key=pay), minutes([9], [9], key=home)),
        *(samples([0.9, 0.9], key=slow), samples([0.1, 0.1], key=fast)),
        indicators=wanted,
    )

    for one in (sliced, of_samples):
        index = Index.of_tallies(store.reader)
        slo = replace(an_slo(indicator=one), group_by=("route",))
        members = index.apart(slo, ("route",))
        good = {
            values: store.reader.windows(
                [WindowAsk(tuple(each.id for each in found), (Span(NOON, NOON + 900),))]
            )[0][0]
            for values, found in members.items()
        }
        shares = {values: tally.sli for values, tally in good.items() if tally is not None}
        assert shares == {(("route", "/pay"),): 0, (("route", "/"),): 1}
