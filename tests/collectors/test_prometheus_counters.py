"""Counters of a real Prometheus: exact sums, whatever restarted, failed or was born."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import shop_history
from conftest import StartPrometheus
from prometheus_api_client import PrometheusConnect
from prometheus_source import asked, collector
from shop_history import BEGIN, FAILED, FIRST_ERRORS, LENGTH_S, RESTART, Truth

from collectors.contract import MAX_BATCH_ROWS, Batch
from slo.errors import SourceError
from slo.facts import HistogramRows, TallyRows
from slo.indicator import Absent, Indicator, Latency, Ratio
from slo.spans import Span

pytestmark = pytest.mark.prometheus

WHOLE = Span(BEGIN, BEGIN + LENGTH_S)
TOTAL, BAD = "shop_requests_total", 'shop_requests_total{code="500"}'
RATIO = Ratio(TOTAL, bad=BAD, absent=Absent.ZERO)


@dataclass(frozen=True)
class Shop:
    url: str
    truth: Truth


@pytest.fixture(scope="module")
def shop(prometheus_of_module: StartPrometheus, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    path = tmp_path_factory.mktemp("shop") / "history.openmetrics"
    truth = shop_history.write(path)
    return Shop(prometheus_of_module(openmetrics=path).url, truth)


def collected(shop: Shop, indicator: Indicator, span: Span = WHOLE, **how: int) -> list[Batch]:
    return asked(collector(shop.url, indicator, **how), span)


def tallies(batches: Iterable[Batch], rule: str = "") -> dict[int, tuple[float, float, int]]:
    """good, total and observed seconds of each minute."""
    found: dict[int, tuple[float, float, int]] = {}
    for batch in batches:
        for fact in batch.facts:
            if isinstance(fact, TallyRows) and fact.series.rule == rule:
                columns = zip(fact.good, fact.total, fact.observed_s, strict=True)
                rows = dict(zip(fact.at.tolist(), columns, strict=True))
                assert not rows.keys() & found.keys()
                found |= rows
    return found


def warnings(batches: Sequence[Batch]) -> set[str]:
    return {warning for batch in batches for warning in batch.warnings}


def test_every_minute_holds_exactly_the_requests_that_happened_in_it(shop: Shop) -> None:
    found = tallies(collected(shop, RATIO))

    gap = range(BEGIN + FAILED.start - 60, BEGIN + FAILED.stop + 60)
    minutes = range(WHOLE.since, WHOLE.until, 60)
    assert sorted(found) == list(minutes)
    for minute in set(minutes) - set(gap):
        good, total, observed_s = found[minute]
        assert total == shop.truth.total[minute]
        assert total - good == shop.truth.bad[minute]
        assert observed_s == 60


def test_failed_scrapes_move_requests_to_the_next_good_one_and_lose_none(shop: Shop) -> None:
    found = tallies(collected(shop, RATIO))

    assert sum(total for _, total, _ in found.values()) == sum(shop.truth.total.values())
    assert sum(good for good, _, _ in found.values()) == sum(shop.truth.total.values()) - sum(
        shop.truth.bad.values()
    )


def test_seven_errors_before_the_first_sample_of_their_series_are_counted(shop: Shop) -> None:
    good, total, _ = tallies(collected(shop, RATIO))[BEGIN + FIRST_ERRORS - 60]

    assert total - good == 7


def test_a_restart_counts_what_came_after_it(shop: Shop) -> None:
    minute = BEGIN + RESTART - 60

    assert tallies(collected(shop, RATIO))[minute][1] == shop.truth.total[minute]


def test_prometheus_itself_sees_the_same_increase_where_nothing_bites(shop: Shop) -> None:
    found = tallies(
        collected(
            shop, Ratio(f'{TOTAL}{{instance="a"}}', good=f'{TOTAL}{{code="200",instance="a"}}')
        )
    )
    query = f'sum(increase({TOTAL}{{instance="a",code="200"}}[30m]))'
    at = BEGIN + 5_400

    (row,) = PrometheusConnect(shop.url).custom_query(query, {"time": at})

    ours = sum(good for minute, (good, _, _) in found.items() if at - 1_800 <= minute < at)
    assert float(row["value"][1]) == pytest.approx(ours, rel=1e-9)


@pytest.mark.parametrize("piece_s", [60, 840, 900, 3_600])
def test_the_figures_do_not_depend_on_the_pieces_they_were_collected_in(
    shop: Shop, piece_s: int
) -> None:
    since = WHOLE.since + 1_500
    span = Span(since, min(since + 40 * piece_s, WHOLE.until - WHOLE.until % 60))
    pieces = [
        batch
        for begin in range(span.since, span.until, piece_s)
        for batch in collected(shop, RATIO, Span(begin, min(begin + piece_s, span.until)))
    ]

    assert tallies(pieces) == tallies(collected(shop, RATIO, span))


def test_batches_claim_the_span_without_hole_or_overlap_and_stay_small(shop: Shop) -> None:
    for indicator in (RATIO, Latency(0.5, histogram="shop_seconds_bucket")):
        batches = collected(shop, indicator)
        claims = [batch.span for batch in batches if batch.span]

        assert (claims[0].since, claims[-1].until) == (WHOLE.since, WHOLE.until)
        assert all(one.until == two.since for one, two in pairwise(claims))
        assert max(sum(len(f.at) for f in b.facts) for b in batches) <= MAX_BATCH_ROWS  # type: ignore[union-attr]


def test_only_whole_minutes_of_an_uneven_span_are_claimed(shop: Shop) -> None:
    batches = collected(shop, RATIO, Span(BEGIN + 630, BEGIN + 815))

    assert list(tallies(batches)) == [BEGIN + 660, BEGIN + 720]
    assert batches[0].span == Span(BEGIN + 660, BEGIN + 780)
    assert collected(shop, RATIO, Span(BEGIN + 630, BEGIN + 650)) == []


def test_a_missing_error_series_is_not_measured_unless_it_means_zero(shop: Shop) -> None:
    strict = Ratio(TOTAL, bad=BAD, absent=Absent.NO_DATA)
    calm = Span(BEGIN + 300, BEGIN + 1_200)

    missing, zero = collected(shop, strict, calm), collected(shop, RATIO, calm)

    assert tallies(missing) == {}
    assert any("matches nothing" in warning for warning in warnings(missing))
    assert all(good == total for good, total, _ in tallies(zero).values())
    assert len(tallies(zero)) == 15


def test_a_good_series_counts_as_the_rest_of_a_bad_one_does(shop: Shop) -> None:
    good = Ratio(TOTAL, good=f'{TOTAL}{{code="200"}}', absent=Absent.ZERO)

    assert tallies(collected(shop, good)) == tallies(collected(shop, RATIO))


def test_counters_of_two_metrics_make_a_ratio_as_well(shop: Shop) -> None:
    other = Ratio("shop_seconds_count", bad=BAD, absent=Absent.ZERO)

    assert tallies(collected(shop, other)) == tallies(collected(shop, RATIO))


def test_a_part_larger_than_the_whole_is_cut_to_it_and_told(shop: Shop) -> None:
    batches = collected(shop, Ratio(BAD, bad=TOTAL), Span(BEGIN + 2_400, BEGIN + 3_000))

    assert {good for good, _, _ in tallies(batches).values()} == {0}
    assert any("counted more than" in warning for warning in warnings(batches))


def test_a_selector_that_matches_nothing_says_so(shop: Shop) -> None:
    batches = collected(shop, Ratio("nothing_total", bad='nothing_total{code="500"}'))

    assert tallies(batches) == {}
    assert batches[-1].silence.startswith("nothing found: no series matches ratio ")


def test_time_before_the_first_sample_is_not_observed(shop: Shop) -> None:
    found = tallies(collected(shop, RATIO, Span(BEGIN - 3_600, BEGIN + 120)))

    assert sorted(found) == [BEGIN, BEGIN + 60]


def test_a_threshold_on_an_edge_is_counted_exactly(shop: Shop) -> None:
    batches = collected(shop, Latency(0.5, histogram="shop_seconds_bucket"))
    found = tallies(batches, "<=0.5")

    assert sum(total for _, total, _ in found.values()) == sum(shop.truth.total.values())
    assert found[BEGIN + 600][0] == shop.truth.under[BEGIN + 600, "0.5"]
    assert not any(
        fact.estimated for b in batches for fact in b.facts if isinstance(fact, TallyRows)
    )


def test_an_edge_is_a_number_however_it_is_written(shop: Shop) -> None:
    found = tallies(collected(shop, Latency(1, histogram="shop_seconds_bucket")), "<=1")

    assert found[BEGIN + 600][0] == shop.truth.under[BEGIN + 600, "1.0"]


def test_a_threshold_between_edges_is_an_interval_around_an_estimate(shop: Shop) -> None:
    batches = collected(shop, Latency(0.3, histogram="shop_seconds_bucket"))
    minute = BEGIN + 600
    low, high = (shop.truth.under[minute, edge] for edge in ("0.25", "0.5"))

    assert tallies(batches, "<=0.3|low")[minute][0] == low
    assert tallies(batches, "<=0.3|high")[minute][0] == high
    estimate = tallies(batches, "<=0.3")[minute][0]
    assert estimate == pytest.approx(low + (high - low) * 0.2)
    assert all(fact.estimated for b in batches for fact in b.facts if isinstance(fact, TallyRows))


def test_above_the_last_finite_edge_nothing_is_guessed(shop: Shop) -> None:
    batches = collected(shop, Latency(3.0, histogram="shop_seconds_bucket"))
    minute = BEGIN + 600

    assert tallies(batches, "<=3.0")[minute][0] == shop.truth.under[minute, "1.0"]
    assert tallies(batches, "<=3.0|high")[minute][0] == shop.truth.total[minute]


def histograms(batches: Iterable[Batch]) -> dict[tuple[int, float, float], float]:
    found: dict[tuple[int, float, float], float] = {}
    for batch in batches:
        for fact in batch.facts:
            if isinstance(fact, HistogramRows):
                keys = zip(fact.at.tolist(), fact.gt.tolist(), fact.le.tolist(), strict=True)
                found |= dict(zip(keys, fact.count.tolist(), strict=True))
    return found


def test_quarter_hours_hold_each_bucket_apart(shop: Shop) -> None:
    found = histograms(collected(shop, Latency(0.5, histogram="shop_seconds_bucket")))

    minutes = [BEGIN + 900 + 60 * i for i in range(15)]
    under = {edge: sum(shop.truth.under[m, edge] for m in minutes) for edge in shop_history.EDGES}
    assert sorted({at for at, _, _ in found}) == list(range(WHOLE.since, WHOLE.until, 900))
    assert found[BEGIN + 900, 0.0, 0.1] == under["0.1"]
    assert found[BEGIN + 900, 0.25, 0.5] == under["0.5"] - under["0.25"]
    assert found[BEGIN + 900, 1.0, np.inf] == under["+Inf"] - under["1.0"]


def test_a_quarter_hour_is_given_whole_by_the_minute_that_ends_it(shop: Shop) -> None:
    latency = Latency(0.5, histogram="shop_seconds_bucket")
    whole = histograms(collected(shop, latency))

    last = histograms(collected(shop, latency, Span(BEGIN + 1_740, BEGIN + 1_800)))
    inside = histograms(collected(shop, latency, Span(BEGIN + 1_680, BEGIN + 1_740)))

    assert last == {key: count for key, count in whole.items() if key[0] == BEGIN + 900}
    assert inside == {}


def test_a_metric_without_le_is_named_as_no_histogram(shop: Shop) -> None:
    with pytest.raises(SourceError, match="metric shop_seconds_count is no classic histogram"):
        collected(shop, Latency(0.5, histogram="shop_seconds_count"))


def test_a_histogram_without_its_last_bucket_is_refused(shop: Shop) -> None:
    with pytest.raises(SourceError, match="has no bucket le="):
        collected(shop, Latency(0.5, histogram='shop_seconds_bucket{le!="+Inf"}'))


def test_a_wide_counter_is_extrapolated_and_says_what_would_make_it_exact(shop: Shop) -> None:
    batches = collected(shop, RATIO, max_raw_series=2)
    (told,) = (warning for warning in warnings(batches) if "extrapolated" in warning)

    found = tallies(batches)
    assert "has 3 series" in told
    assert "record: burnline:shop_requests_total:by_target" in told
    assert "expr: sum by (job, instance) (shop_requests_total)" in told
    total = sum(total for _, total, _ in found.values())
    assert total == pytest.approx(sum(shop.truth.total.values()), rel=0.02)
    assert all(fact.estimated for b in batches for fact in b.facts if isinstance(fact, TallyRows))


def test_a_wide_histogram_is_extrapolated_with_its_quarter_hours(shop: Shop) -> None:
    latency = Latency(0.5, histogram="shop_seconds_bucket")
    exact, wide = collected(shop, latency), collected(shop, latency, max_raw_series=2)

    assert sum(histograms(wide).values()) == pytest.approx(
        sum(histograms(exact).values()), rel=0.02
    )
    assert sorted(tallies(wide, "<=0.5")) == sorted(tallies(exact, "<=0.5"))


def test_minutes_are_extrapolated_once_their_five_minutes_are_over(shop: Shop) -> None:
    claimed, pieces = WHOLE.since, list[Batch]()
    for until in range(WHOLE.since + 60, WHOLE.until + 1, 60):
        batches = collected(shop, RATIO, Span(claimed, until), max_raw_series=0)
        claimed = max([batch.span.until for batch in batches if batch.span], default=claimed)
        pieces += batches

    assert tallies(pieces) == tallies(collected(shop, RATIO, max_raw_series=0))
    assert not any(piece.silence for piece in pieces)
