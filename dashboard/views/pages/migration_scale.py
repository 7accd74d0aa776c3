"""In which unit a measure is drawn, and how its values, its levels and its axis are said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from dashboard.measures.contract import RATES, Measured, Unit
from dashboard.measures.goals import PERIODS_S
from dashboard.views.rounding import rounded, seconds_words, short_words, significant
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, WEEK_S

_MINUTES_A_DAY = 1_440
_MOST_PARTS = 4.5
# Steps of an axis of time, as a clock is parted; above two days as numbers are.
_CLOCK = (
    *(1, 2, 5, 10, 15, 30),
    *(MINUTE_S * one for one in (1, 2, 5, 10, 15, 30)),
    *(HOUR_S * one for one in (1, 2, 3, 6, 12, 24, 48)),
)
_AXIS_UNITS = (
    (1.0, 0.001, "ms"),
    (MINUTE_S, 1.0, "s"),
    (HOUR_S, MINUTE_S, "min"),
    (2 * DAY_S + 1, HOUR_S, "h"),
)
Ticks = tuple[tuple[float, str], ...]


class Drawn(Enum):
    """How the values of a measure are drawn."""

    LINE = "line"
    BARS = "bars"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a measure's values are drawn: uptime as the minutes down that it leaves, rates a week."""

    measured: Measured
    kind: str

    @property
    def is_down(self) -> bool:
        """Whether the time down is drawn in place of the time up."""
        return self.measured.is_uptime

    @property
    def is_weekly(self) -> bool:
        """Whether events are counted by week."""
        return self.measured.unit in RATES

    @property
    def shape(self) -> Drawn:
        """What adds up is bars, what has a value each day a line, what has one now and then dots."""
        if self.is_down or self.is_weekly:
            return Drawn.BARS
        days = self.measured.days
        is_rare = 2 * sum(value is not None for _, value in days) < len(days)
        return Drawn.DOTS if is_rare or self.kind == "duration" else Drawn.LINE

    @property
    def bar_s(self) -> int:
        """How long each bar is, 0 where there are none."""
        return WEEK_S if self.is_weekly else DAY_S if self.is_down else 0

    def drawn(self, value: float) -> float:
        """Minutes down a day for uptime, events a week for rates; all else as it is."""
        if self.is_down:
            return max(1.0 - value, 0.0) * _MINUTES_A_DAY
        if self.is_weekly:
            return value * WEEK_S / float(PERIODS_S[self.measured.unit])
        return value

    def said(self, value: float) -> str:
        """A drawn value in words."""
        unit = self.measured.unit
        if self.is_down:
            return f"{_down_words(value)} down"
        if unit is Unit.SECONDS:
            return seconds_words(value)
        if unit is Unit.RATIO:
            return f"{short_words(value * 100)} %"
        return (
            f"{short_words(value)} {'a week' if self.is_weekly else self.measured.label}".rstrip()
        )

    def level_words(self, name: str, value: float, told: str) -> str:
        """A level or a goal in the unit of the axis, then as the table has it where that differs."""
        own = ""
        if self.is_down:
            own = f"{_down_words(value)} a day"
        elif self.is_weekly and self.measured.unit is not Unit.PER_WEEK and "week" not in told:
            own = f"{rounded(value, significant(value, 2))} a week"
        sign = told[:2].strip() if own and told[:1] in "<>≤≥" else ""
        sign = _DOWN_SIGNS.get(sign, sign) if self.is_down else sign
        return " ".join(part for part in (name, sign, ", ".join(filter(None, (own, told)))) if part)

    def ticks(self, top: float) -> Ticks:
        """Where the axis is marked, from zero to `top`, and with which words."""
        unit_s = MINUTE_S if self.is_down else 1.0
        if not self.is_down and self.measured.unit is not Unit.SECONDS:
            step = number_step(top, is_whole=self.is_weekly)
            return tuple((at, self._ticked(at)) for at in _places(step, top))
        step_s = clock_step(top * unit_s)
        return tuple(
            (at_s / unit_s, _clock_words(at_s, step_s)) for at_s in _places(step_s, top * unit_s)
        )

    def _ticked(self, value: float) -> str:
        """A value of the axis: rates and numbers without their unit, which the title names."""
        is_share = self.measured.unit is Unit.RATIO or self.measured.label == "%"
        return self.said(value) if is_share else short_words(value)


_DOWN_SIGNS = MappingProxyType({"≥": "≤", ">": "<"})


def _down_words(minutes: float) -> str:
    """A time down in the unit of its size, with two figures.

    >>> _down_words(2.88), _down_words(0.43), _down_words(600.0), _down_words(0.0)
    ('2.9 min', '26 s', '10 h', '0 min')
    """
    if not minutes:
        return "0 min"
    if minutes < 1:
        return f"{max(round(minutes * 60), 1)} s"
    hours = minutes / 60
    value, unit = (minutes, "min") if hours < 2 else (hours, "h")  # noqa: PLR2004 - as people say it
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def number_step(top: float, *, is_whole: bool = False) -> float:
    """The smallest 1, 2, 2.5 or 5 of a power of ten that parts the axis into few enough.

    >>> number_step(1.2), number_step(9.0), number_step(1.2, is_whole=True)
    (0.5, 2.0, 1)
    """
    power = 10.0 ** math.floor(math.log10(top / _MOST_PARTS))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if top / (power * one) <= _MOST_PARTS)
    return max(math.ceil(step), 1.0) if is_whole else step


def clock_step(top_s: float) -> float:
    """The smallest step of a clock that parts the axis into few enough: 15 min, 6 h, days.

    >>> clock_step(0.9), clock_step(100.0), clock_step(70 * 3_600), clock_step(900 * 3_600)
    (0.2, 30, 86400, 864000.0)
    """
    if top_s / _MOST_PARTS <= _CLOCK[0]:
        return number_step(top_s)
    for step in _CLOCK:
        if top_s / step <= _MOST_PARTS:
            return step
    return number_step(top_s / DAY_S) * DAY_S


def _places(step: float, top: float) -> tuple[float, ...]:
    return tuple(step * place for place in range(math.floor(top / step + 1e-9) + 1))


def _clock_words(at_s: float, step_s: float) -> str:
    """A tick in the unit of the step, so that an axis keeps one."""
    for below_s, unit_s, unit in _AXIS_UNITS:
        if step_s < below_s:
            return f"{short_words(at_s / unit_s)} {unit}"
    return f"{short_words(at_s / DAY_S)} d"
