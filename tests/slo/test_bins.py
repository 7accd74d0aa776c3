"""Bins as columns: which of them were measured."""

from __future__ import annotations

from slo.bins import Bins
from slo.tally import Tally


def test_a_bin_was_measured_that_was_observed_without_events_or_has_events_alone() -> None:
    bins = Bins.of(0, 60, [Tally(observed_s=60), Tally(good=1, total=1), None])

    assert bins.measured.tolist() == [True, True, False]
