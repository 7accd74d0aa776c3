"""Promises that read one series must keep it in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import Config, load
from slo.errors import ConfigError

SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def slo(name: str, keys: str) -> str:
    return f'[[slo]]\nname = "{name}"\nobjective = 99\n{keys}\n'


def configured(*tables: str, top: str = "") -> Config:
    Path("config.toml").write_text(top + SOURCE + "".join(tables))
    return load(Path("config.toml"), {})


def problems(*tables: str, top: str = "") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(*tables, top=top)
    return caught.value.what.split("\n")


def test_two_promises_on_one_probe_must_agree_on_how_long_a_status_holds() -> None:
    found = problems(
        slo("short", 'uptime = \'up{job="a"}\'\nvalid_for = "5m"'),
        slo("long", 'uptime = "up{ job=\'a\' }"\nvalid_for = "10m"'),
    )

    assert found == [
        (
            'config.toml:13: slo "long": valid_for: a status holds 10m here and 5m in'
            ' slo "short" (config.toml:4), but both read one probe; write the same'
        )
    ]


def test_a_selector_within_another_reads_the_same_probe() -> None:
    (found,) = problems(
        slo("all", "uptime = 'up'"),
        slo("one", 'uptime = \'up{job="a"}\'\nvalid_for = "10m"'),
    )

    assert 'slo "one": valid_for: a status holds 10m here and 5m in slo "all"' in found


def test_two_promises_on_the_same_samples_must_agree_on_which_are_left_out() -> None:
    samples = "samples = 'probe_seconds'\nlatency = \"1s\""
    found = problems(
        slo("every", samples),
        slo("good", f"{samples}\nonly_if = 'probe_success'"),
    )

    assert found == [
        (
            'config.toml:14: slo "good": only_if: differs from slo "every" (config.toml:4),'
            " but both read the same samples; write the same"
        )
    ]


@pytest.mark.parametrize(
    "keys",
    ['op = "<"\nvalue = 2', 'op = "<"\nvalue = 2\nmethod = "ratio-timeslices"\nslice = "5m"'],
)
def test_a_gauge_reads_all_samples_and_a_latency_beside_it_must_too(keys: str) -> None:
    found = problems(
        slo("good", "samples = 's'\nlatency = \"1s\"\nonly_if = 'ok'"),
        slo("depth", f"gauge = 's'\n{keys}"),
    )

    assert found == [
        (
            'config.toml:10: slo "depth": only_if: differs from slo "good" (config.toml:4),'
            " but both read the same samples; write the same"
        )
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("uptime = 'up'\ncombine = \"any\"", "uptime = 'up'\ncombine = \"all\""),
        ("uptime = 'up'", "uptime = 'up'\nvalid_for = \"300s\""),
        ("uptime = 'up{job=\"a\"}'", 'uptime = \'up{job="b"}\'\nvalid_for = "1h"'),
        ("uptime = 'up'", "uptime = 'probe'\nvalid_for = \"1h\""),
        ("samples = 's'\nlatency = \"1s\"", "samples = 's'\nlatency = \"2s\""),
        ("samples = 's'\nlatency = \"1s\"", "uptime = 's'\nvalid_for = \"1h\""),
        ('gauge = \'s\'\nop = "<"\nvalue = 1\nvalid_for = "1h"', "success_ratio = 's'"),
        ("points = 's'\nlatency = \"1s\"", "samples = 's'\nlatency = \"1s\""),
        (
            'samples = \'s\'\nlatency = "1s"\nonly_if = \'g{a="1",b="2"}\'',
            'samples = \'s\'\nlatency = "2s"\nonly_if = \'g{b="2", a="1"}\'',
        ),
    ],
)
def test_promises_that_keep_their_series_alike_or_apart_stand_side_by_side(
    one: str, two: str
) -> None:
    assert len(configured(slo("one", one), slo("two", two)).slos) == 2


def test_the_same_probe_at_two_sources_is_two_probes() -> None:
    other = '[[source]]\nname = "other"\nkind = "prometheus"\nurl = "http://127.0.0.1:9091"\n'
    config = configured(
        other,
        slo("here", "uptime = 'up'\nsource = \"prometheus\""),
        slo("there", 'uptime = \'up\'\nsource = "other"\nvalid_for = "1h"'),
    )

    assert len(config.slos) == 2
