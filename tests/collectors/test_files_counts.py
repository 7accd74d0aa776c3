"""Rows of requests, counted or single, in bins of minutes and quarters: no event is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from file_builders import T0, facts, read, read_text, rows, table

from slo.errors import InputError
from slo.facts import SampleRows, TallyRows


def test_counted_requests_become_tallies_of_their_minute(tmp_path: Path) -> None:
    text = (
        "at,service,good,total\n2026-01-01T12:00:00Z,shop,99,100\n2026-01-01T12:01:00Z,shop,0,0\n"
    )

    (tally,) = facts(read_text(tmp_path, text, holds="requests"))

    assert isinstance(tally, TallyRows)
    assert rows(read(tmp_path, table(holds="requests"))) == [
        ("requests", T0, 99.0, 100.0),
        ("requests", T0 + 60, 0.0, 0.0),
    ]
    assert tally.observed_s.tolist() == [60, 60]
    assert not tally.estimated


@pytest.mark.parametrize(
    ("every", "second", "said"),
    [
        ("1m", "12:00:30", "the counts do not begin on a whole minute"),
        ("5m", "12:00:30", "the counts do not begin on a whole minute"),
        ("1h", "12:10:00", "the counts do not begin on a quarter of an hour"),
    ],
)
def test_counts_that_begin_within_a_bin_are_refused_for_two_of_them_could_not_be_summed(
    tmp_path: Path, every: str, second: str, said: str
) -> None:
    whole = "".join(f"2026-01-01T{hour:02}:00:00Z,9,10\n" for hour in range(11))
    text = f"at,good,total\n{whole}2026-01-01T{second}Z,9,10\n"

    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text, holds="requests", every=every)

    assert (caught.value.what, caught.value.where) == (said, "rows.csv:13")
    assert "sum them to whole" in caught.value.mend


def test_bad_and_total_say_the_same_as_good_and_total(tmp_path: Path) -> None:
    text = "at,errors,total\n2026-01-01T12:00:00Z,1,100\n"
    columns = {"bad": "errors", "total": "total"}

    assert rows(read_text(tmp_path, text, holds="requests", columns=columns)) == [
        ("requests", T0, 99.0, 100.0)
    ]


def test_a_five_minute_row_is_spread_over_its_minutes_without_losing_an_event(
    tmp_path: Path,
) -> None:
    text = "at,good,total\n2026-01-01T12:04:00Z,7,9\n"

    found = rows(read_text(tmp_path, text, holds="requests", every="5m"))

    assert [row[1] for row in found] == [T0 + 240 + 60 * i for i in range(5)]
    assert (sum(row[2] for row in found), sum(row[3] for row in found)) == (7, 9)
    assert all(row[2] <= row[3] for row in found)


def test_an_hourly_row_is_spread_over_quarters_and_marked_as_estimated(tmp_path: Path) -> None:
    text = "at,good,total\n2026-01-01T12:00:00Z,7,9\n"

    (tally,) = facts(read_text(tmp_path, text, holds="requests", every="1h"))

    assert isinstance(tally, TallyRows)
    assert tally.series.bin_s == 900
    assert tally.at.tolist() == [T0 + 900 * i for i in range(4)]
    assert tally.estimated


@pytest.mark.parametrize(("day", "quarters"), [("2026-03-29", 92), ("2026-10-25", 100)])
def test_a_daily_row_ends_at_the_zones_midnight(tmp_path: Path, day: str, quarters: int) -> None:
    text = f"at,good,total\n{day},7,9\n"

    found = rows(read_text(tmp_path, text, holds="requests", every="1d", zone="Europe/Berlin"))

    assert len(found) == quarters


def test_more_good_than_all_is_no_count(tmp_path: Path) -> None:
    text = "at,good,total\n2026-01-01T12:00:00Z,7,6\n"

    with pytest.raises(InputError, match="1 of 1 rows cannot be used"):
        read_text(tmp_path, text, holds="requests")


def test_single_requests_are_samples_told_apart_by_their_id(tmp_path: Path) -> None:
    text = "id,at,code,ms\na,2026-01-01T12:00:00Z,200,250\nb,2026-01-01T12:00:00Z,500,90\n"
    options: dict[str, Any] = {
        "columns": {"latency": "ms", "status": "code"},
        "unit": "ms",
        "key": ["id"],
        "up": ["200"],
        "down": ["500"],
        "name": "request",
    }

    latency, success = facts(read_text(tmp_path, text, holds="requests", **options))

    assert isinstance(latency, SampleRows)
    assert isinstance(success, SampleRows)
    assert (latency.series.name, latency.key) == ("request_latency_seconds", ["a", "b"])
    assert (latency.value.tolist(), success.value.tolist()) == ([0.25, 0.09], [1.0, 0.0])
    assert success.series.name == "request_success"
