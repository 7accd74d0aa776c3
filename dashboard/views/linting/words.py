"""What `burnline slo lint` says: a table of rows for each SLO, and what to think over below it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.floats import as_float
from dashboard.views.linting.advice import Advice
from dashboard.views.linting.making import Linted
from dashboard.views.machines.blocks import lines as block_lines
from dashboard.views.slos.alert_rows import fires_from, never_words, times_words
from dashboard.views.slos.marks import severity_mark
from dashboard.views.words import decimal_words, length_words, window_words
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.objective import counted_word
from slo.promise import promise
from slo.reach import Reach
from slo.spans import length_label, rfc3339

SCHEMA = "burnline.lint/1"
_UNITS = (("second", 1), ("minute", MINUTE_S), ("hour", HOUR_S), ("day", DAY_S))
_HEADINGS = (
    Heading("Row"),
    Heading("Windows"),
    Heading("Factor", is_figure=True),
    Heading("Fires from"),
    Heading("Can it fire?"),
)


def lines(found: Sequence[Linted], width: int) -> tuple[str, ...]:
    """A verdict in one line, what is odd by name, then each SLO: those with a problem first.

    No table is wider than `width` columns.
    """
    ordered = sorted(found, key=lambda one: (not one.is_broken, not one.advice))
    odd = tuple(
        f"{_sign(said)} {one.slo.name}: {said.words}" for one in ordered for said in one.advice
    )
    return (verdict(found), *odd, "", *block_lines((block(one) for one in ordered), width))


def verdict(found: Sequence[Linted]) -> str:
    """How many SLOs have a row that can never fire, and how many something to think over."""
    if not found:
        return "no objectives to look at"
    broken = sum(one.is_broken for one in found)
    odd = sum(bool(one.advice) and not one.is_broken for one in found)
    if not broken and not odd:
        fine = f"every alert row of {_objectives(len(found))} can fire"
        unknown = sum(not one.slo.is_time_like and one.events_per_s is None for one in found)
        left = f"on how few events is not known of {unknown}" if unknown else ""
        return f"{fine}, and {left or 'none on a single event'}"
    said = [f"{broken} of {_objectives(len(found))} cannot be relied on"] if broken else []
    said += [f"{odd} of {_objectives(len(found))} should be thought over"] if odd else []
    return "; ".join(said)


def block(one: Linted) -> Block:
    """The rows of one SLO, and what to think over."""
    return Block(
        title=f"{one.slo.name}: {promise(one.slo)}",
        note=window_words(one.slo.window.kind),
        words=(traffic_words(one),),
        headings=_HEADINGS,
        rows=tuple(_row(one, row) for row in one.rows),
        below=tuple(f"{_sign(said)} {said.words}" for said in one.advice),
    )


def traffic_words(one: Linted) -> str:
    """How many events there are in the smallest unit that holds ten, by what was measured.

    Of time there is always as much.
    """
    if one.slo.is_time_like:
        return "Counts time, of which there is always as much."
    if one.events_per_s is None:
        return "No traffic was measured, so counts are left open."
    counted = counted_word(one.slo.indicator)
    unit, length_s = next(
        (pair for pair in _UNITS if one.events_per_s * pair[1] >= 10),  # noqa: PLR2004 - two digits
        _UNITS[-1],
    )
    article = "an" if unit == "hour" else "a"
    return f"Measured: {_number(one.events_per_s * length_s)} {counted} {article} {unit}."


def _sign(said: Advice) -> str:
    return "×" if said.is_problem else "▾"


def document(found: Sequence[Linted], as_of: int) -> dict[str, object]:
    """The same for machines; ratios are fractions, unknown is None."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "is_sound": not any(one.is_broken for one in found),
        "slos": [_entry(one) for one in found],
    }


def _row(one: Linted, row: Reach) -> tuple[Cell, ...]:
    return (
        Cell(row.row.severity.value, severity_mark(row.row.severity)),
        Cell(f"{length_words(row.row.long_s)} and {length_words(row.row.short_s)}"),
        Cell(times_words(row.factor)),
        Cell(fires_from(one.slo, row)),
        Cell("reachable" if row.is_possible else never_words(one.slo, row)),
    )


def _entry(one: Linted) -> dict[str, object]:
    return {
        "name": one.slo.name,
        "objective": float(one.slo.objective.target),
        "window_s": one.window_s,
        "events_per_s": as_float(one.events_per_s),
        "rows": [_row_entry(row) for row in one.rows],
        "problems": [said.words for said in one.advice if said.is_problem],
        "advice": [said.words for said in one.advice if not said.is_problem],
    }


def _row_entry(row: Reach) -> dict[str, object]:
    return {
        "severity": row.row.severity.value,
        "long": length_label(row.row.long_s),
        "short": length_label(row.row.short_s),
        "factor": float(row.factor),
        "bad_share": float(row.share),
        "bad_events": row.least_bad,
        "events": as_float(row.events),
        "min_bad_events": row.row.min_bad_events,
        "can_fire": row.is_possible,
    }


def _number(amount: Fraction) -> str:
    """A whole number from ten on, else with a tenth."""
    return decimal_words(amount, 0 if amount >= 10 else 1)  # noqa: PLR2004 - two digits are enough


def _objectives(count: int) -> str:
    return f"{count} objective{'' if count == 1 else 's'}"
