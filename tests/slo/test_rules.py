"""One indicator reads one set of tallies, whatever way its selectors are written."""

from __future__ import annotations

import pytest

from slo.indicator import Absent, Combine, Indicator, Latency, Ratio, Uptime
from slo.rules import TallyPick, ratio_name, tally_pick
from slo.selector import Selector


@pytest.mark.parametrize(
    ("indicator", "pick"),
    [
        (Uptime("up{ job='a' }"), TallyPick('up{job="a"}', "up:majority")),
        (Uptime("up", combine=Combine.ANY), TallyPick("up", "up:any")),
        (Latency(0.5, histogram="h_bucket{b='1',a='2'}"), TallyPick('h_bucket{a="2",b="1"}', "<=0.5")),
        (
            Latency(0.25, samples='latency{job="a"}'),
            TallyPick("latency", "<=0.25", Selector.parse('latency{job="a"}')),
        ),
        (Ratio("all", good="fine"), TallyPick("fine / all", "")),
        (Ratio("all", bad="failed"), TallyPick("not failed / all", "")),
        (Ratio("requests"), TallyPick("requests", "", Selector("requests"))),
    ],
)  # fmt: skip
def test_every_kind_of_indicator_names_its_tallies(indicator: Indicator, pick: TallyPick) -> None:
    assert tally_pick(indicator) == pick
    assert pick.exact == (pick.selector is None)


def test_a_latency_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a histogram nor samples"):
        tally_pick(Latency(0.5))


def test_two_meanings_of_an_absent_series_are_two_tallies() -> None:
    unknown = Ratio("all", bad="failed", absent=Absent.NO_DATA)
    zero = Ratio("all", bad="failed", absent=Absent.ZERO)

    assert ratio_name(unknown) != ratio_name(zero)
    assert ratio_name(Ratio("all")) == "all"
