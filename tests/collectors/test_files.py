"""What rows of files mean: columns, words, units, keys and what is counted aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from file_builders import T0, counted, facts, read_text, rows, warned

from slo.facts import EventRow, SampleRows, StatusRows

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
