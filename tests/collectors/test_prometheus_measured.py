"""What measures of a migration ask of a real Prometheus, beyond what promises ask."""

from __future__ import annotations

import pytest
import shop_history
from conftest import StartPrometheus
from prometheus_source import asked, collector
from shop_history import BEGIN, LENGTH_S, Truth

from slo.facts import HistogramRows, TallyRows
from slo.indicator import Indicator, Latency, Ratio
from slo.spans import Span

pytestmark = pytest.mark.prometheus

WHOLE = Span(BEGIN, BEGIN + LENGTH_S)
TOTAL = "shop_requests_total"
Shop = tuple[str, Truth]


@pytest.fixture(scope="module")
def shop(prometheus_of_module: StartPrometheus, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    path = tmp_path_factory.mktemp("shop") / "history.openmetrics"
    truth = shop_history.write(path)
    return prometheus_of_module(openmetrics=path).url, truth


def collected(shop: Shop, indicator: Indicator) -> tuple[list[TallyRows], list[HistogramRows]]:
    facts = [fact for batch in asked(collector(shop[0], indicator), WHOLE) for fact in batch.facts]
    tallies = [fact for fact in facts if isinstance(fact, TallyRows)]
    return tallies, [fact for fact in facts if isinstance(fact, HistogramRows)]


def test_a_counter_taken_for_both_parts_counts_every_request_as_good(shop: Shop) -> None:
    tallies, _ = collected(shop, Ratio(TOTAL, good=TOTAL))

    total = sum(float(rows.total.sum()) for rows in tallies)
    assert total == sum(shop[1].total.values()) > 0
    assert all((rows.good == rows.total).all() for rows in tallies)


def test_a_latency_without_limit_counts_every_request_exactly(shop: Shop) -> None:
    tallies, buckets = collected(shop, Latency(float("inf"), histogram="shop_seconds_bucket"))

    assert {rows.series.rule for rows in tallies} == {"<=inf"}
    assert not any(rows.estimated for rows in tallies)
    assert all((rows.good == rows.total).all() for rows in tallies)
    assert sum(float(rows.count.sum()) for rows in buckets) > 0
