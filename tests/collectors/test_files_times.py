"""Which second a written time means, and which times are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from file_builders import NOW, counted, read_text, rows, warned
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.times import Clock, NaiveTimeError, NotATimeError
from slo.errors import InputError
from slo.spans import epoch_s

BERLIN = ZoneInfo("Europe/Berlin")
T0 = 1_767_268_800


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T12:00:00Z",
        "2026-01-01 12:00:00.999+00:00",
        "2026-01-01T17:30:00+05:30",
        " 2026-01-01T04:00-08:00 ",
        "1767268800",
        "1767268800.9",
        "1.7672688e9",
    ],
)
def test_every_way_to_write_a_moment_is_the_same_second(text: str) -> None:
    assert Clock().second_of(text) == T0


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.timezones())
def test_a_written_time_comes_back_as_the_second_it_was(local: datetime, zone: ZoneInfo) -> None:
    aware = local.replace(tzinfo=UTC).astimezone(zone)

    assert Clock().second_of(aware.isoformat()) == epoch_s(aware)


@given(st.integers(0, 4_102_444_800), st.integers(0, 999_999))
def test_milliseconds_and_nanoseconds_are_cut_to_their_second(second: int, rest: int) -> None:
    assert Clock(second=1_000).second_of(second * 1_000 + rest % 1_000) == second
    assert Clock(second=10**9).second_of(str(second * 10**9 + rest)) == second


@pytest.mark.parametrize(
    "cell", ["", "yesterday", "nan", "inf", "1e400", "2026-13-01", True, None, [], {}, "9" * 100]
)
def test_what_is_no_time_is_never_guessed(cell: object) -> None:
    with pytest.raises(NotATimeError):
        Clock(BERLIN).second_of(cell)  # type: ignore[arg-type]


def test_a_time_without_a_zone_is_refused_where_no_zone_is_named() -> None:
    with pytest.raises(NaiveTimeError):
        Clock().second_of("2026-01-01 12:00:00")


def test_a_local_time_shown_twice_means_the_first_of_the_two() -> None:
    clock = Clock(BERLIN)

    first = clock.second_of("2026-10-25 02:30:00")

    assert first == clock.second_of("2026-10-25T02:30:00+02:00")
    assert clock.doubtful("2026-10-25 02:30:00")
    assert not clock.doubtful("2026-10-25 03:30:00")


def test_a_local_time_that_was_skipped_is_read_as_if_clocks_had_stood_still() -> None:
    clock = Clock(BERLIN)

    assert clock.second_of("2026-03-29 02:30:00") == clock.second_of("2026-03-29T02:30:00+01:00")
    assert clock.doubtful("2026-03-29 02:30:00")
    assert not clock.doubtful("2026-03-29T02:30:00Z")


def test_doubtful_local_times_are_counted_and_told(tmp_path: Path) -> None:
    text = "at,status\n" + "".join(f"2026-10-25 02:{m:02}:00,up\n" for m in range(60))

    batches = read_text(tmp_path, text, zone="Europe/Berlin")

    assert len(rows(batches)) == 60
    assert warned(batches)[0].startswith("60 local times fall where the clocks of Europe/Berlin")


def test_a_naive_time_names_its_line_and_the_key_that_mends_it(tmp_path: Path) -> None:
    text = "at,status\n2026-01-01T12:00:00Z,up\n2026-01-01 12:00:00,up\n"

    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text)

    assert caught.value.what == "the time 2026-01-01 12:00:00 has no zone"
    assert caught.value.where == "rows.csv:3"
    assert 'zone = "' in caught.value.mend


@pytest.mark.parametrize(("unit", "factor"), [("ms", 10**3), ("us", 10**6), ("ns", 10**9)])
def test_a_wrong_unit_of_time_is_recognised_and_the_right_one_works(
    tmp_path: Path, unit: str, factor: int
) -> None:
    text = f"at,status\n{T0 * factor},up\n"

    with pytest.raises(InputError, match=f'time_unit = "{unit}"'):
        read_text(tmp_path, text)
    assert rows(read_text(tmp_path, text, time_unit=unit)) == [("probe", T0, "up")]


def test_times_up_to_five_minutes_ahead_are_believed_and_later_ones_counted_aside(
    tmp_path: Path,
) -> None:
    text = "at,status\n" + "".join(f"{at},up\n" for at in (NOW, NOW + 299, NOW + 301))

    batches = read_text(tmp_path, text, max_malformed=50.0)

    assert [row[1] for row in rows(batches)] == [NOW, NOW + 299]
    assert counted(batches).dropped_future == 1


def test_a_time_before_the_year_2000_is_no_history(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="before the year 2000"):
        read_text(tmp_path, "at,status\n0,up\n")
