"""What is written as TOML is read back as what it was, by the standard library's own reader."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.toml import literal
from dashboard.views.pages.definitions import config_lines
from slo.indicator import Ratio
from slo.objective import Objective, Slo
from slo.spans import CalendarWindow, Period

DEL, NEXT_LINE = "\x7f", "\x85"
TEXTS = st.text() | st.text(alphabet="\"'\\\n\r\t\0\x1b\x7f\x85\u2028{}a")


@given(TEXTS)
@example(DEL)
@example('it\'s "both"')
@example('a{b="c"}')
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"key = {literal(text)}") == {"key": text}


@given(st.dictionaries(TEXTS, TEXTS))
def test_any_table_is_read_back_as_it_was(table: Mapping[str, str]) -> None:
    assert tomllib.loads(f"key = {literal(table)}") == {"key": table}


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=100, places=6))
def test_a_number_keeps_every_digit(number: Decimal) -> None:
    read = tomllib.loads(f"key = {literal(number)}", parse_float=Decimal)

    assert Decimal(read["key"]) == number


@pytest.mark.parametrize("odd", [DEL, NEXT_LINE, '"', "'", "\\", "\n", "\0"])
def test_a_definition_is_shown_as_a_configuration_that_is_read(odd: str) -> None:
    name, total = f"a{odd}b", f'requests{{job="a{odd}b"}}'
    window = CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))
    slo = Slo(name, odd, Objective.from_percent("99.9"), window, odd, Ratio(total=total))

    (read,) = tomllib.loads("\n".join(config_lines(slo)))["slo"]

    assert (read["name"], read["service"], read["source"]) == (name, odd, odd)
    assert read["total"] == total
