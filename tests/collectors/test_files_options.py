"""The options of files: streams, batches, spans, and the mend of what cannot be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from file_builders import EVER, NOW, T0, counted, read, read_text, rows, table, write
from pydantic import ValidationError

from collectors.contract import MAX_BATCH_ROWS, Named
from collectors.sources.files import SOURCE, Options, for_import, table_for
from slo.errors import ConfigError, InputError
from slo.indicator import Indicator, Latency, Ratio
from slo.spans import Span


@pytest.mark.parametrize(("usable", "allowing"), [(0, None), (1, 91), (5, 67), (99, 10)])
def test_allowing_more_unusable_rows_is_advised_only_where_it_helps(
    tmp_path: Path, usable: int, allowing: int | None
) -> None:
    text = "at,status\n" + f"{T0},up\n" * usable + "yesterday,up\n" * 10

    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text, max_malformed=9.0)

    assert f"rows.csv:{usable + 2}: 'yesterday' is no time" in caught.value.what
    assert ("max_malformed" in caught.value.mend) == (allowing is not None)
    if allowing is None:
        assert "as that first row has them" in caught.value.mend
    else:
        assert caught.value.mend.endswith(f"max_malformed = {allowing}")
        assert rows(read_text(tmp_path, text, max_malformed=float(allowing)))


def test_no_batch_holds_one_key_twice_and_both_accounts_reach_the_store(tmp_path: Path) -> None:
    text = "at,value\n" + "".join(f"2026-01-01T12:00:00Z,{i % 3}\n" for i in range(9))

    batches = [b for b in read_text(tmp_path, text, holds="gauges") if b.facts]

    assert all(len(rows([batch])) == 1 for batch in batches)
    assert {rows([batch])[0][2] for batch in batches} == {0.0, 1.0, 2.0}
    assert counted(batches).duplicates == 8


def test_batches_stay_within_their_size_and_claim_no_span(tmp_path: Path) -> None:
    text = "at,status\n" + "".join(f"{T0 + 60 * i},up\n" for i in range(12_001))

    batches = read_text(tmp_path, text)

    assert sum(len(rows([batch])) for batch in batches) == 12_001
    assert all(len(rows([batch])) <= MAX_BATCH_ROWS for batch in batches)
    assert all(batch.span is None for batch in batches)
    assert counted(batches).read == 12_001


def test_only_the_asked_span_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "at,status\n" + "".join(f"{T0 + 60 * i},up\n" for i in range(10)))

    found = rows(read(tmp_path, table(), span=Span(T0 + 60, T0 + 180)))

    assert [row[1] for row in found] == [T0 + 60, T0 + 120]


def test_one_stream_a_file_and_one_more_where_it_is_read_for_something_else(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv"):
        write(tmp_path, "at,status,v\n2026-01-01T12:00:00Z,up,1\n", name)
    gauge = table("b.csv", holds="gauges", columns={"value": "v"}, name="rating")
    options = Options.model_validate(
        {"file": [table("*.csv").model_dump(), gauge.model_dump()], "root": str(tmp_path)}
    )

    streams = SOURCE.build(Named("files", "config.toml:1"), options).streams

    assert [s.name for s in streams] == ["a.csv", "b.csv (probes probe)", "b.csv (gauges rating)"]
    assert all(stream.whole for stream in streams)
    assert table_for(options, str(tmp_path / "a.csv")) == options.file[0]
    assert table_for(options, str(tmp_path / "a.txt")) is None


def test_an_import_tells_of_every_byte_of_both_passes(tmp_path: Path) -> None:
    paths = [str(write(tmp_path, "at,status\n1767268800,up\n", f"{i}.csv.gz")) for i in range(3)]
    told: list[int] = []

    collector = for_import(Named("import", "-"), table("-"), [*paths, paths[0]], told.append)
    batches = [b for s in collector.streams for b in collector.collect(s, EVER, NOW)]

    assert len(rows(batches)) == 3
    assert sum(told) == collector.total_bytes == 2 * sum(Path(p).stat().st_size for p in paths)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "http://x/y.csv"}, "is a URL"),
        ({"path": "file:///etc/passwd"}, "is a URL"),
        ({"path": "**/y.csv"}, "is no path or pattern"),
        ({"zone": "../../etc/passwd"}, "is no IANA zone"),
        ({"zone": "Mars/Phobos"}, "is no IANA zone"),
        ({"columns": {"latencey": "ms"}}, 'did you mean "latency"'),
        ({"columns": {"latency": "ms"}}, 'unit = "ms" or "s"'),
        ({"holds": "events"}, "kind is needed"),
        ({"every": "90s"}, "whole minutes"),
        ({"every": "5"}, "no unit"),
        ({"labels": ["Data Centre"]}, "is no label name"),
        ({"labels": ["service"]}, "is a label already"),
        ({"delimiter": "||"}, "one character"),
        ({"max_expanded": "64"}, "is no size"),
        ({"name": "a b"}, "must be letters"),
        ({"colums": {}}, "Extra inputs"),
    ],
)
def test_a_wrong_option_is_refused_with_its_mend(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        table(**options)


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        (Latency(0.5, histogram="x_bucket"), "files hold no histograms"),
        (Latency(0.5, samples="x", only_if="up"), "only_if has no meaning"),
        (Ratio("requests", good="ok"), "carry good and total together"),
        (Ratio("requests", bad="errors"), "carry good and total together"),
    ],
)
def test_an_slo_that_no_file_can_answer_is_refused_not_left_unmeasured(
    indicator: Indicator, said: str
) -> None:
    options = Options.model_validate({"file": [{"path": "x.csv", "holds": "probes"}]})

    with pytest.raises(ConfigError, match=said):
        SOURCE.build(Named("files", "config.toml:3", (indicator,)), options)
    with pytest.raises(ConfigError, match=said):
        for_import(Named("files", "-", (indicator,)), table(), ["x.csv"])
