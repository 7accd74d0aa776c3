"""A bin is excluded when a correction that holds covers some of it, whichever came first."""

from __future__ import annotations

import pytest
from builders import MINUTE_S, NOON, minutes, quarters, samples, series, states

from collectors.contract import Batch, Stream
from collectors.store.corrections import target_of
from collectors.store.store import Store, WindowAsk
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import Fact, SeriesKind
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.spans import Span
from slo.tally import Tally

REQUESTS = Ratio("requests")
PROBES = Uptime('probe{service="checkout"}')
FAST = Latency(0.5, samples="probe_latency_seconds")
ANSWERED = Ratio("request_success")
OUTCOMES = series("request_success", SeriesKind.SAMPLE, service="checkout")
SECOND = Span(NOON + MINUTE_S, NOON + 2 * MINUTE_S)


def put(store: Store, *facts: Fact) -> None:
    asked = (REQUESTS, PROBES, FAST, ANSWERED)
    store.ingest("shop", Stream("x"), Batch(facts), asked, now=NOON)


def said(span: Span, key: str = "c") -> Correction:
    why = {"reason": "a drill", "author": "Ada"}
    return Correction(
        key=key, kind=CorrectionKind.MAINTENANCE, scope=Scope(("checkout",)), when=span, **why
    )


def exclude(store: Store, indicator: Indicator, span: Span, key: str = "c") -> None:
    targets = (target_of("shop", indicator),)
    store.corrections.put(said(span, key), targets, actor="unverified", now=NOON)


def counted(store: Store, indicator: Indicator, until: int) -> Tally | None:
    ids = tuple(one.id for one in store.reader.pick("shop", indicator))
    return store.reader.windows([WindowAsk(ids, (Span(NOON, NOON + until),))])[0][0]


@pytest.mark.parametrize("until", [300, 900, 86_400 - 43_200], ids=["minutes", "quarter", "hours"])
def test_seconds_up_derived_anew_stay_excluded_where_they_were(store: Store, until: int) -> None:
    put(store, states("uuuuuu"))
    exclude(store, PROBES, SECOND)

    put(store, states("d", since=NOON + 90))

    assert counted(store, PROBES, until) == Tally(
        270, 300, 300, excluded_good=30, excluded_total=60, excluded_s=60
    )


def test_samples_counted_anew_stay_excluded_where_they_were(store: Store) -> None:
    put(store, samples([0.1, 0.1, 0.1]), samples([1, 1, 1], valid_s=0, key=OUTCOMES))
    for indicator in (FAST, ANSWERED):
        exclude(store, indicator, SECOND, key=str(indicator))

    put(store, samples([0.9], since=NOON + 90))
    put(store, samples([0], since=NOON + 90, valid_s=0, key=OUTCOMES))

    for indicator in (FAST, ANSWERED):
        found = counted(store, indicator, 180)
        assert found == Tally(3, 4, 180, excluded_good=1, excluded_total=2, excluded_s=60)
        assert found.corrected == Tally(2, 2, 120)


def test_counts_revised_by_a_better_observation_stay_excluded(store: Store) -> None:
    put(store, minutes([9, 9, 9], [9, 9, 9]))
    exclude(store, REQUESTS, SECOND)

    put(store, minutes([5], [10], since=SECOND.since, observed_at=NOON + 999))

    assert counted(store, REQUESTS, 180) == Tally(
        23, 28, 180, excluded_good=5, excluded_total=10, excluded_s=60
    )


def test_what_arrives_after_its_correction_is_excluded_as_it_arrives(store: Store) -> None:
    exclude(store, REQUESTS, SECOND)

    put(store, minutes([9, 5, 9], [9, 10, 9]))

    assert counted(store, REQUESTS, 180) == Tally(
        23, 28, 180, excluded_good=5, excluded_total=10, excluded_s=60
    )


def test_a_minute_that_a_correction_covers_for_one_second_is_excluded_whole(store: Store) -> None:
    put(store, minutes([1, 1, 1], [2, 2, 2]))

    exclude(store, REQUESTS, Span(NOON + 59, NOON + 61))

    found = counted(store, REQUESTS, 180)
    assert found is not None
    assert (found.excluded_total, found.excluded_s) == (4, 120)


def test_a_correction_ends_before_the_second_that_it_names_as_its_end(store: Store) -> None:
    put(store, minutes([1, 1, 1], [2, 2, 2]))

    exclude(store, REQUESTS, SECOND)

    assert store.reader.tally_rows(
        (store.reader.pick("shop", REQUESTS)[0].id,), MINUTE_S, Span(NOON, NOON + 180)
    ).excluded_s.tolist() == [0, 60, 0]


def test_a_correction_of_one_measure_leaves_the_others_of_the_same_probe_alone(
    store: Store,
) -> None:
    put(store, states("uud"), samples([0.1, 0.1, 0.1]))

    exclude(store, PROBES, Span(NOON, NOON + 180))

    fast = counted(store, FAST, 180)
    assert fast is not None
    assert fast.excluded_s == 0


def test_a_measure_whose_rule_merely_begins_alike_is_another() -> None:
    target = target_of("shop", PROBES)
    own, part, other = (
        series(target.name, rule=f"{target.rule}{end}") for end in ("", "|top", "2")
    )

    assert (target.holds(own), target.holds(part), target.holds(other)) == (True, True, False)


def test_a_correction_of_everything_meets_every_tally_and_those_to_come(store: Store) -> None:
    put(store, states("uud"))
    everything = said(Span(NOON, NOON + 180))
    store.corrections.put(everything, None, actor="unverified", now=NOON)

    put(store, samples([0.1, 0.1, 0.1]))

    for indicator in (PROBES, FAST):
        found = counted(store, indicator, 180)
        assert found is not None
        assert found.excluded_total == found.total


def test_a_threshold_asked_for_later_is_excluded_where_its_histogram_was(store: Store) -> None:
    later = Latency(0.25, histogram="latency_bucket")
    target = target_of("shop", later)
    span = Span(NOON, NOON + MINUTE_S)
    store.corrections.put(said(span), (target,), actor="unverified", now=NOON)
    put(store, quarters([{(0.1, 0.25): 6.0, (0.25, 0.5): 2.0}, {(0.1, 0.25): 1.0}]))

    store.ensure("shop", (later,))

    found = counted(store, later, 1_800)
    assert found is not None
    assert (found.good, found.total) == (7, 9)
    assert (found.excluded_good, found.excluded_total) == (6, 8)
