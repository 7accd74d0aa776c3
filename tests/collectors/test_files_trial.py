"""A first look into files: what it finds, and how little of them it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from file_builders import EVER, NOW, table, write

from collectors.files.collector import FilesCollector
from collectors.findings import Finding, Grade, note, well
from slo.errors import InputError

HEAD = "at,status\n"
UP = "2026-11-22T00:00:00Z,up\n"
WRONG = "2026-11-22T00:00:00Z,sideways\n"
ENDLESS = "x" * 1_100_000


def looked(folder: Path, *names: str) -> list[Finding]:
    return list(FilesCollector("files", tuple(map(table, names)), folder).tried(NOW))


def test_a_look_ends_after_the_first_rows_however_the_file_goes_on(tmp_path: Path) -> None:
    write(tmp_path, HEAD + UP * 6_000 + ENDLESS)
    collector = FilesCollector("files", (table(),), tmp_path)

    assert looked(tmp_path, "rows.csv") == [well("answers: 1 file, 4,999 rows in a first look")]
    with pytest.raises(InputError, match="longer than 1 MB"):
        list(collector.collect(collector.streams[0], EVER, NOW))


def test_of_many_files_a_few_rows_each_are_read(tmp_path: Path) -> None:
    names = [f"{i}.csv" for i in range(100)]
    for name in names:
        write(tmp_path, HEAD + UP * 600 + ENDLESS, name)

    assert looked(tmp_path, "*.csv") == [well("answers: 100 files, 49,900 rows in a first look")]


def test_more_files_than_can_be_opened_within_seconds_are_counted(tmp_path: Path) -> None:
    for i in range(1_003):
        write(tmp_path, HEAD + UP, f"{i}.csv")

    assert looked(tmp_path, "*.csv") == [
        note("3 more files were not looked into"),
        well("answers: 1,000 files, 1,000 rows in a first look"),
    ]


@pytest.mark.parametrize(
    ("text", "grade", "said"),
    [
        (HEAD + UP * 9 + WRONG, Grade.WRONG, "1 of 10 rows cannot be used"),
        (HEAD + WRONG * 9_000, Grade.WRONG, "4,999 of 4,999 rows cannot be used"),
        (HEAD + WRONG * 4_000 + UP * 90_000, Grade.NOTE, "4,000 of 4,999 rows of rows.csv cannot"),
        (HEAD + UP * 99 + WRONG, Grade.NOTE, "1 of 100 rows of rows.csv cannot be used"),
        (HEAD, Grade.NOTE, "rows.csv holds no rows"),
    ],
)
def test_rows_that_cannot_be_used_are_wrong_where_that_is_sure_and_else_a_note(
    tmp_path: Path, text: str, grade: Grade, said: str
) -> None:
    write(tmp_path, text)

    first = looked(tmp_path, "rows.csv")[0]

    assert (first.grade, said in first.what) == (grade, True)


def test_one_file_that_is_not_there_hides_no_other(tmp_path: Path) -> None:
    write(tmp_path, HEAD + WRONG, "b.csv")

    found = looked(tmp_path, "a.csv", "b.csv")

    assert [one.grade for one in found] == [Grade.WRONG, Grade.WRONG]
    assert found[0].what == f"{tmp_path}/a.csv: there is no such file"
