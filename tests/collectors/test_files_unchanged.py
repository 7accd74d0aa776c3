"""A file is read again when it has changed, and only then, for as long as its reader lives."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from file_builders import EVER, NOW, counted, rows, table, warned

from collectors.contract import Batch
from collectors.files.collector import FilesCollector
from collectors.run import Lane, Pace, collect_once
from collectors.store.store import Store
from slo.errors import InputError
from slo.spans import Span

T0 = 1_767_268_800  # 2026-01-01T12:00:00Z
UP = "at,status\n2026-01-01T12:00:00Z,up\n"
DOWN = "at,status\n2026-01-01T12:00:00Z,no\n"
PACE = Pace(clock=lambda: NOW, stopwatch=lambda: 0.0, sleep=lambda _seconds: None)


class Watched:
    """A collector of one file, and how many bytes of the file its last reading took."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "rows.csv"
        self.bytes = 0
        self.collector = FilesCollector("files", (table(),), folder, self._count)

    def read(self, *, span: Span = EVER, now: int = NOW) -> list[Batch]:
        self.bytes = 0
        (stream,) = self.collector.streams
        return list(self.collector.collect(stream, span, now))

    def write(self, text: str, *, at: int = T0) -> None:
        self.path.write_text(text)
        os.utime(self.path, (at, at))

    def _count(self, count: int) -> None:
        self.bytes += count


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    made = Watched(tmp_path)
    made.write(UP)
    return made


def test_a_file_that_has_not_changed_is_not_opened_again(watched: Watched) -> None:
    first = rows(watched.read())
    assert watched.bytes > 0

    assert rows(watched.read()) == []
    assert watched.bytes == 0
    assert first == [("probe", T0, "up")]


def test_a_file_that_was_written_again_is_read_again(watched: Watched) -> None:
    watched.read()
    watched.write(UP + "2026-01-01T12:01:00Z,up\n", at=T0 + 60)

    assert rows(watched.read()) == [("probe", T0, "up"), ("probe", T0 + 60, "up")]


def test_a_longer_file_is_read_though_its_time_was_set_back(watched: Watched) -> None:
    watched.read()
    watched.write(UP + "2026-01-01T12:01:00Z,up\n")

    assert len(rows(watched.read())) == 2


def test_another_file_of_the_same_size_and_time_in_its_place_is_read(watched: Watched) -> None:
    watched.read()
    other = watched.path.with_suffix(".new")
    other.write_text(DOWN)
    os.utime(other, (T0, T0))
    assert other.stat().st_size == watched.path.stat().st_size

    other.rename(watched.path)

    assert rows(watched.read()) == [("probe", T0, "down")]


def test_a_file_that_was_written_just_now_is_not_trusted_to_show_its_next_change(
    watched: Watched,
) -> None:
    watched.write(UP, at=NOW - 1)
    watched.read()
    watched.write(DOWN, at=NOW - 1)

    assert rows(watched.read()) == [("probe", T0, "down")]


def test_a_reading_that_failed_is_not_remembered(watched: Watched) -> None:
    watched.write("at,status\nyesterday,up\n")

    for _ in range(2):
        with pytest.raises(InputError, match="cannot be used"):
            watched.read()
        assert watched.bytes > 0


def test_a_reading_that_was_broken_off_is_not_remembered(watched: Watched) -> None:
    (stream,) = watched.collector.streams
    next(iter(watched.collector.collect(stream, EVER, NOW)))

    assert rows(watched.read()) == [("probe", T0, "up")]


def test_rows_of_the_future_are_read_when_it_has_come(watched: Watched) -> None:
    many = "".join(f"2026-01-01T12:{minute:02}:00Z,up\n" for minute in range(1, 30))
    ahead = "2026-11-22T13:00:00Z,up\n"
    watched.write(UP + many + ahead)
    assert counted(watched.read()).dropped_future == 1

    later = watched.read(span=Span(EVER.since, NOW + 7_200), now=NOW + 7_200)

    assert rows(later)[-1] == ("probe", NOW + 3_600, "up")


def test_older_rows_that_are_wanted_now_are_read(watched: Watched) -> None:
    assert rows(watched.read(span=Span(T0 + 60, NOW))) == []

    assert rows(watched.read()) == [("probe", T0, "up")]


def test_what_is_wrong_with_an_unchanged_file_is_said_in_every_run(watched: Watched) -> None:
    watched.write(UP + UP.partition("\n")[2] * 20 + "2026-01-01T12:00:00Z,paused\n")

    first, second = watched.read(), watched.read()

    assert "rows.csv:23: the status 'paused'" in warned(first)[0]
    assert warned(second) == warned(first)
    assert counted(second).skipped_malformed == 1


def test_an_unchanged_file_with_a_warning_does_not_count_as_one_that_never_spoke(
    watched: Watched, tmp_path: Path
) -> None:
    watched.write(UP + UP.partition("\n")[2] * 20 + "2026-01-01T12:00:00Z,paused\n")
    lane = Lane("files", watched.collector)

    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=NOW) as store:
        runs = [collect_once(lane, store, NOW, PACE) for _ in range(2)]

    assert [run.silences for run in runs] == [{}, {}]
    assert [len(run.warnings) for run in runs] == [2, 2]
