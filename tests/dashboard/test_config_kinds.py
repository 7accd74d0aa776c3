"""Each way to measure needs its own keys, and every mistake is told on its line with what mends it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from dashboard.config import Config, load
from slo.errors import ConfigError
from slo.indicator import (
    Combined,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)

SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
PROBE = '[[source]]\nkind = "probe"\n[[source.target]]\nurl = "http://127.0.0.1:1/"\n'
SLO = '[[slo]]\nname = "a"\nobjective = 99\n'
SLICES = 'method = "timeslices"\nslice = "5m"\nslice_objective = 95\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(keys: str, *, source: str = SOURCE) -> Config:
    Path("config.toml").write_text(f"{source}{SLO}{keys}\n", encoding="utf-8")
    return load(Path("config.toml"), {})


def problems(keys: str, *, source: str = SOURCE) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(keys, source=source)
    start = 'slo "a": '
    return [one.partition(start)[2] for one in caught.value.what.split("\n")]


@pytest.mark.parametrize(
    ("keys", "indicator"),
    [
        (
            'gauge = \'depth{q="a"}\'\nop = "<"\nvalue = 100',
            Gauge('depth{q="a"}', Op.LT, 100.0),
        ),
        (
            'gauge = "free"\nop = ">="\nvalue = -0.75\nvalid_for = "1h"',
            Gauge("free", Op.GTE, -0.75, 3_600),
        ),
        ('points = "p"\nlatency = "500ms"', Gauge("p", Op.LTE, 0.5, percentile="p95")),
        (
            'points = "p"\nlatency = "2s"\npercentile = "p99.9"',
            Gauge("p", Op.LTE, 2.0, percentile="p99.9"),
        ),
        ('success_ratio = "r"', RawRatio("r")),
        (
            'failure_ratio = "r"\nvalid_for = "15m"',
            RawRatio("r", is_failure=True, valid_s=900),
        ),
        (
            f'histogram = "h"\nlatency = "500ms"\n{SLICES}',
            Sliced(Latency(0.5, histogram="h"), 300, Fraction(19, 20)),
        ),
        (
            'uptime = "up"\nmethod = "ratio-timeslices"\nslice = "15m"',
            Sliced(Uptime("up"), 900),
        ),
        ('total = "t"\nbad = "b"\nmethod = "occurrences"', Ratio("t", bad="b")),
        (
            'total = "t"\nbad = "b"\nmethod = "timeslices"\nslice = "1m"\nslice_objective = 100',
            Sliced(Ratio("t", bad="b"), 60, Fraction(1)),
        ),
    ],
)
def test_each_way_to_measure_becomes_its_indicator(keys: str, indicator: Indicator) -> None:
    config = configured(keys)

    assert config.slos[0].indicator == indicator


def test_slices_are_asked_of_a_source_as_what_they_are_made_of() -> None:
    refused = problems(f'gauge = "depth"\nop = "<"\nvalue = 1\n{SLICES}', source=PROBE)

    assert refused == [
        "gauge: no probe has depth; write gauge = 'probe_latency_seconds{service=\"shop\"}'"
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('gauge = "g"\nop = "<"', "value: missing; add for example value = 0.75"),
        ('gauge = "g"\nvalue = 1', 'op: missing; add for example op = "<="'),
        ('gauge = "g"\nop = "=="\nvalue = 1', 'op: must be one of "<", "<=", ">" or ">="'),
        ('gauge = "g"\nop = "<"\nvalue = "1"', "value: must be a number such as 0.75, without"),
        ('gauge = "g"\nop = "<"\nvalue = nan', "value: must be a number such as 0.75, not one"),
        ('gauge = "g"\nop = "<"\nvalue = -inf', "value: must be a number such as 0.75, not one"),
        ('gauge = "g"\nop = "<"\nvalue = 1e300', "value: must be a number such as 0.75, not one"),
        ('gauge = "g"\nop = "<"\nvalue = true', "value: must be a number such as 0.75, without"),
        ('gauge = "sum(g)"\nop = "<"\nvalue = 1', "gauge: 'sum(g)' is not a selector"),
        ('points = "p"', 'latency: missing; add for example latency = "500ms"'),
        (
            'points = "p"\nlatency = "1s"\npercentile = "95"',
            'percentile: must be "p" and a percentage below 100 such as "p95"',
        ),
        (
            'points = "p"\nlatency = "1s"\npercentile = "p95\\nall is well"',
            'percentile: must be "p" and a percentage below 100 such as "p95"',
        ),
        ('uptime = "up"\npercentile = "p95"', "percentile: does not go with uptime"),
        ('success_ratio = "r"\nfailure_ratio = "r"', "failure_ratio: measures something else"),
        ('uptime = "up"\nop = "<"', "op: does not go with uptime"),
    ],
)
def test_a_key_that_does_not_fit_its_way_to_measure_is_told_with_what_does(
    keys: str, told: str
) -> None:
    (problem,) = problems(keys)

    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            'method = "timeslices"\nslice_objective = 95',
            'slice: missing; add for example slice = "5m"',
        ),
        ('method = "timeslices"\nslice = "5m"', "slice_objective: missing; add for example"),
        ('method = "ratio-timeslices"', 'slice: missing; add for example slice = "5m"'),
        (
            'method = "ratio-timeslices"\nslice = "5m"\nslice_objective = 95',
            'slice_objective: goes with method = "timeslices", not with ratio-timeslices',
        ),
        (
            'slice = "5m"',
            'slice: goes with method = "timeslices" or "ratio-timeslices", not with occurrences',
        ),
        (
            SLICES.replace("5m", "7m"),
            "slice: must be 1m, 3m, 5m or 15m, which divide a quarter of an hour",
        ),
        (SLICES.replace("5m", "1h"), "slice: must be 1m, 3m, 5m or 15m"),
        (SLICES.replace("95", "0"), "slice_objective: must be a percentage of the slice above 0"),
        (SLICES.replace("95", "100.1"), "slice_objective: must be a percentage of the slice above"),
        (SLICES.replace("timeslices", "slices"), "method: must be one of"),
    ],
)
def test_slices_of_time_need_their_length_and_when_one_is_good(keys: str, told: str) -> None:
    found = problems(f'uptime = "up"\n{keys}')

    assert [one for one in found if one.startswith(told)]


def test_a_composite_has_members_by_a_named_method_and_no_slices_of_its_own() -> None:
    found = problems(f'composite = "worst-member"\nmembers = ["a"]\n{SLICES}')

    assert "slice: does not go with composite; slice its members" in found
    assert "members: missing; add for example" in "".join(problems('composite = "worst-member"'))


def test_the_weights_of_a_composite_are_exact_and_greater_than_nothing() -> None:
    assert Composite(Combined.WEIGHTED_BURN, ("a", "b"), (Fraction(7, 10), Fraction(3)))
    keys = 'composite = "weighted-burn"\nmembers = ["b", "c"]\nweights = '

    assert any("weights 1: must be greater than 0" in one for one in problems(f"{keys}[0, 1]"))
    assert any("weights 2: must be a number" in one for one in problems(f'{keys}[1, "1"]'))
