"""Which channels a configuration names, who is told through which, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import Config, load
from slo.errors import ConfigError

SECRET = "canary-4711"
HEAD = """
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"
"""
SLO = """
[[slo]]
name = "{name}"
service = "{service}"
objective = 99
total = "a_total"
bad = "b_total"
{more}
"""
SERVICES = """
[[service]]
name = "shop"
team = "payments"
[[service]]
name = "search"
notify = ["mail"]
[[service]]
name = "blog"
"""
CHANNELS = """
[[channel]]
name = "rest"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
[[channel]]
name = "payments-on-call"
kind = "pagerduty"
teams = ["payments"]
severities = ["page"]
routing_key = { env = "KEY" }
[[channel]]
name = "mail"
kind = "apprise"
default = false
url = { env = "MAIL" }
"""


def read(folder: Path, text: str, *, told: bool = False, **environ: str) -> Config:
    (folder / "config.toml").write_text(text)
    return load(folder / "config.toml", environ, with_sources=False, with_channels=told)


def problems(folder: Path, text: str, *, told: bool = False, **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(folder, text, told=told, **environ)
    return refused.value.what


@pytest.mark.parametrize(
    ("service", "more", "expected"),
    [
        ("shop", "", ["payments-on-call"]),
        ("search", "", ["mail"]),
        ("blog", "", ["rest"]),
        ("shop", 'notify = ["rest", "mail"]', ["rest", "mail"]),
        ("search", "notify = []", ["mail"]),
    ],
)
def test_an_alert_goes_where_the_nearest_that_says_anything_sends_it(
    tmp_path: Path, service: str, more: str, expected: list[str]
) -> None:
    slo = SLO.format(name="x", service=service, more=more)

    config = read(tmp_path, HEAD + SERVICES + CHANNELS + slo)

    assert [one.name for one in config.channels_of(config.slos[0])] == expected


def test_who_only_reads_needs_no_secret_and_gets_none(tmp_path: Path) -> None:
    config = read(tmp_path, HEAD + SERVICES + CHANNELS)

    assert [one.options for one in config.channels] == [None, None, None]
    assert config.channels[1].severities == {"page"}
    assert config.channels[0].repeat_s == 4 * 3_600


def test_who_tells_needs_every_secret_and_shows_none(tmp_path: Path) -> None:
    text = HEAD + SERVICES + CHANNELS + '[alerts]\nevery = "30s"\nheartbeat = { env = "BEAT" }\n'
    missing = problems(tmp_path, text, told=True)
    told = {"KEY": SECRET, "MAIL": f"json://{SECRET}", "BEAT": f"https://hc.example.org/{SECRET}"}

    config = read(tmp_path, text, told=True, **told)

    assert missing.count("is not set") == 3
    assert SECRET not in repr(config)
    assert config.alerting.every_s == 30
    assert config.alerting.heartbeat is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[channel]]\nname = "a"\nkind = "pagerdutty"', 'did you mean "pagerduty"?'),
        ('[[channel]]\nname = "a"\nkind = "pagerduty"', "routing_key: missing"),
        (
            '[[channel]]\nname = "a"\nkind = "webhook"\nurl = "https://x/canary-4711"',
            "never written out",
        ),
        ('[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "am:9093"', "must be an address"),
        ('[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "http://u:p@am"', "password"),
        ('[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "http://am"\ntoken = "x"', "never"),
        (
            '[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "http://am"\nlables = {}',
            "labels",
        ),
        (
            '[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "http://am"\nteams = ["x"]',
            "no [[service]] has team",
        ),
        (
            '[[channel]]\nname = "a"\nkind = "alertmanager"\nurl = "http://am"\nseverities = ["sms"]',
            "must be one of",
        ),
        ('[alerts]\nevery = "1s"', 'must be between "15s" and "1h"'),
        ('[alerts]\nheartbeat = "https://hc/canary-4711"', "never written out"),
        ('[alerts]\naddress = "slo.example.org"', "must be an address"),
        ('[[alerts]]\nevery = "1m"', "write [alerts] with one bracket"),
        (
            SLO.format(name="x", service="", more='notify = ["oncall"]'),
            'no [[channel]] is called "oncall"',
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line_and_without_its_secret(
    tmp_path: Path, text: str, said: str
) -> None:
    found = problems(tmp_path, HEAD + text + "\n")

    assert said in found
    assert "config.toml:" in found
    assert SECRET not in found


def test_a_secret_that_stands_for_no_address_is_refused_without_being_told(tmp_path: Path) -> None:
    text = HEAD + '[[channel]]\nname = "a"\nkind = "webhook"\nurl = { env = "HOOK" }\n'

    found = problems(tmp_path, text, told=True, HOOK=f"ftp://{SECRET}")

    assert "must stand for an address" in found
    assert SECRET not in found
