"""Files that are not what they should be end in a sentence, before a single row is passed on."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from file_builders import EVER, NOW, counted, read, read_text, rows, table, warned, write

from collectors.contract import Named
from collectors.files.collector import FilesCollector
from collectors.sources.files import Options, for_import, table_for
from slo.errors import InputError

HEADER = "at,status\n"
ROW = "2026-01-01T12:00:00Z,up\n"


def refused(folder: Path, path: str, **options: Any) -> InputError:
    """The error with which a file is refused; no batch came before it."""
    collector = for_import(Named("files", "-"), table(**options), [str(folder / path)])
    (stream,) = collector.streams
    with pytest.raises(InputError) as caught:
        next(collector.collect(stream, EVER, NOW))
    assert str(folder / path) in caught.value.where
    assert caught.value.mend
    return caught.value


def refused_text(folder: Path, text: str | bytes, file: str = "rows.csv", /, **options: Any) -> str:
    """The sentence with which a file that holds the text is refused."""
    write(folder, text, file)
    return refused(folder, file, **options).what


@pytest.mark.parametrize("path", ["http://127.0.0.1/x.csv", "file:///etc/passwd", "s3://b/x.csv"])
def test_a_url_is_never_opened_by_an_import(path: str) -> None:
    with pytest.raises(InputError, match="this is a URL"):
        for_import(Named("files", "-"), table(), [path])


def test_a_packed_file_that_expands_beyond_64_mb_is_refused_in_bounded_memory(
    tmp_path: Path,
) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as packed:
        packed.write(HEADER.encode())
        for _ in range(200):
            packed.write(ROW.encode() * 43_690)
    script = (
        "import resource\n"
        "from collectors.contract import Named\n"
        "from collectors.files.collector import FilesCollector\n"
        "from collectors.sources.files import Options, for_import, table_for\n"
        "from collectors.files.table import FileTable\n"
        "from slo.errors import InputError\n"
        "from slo.spans import Span\n"
        "table = FileTable(path='-', holds='probes')\n"
        f"collector = for_import(Named('f', '-'), table, [{str(bomb)!r}])\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "try:\n"
        f"    next(collector.collect(collector.streams[0], Span(0, {NOW}), {NOW}))\n"
        "except InputError as error:\n"
        "    print(error.what)\n"
        "print(peak() - before)\n"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    said, grown = ran.stdout.splitlines()
    unit = 1 if sys.platform == "darwin" else 1_000
    assert bomb.stat().st_size < 2_000_000
    assert said == "the file expands beyond 64 MB"
    assert int(grown) * unit < 64_000_000


def test_the_limit_of_a_packed_file_can_be_raised(tmp_path: Path) -> None:
    text = HEADER + ROW * 60_000

    said = refused_text(tmp_path, text, "rows.csv.gz", max_expanded="1MB")
    batches = read(tmp_path, table("rows.csv.gz", max_expanded="2MB"))

    assert said == "the file expands beyond 1 MB"
    assert counted(batches).read == 60_000


def test_a_huge_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for i in range(150_000):
            file.write(f"{1_700_000_000 + i},up\n")
    script = (
        "import resource\n"
        "from collectors.contract import Named\n"
        "from collectors.files.collector import FilesCollector\n"
        "from collectors.sources.files import Options, for_import, table_for\n"
        "from collectors.files.table import FileTable\n"
        "from slo.spans import Span\n"
        "table = FileTable(path='-', holds='probes')\n"
        f"collector = for_import(Named('f', '-'), table, [{str(path)!r}])\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        f"batches = collector.collect(collector.streams[0], Span(0, {NOW}), {NOW})\n"
        "print(sum(len(fact.at) for batch in batches for fact in batch.facts))\n"
        "print(peak() - before)\n"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    count, grown = map(int, ran.stdout.splitlines())
    assert count == 150_000
    assert grown * (1 if sys.platform == "darwin" else 1_000) < 64_000_000


def test_a_packed_file_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    whole = gzip.compress(
        (HEADER + "".join(f"{1_767_268_800 + i},up\n" for i in range(9_999))).encode()
    )

    said = refused_text(tmp_path, whole[:-20], "cut.csv")

    assert said == "the gzip file is cut off"


def test_a_packed_file_with_flipped_bytes_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress((HEADER + ROW * 500).encode()))
    packed[-6] ^= 0xFF

    assert refused_text(tmp_path, bytes(packed), "bad.csv").startswith("the gzip file is damaged")


def test_a_file_packed_twice_is_refused(tmp_path: Path) -> None:
    twice = gzip.compress((HEADER + ROW).encode())

    assert "packed twice" in refused_text(tmp_path, twice, "rows.csv.gz")


def test_a_name_that_promises_gzip_is_held_to_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv.gz").write_text(HEADER + ROW)

    assert "is not gzip" in refused(tmp_path, "rows.csv.gz").what


def test_archives_and_databases_are_named_not_parsed(tmp_path: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", HEADER + ROW)

    assert "a zip archive" in refused_text(tmp_path, body.getvalue())
    assert "an SQLite database" in refused_text(tmp_path, b"SQLite format 3\x00" + bytes(100))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, encoding: str
) -> None:
    write(tmp_path, (HEADER + ROW).encode(encoding))

    error = refused(tmp_path, "rows.csv")

    assert error.what == "the text is UTF-16 or binary, not UTF-8"
    assert "iconv" in error.mend


def test_a_saved_login_page_is_no_table(tmp_path: Path) -> None:
    assert "HTML page" in refused_text(tmp_path, "\n<!DOCTYPE html><html><body>Sign in")


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


DEEP = '[{"at": ' + "[" * 200_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"incidents": []}', "no list of objects"),
        ('"text"', "no list of objects"),
        ('[{"at": 1767268800, "status": "up"}', "the list is cut off"),
        ('[{"at": 1767268800, "sta', "cut off or broken"),
        ('[{"at": 1767268800 "status": 1}]', "cut off or broken"),
        ("[1, 2]", "no object where one must begin"),
        ('[{"at": 1767268800, "status": 1}] x', "something follows"),
        ('[{"at": ' + "9" * 5_000 + "}]", "thousands of digits"),
        ('[{"at": "' + "x" * 1_100_000 + '"}]', "1 MB|cannot be used"),
        (DEEP, "nested too deeply"),
        ('[{"at": {"a": 1}, "status": 1}]', "1 of 1 rows"),
    ],
    ids=lambda value: value[:12],
)
def test_broken_json_is_refused_with_the_object_it_breaks_at(
    tmp_path: Path, text: str, said: str
) -> None:
    write(tmp_path, text, "rows.json")

    with pytest.raises(InputError, match=said):
        read(tmp_path, table("rows.json"))


def test_a_broken_line_of_ndjson_is_skipped_and_a_broken_file_refused(tmp_path: Path) -> None:
    good = "".join(f'{{"at": {1_767_268_800 + i}, "status": "up"}}\n' for i in range(40))
    bad = '{"at": \n[1]\n'

    batches = read_text(tmp_path, good + bad, "rows.ndjson")

    assert counted(batches).skipped_malformed == 2
    assert "2 of 3 rows" in refused_text(tmp_path, bad + good[:35], "rows.ndjson")


def test_openmetrics_without_its_end_is_cut_off(tmp_path: Path) -> None:
    text = "probe_success 1 1767268800\n"

    assert "# EOF" in refused_text(tmp_path, text, "rows.openmetrics")


@pytest.mark.parametrize(
    "line",
    [
        'probe_success{a="b} 1 1767268800',
        'probe_success{a="b",a="c"} 1 1767268800',
        "probe_success 1",
        "probe_success up 1767268800",
        "probe_success 1 1767268800000",
        "probe_success 1 -5",
        "9 1 1767268800",
    ],
)
def test_a_sample_that_cannot_be_read_is_counted_against_the_file(
    tmp_path: Path, line: str
) -> None:
    said = refused_text(tmp_path, f"{line}\n# EOF\n", "rows.openmetrics")

    assert "1 of 1 rows cannot be used" in said


def test_counters_of_openmetrics_are_left_out_aloud(tmp_path: Path) -> None:
    text = "# TYPE a counter\na_total 5 1767268800\n# TYPE b gauge\nb 2 1767268800\n# EOF\n"

    batches = read_text(tmp_path, text, "rows.om", holds="gauges")

    assert rows(batches) == [("b", 1_767_268_800, 2.0)]
    assert warned(batches) == ["1 other metrics were left out: a_total"]


def test_requests_cannot_be_read_from_openmetrics(tmp_path: Path) -> None:
    said = refused_text(tmp_path, "a 1 1767268800\n# EOF\n", "rows.om", holds="requests")

    assert said == "OpenMetrics files of requests are not read"


def test_a_name_that_tells_no_format_is_refused_with_the_formats_there_are(tmp_path: Path) -> None:
    write(tmp_path, HEADER + ROW, "rows.txt")

    assert "csv, json, ndjson, openmetrics" in refused(tmp_path, "rows.txt").mend
