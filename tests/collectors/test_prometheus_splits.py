"""Counters and buckets of a real Prometheus told apart by labels: what the values add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import shop_history
from conftest import StartPrometheus
from prometheus_source import asked, collector
from shop_history import BEGIN, FAILED, LENGTH_S, Truth

from collectors.contract import Batch
from slo.facts import TallyRows
from slo.indicator import MOST_MEMBERS, Absent, Latency, Ratio, Split
from slo.rules import threshold_rule
from slo.spans import Span
from slo.splits import Labels, split_stream

pytestmark = pytest.mark.prometheus

WHOLE = Span(BEGIN, BEGIN + LENGTH_S)
TOTAL, BAD = "shop_requests_total", 'shop_requests_total{code="500"}'
RATIO = Ratio(TOTAL, bad=BAD, absent=Absent.ZERO)
LATENCY = Latency(0.5, histogram="shop_seconds_bucket")
REPLICAS = Split(RATIO, ("instance",))
GAP = range(BEGIN + FAILED.start - 60, BEGIN + FAILED.stop + 60)

Minute = tuple[float, float]
Counted = dict[Labels, dict[int, Minute]]


@dataclass(frozen=True)
class Shop:
    url: str
    truth: Truth


@pytest.fixture(scope="module")
def shop(prometheus_of_module: StartPrometheus, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    path = tmp_path_factory.mktemp("shop") / "history.openmetrics"
    truth = shop_history.write(path)
    return Shop(prometheus_of_module(openmetrics=path).url, truth)


def collected(url: str, split: Split, span: Span = WHOLE, *, raw: int = 500) -> list[Batch]:
    one = replace(collector(url, max_raw_series=raw), indicators={split_stream(split): split})
    return asked(one, span)


def counted(batches: Iterable[Batch], rule: str = "") -> Counted:
    """good and total of each minute, by the values of the labels."""
    found: Counted = {}
    for batch in batches:
        for fact in batch.facts:
            assert isinstance(fact, TallyRows)
            if fact.series.rule == rule:
                rows = zip(fact.good.tolist(), fact.total.tolist(), strict=True)
                minutes = found.setdefault(fact.series.labels, {})
                minutes |= dict(zip(fact.at.tolist(), rows, strict=True))
    return found


def summed(found: Counted) -> dict[int, Minute]:
    sums: dict[int, Minute] = {}
    for minutes in found.values():
        for at, (good, total) in minutes.items():
            before = sums.get(at, (0, 0))
            sums[at] = before[0] + good, before[1] + total
    return sums


def of_whole(url: str, indicator: Ratio | Latency, rule: str, **how: int) -> dict[int, Minute]:
    batches = asked(collector(url, indicator, **how), WHOLE)
    (minutes,) = counted(
        (replace(b, facts=tuple(f for f in b.facts if isinstance(f, TallyRows))) for b in batches),
        rule,
    ).values()
    return minutes


def told(batches: Iterable[Batch]) -> str:
    return "\n".join(warning for batch in batches for warning in batch.warnings)


@pytest.mark.parametrize("raw", [500, 1], ids=["raw", "extrapolated"])
@pytest.mark.parametrize(
    ("indicator", "rule"), [(RATIO, ""), (LATENCY, threshold_rule(0.5))], ids=["ratio", "latency"]
)
def test_the_members_of_every_minute_add_up_to_the_sum(
    shop: Shop, indicator: Ratio | Latency, rule: str, raw: int
) -> None:
    members = counted(collected(shop.url, Split(indicator, ("instance",)), raw=raw), rule)

    whole = of_whole(shop.url, indicator, rule, max_raw_series=raw)
    assert set(members) == {(("instance", "a"),), (("instance", "b"),)}
    found = summed(members)
    assert found.keys() == whole.keys()
    for at, minute in whole.items():
        assert found[at] == pytest.approx(minute, abs=1e-6), at


def test_a_member_without_a_series_of_errors_has_none_while_the_sum_is_known(shop: Shop) -> None:
    strict = Split(replace(RATIO, absent=Absent.NO_DATA), ("instance",))

    members = counted(collected(shop.url, strict))

    first_errors = BEGIN + shop_history.FIRST_ERRORS - 60
    b = members[("instance", "b"),]
    assert min(b) == min(members[("instance", "a"),]) >= first_errors
    bad = {at: total - good for at, (good, total) in b.items()}
    assert bad == dict.fromkeys(b, 0)


def test_all_bad_events_are_of_the_value_that_had_them(shop: Shop) -> None:
    members = counted(collected(shop.url, REPLICAS))

    a = members[("instance", "a"),]
    for at in set(a) - set(GAP):
        assert a[at][1] - a[at][0] == shop.truth.bad[at]


def test_labels_that_group_together_make_one_member_of_each_combination(shop: Shop) -> None:
    members = counted(collected(shop.url, Split(RATIO, ("instance", "code"))))

    assert {tuple(value for _, value in labels) for labels in members} == {
        ("200", "a"),
        ("500", "a"),
        ("200", "b"),
    }


def test_a_breakdown_keeps_the_values_of_each_label_that_had_bad_events(shop: Shop) -> None:
    split = Split(RATIO, ("code", "instance"), is_breakdown=True)

    found = counted(collected(shop.url, split), "|top")

    assert set(found) == {(("code", "500"),), (("instance", "a"),)}
    bad = {at: total - good for at, (good, total) in found[("instance", "a"),].items()}
    assert sum(bad.values()) == sum(shop.truth.bad.values())


def test_an_hour_asked_for_minute_by_minute_is_the_hour_asked_for_at_once(shop: Shop) -> None:
    split = Split(RATIO, ("code",), is_breakdown=True)
    hour = Span(BEGIN, BEGIN + 3_600)

    pieces = [
        batch
        for since in range(hour.since, hour.until, 300)
        for batch in collected(shop.url, split, Span(since, since + 300))
    ]

    assert counted(pieces, "|top") == counted(collected(shop.url, split, hour), "|top")


def test_a_label_that_no_series_has_is_told(shop: Shop) -> None:
    batches = collected(shop.url, Split(RATIO, ("rute",)))

    assert f"no series of {TOTAL} has the label rute" in told(batches)
    assert set(counted(batches)) == {(("rute", ""),)}


def test_more_values_than_are_kept_are_counted_told_and_part_of_the_sum_alone(
    prometheus: StartPrometheus, tmp_path: Path
) -> None:
    routes = [f"/{number:03}" for number in range(MOST_MEMBERS + 5)]
    path = tmp_path / "history.openmetrics"
    path.write_text(_growing(routes))
    url = prometheus(openmetrics=path).url
    split = Split(Ratio("hits_total", bad="misses_total", absent=Absent.ZERO), ("route",))
    span = Span(BEGIN, BEGIN + 300)

    batches = collected(url, split, span)

    kept = {value for ((_, value),) in counted(batches)}
    assert kept == set(routes[:MOST_MEMBERS])
    said = f"{len(routes)} values of route: the first {MOST_MEMBERS} in the alphabet have a budget"
    assert said in told(batches)


def _growing(routes: list[str]) -> str:
    """A counter for each route that grows by one a minute."""
    lines = ["# TYPE hits counter"]
    lines += [
        f'hits_total{{route="{route}"}} {minute + 1} {BEGIN + 60 * minute}'
        for route in routes
        for minute in range(6)
    ]
    return "\n".join([*lines, "# EOF", ""])
