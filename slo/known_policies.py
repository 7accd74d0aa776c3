"""Alert policies by name, and as people write one in a line: to hold one against another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from slo.burn import WORKBOOK, default_policy
from slo.durations import seconds
from slo.lengths import DAY_S, HOUR_S, WEEK_S
from slo.nearest import did_you_mean
from slo.objective import Objective
from slo.policy import BurnRow, Policy, Severity

Rows = Callable[[Objective, int], Policy]
"""The rows for an objective over a window of so many seconds."""

_FOUR_WEEKS_S = 28 * DAY_S
# Window of four weeks: severity, factor, long, short.
_PYRRA = (
    (Severity.PAGE, 14, HOUR_S, 300),
    (Severity.PAGE, 7, 6 * HOUR_S, 1_800),
    (Severity.TICKET, 2, DAY_S, 2 * HOUR_S),
    (Severity.TICKET, 1, 4 * DAY_S, 6 * HOUR_S),
)
_SLO_GENERATOR = (
    (Severity.PAGE, Fraction(9), HOUR_S),
    (Severity.PAGE, Fraction(3), 12 * HOUR_S),
    (Severity.TICKET, Fraction(3, 2), WEEK_S),
    (Severity.TICKET, Fraction(1), 28 * DAY_S),
)
_EXAMPLE = '"page 2% 1h/5m, ticket 10% 3d/6h"'


@dataclass(frozen=True, slots=True)
class Candidate:
    """A policy to be tried: its name, what it is, and its rows for an objective and a window."""

    name: str
    says: str
    rows: Rows


def _workbook(_objective: Objective, window_s: int) -> Policy:
    return tuple(row for row in WORKBOOK if row.long_s <= window_s)


def _pyrra(_objective: Objective, window_s: int) -> Policy:
    """Its windows shrink and grow with the SLO's, rounded to the minute, and its factors stay."""
    scale = Fraction(window_s, _FOUR_WEEKS_S)
    lengths = ((one, _scaled(one[2], scale), _scaled(one[3], scale)) for one in _PYRRA)
    return tuple(
        BurnRow(severity, Fraction(burn * long_s, window_s), long_s, min(short_s, long_s))
        for (severity, burn, _, _), long_s, short_s in lengths
    )


def _slo_generator(_objective: Objective, window_s: int) -> Policy:
    return tuple(
        BurnRow(severity, burn * long_s / window_s, long_s, long_s)
        for severity, burn, long_s in _SLO_GENERATOR
        if burn * long_s <= window_s
    )


def _scaled(length_s: int, scale: Fraction) -> int:
    return max(round(length_s * scale / 60), 1) * 60


KNOWN = (
    Candidate("default", "the default rows, which fit the objective", default_policy),
    Candidate("workbook", "the SRE Workbook's four rows as Sloth ships them", _workbook),
    Candidate("pyrra", "Pyrra's four rows, without the delays before they fire", _pyrra),
    Candidate("slo-generator", "slo-generator's single windows", _slo_generator),
)
"""The policies that others ship.

Source: slok/sloth internal/alert/windows; pyrra-dev/pyrra slo/rules.go `Windows`;
google/slo-generator samples/config.yaml.
"""


def candidate(text: str) -> Candidate:
    """The policy of that name, or of those rows: severity, share of the budget, long/short window.

    >>> candidate("page 2% 1h/5m, ticket 10% 3d/6h").rows(Objective.from_percent(99), 2_592_000)[0]
    ... # doctest: +NORMALIZE_WHITESPACE
    BurnRow(severity=<Severity.PAGE: 'page'>, share=Fraction(1, 50), long_s=3600, short_s=300,
            min_bad_events=0)

    Raises:
        ValueError: it is neither.
    """
    known = {one.name: one for one in KNOWN}
    if text in known:
        return known[text]
    if " " not in text.strip():
        names = ", ".join(known)
        near = did_you_mean(text, known)
        raise ValueError(f'no policy is called "{text}"{near}; there are {names}, or {_EXAMPLE}')
    rows = tuple(_row(part) for part in text.split(","))
    return Candidate(text.strip(), "rows as given", lambda _objective, _window_s: rows)


def _row(text: str) -> BurnRow:
    try:
        severity, share, windows = text.split()
        long, short = windows.split("/")
        lengths = seconds(long), seconds(short)
        if any(one % 60 for one in lengths):
            raise ValueError("windows are whole minutes")  # noqa: TRY301 - told with the others
        if lengths[1] >= lengths[0]:
            raise ValueError("the second window is shorter than the first")  # noqa: TRY301
        return BurnRow(Severity(severity), _share(share), *lengths)
    except ValueError as error:
        said = f'"{text.strip()}" is no row such as {_EXAMPLE}: {error}'
        raise ValueError(said) from error


def _share(text: str) -> Fraction:
    try:
        share = Fraction(text.rstrip("%")) / 100
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)  # told with the shares that are none
    if not 0 < share <= 1:
        raise ValueError(f"the share of the budget is more than 0 % up to 100 %, not {text}")
    return share
