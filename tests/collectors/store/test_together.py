"""Series that count together in another way than by a sum, in a store of either engine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from builders import NOON, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.corrections import target_of
from collectors.store.store import Store
from collectors.store.together import (
    Added,
    Ids,
    Laid,
    Together,
    Weighed,
    ids_of,
    weights_of,
)
from collectors.store.windows import WindowAsk
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import TallyRows
from slo.indicator import Ratio
from slo.spans import Span
from slo.tally import Tally

HOUR = Span(NOON, NOON + 3_600)


@pytest.fixture
def ids(store: Store) -> tuple[Ids, Ids]:
    """Two hours of two series: one is down in minutes 5 and 6, one in 6 and 7 and unknown from 40."""
    first = [0 if place in (5, 6) else 60 for place in range(60)]
    second = [0 if place in (6, 7) else 60 for place in range(40)]
    rows = [
        minutes(up, [60] * len(up), since=NOON, key=series(name))
        for name, up in (("first", first), ("second", second))
    ]
    for row in rows:
        store.ingest("shop", Stream("facts"), Batch((row,)), (), now=NOON)
    found = {one.key.name: one.id for one in store.reader.series()}
    return (found["first"],), (found["second"],)


def weighed_as(*parts: tuple[int, Together]) -> Weighed:
    """The parts, of one series each, by their weights."""
    weights = [Fraction(weight) for weight, _ in parts]
    return Weighed(weights_of([part for _, part in parts], weights, [1] * len(parts)))


def test_slices_are_laid_over_each_other(store: Store, ids: tuple[Ids, Ids]) -> None:
    laid = Laid(ids)

    ((tally,),) = store.reader.windows([WindowAsk(laid, (HOUR,))])
    rows = store.reader.tally_rows(laid, 60, HOUR)

    assert tally is not None
    assert (tally.bad, tally.total, tally.observed_s) == (3 * 60, 40 * 60, 40 * 60)
    assert ((rows.at[rows.good < rows.total] - NOON) // 60).tolist() == [5, 6, 7]


def test_a_union_of_which_nothing_is_known_is_no_tally_and_burns_no_weight(
    store: Store, ids: tuple[Ids, Ids]
) -> None:
    laid, unknown = Laid(ids), Span(NOON + 45 * 60, NOON + 55 * 60)
    weighed = weighed_as((1, ids[0]), (1, laid))

    found = store.reader.windows([WindowAsk(one, (unknown,)) for one in (laid, weighed)])

    assert found == [[None], [None]]


def test_the_bins_of_weights_within_weights_add_up_to_the_tally_of_their_window(
    store: Store,
) -> None:
    for name, bad, total in (("a", 3, 100), ("b", 5, 40), ("c", 1, 1_000)):
        rows = minutes([total - bad] * 60, [total] * 60, since=NOON, key=series(name))
        store.ingest("shop", Stream("facts"), Batch((rows,)), (), now=NOON)
    a, b, c = ((one.id,) for one in sorted(store.reader.series(), key=lambda one: one.key.name))
    inner = weighed_as((3, a), (1, b))
    whole = weighed_as((2, inner), (1, c))

    ((tally,),) = store.reader.windows([WindowAsk(whole, (HOUR,))])
    assert tally is not None
    rows_ = store.reader.tally_rows(whole.as_in(tally), 60, HOUR)

    # Two thirds of (3/4 of 3 % + 1/4 of 12.5 %) and a third of 0.1 %, of an hour.
    bad_s = 3_600 * (2 / 3 * (0.75 * 0.03 + 0.25 * 0.125) + 1 / 3 * 0.001)
    assert tally.bad == pytest.approx(bad_s)
    assert (rows_.total - rows_.good).sum() == pytest.approx(bad_s)
    assert rows_.total.sum() == pytest.approx(3_600)


def test_the_counts_of_two_series_under_a_correction_weigh_in_bins_as_in_their_window(
    store: Store,
) -> None:
    for name, bad in (("a", 10), ("b", 30), ("c", 2)):
        rows = minutes([100 - bad] * 60, [100] * 60, since=NOON, key=series(name))
        store.ingest("shop", Stream("facts"), Batch((rows,)), (), now=NOON)
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("a",)),
        when=Span(NOON, NOON + 15 * 60),
        reason="a drill",
        author="Ada",
    )
    targets = tuple(target_of("shop", Ratio(total=of)) for of in ("a", "b"))
    store.corrections.put(drill, targets, actor="x", now=NOON)
    a, b, c = (one.id for one in sorted(store.reader.series(), key=lambda one: one.key.name))
    weighed = Weighed(weights_of(((a, b), (c,)), (Fraction(1), Fraction(1)), (2, 1)))

    ((raw,),) = store.reader.windows([WindowAsk(weighed, (HOUR,))])
    assert raw is not None
    window = raw.corrected
    found = store.reader.tally_rows(weighed.as_in(window), 60, HOUR)

    # Of two series a quarter of an hour is out: half of the weight, and that of no second twice.
    assert (raw.observed_s, raw.excluded_s, window.observed_s) == (3_600, 450, 3_150)
    assert raw.excluded_good == pytest.approx(450 * 0.8)
    assert set(found.observed_s.tolist()) == {60}
    assert found.excluded_s[:15].tolist() == [30] * 15
    bad = (found.total - found.good) - (found.excluded_total - found.excluded_good)
    assert bad.sum() == pytest.approx(window.bad)
    assert (found.total - found.excluded_total).sum() == pytest.approx(window.total)


def laid_quarter(store: Store, *rows: TallyRows) -> Tally:
    """One quarter of an hour of some series, laid over each other."""
    for row in rows:
        store.ingest("shop", Stream("facts"), Batch((row,)), (), now=NOON)
    laid = Laid(tuple((one.id,) for one in store.reader.series()))
    ((tally,),) = store.reader.windows([WindowAsk(laid, (Span(NOON, NOON + 900),))])
    assert tally is not None
    return tally


def test_minutes_that_one_or_the_other_did_not_see_are_all_unknown(store: Store) -> None:
    first = minutes([60] * 10, [60] * 10, since=NOON + 300, key=series("first"))
    second = minutes([60] * 10, [60] * 10, since=NOON, key=series("second"))
    whole = minutes([60] * 15, [60] * 15, since=NOON, key=series("whole"))

    assert laid_quarter(store, first, second, whole).observed_s == 300


def test_minutes_without_events_of_any_count_for_nothing_within_a_good_quarter(
    store: Store,
) -> None:
    early, late = [60] * 5 + [0] * 10, [0] * 10 + [60] * 5
    first = minutes(early, early, since=NOON, key=series("first"))
    second = minutes(late, late, since=NOON, key=series("second"))

    tally = laid_quarter(store, first, second)

    assert (tally.total, tally.observed_s) == (600, 900)


def test_a_correction_takes_no_more_of_a_good_quarter_than_its_minutes(store: Store) -> None:
    rows = [minutes([60] * 15, [60] * 15, since=NOON, key=series(of)) for of in ("first", "second")]
    laid_quarter(store, *rows)
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(("first",)),
        when=Span(NOON, NOON + 300),
        reason="a drill",
        author="Ada",
    )
    target = target_of("shop", Ratio(total="first"))
    store.corrections.put(drill, (target,), actor="x", now=NOON)

    tally = laid_quarter(store, *rows)

    assert (tally.excluded_s, tally.total, tally.corrected.total) == (300, 900, 600)


def test_the_sum_of_a_union_and_a_series_is_that_of_their_seconds(
    store: Store, ids: tuple[Ids, Ids]
) -> None:
    both = Added((Laid(ids), ids[0]))

    ((tally,),) = store.reader.windows([WindowAsk(both, (HOUR,))])
    rows = store.reader.tally_rows(both, 900, HOUR)

    assert tally is not None
    assert (tally.bad, tally.total) == (5 * 60, 100 * 60)
    assert (rows.total.sum() - rows.good.sum(), rows.total.sum()) == (5 * 60, 100 * 60)


def test_answers_come_in_the_order_of_the_asks_however_they_are_put_together(
    store: Store, ids: tuple[Ids, Ids]
) -> None:
    first, second = ids
    weighed = weighed_as((1, first), (3, second))
    asked = (Laid(ids), first, weighed, second, Added(ids))

    answers = store.reader.windows([WindowAsk(one, (HOUR,)) for one in asked])

    bads = [tally and (1 - tally.sli) * 60 for (tally,) in answers if tally and tally.sli]
    thirds = Fraction(1, 4) * 2 + Fraction(3, 4) * 3
    assert bads == [Fraction(9, 2), 2, thirds, 3, Fraction(12, 5)]


def test_what_is_put_together_in_another_way_is_never_taken_for_a_sum_of_the_same(
    ids: tuple[Ids, Ids],
) -> None:
    flat = (*ids[0], *ids[1])
    ways = (Laid(ids), Added(ids), weighed_as((1, ids[0]), (1, ids[1])), flat)

    assert len(set(ways)) == len(ways)
    assert [ids_of(way) for way in ways] == [flat] * len(ways)


def test_of_a_quarter_whose_minutes_one_member_lacks_the_union_is_an_estimate(store: Store) -> None:
    fine = minutes([60] * 14 + [0], [60] * 15, since=NOON, key=series("fine"))
    whole = minutes([840], [900], since=NOON, key=series("coarse", bin_s=900))
    coarse = replace(whole, observed_s=np.array([900]))

    tally = laid_quarter(store, fine, coarse)

    # Which minute was bad for the second nobody knows: as bad as can be.
    assert (tally.bad, tally.total, tally.estimated_s) == (120, 900, 900)


def test_a_second_that_two_probes_of_one_member_saw_is_one_second(store: Store) -> None:
    """Of one member both probes are down in the fourth minute; the other was always up."""
    down = [60] * 3 + [0] + [60] * 11
    for name, up in (("north", down), ("south", down), ("other", [60] * 15)):
        rows = minutes(up, [60] * 15, since=NOON, key=series(name))
        store.ingest("shop", Stream("facts"), Batch((rows,)), (), now=NOON)
    ids = {one.key.name: one.id for one in store.reader.series()}
    laid = Laid(((ids["north"], ids["south"]), (ids["other"],)))

    ((tally,),) = store.reader.windows([WindowAsk(laid, (Span(NOON, NOON + 900),))])

    assert tally is not None
    assert (tally.bad, tally.total, tally.observed_s) == (60, 900, 900)


def test_without_a_window_an_event_of_a_part_weighs_the_share_of_the_part(store: Store) -> None:
    """No window says how many events there were; whoever asks wants to know what was measured."""
    seen = minutes([90], [100], since=NOON + 60, key=series("seldom"))
    for rows in (
        minutes([10, 10], [20, 20], since=NOON, key=series("often")),
        replace(seen, observed_s=np.array([1])),
        minutes([0], [0], since=NOON + 120, key=series("seldom")),
    ):
        store.ingest("shop", Stream("facts"), Batch((rows,)), (), now=NOON)
    ids = {one.key.name: one.id for one in store.reader.series()}
    weighed = weighed_as((3, (ids["often"],)), (1, (ids["seldom"],)))

    found = store.reader.tally_rows(weighed, 60, HOUR)

    assert ((found.at - NOON) // 60).tolist() == [0, 1, 2]
    # Three quarters of 10 of 20, and of 90 of 100 one quarter.
    assert found.good.tolist() == [7.5, 7.5 + 22.5, 0]
    assert found.total.tolist() == [15, 15 + 25, 0]
    # Three quarters of a minute, those and a quarter of a second, a quarter of a minute.
    assert found.observed_s.tolist() == [45, 46, 15]


def test_weights_that_do_not_divide_evenly_make_no_minute_longer(
    store: Store, ids: tuple[Ids, Ids]
) -> None:
    """As floats 5/14 and 9/14 of a minute are a hair more than one."""
    first, second = ids

    found = store.reader.tally_rows(weighed_as((5, first), (9, second)), 60, HOUR)

    assert found.observed_s[:40].tolist() == [60] * 40
