"""Whether the verdicts on a migration keep their promise, on thousands of pairs of known truth."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from known_days import daily_shares, latencies, weekly_means
from known_events import (
    cases,
    clustered,
    counts,
    downtime_coverage,
    lasting,
    outages,
    still_open,
)
from known_pairs import Pair, found, most
from known_power import duration_power, rate_power
from known_services import beside_controls, strangled

from bench.measured import say
from slo.evidence.comparison import Count

SEED, FALSE = 20_261_123, 0.06
_MANY, _SOME, _FEW = 10_000, 2_000, 500


@dataclass(frozen=True, slots=True)
class Row:
    """A method under a condition: a change of a size, the truth that its interval has to hold."""

    name: str
    pair: Callable[[float], Pair]
    changed: float
    truth: float
    pairs: int


ROWS = (
    Row("rates, 15 and 15 events", lambda r: counts(15, r), 0.2, 0.2, _MANY),
    Row("rates, 12 in 52 weeks, 3 in 13", lambda r: counts(12, r, (52, 13)), 4.0, 4.0, _MANY),
    Row("rates, 30 and 30, one by one, phi", lambda r: clustered(1, 30, r), 0.2, 0.2, _MANY),
    Row("rates, 30 and 30, clusters of 2, phi", lambda r: clustered(2, 30, r), 0.2, 0.2, _MANY),
    Row("rates, 30 and 30, clusters of 3, phi", lambda r: clustered(3, 30, r), 0.2, 0.2, _MANY),
    Row("uptime, 15 and 15 outages", lambda r: outages(15, r), 0.2, 0.0, _FEW),
    Row("uptime, 6 and 6 outages", lambda r: outages(6, r), 0.2, 0.0, _SOME),
    Row("uptime, 3 and 3 outages", lambda r: outages(3, r), 0.2, 0.0, _SOME),
    Row("uptime, 15 and 15, sigma 1.5", lambda r: outages(15, r, 1.5), 0.2, 0.0, _FEW),
    Row(
        "failures, 26 and 104 deployments",
        lambda r: cases((26, 104), (0.2, 0.2 * r)),
        0.2,
        -0.16,
        _SOME,
    ),
    Row("durations, 12 and 12", lambda r: lasting((12, 12), r), 0.5, 0.5, _SOME),
    Row("durations, 7 and 40", lambda r: lasting((7, 40), r), 0.5, 0.5, _SOME),
    Row("durations, 20 and 20, some open", lambda r: still_open((20, 20), r), 0.5, 0.5, _SOME),
    Row(
        "share of requests, 14 and 14 days", lambda r: daily_shares((14, 14), r), 0.5, -0.005, _SOME
    ),
    Row(
        "share of requests, 28 and 28 days", lambda r: daily_shares((28, 28), r), 0.5, -0.005, _SOME
    ),
    Row(
        "share of requests, 56 and 56 days", lambda r: daily_shares((56, 56), r), 0.5, -0.005, _SOME
    ),
    Row(
        "share of requests, 182 and 182 days",
        lambda r: daily_shares((182, 182), r),
        0.5,
        -0.005,
        _SOME,
    ),
    Row("  the same, days at 0.6", lambda r: daily_shares((182, 182), r, 0.6), 0.5, -0.005, _SOME),
    Row("p95, 14 and 14 days", lambda r: latencies((14, 14), r), 0.8, 0.8, _SOME),
    Row("p95, 28 and 28 days", lambda r: latencies((28, 28), r), 0.8, 0.8, _SOME),
    Row("p95, 56 and 56 days", lambda r: latencies((56, 56), r), 0.8, 0.8, _SOME),
    Row("p95, 182 and 182 days", lambda r: latencies((182, 182), r), 0.8, 0.8, _FEW),
    Row("  the same, days at 0.6", lambda r: latencies((182, 182), r, 0.6), 0.8, 0.8, _FEW),
    Row("weeks by rank, 26 and 26", lambda r: weekly_means((26, 26), 0.3, 1 - r), 0.5, 0.0, _SOME),
    Row("services one by one, 4", strangled, 0.5, 0.5, _SOME),
    Row("against services not moved, 2 and 3", beside_controls, 0.5, 0.5, _SOME),
)


def on_known_truths(_folder: Path | None = None, thinned: int = 1) -> None:
    """Verdicts on pairs without a change and with one; intervals; power; and the obvious tests.

    Thinned there are so many times fewer pairs: quick, and good for nothing but to see it run.
    """
    _no_change(ROWS, thinned)
    _changed(ROWS, thinned)
    _downtime(_SOME // thinned)
    _power()


def _no_change(rows: Sequence[Row], thinned: int) -> None:
    sys.stdout.write(
        "\nno change: pairs, false verdicts (goal <= 6 %), the obvious test's beside\n"
    )
    for number, row in enumerate(rows):
        pairs = row.pairs // thinned
        one = found(row.pair(1.0), 1.0, pairs, SEED + number)
        naive = "" if one.naive is None else f"obvious: {_percent(one.naive)}"
        broken = "" if one.told <= most(FALSE, pairs) else "  BROKEN"
        say(f"{row.name}, {pairs:,} pairs", _percent(one.told), naive + broken)


def _changed(rows: Sequence[Row], thinned: int) -> None:
    sys.stdout.write("\na true change: verdicts that tell it, intervals that hold the truth\n")
    for number, row in enumerate(rows):
        pairs = row.pairs // thinned // 2
        one = found(row.pair(row.changed), row.truth, pairs, SEED - number)
        # Of uptime a pair has no one truth to hold; downtime has its own table.
        held = one.covered if row.truth else None
        holds = "" if held is None else f"held: {_percent(held)}"
        say(f"{row.name}, x {row.changed:g}, {pairs:,} pairs", _percent(one.told), holds)


def _downtime(periods: int) -> None:
    sys.stdout.write("\nintervals of downtime; by minutes beside\n")
    for mean, sigma, stated in (
        (15, 1.0, 94.6),
        (30, 1.0, 94.7),
        (6, 1.0, 90.1),
        (3, 1.0, 86.6),
        (15, 1.5, 87.6),
    ):
        ours, naive = downtime_coverage(mean, sigma, periods, SEED)
        beside = f"stated: {stated} %, by minutes: {_percent(naive)}"
        say(f"{mean} outages, sigma {sigma:g}, {periods:,} periods", _percent(ours), beside)


def _power() -> None:
    sys.stdout.write("\npower of the rate test, equal periods: true ratio 0.2, 0.5, 0.8\n")
    for n in (6, 10, 15, 30, 60, 120, 600):
        told = [rate_power(Count(n, 1.0), 1.0, ratio) for ratio in (0.2, 0.5, 0.8)]
        say(f"{n} events before", ", ".join(_percent(each) for each in told))
    sys.stdout.write("\npower of the rank test of durations, sigma 0.8: true ratio 0.2, 0.5, 0.8\n")
    for n in (4, 7, 12, 30, 100):
        told = [duration_power((n, n), ratio, 0.8) for ratio in (0.2, 0.5, 0.8)]
        say(f"{n} durations on either side", ", ".join(_percent(each) for each in told))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
