"""Who leads an hour is stored whole, whichever way the hour is cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from builders import NOON, minutes, series
from hypothesis import given
from hypothesis import strategies as st

from collectors.prometheus.foremost import Foremost, cut
from slo.facts import TallyRows
from slo.indicator import MOST_TOLD_APART
from slo.lengths import HOUR_S
from slo.spans import Span

HOUR = Span(NOON, NOON + HOUR_S)
ROUTES = [f"/{number:02}" for number in range(MOST_TOLD_APART + 4)]


def rows(route: str, bad: list[int]) -> TallyRows:
    """Ten requests a minute, of which so many are bad."""
    key = replace(series(route=route), rule="|top")
    return minutes([10 - one for one in bad], [10] * len(bad), since=HOUR.since, key=key)


def stored(facts: list[TallyRows], edges: list[int]) -> dict[str, dict[int, float]]:
    """The bad events of each minute of each route that runs stored, cut at the edges."""
    found: dict[str, dict[int, float]] = {}
    for since, until in zip([HOUR.since, *edges], [*edges, HOUR.until], strict=True):
        seen = [cut(fact, Span(HOUR.since, until)) for fact in facts]  # a run reads the whole hour
        for fact in Foremost().of(seen, Span(since, until)):
            ((_, route),) = fact.series.labels
            bad = (fact.total - fact.good).tolist()
            found.setdefault(route, {}).update(zip(fact.at.tolist(), bad, strict=True))
    return found


@given(st.data())
def test_those_that_lead_the_hour_at_its_end_are_stored_whole(data: st.DataObject) -> None:
    bad = st.lists(st.sampled_from([0, 0, 1, 5]), min_size=60, max_size=60)
    facts = [rows(route, data.draw(bad)) for route in ROUTES]
    cuts = data.draw(st.sets(st.integers(1, 59), max_size=5))

    found = stored(facts, sorted(HOUR.since + 60 * minute for minute in cuts))

    ranked = sorted(facts, key=lambda fact: (-(fact.total - fact.good).sum(), fact.series))
    for fact in ranked[:MOST_TOLD_APART]:
        if (fact.total - fact.good).sum():
            ((_, route),) = fact.series.labels
            assert sum(found[route].values()) == (fact.total - fact.good).sum()
            assert len(found[route]) == 60


def test_of_an_hour_read_at_once_no_more_than_lead_it_are_kept() -> None:
    facts = [rows(route, [1] * 60) for route in ROUTES]

    found = stored(facts, [])

    assert sorted(found) == ROUTES[:MOST_TOLD_APART]


def test_values_without_bad_events_are_not_kept() -> None:
    assert stored([rows("/calm", [0] * 60)], []) == {}


def test_the_next_hour_begins_anew_and_the_last_one_is_forgotten() -> None:
    foremost = Foremost()
    first, second = rows("/a", [9] * 60), rows("/b", [1] * 60)
    later = replace(second, at=second.at + HOUR_S)

    foremost.of([first], HOUR)
    (kept,) = foremost.of([later], Span(HOUR.until, HOUR.until + HOUR_S))

    assert kept.series.labels == later.series.labels
    assert np.array_equal(kept.at, later.at)
    assert foremost._held == []
