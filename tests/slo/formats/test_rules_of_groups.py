"""Of a group the rules that burnline exports judge each member, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
import yaml
from promtool_judge import Samples, answers, exported

from slo.bins import Bins
from slo.indicator import Combine, Gauge, Indicator, Latency, Op, Ratio, RawRatio, Uptime
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.replay import replay
from slo.spans import RollingWindow
from slo.tally import Tally

MONTH = RollingWindow(30 * 86_400)
RATIO = Ratio("t", bad="b")
Minutes = Sequence[tuple[int, int]]
"""The good and bad events of each minute."""

pytestmark = pytest.mark.prometheus


def a_group(indicator: Indicator = RATIO, by: tuple[str, ...] = ("region",), least: int = 0) -> Slo:
    row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300, least)
    objective = Objective.from_percent("99.9")
    return Slo("x", "shop", objective, MONTH, "p", indicator, policy=(row,), group_by=by)


def counter(counts: Sequence[int]) -> list[float | None]:
    return [float(n) for n in accumulate(counts, initial=0)]


def burnlines(slo: Slo, minutes: Minutes) -> set[int]:
    """The minutes in which burnline's own arithmetic asks for a page."""
    assert slo.policy is not None
    assert isinstance(slo.window, RollingWindow)
    tallies = [Tally(good, good + bad, 60) for good, bad in minutes]
    found = replay(Bins.of(0, 60, tallies), slo.policy, slo.objective, slo.window.length_s)
    return {found.moment(int(n)) // 60 for n in np.flatnonzero(found.asks(Severity.PAGE))}


def pages(
    folder: Path, series: Samples, rules: Path, asked: Sequence[str], minutes: range
) -> list[set[int]]:
    """The minutes in which the server has a page with each of the labels."""
    wanted = [
        (f'count(ALERTS{{alertname="ErrorBudgetPage",{labels}}})', minute)
        for labels in asked
        for minute in minutes
    ]
    found = iter(answers(folder, series, wanted, rules))
    return [{minute for minute in minutes if next(found)} for _ in asked]


CALM = (100, 0)
PHASES: tuple[tuple[int, Mapping[str, tuple[int, int]]], ...] = (
    (70, {"a": CALM, "b": CALM, "c": CALM}),
    # All of a fails: a pages, and all together does.
    (10, {"a": (0, 100), "b": CALM, "c": CALM}),
    (25, {"a": CALM, "b": CALM, "c": CALM}),
    # 50 of the 6,000 of b in an hour are no burn of 14.4, the 1,050 of 18,000 of all are.
    (5, {"a": CALM, "b": (90, 10), "c": CALM}),
    (80, {"a": (1, 0), "b": (1, 0), "c": (1, 0)}),
    # Four bad events of each are too few of ten, twelve of all together are enough.
    (4, {"a": (0, 1), "b": (0, 1), "c": (0, 1)}),
    (6, {"a": (1, 0), "b": (1, 0), "c": (1, 0)}),
)


def test_members_and_all_together_page_in_the_very_minutes_of_burnline(tmp_path: Path) -> None:
    slo = a_group(least=10)
    each: dict[str, Minutes] = {
        region: [counts[region] for length, counts in PHASES for _ in range(length)]
        for region in "abc"
    }
    whole = [
        (sum(good), sum(bad))
        for good, bad in (zip(*at, strict=True) for at in zip(*each.values(), strict=True))
    ]
    series = {
        f'{name}{{region="{region}"}}': counter(
            [bad if name == "b" else good + bad for good, bad in minutes]
        )
        for region, minutes in each.items()
        for name in "tb"
    }
    asked = [*(f'region="{region}"' for region in "abc"), 'members="all",region="",service="shop"']

    found = pages(tmp_path, series, exported(slo, tmp_path), asked, range(61, 201))

    mine = [
        {minute for minute in burnlines(slo, one) if minute > 60} for one in (*each.values(), whole)
    ]
    assert found == mine
    of_a, of_b, of_c, of_all = found
    assert (of_b, of_c) == (set(), set())
    # By hand: of five minutes 20 of 1,500 are no burn of 14.4, 30 are; nine bad events are too few.
    assert {75, 80} <= of_a & of_all
    assert {108, 110, 194} <= of_all - of_a
    assert not {107, 193} & of_all


@pytest.mark.parametrize(("until", "pages_from"), [(90, {64}), (None, set())])
def test_a_member_that_never_was_good_pages_as_far_as_any_is_measured(
    tmp_path: Path, until: int | None, pages_from: set[int]
) -> None:
    """Of 100 a minute for each, b has no series of good events; without one of a, nobody knows."""
    good: Samples = {'g{region="a"}': counter([100] * until)} if until else {}
    series = {f't{{region="{region}"}}': counter([100] * 90) for region in "ab"} | good
    rules = exported(a_group(Ratio("t", good="g")), tmp_path)

    of_a, of_b = pages(tmp_path, series, rules, ['region="a"', 'region="b"'], range(64, 65))

    assert (of_a, of_b) == (set(), pages_from)


UP, HALF = [1.0] * 130, [1.0, 0.0] * 65
KINDS: dict[str, tuple[Indicator, Samples, float]] = {
    # Within eu one of two probes suffices: it was never down, us half of the time.
    "probes are combined within a member, their time is summed": (
        Uptime("p", combine=Combine.ANY),
        {'p{region="eu",n="1"}': UP, 'p{region="eu",n="2"}': HALF, 'p{region="us"}': HALF},
        0.25,
    ),
    "gauges": (
        Gauge("p", Op.GTE, 0.5),
        {'p{region="eu",n="1"}': UP, 'p{region="eu",n="2"}': UP, 'p{region="us"}': HALF},
        1 / 6,
    ),
    "ratios": (RawRatio("p"), {'p{region="eu"}': UP, 'p{region="us"}': [0.5] * 130}, 0.25),
    "buckets": (
        Latency(0.5, histogram="h_bucket"),
        {
            'h_bucket{region="eu",le="0.5"}': counter([30] * 130),
            'h_bucket{region="eu",le="+Inf"}': counter([30] * 130),
            'h_bucket{region="us",le="0.5"}': counter([5] * 130),
            'h_bucket{region="us",le="+Inf"}': counter([10] * 130),
        },
        0.125,
    ),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_recorded_of_all_together_is_the_sum_of_what_is_of_members(
    tmp_path: Path, kind: tuple[Indicator, Samples, float]
) -> None:
    indicator, series, bad = kind
    # promtool takes 10,000 samples a query, so the budget is one of two hours.
    rules = exported(replace(a_group(indicator), window=RollingWindow(7_200)), tmp_path)
    asked = [
        ('burnline:bad:ratio1h{members="all"}', 120),
        ('burnline:budget:remaining{members="all"}', 120),
    ]

    share, left = answers(tmp_path, series, asked, rules)

    assert share == pytest.approx(bad, rel=1e-9)
    assert left == pytest.approx(1 - bad / 0.001, rel=1e-9)


def test_a_member_without_the_label_is_not_taken_for_all_together(tmp_path: Path) -> None:
    rules = exported(a_group(), tmp_path)
    series = {
        "t": counter([100] * 90),
        "b": counter([10] * 90),
        't{region="eu"}': counter([300] * 90),
        'b{region="eu"}': counter([0] * 90),
    }
    ratio = 'burnline:bad:ratio1h{{slo="x",region="",members="{}"}}'
    asked = [(ratio.format(members), 80) for members in ("", "all")]

    assert answers(tmp_path, series, asked, rules) == [
        pytest.approx(0.1, rel=1e-9),
        pytest.approx(0.025, rel=1e-9),
    ]


def test_an_alert_says_which_member_burns_or_that_all_together_do(tmp_path: Path) -> None:
    rules = exported(a_group(by=("region", "az")), tmp_path)
    found = [rule for each in yaml.safe_load(rules.read_text())["groups"] for rule in each["rules"]]
    said = [
        rule["annotations"]["summary"]
        for rule in found
        if rule.get("labels", {}).get("severity") == "page"
    ]

    member, whole = (one.partition(": ")[0] for one in said)
    assert member == "shop (region {{ $labels.region }}, az {{ $labels.az }})"
    assert whole == "shop, all together"
