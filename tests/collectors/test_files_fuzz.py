"""Whatever a file holds, the answer is facts or a sentence, never a crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from file_builders import facts, read_text, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.contract import MAX_BATCH_ROWS, Batch
from slo.errors import InputError

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2026-01-01T12:00:00Z", "1767268800", "up", "down", "1", "NaN", "", '"', "\x00"]
    ),
    st.integers(-(10**30), 10**30).map(str),
    st.floats().map(repr),
)
HOLDS: list[dict[str, Any]] = [
    {"holds": "probes", "columns": {"latency": "good"}, "unit": "ms"},
    {"holds": "requests"},
    {"holds": "incidents", "key": ["service"]},
    {"holds": "gauges", "columns": {"value": "good"}},
]
lenient = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def attempted(
    folder: Path, body: bytes, file: str, how: dict[str, Any]
) -> tuple[list[Batch], InputError | None]:
    try:
        return read_text(folder, body, file, max_malformed=100.0, **how), None
    except InputError as error:
        return [], error


def survives(folder: Path, body: bytes, file: str, how: dict[str, Any]) -> None:
    batches, refused = attempted(folder, body, file, how)

    assert refused is None or all((refused.what, refused.where, refused.mend))
    assert all(len(rows([batch])) <= MAX_BATCH_ROWS for batch in batches)
    for fact in facts(batches):
        repr(fact).encode()


@pytest.mark.parametrize("how", HOLDS, ids=lambda how: str(how["holds"]))
@lenient
@given(table=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_no_table_of_strange_cells_brings_the_reader_down(
    tmp_path: Path, how: dict[str, Any], table: list[list[str]]
) -> None:
    lines = [["at", "service", "status", "good", "total"], *table]
    body = "\n".join(",".join(line) for line in lines).encode("utf-8", "surrogatepass")

    survives(tmp_path, body, "rows.csv", how)


@pytest.mark.parametrize("how", HOLDS, ids=lambda how: str(how["holds"]))
@pytest.mark.parametrize("file", ["rows.json", "rows.ndjson"])
@lenient
@given(
    value=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
        ),
        max_leaves=6,
    )
)
def test_no_json_value_in_any_cell_brings_the_reader_down(
    tmp_path: Path, how: dict[str, Any], file: str, value: object
) -> None:
    usual = {"at": 1_767_268_800, "service": "s", "status": "up", "good": 1, "total": 2}
    found = [usual, *({**usual, name: value} for name in usual), {"at": value}]
    lines = [json.dumps(row) for row in found]
    body = "[" + ",".join(lines) + "]" if file == "rows.json" else "\n".join(lines)

    survives(tmp_path, body.encode("utf-8", "surrogatepass"), file, how)


@pytest.mark.parametrize("file", ["a.csv", "a.json", "a.ndjson", "a.om", "a.csv.gz"])
@lenient
@given(body=st.binary(min_size=1, max_size=300))
def test_no_bytes_whatsoever_bring_the_reader_down(tmp_path: Path, file: str, body: bytes) -> None:
    survives(tmp_path, body, file, HOLDS[3])


@lenient
@given(
    lines=st.lists(
        st.one_of(
            st.text(max_size=30),
            st.builds(
                "{}{{{}}} {} {}".format,
                st.sampled_from(["probe_success", "a", "9"]),
                st.text(max_size=12),
                CELLS,
                CELLS,
            ),
        ),
        max_size=6,
    )
)
def test_no_line_of_openmetrics_brings_the_reader_down(tmp_path: Path, lines: list[str]) -> None:
    body = "\n".join([*lines, "# EOF"]).encode("utf-8", "surrogatepass")

    survives(tmp_path, body, "rows.om", {"holds": "probes"})
    survives(tmp_path, body, "rows.om", {"holds": "gauges"})
