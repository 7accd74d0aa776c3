"""Definitions as people read them, and as a configuration that promises exactly the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, steady
from small_shop import SHOP
from verdict_builders import an_slo, one_judged, stored

from collectors.store.store import Reader, Store
from dashboard.config import Service, load
from dashboard.shell.definitions import document
from dashboard.views.pages.definitions import (
    anchor_of,
    config_lines,
    definition_view,
    owned,
    version_words,
)
from slo.indicator import (
    Absent,
    Combine,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.spans import CalendarWindow, Period, RollingWindow, Window

_FILES = """
[[source]]
kind = "files"
name = "shop"
[[source.file]]
path = "*.csv"
holds = "requests"
columns = { at = "at", good = "good", total = "total" }
"""
_PROMETHEUS = """
[[source]]
kind = "prometheus"
name = "shop"
url = "http://127.0.0.1:9090"
"""
ROWS = (
    BurnRow(Severity.PAGE, Objective.from_percent(2).target, 3_600, 300),
    BurnRow(Severity.TICKET, Objective.from_percent("12.5").target, 86_400, 7_200),
)


@pytest.mark.parametrize(
    ("source", "indicator"),
    [
        (_FILES, Ratio(total="requests")),
        (_PROMETHEUS, Ratio(total='requests{a="b\\\\c"}', bad="errors", absent=Absent.ZERO)),
        (_PROMETHEUS, Ratio(total="requests", good="fine")),
        (_FILES, Latency(0.0025, samples="seconds")),
        (_PROMETHEUS, Latency(0.5, histogram="seconds_bucket")),
        (_PROMETHEUS, Latency(2.5, samples="seconds", only_if="up")),
        (_FILES, Uptime(probe='probe{service="a"}', valid_s=93_600, combine=Combine.ANY)),
        (_FILES, Gauge('depth{queue="a"}', Op.GTE, -0.0000001, 93_600)),
        (_FILES, Gauge("seconds", Op.LTE, 0.25, percentile="p99.9")),
        (_FILES, RawRatio("ok", is_failure=True, valid_s=90)),
        (_FILES, Sliced(RawRatio("ok"), 900)),
        (_FILES, Sliced(Gauge("depth", Op.LT, 1e15), 60, Fraction(999, 1_000))),
        (_PROMETHEUS, Sliced(Latency(0.5, histogram="seconds_bucket"), 300, Fraction(1))),
    ],
)
@pytest.mark.parametrize(
    "window",
    [RollingWindow(30 * 86_400), CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))],
)
def test_the_written_definition_is_read_back_as_the_same_promise(
    tmp_path: Path, source: str, indicator: Indicator, window: Window
) -> None:
    slo = Slo(
        'it\'s "all"', "checkout", Objective.from_percent("99.95"), window, "shop", indicator, ROWS
    )
    config = tmp_path / "config.toml"
    config.write_text("\n".join([source, *config_lines(slo)]), encoding="utf-8")

    assert load(config, {}, with_sources=False).slos == (slo,)


def test_the_version_in_force_is_told_with_its_day_and_a_digest_of_its_own(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - 3_600))
    old, new = an_slo("99"), an_slo("99.9")
    with Store.open(url, now=NOON) as store:
        store.define("checkout", document(old), now=NOON - 7_200)
        store.define("checkout", document(new), now=NOON)

    with Reader.open(url) as reader:
        versions = reader.definitions("checkout")
    before = definition_view(one_judged(url, old), versions, NOON - 60, ())
    after = definition_view(one_judged(url, new), versions, NOON, ())

    assert before.version == "version 1, in force since the beginning, 1 newer"
    assert after.version == "version 2, in force since 1 Jan 2026 UTC"
    assert before.digest != after.digest
    assert version_words(None, 0) == "no version recorded yet: the next collection records it"


def test_the_words_say_what_is_measured_and_how_much_may_fail(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - 3_600))
    slo = an_slo("99.9", indicator=Uptime(probe="probe", valid_s=300))

    words = dict(definition_view(one_judged(url, slo), (), NOON, ()).words)

    assert words["promises"] == "99.9 % of the time up"
    assert words["budget"] == "0.1 % of the time may be down: 43 m 12 s a window"
    assert words["measures"].startswith("seconds up out of seconds up or down, seen by probe")


@pytest.mark.parametrize(
    ("indicator", "promised", "budget", "measured"),
    [
        (
            Gauge("seconds", Op.LTE, 0.5, percentile="p95"),
            "99.9 % of the time p95 under 500 ms",
            "0.1 % of the time may be slow",
            "by the points of seconds: time, not requests",
        ),
        (
            Gauge("depth", Op.LT, 100.0, 120),
            "99.9 % of the time depth < 100",
            "0.1 % of the time may be out of bounds",
            "seconds in which depth is < 100, out of those it is known; a value holds until",
        ),
        (
            RawRatio("failed", is_failure=True),
            "99.9 % good on average over time, by failed, which is the bad share",
            "0.1 % of the time may be bad",
            "which is the bad share from 0 to 1",
        ),
        (
            Sliced(Latency(0.5, histogram="b"), 300, Fraction(19, 20)),
            "99.9 % of 5-minute slices have p95 under 500 ms",
            "0.1 % of the time may be bad",
            "seconds of 5-minute slices that were good to 95 % or more, whatever the traffic",
        ),
        (
            Sliced(Ratio("requests"), 60),
            "99.9 % of requests succeed, on average over 1-minute slices",
            "0.1 % of the time may be bad",
            "every second of 1-minute slices as good as its slice was, whatever the traffic",
        ),
        (
            Sliced(Uptime("up"), 900, Fraction(1)),
            "99.9 % of 15-minute slices are up throughout",
            "0.1 % of the time may be bad",
            "seconds up out of seconds up or down, seen by up",
        ),
    ],
)
def test_what_counts_time_says_so_and_names_what_is_bad_of_it(
    tmp_path: Path, indicator: Indicator, promised: str, budget: str, measured: str
) -> None:
    url = stored(tmp_path, steady(60, since=NOON - 3_600))

    words = dict(
        definition_view(one_judged(url, an_slo("99.9", indicator=indicator)), (), NOON, ()).words
    )

    assert words["promises"] == promised
    assert words["budget"] == f"{budget}: 43 m 12 s a window"
    assert measured in words["measures"]


def test_names_that_look_alike_have_places_of_their_own() -> None:
    assert anchor_of("a b") != anchor_of("a-b")
    assert anchor_of("\u202e<script>").startswith("script-")


def test_a_service_that_only_objectives_name_is_listed_without_an_owner() -> None:
    services = owned([Service("api", team="core")], [an_slo("99")])

    assert [(one.name, one.team, one.slos) for one in services] == [
        ("api", "core", ()),
        ("shop", "", ("checkout",)),
    ]


def test_the_words_say_which_channels_are_told_and_of_what(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    channels = """
[[channel]]
name = "am"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
[[channel]]
name = "pager"
kind = "pagerduty"
routing_key = { env = "KEY" }
severities = ["page"]
"""
    path.write_text(SHOP + channels)
    config = load(path, {}, with_sources=False)
    url = stored(tmp_path, steady(60, since=NOON - 3_600))

    told = definition_view(one_judged(url), (), NOON, config.channels_of(config.slos[0]))
    nobody = definition_view(one_judged(url), (), NOON, ())

    assert dict(told.words)["alerts go to"] == "am, pager (pages alone)"
    assert dict(nobody.words)["alerts go to"] == "no channel: nobody is told"


def test_members_what_is_told_apart_and_the_policy_are_part_of_the_words(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(60, since=NOON - 3_600))
    plain = an_slo("99.9")
    apart = replace(
        plain, group_by=("region", "zone"), breakdown=("route", "code"), budget_policy="strict"
    )

    words = dict(definition_view(one_judged(url, apart), (), NOON, ()).words)

    assert words["members"] == "each value of region and zone has such a budget of its own"
    assert words["told apart"] == "what is bad, by route, by code"
    assert words["policy"] == "strict"
    plainly = dict(definition_view(one_judged(url, plain), (), NOON, ()).words)
    assert plainly["policy"] == "standard"
    assert not {"members", "told apart"} & set(plainly)
