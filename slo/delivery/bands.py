"""The performance bands that were published year after year: labels with a year, never a verdict.

The years disagree with each other, and from 2024 on they are clusters of answers to a survey
without an order, so a figure is only ever shown to lie in a band of a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from slo.lengths import DAY_S, HOUR_S, MONTH_S, WEEK_S, YEAR_S


class Measure(StrEnum):
    """What a band is of, and in what unit: deployments a day, seconds, shares from 0 to 1."""

    FREQUENCY = "deployments a day"
    DAYS_A_WEEK = "days with a deployment, in the median week"
    LEAD = "lead time, s"
    CHANGE_FAIL = "change fail rate"
    RECOVERY = "failed deployment recovery, s"


@dataclass(frozen=True, slots=True)
class Band:
    """Values above `over` up to `to` of a measure; None is an end without a limit."""

    year: int
    measure: Measure
    label: str
    over: float | None
    to: float | None


def _rising(year: int, measure: Measure, *steps: tuple[str, float]) -> tuple[Band, ...]:
    """Bands one after the other, each up to its own value, and one beyond them."""
    edges = [None, *(to for _, to in steps)]
    found = [
        Band(year, measure, label, over, to)
        for (label, to), over in zip(steps, edges, strict=False)
    ]
    return (
        *found,
        Band(year, measure, f"over {steps[-1][0].removeprefix('up to ')}", edges[-1], None),
    )


BANDS: tuple[Band, ...] = (
    Band(2019, Measure.DAYS_A_WEEK, "3 days or more in the median week", 2.5, None),
    Band(2019, Measure.CHANGE_FAIL, "0 to 15 %", None, 0.15),
    Band(2019, Measure.CHANGE_FAIL, "16 to 45 %", 0.15, 0.45),
    Band(2019, Measure.CHANGE_FAIL, "46 to 60 %", 0.45, 0.60),
    Band(2021, Measure.DAYS_A_WEEK, "5 days or more in the median week", 4.5, None),
    *_rising(
        2021,
        Measure.LEAD,
        ("up to 1 h", HOUR_S),
        ("up to 1 week", WEEK_S),
        ("up to 180 d", 180 * DAY_S),
    ),
    *_rising(
        2021, Measure.CHANGE_FAIL, ("up to 15 %", 0.15), ("up to 20 %", 0.2), ("up to 30 %", 0.3)
    ),
    *_rising(
        2021,
        Measure.RECOVERY,
        ("up to 1 h", HOUR_S),
        ("up to 1 d", DAY_S),
        ("up to 1 week", WEEK_S),
    ),
    Band(2023, Measure.DAYS_A_WEEK, "5 days or more in the median week", 4.5, None),
    Band(2023, Measure.DAYS_A_WEEK, "1 day or more in the median week", 0.5, 4.5),
    *_rising(
        2023,
        Measure.LEAD,
        ("up to 1 d", DAY_S),
        ("up to 1 week", WEEK_S),
        ("up to 30 d", 30 * DAY_S),
    ),
    *_rising(
        2023, Measure.CHANGE_FAIL, ("up to 5 %", 0.05), ("up to 10 %", 0.1), ("up to 15 %", 0.15)
    ),
    *_rising(
        2023,
        Measure.RECOVERY,
        ("up to 1 h", HOUR_S),
        ("up to 1 d", DAY_S),
        ("up to 1 week", WEEK_S),
    ),
    Band(2024, Measure.FREQUENCY, "more than once a day (19 % of those asked)", 1.0, None),
    Band(2024, Measure.FREQUENCY, "once a day to once a week (22 %)", 1 / 7, 1.0),
    Band(
        2024, Measure.FREQUENCY, "once a week to once a month (35 %)", float(DAY_S / MONTH_S), 1 / 7
    ),
    Band(
        2024,
        Measure.FREQUENCY,
        "once a month to once in 6 months (25 %)",
        float(2 * DAY_S / YEAR_S),
        float(DAY_S / MONTH_S),
    ),
)
"""Every band whose limits are published and were verified.

Source: for 2019 Four Keys' METRICS.md; for 2021 and 2023 Apache DevLake's DORA dashboard; for
2024 the clusters of the report of that year, whose fail rates do not rise from cluster to
cluster and are therefore none here.
"""


def bands(measure: Measure, value: float | None) -> tuple[Band, ...]:
    """The bands, one a year at most, that the value lies in; none of an unknown value.

    >>> [(band.year, band.label) for band in bands(Measure.RECOVERY, 7_200.0)]
    [(2021, 'up to 1 d'), (2023, 'up to 1 d')]
    """
    if value is None:
        return ()
    return tuple(band for band in BANDS if band.measure is measure and _holds(band, value))


def _holds(band: Band, value: float) -> bool:
    return (band.over is None or value > band.over) and (band.to is None or value <= band.to)
