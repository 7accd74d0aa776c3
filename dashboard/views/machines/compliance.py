"""Which months or quarters kept their promise, for machines and for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.views.blocks import Block
from dashboard.views.compliance.making import Kept, Part, Record
from dashboard.views.compliance.words import block, counted_in
from dashboard.views.floats import as_float
from dashboard.views.machines.blocks import lines as block_lines
from slo.periods import ReportPeriod
from slo.promise import promise
from slo.spans import rfc3339

SCHEMA = "burnline.compliance/1"


def document(records: Sequence[Record], by: ReportPeriod, as_of: int) -> dict[str, object]:
    """The records; ratios are fractions, unknown is None."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "by": by.value,
        "slos": [_entry(record) for record in records],
    }


def lines(records: Sequence[Record], by: ReportPeriod, width: int) -> tuple[str, ...]:
    """A table for each SLO, none wider than `width` columns."""
    return block_lines(_blocks(records, by), width)


def _blocks(records: Sequence[Record], by: ReportPeriod) -> Iterator[Block]:
    for record in records:
        yield block(record, by, title=f"{record.slo.name}: {promise(record.slo)}")


def _entry(record: Record) -> dict[str, object]:
    return {
        "name": record.slo.name,
        "service": record.slo.service,
        "timezone": record.zone.key,
        "counted": counted_in(record.slo),
        "periods": [_period(kept) for kept in record.periods],
    }


def _period(kept: Kept) -> dict[str, object]:
    made = kept.compliance
    is_counted = made.tally is not None
    return {
        "period": kept.period.label,
        "since": rfc3339(kept.period.span.since),
        "until": rfc3339(kept.period.span.until),
        "counted_until": rfc3339(kept.span.until),
        "is_running": kept.is_running,
        "state": kept.state.value,
        "kept": made.is_kept,
        "counts": kept.counts,
        "sli": as_float(made.sli),
        "bad": float(made.bad) if is_counted else None,
        "allowed": float(made.allowed) if is_counted else None,
        "budget_remaining": as_float(made.remaining),
        "projected_remaining": as_float(kept.projected),
        "raw_sli": as_float(kept.uncorrected.sli),
        "raw_budget_remaining": as_float(kept.uncorrected.remaining),
        "coverage": as_float(kept.coverage),
        "parts": [_part(part) for part in kept.parts],
    }


def _part(part: Part) -> dict[str, object]:
    tally = part.tally
    return {
        "objective": float(part.slo.objective.target),
        "since": rfc3339(part.span.since),
        "until": rfc3339(part.span.until),
        "good": None if tally is None else float(tally.good),
        "total": None if tally is None else float(tally.total),
    }
