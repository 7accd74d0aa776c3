"""Whether the rows `[[slo.alert]]` fit their SLO: each must be able to fire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from pydantic import ValidationError

from dashboard.config.problems import Problem, Written
from dashboard.config.slo_table import AlertTable
from slo.burn import WORKBOOK
from slo.indicator import Indicator, Uptime
from slo.objective import Objective
from slo.spans import Window, length_label, longest_s

Rows = Sequence[tuple[int, AlertTable]]
"""Rows of a policy by their places in the table."""


def row_problems(
    written: Written,
    rows: Rows,
    objective: Objective | None,
    window: Window | None,
    indicator: Indicator | None = None,
) -> Iterator[Problem]:
    """Rows longer than the window, or that need more than every event to be bad."""
    if isinstance(indicator, Uptime):
        yield from _guards_above_all_time(written, rows)
    if window is None:
        return
    window_s = longest_s(window)
    for index, row in rows:
        if row.long > window_s:
            said = f'is longer than the window of "{window.kind}"'
            yield written.problem(f"{said}; write one within it", "alert", index, "long")
        elif objective is not None and row.budget >= (most := _most(row, objective, window_s)):
            long = length_label(row.long)
            said = f"can never fire: if all events of {long} are bad, just {_floored(most)} % of"
            mend = f"the budget is gone; write budget = {_floored(most)} or less, or a longer long"
            yield written.problem(f"{said} {mend}", "alert", index, "budget")


def _guards_above_all_time(written: Written, rows: Rows) -> Iterator[Problem]:
    """Rows of an uptime that wait for more bad seconds than their long window has."""
    least = written.values.get("min_bad_events", 0)
    if not rows and isinstance(least, int) and least > WORKBOOK[0].long_s:
        yield written.problem(_too_many(least, WORKBOOK[0].long_s), "min_bad_events")
    for index, row in rows:
        own = row.min_bad_events
        wanted = least if own is None else own
        if isinstance(wanted, int) and wanted > row.long:
            place = () if own is None else ("alert", index)
            yield written.problem(_too_many(wanted, row.long), *place, "min_bad_events")


def _too_many(least: int, long_s: int) -> str:
    return (
        f"can never fire: of time it counts seconds, and {length_label(long_s)} hold {long_s}, not "
        f"{least}; write {long_s // 2} or less"
    )


def sound_rows(values: Mapping[str, object]) -> Iterator[tuple[int, AlertTable]]:
    """The rows without problems of their own, by their places, of a table that has some."""
    rows = values.get("alert")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        with suppress(ValidationError):
            yield index, AlertTable.model_validate(row)


def _most(row: AlertTable, objective: Objective, window_s: int) -> Fraction:
    """The share of the budget that goes within the long window when every event is bad: L/(W B).

    Source: Google SRE Workbook, chapter 5: a burn rate is at most 1/B.
    """
    return Fraction(row.long, window_s) / objective.error_budget


def _floored(most: Fraction) -> str:
    """The greatest percentage of three digits below a share; at the share no row fires.

    >>> _floored(Fraction(1, 36)), _floored(Fraction(1, 100))
    ('2.77', '0.999')
    """
    percent, digits = most * 100, Context(prec=3, rounding=ROUND_FLOOR)
    found = digits.divide(Decimal(percent.numerator), Decimal(percent.denominator))
    return f"{digits.next_minus(found) if Fraction(found) == percent else found:f}"
