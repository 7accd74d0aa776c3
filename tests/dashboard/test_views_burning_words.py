"""The first line of an alert of every kind: what is bad, of what it is a share, whose it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from fleet_history import AS_OF, LINES, filled

from collectors.store.reader import Reader
from dashboard.config import load
from dashboard.views.alerts.burning_words import over_words, sentence
from dashboard.views.counted.burning import Burning
from dashboard.views.pages.now import now_of
from dashboard.views.upkeep.scene import Scene
from slo.indicator import Indicator, Latency, Ratio, RawRatio, Sliced, Uptime

SLICES = Sliced(Ratio("all"), 300, Fraction(99, 100))
AVERAGED = Sliced(Ratio("all"), 300)


@pytest.fixture(scope="module")
def burnt(tmp_path_factory: pytest.TempPathFactory) -> Burning:
    """The burn of the drawn moment, for 22 min."""
    return _burnt(tmp_path_factory.mktemp("burnt"))


def _burnt(folder: Path) -> Burning:
    loaded = load(filled(folder, LINES[0]), {}, with_sources=False)
    with Reader.open(loaded.store_url) as reader:
        found = now_of(Scene(loaded, reader, AS_OF)).gravest
    assert found is not None
    return found


def of(burnt: Burning, indicator: Indicator, share: str, name: str = "slices") -> Burning:
    """The same burn of an SLO of another kind and name, of the same service."""
    view = replace(burnt.view, slo=replace(burnt.view.slo, name=name, indicator=indicator))
    return replace(burnt, view=view, whole=view, share=Fraction(share))


@pytest.mark.parametrize(
    ("indicator", "share", "said"),
    [
        (SLICES, "1", "every 5-minute slice bad for 22 min (allowed 0.05 %)"),
        (SLICES, "0.4", "40 % of 5-minute slices bad for 22 min (allowed 0.05 %)"),
        (
            AVERAGED,
            "0.4",
            "bad 40 % of the time for 22 min (on average over 5-minute slices; allowed 0.05 %)",
        ),
        (Uptime("up"), "1", "down for 22 min (allowed 0.05 % of the time)"),
        (RawRatio("share"), "0.4", "bad 40 % of the time for 22 min (allowed 0.05 %)"),
        (Ratio("all"), "0.4", "40 % of requests failing for 22 min (allowed 0.05 %)"),
    ],
)
def test_the_first_line_says_a_share_of_what_is_bad(
    burnt: Burning, indicator: Indicator, share: str, said: str
) -> None:
    assert sentence(of(burnt, indicator, share)).startswith(f"slices: {said}. ")


@pytest.mark.parametrize(
    ("indicator", "what"),
    [
        (SLICES, "of 5-minute slices bad over 1 h"),
        (AVERAGED, "of the time bad over 1 h"),
        (Uptime("up"), "of the time down over 1 h"),
        (Latency(0.3, samples="seconds"), "of values slow over 1 h"),
        (Ratio("all"), "of requests failing over 1 h"),
    ],
)
def test_a_row_says_a_share_of_what_is_bad(burnt: Burning, indicator: Indicator, what: str) -> None:
    assert f" % {what} (allowed 0.05 %), since " in over_words(of(burnt, indicator, "0.4"))


def test_two_slos_of_one_service_are_told_apart_by_their_first_words(burnt: Burning) -> None:
    ratio, slices = of(burnt, Ratio("all"), "1", "checkout"), of(burnt, SLICES, "1")

    assert ratio.view.service == slices.view.service == "checkout"
    assert sentence(ratio).startswith("checkout: ")
    assert sentence(slices).startswith("slices: ")
