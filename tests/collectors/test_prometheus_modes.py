"""Which counters Prometheus sums itself, and that its warnings count in either mode."""

from __future__ import annotations

import pytest
from components.hostile import Answer, Hostile, in_turn, matrix, reply, success
from prometheus_source import HOUR, SINCE, asked, collector

from slo.facts import HistogramRows, TallyRows
from slo.indicator import Indicator, Latency, Ratio

RATIO = Ratio("x_total", bad='x_total{code="500"}')
LATENCY = Latency(0.5, histogram="h_bucket")
WARNED = {"warnings": ["store gateway down"]}
_PAGES = 8
Sent = dict[str, object]


def counted(series: int) -> Answer:
    """The answer to how many series there are."""
    return reply(success("vector", [{"metric": {}, "value": [HOUR.until, str(series)]}]))


def raw_counters(**more: object) -> Sent:
    """Errors of x, once a minute, as they were scraped."""
    samples: list[list[object]] = [[SINCE + 60 * i, str(10 * i)] for i in range(-5, 61)]
    return matrix(({"__name__": "x_total", "code": "500"}, samples), **more)


def raw_buckets(**more: object) -> Sent:
    samples: list[list[object]] = [[SINCE + 60 * i, str(10 * i)] for i in range(-5, 61)]
    series = [({"__name__": "h_bucket", "le": le}, samples) for le in ("0.5", "+Inf")]
    return matrix(*series, **more)


def increases(*labels: dict[str, str], **more: object) -> Sent:
    """What the server sums itself, every five minutes."""
    samples: list[list[object]] = [[SINCE + 300 * i, "50"] for i in range(1, 13)]
    return matrix(*((one, samples) for one in labels), **more)


def facts(
    indicator: Indicator, series: int, *answers: Sent
) -> tuple[list[TallyRows], list[HistogramRows], list[bytes]]:
    """The tallies and buckets of the hour, and what was asked for them."""
    with Hostile(in_turn(counted(series), *map(reply, answers * _PAGES))) as server:
        batches = asked(collector(server.url, indicator))
        every = [fact for batch in batches for fact in batch.facts]
    return (
        [fact for fact in every if isinstance(fact, TallyRows)],
        [fact for fact in every if isinstance(fact, HistogramRows)],
        server.requests,
    )


def test_five_hundred_series_are_counted_exactly_and_one_more_are_summed_by_the_server() -> None:
    exact, _, raw = facts(RATIO, 500, raw_counters())
    summed, _, wide = facts(RATIO, 501, increases({}), increases({}))

    assert [{fact.estimated for fact in one} for one in (exact, summed)] == [{False}, {True}]
    assert [b"increase" in one for one in (raw[-1], wide[-1])] == [False, True]
    assert [sum(fact.total.sum() for fact in one) for one in (exact, summed)] == [600, 600]


@pytest.mark.parametrize("more", [{}, WARNED])
@pytest.mark.parametrize(
    ("indicator", "series", "answers"),
    [
        (RATIO, 500, [raw_counters]),
        (RATIO, 501, [lambda **more: increases({}, **more), lambda **_: increases({})]),
        (RATIO, 501, [lambda **_: increases({}), lambda **more: increases({}, **more)]),
        (LATENCY, 500, [raw_buckets]),
        (LATENCY, 501, [lambda **more: increases({"le": "0.5"}, {"le": "+Inf"}, **more)]),
    ],
)
def test_a_warning_of_any_answer_makes_all_that_follows_from_it_partial(
    indicator: Indicator, series: int, answers: list[object], more: dict[str, object]
) -> None:
    tallies, buckets, _ = facts(indicator, series, *(one(**more) for one in answers))  # type: ignore[operator]

    assert {fact.partial for fact in (*tallies, *buckets)} == {bool(more)}
    assert bool(buckets) == isinstance(indicator, Latency)
