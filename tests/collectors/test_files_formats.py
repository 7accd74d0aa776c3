"""JSON, NDJSON and OpenMetrics that are broken, cut off or of something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from file_builders import counted, read, read_text, rows, table, warned, write
from file_refusals import HEADER, ROW, refused, refused_text

from slo.errors import InputError

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
