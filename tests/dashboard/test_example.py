"""The example history is the same arithmetic whenever it is written."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from dashboard import example

NOW = 1_795_369_964  # 2026-11-22T17:52:44Z
DAY_S = 86_400


def rows(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    with gzip.open(path, "rt") as file:
        return {(row[0], row[1]): (row[2], row[3]) for row in list(csv.reader(file))[1:]}


def test_writing_it_twice_at_one_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    first = example.write(tmp_path / "a", NOW, days=2)
    second = example.write(tmp_path / "b", NOW, days=2)

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_day_later_the_shared_minutes_hold_the_same_numbers(tmp_path: Path) -> None:
    today = example.write(tmp_path / "today", NOW, days=3)
    tomorrow = example.write(tmp_path / "tomorrow", NOW + DAY_S, days=3)

    for before, after in zip(map(rows, today), map(rows, tomorrow), strict=True):
        both = before.keys() & after.keys()
        assert len(both) > len(before) * 0.6
        assert {key: before[key] for key in both} == {key: after[key] for key in both}


def test_it_ends_with_the_last_whole_minute_and_claims_nothing_later(tmp_path: Path) -> None:
    requests, probes = example.write(tmp_path, NOW, days=1)

    assert max(at for at, _ in rows(requests)) == "2026-11-22T17:51:00Z"
    assert max(at for at, _ in rows(probes)) == "2026-11-22T17:50:00Z"


def test_no_minute_has_more_good_requests_than_requests(tmp_path: Path) -> None:
    requests, _ = example.write(tmp_path, NOW, days=10)

    counts = [(int(good), int(total)) for good, total in rows(requests).values()]
    assert all(0 <= good <= total for good, total in counts)
    assert {service for _, service in rows(requests)} == {s.name for s in example.SERVICES}


def test_a_probe_that_is_down_has_no_latency(tmp_path: Path) -> None:
    _, probes = example.write(tmp_path, NOW, days=12)

    seen = set(rows(probes).values())
    assert {latency for state, latency in seen if state == "down"} == {""}
    assert all(int(latency) > 0 for state, latency in seen if state == "up")


def test_its_files_say_in_their_names_that_they_are_generated(tmp_path: Path) -> None:
    assert all("generated" in path.name for path in example.write(tmp_path, NOW, days=1))
