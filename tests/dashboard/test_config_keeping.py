"""Minutes are kept for as long as the windows of a configuration need them."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S

from dashboard.config import Config, load
from slo.errors import ConfigError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

SOURCE = '[[source]]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n'
TOTAL = "total = 'requests'\nbad = 'errors'\n"


def slo(name: str, keys: str) -> str:
    return f'[[slo]]\nname = "{name}"\nobjective = 99\n{keys}\n'


def configured(*tables: str, top: str = "") -> Config:
    Path("config.toml").write_text(top + SOURCE + "".join(tables))
    return load(Path("config.toml"), {})


def problems(*tables: str, top: str = "") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        configured(*tables, top=top)
    return caught.value.what.split("\n")


def test_minutes_are_kept_400_days_or_as_long_as_the_longest_rolling_window_needs() -> None:
    assert configured(slo("a", TOTAL)).minutes_s == 400 * DAY_S
    assert configured(slo("a", f'{TOTAL}window = "52w"')).minutes_s == 400 * DAY_S
    assert configured(slo("a", f'{TOTAL}window = "800d"')).minutes_s == 801 * DAY_S


def test_minutes_are_kept_for_a_window_that_is_only_shown_too() -> None:
    windows = f'{TOTAL}window = ["month", "7d", "500d"]'

    assert configured(slo("a", windows)).minutes_s == 501 * DAY_S


def test_minutes_that_no_window_needs_may_be_kept_shorter() -> None:
    calendar = slo("month", f'{TOTAL}window = "month"')

    assert configured(calendar, top='keep_minutes = "1d"\n').minutes_s == DAY_S
    assert configured(slo("a", TOTAL), top='keep_minutes = "31d"\n').minutes_s == 31 * DAY_S


@pytest.mark.parametrize(
    ("kept", "tables", "said"),
    [
        (
            "14d",
            [slo("month", f'{TOTAL}window = "month"'), slo("checkout", TOTAL)],
            (
                '14d is too short: slo "checkout" (config.toml:11) looks back 30d, and a day more'
                ' is needed; write "31d"'
            ),
        ),
        (
            "30d",
            [slo("checkout", TOTAL)],
            (
                '30d is too short: slo "checkout" (config.toml:5) looks back 30d, and a day more'
                ' is needed; write "31d"'
            ),
        ),
        (
            "1d",
            [
                slo("month", f'{TOTAL}window = "month"'),
                '[[slo.alert]]\nseverity = "page"\nbudget = 2\nlong = "6h"\nshort = "30m"\n',
            ],
            (
                '1d is too short: slo "month" (config.toml:5) looks back 6h, and a day more'
                ' is needed; write "30h"'
            ),
        ),
        ("23h", [slo("m", f'{TOTAL}window = "month"')], "23h is too short: a day is the least"),
    ],
)
def test_minutes_that_a_window_still_needs_are_not_given_up(
    kept: str, tables: list[str], said: str
) -> None:
    (found,) = problems(*tables, top=f'keep_minutes = "{kept}"\n')

    assert found.startswith(f"config.toml:1: keep_minutes: {said}")


@pytest.mark.parametrize("same", ['["30d", "720h"]', '["1d", "month", "24h"]', '["30d", "30d"]'])
def test_a_window_that_stands_twice_is_refused_however_it_is_written(same: str) -> None:
    (found,) = problems(slo("a", f"{TOTAL}window = {same}"))

    assert 'must name each window once, such as "30d"' in found
