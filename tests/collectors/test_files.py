"""What rows of files mean: columns, words, units, counts, keys and what is counted aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from file_builders import EVER, NOW, counted, facts, read, read_text, rows, table, warned, write
from pydantic import ValidationError

from collectors.contract import MAX_BATCH_ROWS, Named
from collectors.sources.files import SOURCE, Options, for_import, table_for
from slo.errors import ConfigError, InputError
from slo.facts import EventRow, SampleRows, StatusRows, TallyRows
from slo.indicator import Indicator, Latency, Ratio
from slo.spans import Span

T0 = 1_767_268_800  # 2026-01-01T12:00:00Z
PROBES = "at,service,status,ms\n"
UPTIME: dict[str, Any] = {"columns": {"latency": "ms"}, "unit": "ms", "valid_for": "26h"}


def test_a_probe_that_was_up_gives_its_state_and_its_latency_in_seconds(tmp_path: Path) -> None:
    text = PROBES + "2026-01-01T12:00:00Z,docs,up,467\n"

    status, latency = facts(read_text(tmp_path, text, **UPTIME))

    assert isinstance(status, StatusRows)
    assert isinstance(latency, SampleRows)
    assert (status.series.name, status.series.labels) == ("probe", (("service", "docs"),))
    assert (status.at.tolist(), status.valid_s.tolist()) == ([T0], [26 * 3_600])
    assert (latency.series.name, latency.value.tolist()) == ("probe_latency_seconds", [0.467])
    assert latency.series.service == status.series.service == "docs"


def test_the_latency_of_a_failed_probe_never_counts(tmp_path: Path) -> None:
    text = PROBES + "2026-01-01T12:00:00Z,docs,down,0\n2026-01-01T12:01:00Z,docs,down,220\n"

    assert rows(read_text(tmp_path, text, **UPTIME)) == [
        ("probe", T0, "down"),
        ("probe", T0 + 60, "down"),
    ]


def test_a_degraded_probe_keeps_its_latency_and_stays_visible(tmp_path: Path) -> None:
    text = PROBES + "2026-01-01T12:00:00Z,docs,Degraded,900\n"

    assert rows(read_text(tmp_path, text, **UPTIME)) == [
        ("probe", T0, "degraded"),
        ("probe_latency_seconds", T0, 0.9),
    ]


@pytest.mark.parametrize(("written", "state"), [("1", "up"), ("1.0", "up"), ("FALSE", "down")])
def test_zeros_ones_and_words_are_states(tmp_path: Path, written: str, state: str) -> None:
    text = f"at,status\n2026-01-01T12:00:00Z,{written}\n"

    assert rows(read_text(tmp_path, text)) == [("probe", T0, state)]


def test_the_words_for_up_are_those_configured_and_no_others(tmp_path: Path) -> None:
    text = "at,status\n2026-01-01T12:00:00Z,200\n2026-01-01T12:01:00Z,503\n"

    batches = read_text(tmp_path, text, up=["200", "204"], down=["500", "503"])

    assert rows(batches) == [("probe", T0, "up"), ("probe", T0 + 60, "down")]


def test_a_word_that_is_neither_up_nor_down_is_skipped_and_named(tmp_path: Path) -> None:
    text = "at,status\n" + "2026-01-01T12:00:00Z,up\n" * 99 + "2026-01-01T12:00:00Z,paused\n"

    batches = read_text(tmp_path, text)

    assert counted(batches).skipped_malformed == 1
    assert (
        "rows.csv:101: the status 'paused' is neither in `up` nor in `down`" in warned(batches)[0]
    )


def test_long_lived_observations_have_quarters_and_short_lived_ones_minutes(tmp_path: Path) -> None:
    text = "at,status\n2026-01-01T12:00:00Z,up\n"

    bins = [facts(read_text(tmp_path, text, valid_for=v))[0].series.bin_s for v in ("15m", "16m")]  # type: ignore[union-attr]

    assert bins == [60, 900]


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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"holds": "requests"}, "series and time of another; labels = [...] tells"),
        ({"columns": {"status": "good"}}, "series and time of another; labels = [...] tells"),
        ({"holds": "gauges", "columns": {"value": "good"}}, "key of another; key = [...] tells"),
    ],
)
def test_rows_that_repeat_another_are_told_with_the_option_that_tells_them_apart(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    text = "at,good,total,host\n2026-01-01T12:00:00Z,1,1,a\n2026-01-01T12:00:00Z,1,1,b\n"
    option = {"labels": ["host"]} if "labels" in said else {"key": ["host"]}

    (warning,) = warned(read_text(tmp_path, text, **options))
    apart = read_text(tmp_path, text, **options, **option)

    assert said in warning
    assert (len(rows(apart)), warned(apart)) == (2, [])


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


def test_an_event_keeps_its_other_columns_and_an_empty_cell_is_nothing(tmp_path: Path) -> None:
    text = "at,id,tag,note\n2026-01-01T12:00:00Z,7,v1,\n"

    (event,) = facts(read_text(tmp_path, text, holds="events", kind="release"))

    assert isinstance(event, EventRow)
    assert (event.key, event.at, event.ended_at) == ("7", T0, None)
    assert event.fields == {"id": "7", "tag": "v1", "note": None}


def test_an_incident_that_knows_its_end_is_later_than_one_that_does_not(tmp_path: Path) -> None:
    text = "at,id,ended_at\n2026-01-01T12:00:00Z,7,2026-01-01T13:00:00Z\n2026-01-01T12:00:00Z,7,\n"

    batches = read_text(tmp_path, text, holds="incidents")

    assert rows(batches) == [("incident", T0, "7", T0 + 3_600)]
    assert counted(batches).duplicates == 1


def test_keys_of_several_columns_cannot_run_into_each_other(tmp_path: Path) -> None:
    text = 'at,a,b\n2026-01-01T12:00:00Z,"x,y",z\n2026-01-01T12:00:00Z,x,"y,z"\n'

    found = rows(read_text(tmp_path, text, holds="incidents", key=["a", "b"]))

    assert len({row[2] for row in found}) == 2


def test_an_incident_that_ends_before_it_begins_is_skipped(tmp_path: Path) -> None:
    good = "".join(f"2026-01-01T12:00:00Z,{i},\n" for i in range(30))
    text = f"at,id,ended_at\n{good}2026-01-01T12:00:00Z,x,2026-01-01T11:00:00Z\n"

    batches = read_text(tmp_path, text, holds="incidents")

    assert len(rows(batches)) == 30
    assert counted(batches).skipped_malformed == 1


def test_a_gauge_without_a_number_is_dropped_and_counted_not_zero(tmp_path: Path) -> None:
    text = "at,value\n2026-01-01T12:00:00Z,NaN\n2026-01-01T12:01:00Z,\n2026-01-01T12:02:00Z,0\n"

    batches = read_text(tmp_path, text, holds="gauges", name="rating")

    assert rows(batches) == [("rating", T0 + 120, 0.0)]
    assert counted(batches).dropped_nonfinite == 2
    assert counted(batches).read == 3


def test_a_latency_that_is_no_number_costs_the_probe_nothing_else(tmp_path: Path) -> None:
    text = PROBES + "2026-01-01T12:00:00Z,docs,up,NaN\n2026-01-01T12:01:00Z,docs,up,\n"

    batches = read_text(tmp_path, text, **UPTIME)

    assert rows(batches) == [("probe", T0, "up"), ("probe", T0 + 60, "up")]
    assert counted(batches).dropped_nonfinite == 1
    assert counted(batches).read == 2


def test_labels_may_be_renamed_and_empty_ones_are_absent(tmp_path: Path) -> None:
    text = "at,status,Data Centre\n2026-01-01T12:00:00Z,up,eu\n2026-01-01T12:00:00Z,up,\n"

    found = facts(read_text(tmp_path, text, labels={"dc": "Data Centre"}))

    assert [fact.series.labels for fact in found] == [(("dc", "eu"),), ()]  # type: ignore[union-attr]


def test_the_service_may_be_named_once_for_all_rows(tmp_path: Path) -> None:
    (fact,) = facts(read_text(tmp_path, "at,status\n2026-01-01T12:00:00Z,up\n", service="shop"))

    assert isinstance(fact, StatusRows)
    assert fact.series.labels == (("service", "shop"),)


def test_a_mapped_time_of_observation_decides_which_account_is_later(tmp_path: Path) -> None:
    text = (
        "at,value,seen\n"
        "2026-01-01T12:00:00Z,2,2026-01-03T00:00:00Z\n"
        "2026-01-01T12:00:00Z,1,2026-01-02T00:00:00Z\n"
    )

    batches = read_text(
        tmp_path, text, holds="gauges", columns={"observed_at": "seen"}, name="rating"
    )

    assert rows(batches) == [("rating", T0, 2.0)]


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.json", '[{"at": 1767268800, "status": true},\n {"at": 1767268860, "status": 0}]'),
        (
            "rows.ndjson",
            '{"at": 1767268800, "status": "up"}\n\n{"at": 1767268860, "status": "down"}',
        ),
        ("rows.csv", "\ufeffat;status\r\n1767268800;up\r\n1767268860;down\r\n"),
        ("rows.csv.gz", "at;status\n1767268800;up\n1767268860.7;down\n"),
        (
            "rows.openmetrics",
            '# TYPE probe gauge\nprobe{a="b"} 1 1767268800\nprobe{a="b"} 0 1767268860.0\n# EOF\n',
        ),
    ],
)
def test_the_same_rows_mean_the_same_in_every_format(tmp_path: Path, name: str, text: str) -> None:
    options = {"columns": {"status": "probe"}} if name.endswith("openmetrics") else {}

    batches = read_text(tmp_path, text, name, delimiter=";", **options)

    assert rows(batches) == [("probe", T0, "up"), ("probe", T0 + 60, "down")]


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
