"""Moments on the command line: one meaning each, or a sentence."""

from __future__ import annotations

import pytest

from dashboard.shell.moments import epoch_of


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T15:40:00Z",
        "2026-11-22T15:40Z",
        "2026-11-22 15:40:00+00:00",
        "2026-11-22T21:25:00+05:45",
        "20261122T154000Z",
    ],
)
def test_one_moment_written_in_several_ways_is_one_moment(text: str) -> None:
    assert epoch_of(text) == 1_795_362_000


def test_a_date_alone_is_its_first_second_in_utc() -> None:
    assert epoch_of("2026-11-22") == 1_795_305_600


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-22T15:40:00", "has no time zone"),
        ("20261122", "2026-11-22T00:00:00Z"),
        ("yesterday", "is not a moment such as"),
        ("2026-13-01", "is not a moment such as"),
        ("", "is not a moment such as"),
        ("1999-12-31T23:59:59Z", "lies before 2000"),
        ("0001-01-01T00:00:00+14:00", "lies before 2000"),
        ("2101-01-01T00:00:00Z", "lies beyond the year 2100"),
        ("9999-12-31T23:59:59-14:00", "lies beyond the year 2100"),
        ("1795362000", "is not a moment such as"),
    ],
)
def test_what_means_no_moment_is_refused_with_an_example(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        epoch_of(text)
