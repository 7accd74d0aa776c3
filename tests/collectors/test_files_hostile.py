"""Files that are not what they should be end in a sentence, before a single row is passed on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from file_builders import EVER, NOW, counted, read, read_text, rows, table, warned, write
from file_refusals import HEADER, ROW, refused, refused_text

from collectors.contract import Named
from collectors.files.collector import FilesCollector
from collectors.sources.files import Options, for_import, table_for
from slo.errors import InputError


@pytest.mark.parametrize("path", ["http://127.0.0.1/x.csv", "file:///etc/passwd", "s3://b/x.csv"])
def test_a_url_is_never_opened_by_an_import(path: str) -> None:
    with pytest.raises(InputError, match="this is a URL"):
        for_import(Named("files", "-"), table(), [path])


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    many = ",".join(f"c{i}" for i in range(120_000)) + "\n"

    assert "120,000 columns" in refused_text(tmp_path, many)
    assert "longer than 1 MB" in refused_text(tmp_path, "c," * 1_000_000)


def test_a_row_beyond_one_megabyte_is_refused_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, HEADER + ROW + "x," * 600_000)

    error = refused(tmp_path, "rows.csv")

    assert error.what == "a row is longer than 1 MB"
    assert error.where.endswith("rows.csv:3")


def test_a_quotation_mark_left_open_counts_every_row_it_swallowed(tmp_path: Path) -> None:
    text = HEADER + ROW * 50 + '"' + ROW * 50

    said = refused_text(tmp_path, text)

    assert "50 of 100 rows cannot be used" in said
    assert "rows.csv:52" in said


def test_a_folder_a_pipe_and_a_missing_file_have_three_sentences(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")

    assert refused(tmp_path, "folder.csv").what == "this is a folder"
    assert refused(tmp_path, "pipe.csv").what == "this is no regular file"
    assert refused(tmp_path, "none.csv").what == "there is no such file"


def test_symbolic_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")

    options = Options.model_validate({"file": [{"path": "*.csv", "holds": "probes"}]})
    assert table_for(options, str(tmp_path / "a.csv")) is None
    assert refused(tmp_path, "a.csv").what == "its symbolic links run in a circle"


def test_a_pattern_without_a_match_fails_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read(tmp_path, table("probes/*.csv"))


def test_an_empty_file_is_refused_and_one_without_rows_is_told(tmp_path: Path) -> None:
    assert refused_text(tmp_path, "") == "the file is empty"
    assert warned(read_text(tmp_path, HEADER)) == ["rows.csv holds no rows"]


@pytest.mark.parametrize("good", ["nan", "inf", ""])
def test_a_file_of_which_no_row_holds_a_number_is_told_of(tmp_path: Path, good: str) -> None:
    row = "2026-01-01T12:00:00Z,{good},10\n".format
    text = "at,good,total\n" + row(good=good) * 2
    all_unknown = read_text(tmp_path, text, holds="requests")
    one_known = read_text(tmp_path, text + row(good=9), "known.csv", holds="requests")

    assert warned(all_unknown) == ["none of the 2 rows of rows.csv can be used"]
    assert warned(one_known) == []


def test_a_header_is_checked_even_where_no_row_follows(tmp_path: Path) -> None:
    assert refused_text(tmp_path, "x\n") == "there is no column 'at'"


def test_a_name_that_is_no_text_is_shown_and_stored_as_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text(HEADER + ROW)
    collector = FilesCollector("files", (table("*.csv"),), tmp_path)

    (stream,) = collector.streams

    assert stream.name == "caf\\udce9.csv"
    assert len(rows(list(collector.collect(stream, EVER, NOW)))) == 1


@pytest.mark.parametrize(
    "path", ["x" * 5_000 + "*.csv", "x" * 5_000 + ".csv", "a/b*.csv", "[a.csv"]
)
def test_no_name_whatsoever_brings_the_reader_down(tmp_path: Path, path: str) -> None:
    options = Options.model_validate({"file": [{"path": path, "holds": "probes"}]})

    with pytest.raises(InputError):
        read(tmp_path, table(path))
    assert table_for(options, path) is not None or "[" in path


def test_a_missing_column_is_named_with_the_nearest_there_is(tmp_path: Path) -> None:
    write(tmp_path, "at,stauts\n2026-01-01T12:00:00Z,up\n")

    error = refused(tmp_path, "rows.csv")

    assert error.what == "there is no column 'status' (did you mean \"stauts\"?)"
    assert "the file has at, stauts" in error.mend


def test_one_service_for_all_rows_that_is_called_like_a_column_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "at,status,slug\n2026-01-01T00:00:00Z,up,shop\n")

    error = refused(tmp_path, "rows.csv", service="slug")

    assert error.what == "service = 'slug' is one service for all rows, and also a column"
    assert 'columns = { service = "slug" }' in error.mend


def test_a_column_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    assert "twice" in refused_text(tmp_path, "at,status,status\n")


def test_a_row_of_another_width_is_skipped_and_its_line_is_named(tmp_path: Path) -> None:
    text = HEADER + "".join(f"{1_767_268_800 + i},up\n" for i in range(40)) + "x\n\n"

    batches = read_text(tmp_path, text)

    assert len(rows(batches)) == 40
    assert counted(batches).skipped_malformed == 1
    assert "rows.csv:42: 1 columns where the header has 2" in warned(batches)[0]


@pytest.mark.parametrize(
    "cell", [b"caf\xe9", b"a\x00b", "\U0001d4d0".encode("utf-8")[:2]], ids=["latin", "nul", "cut"]
)
def test_a_label_that_is_no_text_costs_its_row_and_no_other(tmp_path: Path, cell: bytes) -> None:
    good = b"".join(b"%d,shop,up\n" % (1_767_268_800 + i) for i in range(5_000))
    text = b"at,service,status\n" + good + b"1767268800," + cell + b",up\n"

    batches = read_text(tmp_path, text)

    assert counted(batches).skipped_malformed == 1
    assert len(rows(batches)) == 5_000


def test_a_label_longer_than_a_kilobyte_is_no_label(tmp_path: Path) -> None:
    text = f"at,service,status\n2026-01-01T12:00:00Z,{'x' * 1_001},up\n"

    assert "service is longer than 1 kB" in refused_text(tmp_path, text)


def test_more_than_ten_thousand_series_are_refused(tmp_path: Path) -> None:
    text = "at,service,status\n" + "".join(f"1767268800,s{i},up\n" for i in range(10_001))

    assert "more than 10,000 series" in refused_text(tmp_path, text)


def test_a_file_half_of_whose_rows_are_broken_stores_nothing_unless_allowed(tmp_path: Path) -> None:
    text = HEADER + ROW + "yesterday,up\n"

    said = refused_text(tmp_path, text)
    allowed = read_text(tmp_path, text, max_malformed=50.0)

    assert "1 of 2 rows cannot be used" in said
    assert "rows.csv:3: 'yesterday' is no time" in said
    assert len(rows(allowed)) == 1
