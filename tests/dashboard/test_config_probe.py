"""A source of probes in config.toml: secrets and files inside its targets, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import load
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SOURCE = '[[source]]\nkind = "probe"\nevery = "30s"\n'
TARGET = '[[source.target]]\nurl = "https://shop.example/health?k=v"\n'


def options(text: str, environ: Mapping[str, str] | None = None, *, asked: bool = True) -> Any:
    Path("config.toml").write_text(text, encoding="utf-8")
    config = load(Path("config.toml"), environ or {}, with_sources=asked)
    return config.sources[0].options


def problems(text: str, *, asked: bool = True) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        options(text, asked=asked)
    return [one.removeprefix("config.toml:") for one in caught.value.what.split("\n")]


def test_a_target_needs_its_address_alone() -> None:
    found = options(SOURCE + TARGET)

    assert found.valid_s == 70
    (target,) = found.target
    assert (target.owner, target.label) == ("shop.example", "https://shop.example/health")
    assert target.timeout_s(30.0) == 10
    assert target.timeout_s(5.0) == 2.5
    assert [target.expects(status) for status in (199, 200, 299, 300)] == [False, True, True, False]


def test_a_range_of_one_status_is_that_status() -> None:
    (target,) = options(f'{SOURCE}{TARGET}expect_status = ["200-200"]\n').target

    assert [target.expects(status) for status in (199, 200, 201)] == [False, True, False]


def test_the_secrets_and_files_of_a_target_are_looked_up_like_those_of_a_source() -> None:
    Path("ca.pem").write_text("-")
    table = f'{TARGET}ca_file = "ca.pem"\n[source.target.headers]\n'

    found = options(f'{SOURCE}{table}Authorization = {{ env = "KEY" }}\n', {"KEY": "canary"})

    assert found.target[0].headers["Authorization"].get_secret_value() == "canary"
    assert Path(found.target[0].ca_file).is_file()
    assert "canary" not in repr(found)


def test_what_asks_no_source_needs_no_secret_and_no_file_of_a_target() -> None:
    text = (
        f'{SOURCE}{TARGET}ca_file = "gone.pem"\nheaders = {{ Authorization = {{ env = "KEY" }} }}\n'
    )

    assert options(text, asked=False) is None
    found = problems(text)
    assert [one.partition(":")[0] for one in found] == ["6", "7"]
    assert 'target 1.ca_file: no file "gone.pem"' in found[0]
    assert "target 1.headers.Authorization: the environment variable KEY is not set" in found[1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('headers = { Authorization = "hunter2" }', "a secret is never written out here"),
        ('method = "POST"', 'must be one of "GET" or "HEAD"'),
        ("expect_status = [99]", 'no status such as 204 or "200-299"'),
        ('expect_status = ["299-200"]', 'no status such as 204 or "200-299"'),
        ("expect_status = []", "must not be empty"),
        ("expect_status = [true]", 'no status such as 204 or "200-299"'),
        ("expect_status = [200.0]", 'no status such as 204 or "200-299"'),
        ('method = "HEAD"\nexpect_text = "ok"', "an answer to HEAD holds no text"),
        ('timeout = "16s"', "timeout of target 1 is above half of `every`, 15s"),
        ("follow = 4", "must be less than or equal to 3"),
        ('serivce = "shop"', 'unknown key (did you mean "service"?)'),
        ('service = "a\\nb"', "printable"),
        (TARGET, "number 2 repeats one before it"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused_in_words(line: str, told: str) -> None:
    for asked in (True, False):
        (found,) = problems(f"{SOURCE}{TARGET}{line}\n", asked=asked)

        assert told in found
        assert "hunter2" not in found


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://shop.example", "must begin with http:// or https://"),
        ("https://user:hunter2@shop.example", "must not hold a password"),
        ("https://shop.example:99999", "can never be asked: its port is no number from 1 to 65535"),
        ("http://", "must begin with http:// or https://"),
        ("http://a..b/", "can never be asked: its host has an empty part between two dots"),
        ("http://☃.example/", "can never be asked: its host is no name of the net"),
        ("http://[::1/", "can never be asked: what stands in [ ] is no IPv6 address"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(url: str, told: str) -> None:
    (found,) = problems(f'{SOURCE}[[source.target]]\nurl = "{url}"\n')

    assert found.startswith("5: source 1: target 1.url: ")
    assert told in found
    assert "hunter2" not in found


def test_an_observation_that_ends_before_the_next_is_refused() -> None:
    found = problems(f'{SOURCE}valid_for = "29s"\n{TARGET}')

    assert found == [
        "4: source 1: valid_for: is shorter than `every`, 30s: the rest would never be measured"
    ]
    assert options(f'{SOURCE}valid_for = "30s"\n{TARGET}').valid_s == 30


def test_more_targets_than_are_asked_side_by_side_are_refused() -> None:
    tables = "".join(f'[[source.target]]\nurl = "http://shop-{i}.example"\n' for i in range(65))

    assert "64" in problems(SOURCE + tables)[0]


@pytest.mark.parametrize(
    ("indicator", "told"),
    [
        ("total = 'requests'", "probes count no requests"),
        ("histogram = 'x_bucket'\nlatency = \"1s\"", "probes hold no histograms"),
        ("samples = 'latency'\nlatency = \"1s\"", "no probe has latency"),
        ("uptime = 'up{service=\"shop\"}'", "no probe has up"),
    ],
)
def test_what_no_probe_can_answer_is_refused_with_what_would_be(indicator: str, told: str) -> None:
    slo = f'[[slo]]\nname = "shop"\nobjective = 99\n{indicator}\n'

    found = "\n".join(problems(SOURCE + TARGET + slo))

    assert told in found
    assert 'probe{service="shop"}' in found or 'probe_latency_seconds{service="shop"}' in found


def test_the_series_of_a_probe_answer_uptime_and_samples() -> None:
    slo = '[[slo]]\nname = "{0}"\nobjective = 99\n{0} = \'{1}{{service="shop"}}\'\n'
    up = slo.format("uptime", "probe")
    fast = slo.format("samples", "probe_latency_seconds") + 'latency = "500ms"\n'

    assert options(SOURCE + TARGET + up + fast).target
