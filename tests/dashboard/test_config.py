"""A configuration is read whole, into frozen values that are exactly what is written."""

from __future__ import annotations

import dataclasses
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from config_builders import EIGHT_LINES, SLO, SOURCE, configured

from collectors.sources.prometheus import Options
from dashboard.config import load
from slo.indicator import Absent, Combine, Latency, Ratio, Uptime
from slo.policy import BurnRow, Severity
from slo.spans import CalendarWindow, Period, RollingWindow

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_eight_lines_are_a_complete_configuration() -> None:
    config = configured(EIGHT_LINES)

    (source,), (slo,) = config.sources, config.slos
    assert (source.name, source.kind, source.every_s, source.backfill_s) == (
        "prometheus",
        "prometheus",
        60,
        30 * 86_400,
    )
    assert isinstance(source.options, Options)
    assert source.options.url == "http://127.0.0.1:9090"
    assert slo.indicator == Latency(
        0.5, histogram='http_request_duration_seconds_bucket{job="checkout"}'
    )
    assert source.indicators == (slo.indicator,)
    assert (slo.source, slo.objective.target) == ("prometheus", Fraction(95, 100))
    assert slo.window == RollingWindow(30 * 86_400)
    assert config.store_url == f"sqlite:///{Path.cwd() / 'burnline.db'}"
    assert config.timezone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("keys", "indicator"),
    [
        ('total = "a"\ngood = "b"', Ratio("a", good="b")),
        ('total = "a"\nbad = "b"\nabsent = "zero"', Ratio("a", bad="b", absent=Absent.ZERO)),
        ('samples = "s"\nlatency = "1s"', Latency(1.0, samples="s")),
        (
            'samples = "s"\nlatency = "2.5ms"\nonly_if = "ok"',
            Latency(0.0025, samples="s", only_if="ok"),
        ),
        ("uptime = \"up{b='1', a='2'}\"", Uptime('up{a="2",b="1"}')),
        (
            'uptime = "up"\nvalid_for = "26h"\ncombine = "all"',
            Uptime("up", 93_600, Combine.ALL),
        ),
    ],
)
def test_each_form_of_an_slo_becomes_its_indicator(keys: str, indicator: object) -> None:
    assert configured(f"{SOURCE}{SLO}{keys}\n").slos[0].indicator == indicator


def test_total_alone_names_rows_of_files_that_carry_both_counts() -> None:
    source = '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "requests"\n'

    assert configured(f'{source}{SLO}total = "a"\n').slos[0].indicator == Ratio("a")


def test_an_objective_is_exactly_what_is_written_however_binary_numbers_round_it() -> None:
    config = configured(SOURCE + SLO.replace("99.9", "99.95") + 'uptime = "a"\n')

    assert config.slos[0].objective.target == Fraction(9995, 10_000)
    assert config.slos[0].objective.percent == Decimal("99.95")


def test_calendar_windows_take_the_zone_of_the_slo_else_of_the_file() -> None:
    text = 'timezone = "Europe/Berlin"\n' + SOURCE
    text += SLO + 'window = "month"\nuptime = "a"\n'
    text += (
        SLO.replace('"a"', '"b"') + 'window = "week"\ntimezone = "Asia/Kathmandu"\nuptime = "a"\n'
    )

    windows = [slo.window for slo in configured(text).slos]

    assert windows == [
        CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin")),
        CalendarWindow(Period.WEEK, ZoneInfo("Asia/Kathmandu")),
    ]


def test_alert_rows_replace_the_default_policy_and_are_none_otherwise() -> None:
    row = '[[slo.alert]]\nseverity = "page"\nbudget = 2.5\nlong = "1h"\nshort = "5m"\n'

    with_rows = configured(f'{SOURCE}{SLO}uptime = "a"\n{row}').slos[0].policy

    assert with_rows == (BurnRow(Severity.PAGE, Fraction(25, 1000), 3_600, 300),)
    assert configured(f'{SOURCE}{SLO}uptime = "a"\n').slos[0].policy is None


def test_services_keep_their_people_and_links() -> None:
    text = '[[service]]\nname = "shop"\nteam = "pay"\nlabels = { tier = "1", area = "eu" }\n'

    (service,) = configured(text).services

    assert (service.name, service.team, service.runbook) == ("shop", "pay", "")
    assert service.labels == (("area", "eu"), ("tier", "1"))


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem() -> None:
    Path("config.toml").write_bytes(b"\xef\xbb\xbf" + EIGHT_LINES.replace("\n", "\r\n").encode())

    assert load(Path("config.toml"), {}).slos[0].name == "checkout-latency"


def test_a_configuration_cannot_be_changed_once_it_is_read() -> None:
    config = configured(EIGHT_LINES)

    with pytest.raises(dataclasses.FrozenInstanceError):
        config.slos = ()  # type: ignore[misc]


def test_numbers_of_a_source_arrive_as_floats_whatever_exactness_objectives_need() -> None:
    text = (
        '[[source]]\nkind = "files"\n[[source.file]]\npath = "a.csv"\nholds = "gauges"\n'
        "max_malformed = 2.5\n"
    )

    options = configured(text).sources[0].options

    assert options is not None
    assert options.model_dump()["file"][0]["max_malformed"] == 2.5


def test_the_shipped_configuration_passes_every_check() -> None:
    shipped = Path(__file__).resolve().parents[2] / "config.toml"

    config = load(shipped, {})

    written = tomllib.loads(shipped.read_text(encoding="utf-8"))
    assert len(config.slos) == len(written["slo"])
