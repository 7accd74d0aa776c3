"""The outages and uptimes of a real history of probes, against independently computed answers."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from builders import HOUR_S
from probe_letters import down

from slo.facts import Status
from slo.spans import Span
from slo.status import DOWN, Intervals, codes, intervals, seconds_per_bin


def history(path: Path) -> dict[str, dict[int, Status]]:
    found: dict[str, dict[int, Status]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            at = int(datetime.fromisoformat(row["ts_utc"]).timestamp())
            found[row["slug"]][at] = Status(row["status"])
    return found


def known_of(seen: dict[int, Status]) -> Intervals:
    at = np.array(sorted(seen), dtype=np.int64)
    return intervals(at, codes(seen[int(moment)] for moment in at), np.full(len(at), 26 * HOUR_S))


def test_the_outages_and_uptimes_of_a_real_history_are_those_of_the_oracle(shared: Path) -> None:
    sites = json.loads((shared / "oracles/realdata/probes_4hse.json").read_text())["sites"]
    seen = history(shared / "data/probes_4hse/probes.csv.gz")
    assert len(sites) == 7

    for slug, truth in sites.items():
        known = known_of(seen[slug])
        found = down(known)
        bins = seconds_per_bin(known, 900, Span(0, 2**31))
        up_s, down_s = int(bins.up_s.sum()), int(bins.down_s.sum())

        assert len(found) == truth["outages"]
        assert bool(known.state[-1] == DOWN) == truth["outage_ongoing_at_end"]
        assert 100 * up_s / (up_s + down_s) == pytest.approx(truth["uptime_step_26h_pct"], abs=1e-4)
        assert down_s / 60 == pytest.approx(truth["down_min_26h"], abs=0.06)
        longest = max((until - since for since, until in found), default=0)
        assert longest / 60 == pytest.approx(truth["longest_outage_min"] or 0, abs=0.06)


def test_a_hole_of_91_days_in_a_real_history_is_not_measured(shared: Path) -> None:
    seen = history(shared / "data/probes_4hse/probes.csv.gz")["www"]
    hole = Span(
        int(datetime.fromisoformat("2025-04-05T00:00:00Z").timestamp()),
        int(datetime.fromisoformat("2025-07-01T00:00:00Z").timestamp()),
    )

    assert seconds_per_bin(known_of(seen), 900, hole).at.tolist() == []
