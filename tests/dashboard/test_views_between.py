"""A threshold that is no bucket edge: both edges are shown, and nothing is surer than they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from builders import DAY_S, MINUTE_S, NOON, quarters, series
from verdict_builders import Shop, an_slo, stored

from collectors.store.store import Reader
from dashboard.charts.objectives import objectives_table
from dashboard.views.counted.figures import evaluate
from dashboard.views.headline import headline
from dashboard.views.machines import check, status
from dashboard.views.machines.explain import steps
from dashboard.views.slos.slo_view import SloView
from slo.facts import SeriesKind, TallyRows
from slo.indicator import Latency
from slo.spans import RollingWindow

BETWEEN = Latency(0.5, histogram='seconds_bucket{job="shop"}')
NAME = 'seconds_bucket{job="shop"}'


def counted(rule: str, good: float, total: float = 144.0) -> TallyRows:
    """A day in which each minute had so many events, so many of them good."""
    key = series(NAME, SeriesKind.TALLY, rule=rule)
    at = NOON - DAY_S + MINUTE_S * np.arange(1_440)
    columns = np.full(1_440, good), np.full(1_440, total), np.full(1_440, 60)
    return TallyRows(key, at, *columns, NOON, estimated=True)


def judged(folder: Path, low: float, high: float, *, le: float = 0.6) -> SloView:
    """Edges at 0.25 s and 0.6 s with so many good events a minute, of 144."""
    share = 0.25 / 0.35 if le < float("inf") else 0.0
    spread = quarters(
        [{(0.0, 0.25): 15 * low, (0.25, le): 15 * (high - low)}] * 96,
        since=NOON - DAY_S,
        key=series(NAME, SeriesKind.HISTOGRAM, bin_s=900),
    )
    good = low + share * (high - low)
    facts = counted("<=0.5", good), counted("<=0.5|low", low), counted("<=0.5|high", high)
    url = stored(folder, *facts, spread)
    slo = an_slo("95", window=RollingWindow(DAY_S), indicator=BETWEEN)
    with Reader.open(url) as reader:
        sources = {"shop": Shop("prometheus")}
        (view,) = evaluate([slo], reader, as_of=NOON, sources=sources, edges=True)
    return view


def test_both_edges_and_the_estimate_can_be_redone_by_hand(tmp_path: Path) -> None:
    view = judged(tmp_path, 112, 140)
    said = dict(steps(view))

    assert said["at 0.25 s"] == (
        "good / total = 161,280 / 207,360 ≈ 0.777777778; "
        "left ≈ 1 − (1 − 0.777777778) / 0.05 ≈ −3.444444444"
    )
    assert said["at 0.6 s"] == (
        "good / total = 201,600 / 207,360 ≈ 0.972222222; "
        "left ≈ 1 − (1 − 0.972222222) / 0.05 ≈ 0.444444444"
    )
    assert said["estimate"] == (
        "evenly spread, good ≈ 161,280 + (0.5 − 0.25) / (0.6 − 0.25) × (201,600 − 161,280) = 190,080"
    )
    assert said["left"].endswith("≈ −67 %, an estimate: from −345 % to 45 %")


def test_the_queries_ask_for_the_two_edges_that_there_are(tmp_path: Path) -> None:
    asked = [text for name, text in steps(judged(tmp_path, 112, 140)) if name == "query"]

    assert ['le="0.25"' in asked[0], 'le="0.6"' in asked[1], len(asked)] == [True, True, 2]
    assert not any('le="0.5"' in query for query in asked)


def test_above_the_last_edge_only_that_edge_is_asked_for(tmp_path: Path) -> None:
    view = judged(tmp_path, 112, 144, le=float("inf"))
    said = [text for name, text in steps(view) if name in {"query", "estimate"}]

    assert said[0] == "beyond the last edge nothing is known: the lower count, 161,280"
    assert len(said) == 2
    assert 'le="0.25"' in said[1]


def test_a_budget_that_may_be_spent_or_not_is_nowhere_said_to_be_spent(tmp_path: Path) -> None:
    view = judged(tmp_path, 112, 140)

    assert view.budget_bounds == (Fraction(-31, 9), Fraction(4, 9))
    assert headline([view]) == "checkout has a ticket; its budget is perhaps spent"
    assert "perhaps spent: −345 % to 45 % left" in check.line(view)
    assert "SLI 77.7–97.2 % of 95 %" in check.line(view)
    assert "  −345 % to 45 %  " in status.lines([view], [], NOON)[3]
    page = str(objectives_table([view]))
    assert ">≈ −67\xa0%<" in page
    assert ">perhaps spent<" in page
    assert ">spent<" not in page


def test_a_budget_spent_at_both_edges_is_spent(tmp_path: Path) -> None:
    view = judged(tmp_path, 112, 126)

    assert "budget spent: −345 % to −150 % left" in view.reasons


def test_extrapolated_counts_without_bounds_carry_the_sign_of_an_estimate(tmp_path: Path) -> None:
    exact_edge = Latency(0.5, histogram='seconds_bucket{job="shop"}')
    url = stored(tmp_path, counted("<=0.5", 130))
    slo = an_slo("95", window=RollingWindow(DAY_S), indicator=exact_edge)
    with Reader.open(url) as reader:
        (view,) = evaluate([slo], reader, as_of=NOON, sources={"shop": Shop("prometheus")})

    assert "budget perhaps spent: ≈ −95 % left" in view.reasons


def test_what_would_page_says_which_doubt_made_it_a_ticket(tmp_path: Path) -> None:
    view = judged(tmp_path, 10, 20)

    assert "a ticket, not a page: its counts are estimated" in view.reasons
