"""The rows of one file as parts of facts: the columns it needs, looked up once, then row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Self

from collectors.files.cells import Cells
from collectors.files.identity import Key, Owner, SeriesBook
from collectors.files.kinds import KINDS
from collectors.files.plan import Plan
from collectors.files.remarks import Remarks
from collectors.files.rows import Part
from collectors.files.sheet import RowKind, Sheet
from collectors.files.when import When
from slo.errors import InputError
from slo.nearest import did_you_mean
from slo.spans import Span

_OFTEN_ABSENT = frozenset({"ended_at", "latency"})
_SHOWN_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns the cells of each row into parts, and counts beside them what is to be told."""

    parts: Callable[[Cells], tuple[Part, ...]]
    remarks: Remarks

    @classmethod
    def of(
        cls, plan: Plan, known: Span, columns: Collection[str], where: str, *, objects: bool
    ) -> Self:
        """The reader of a file with these columns, those of its first row; `objects` are JSON's.

        Raises:
            InputError: a column that the configuration names is not there.
        """
        _refuse_column_as_service(plan, columns, where)
        remarks = Remarks()
        when = When.of(plan, columns, known, remarks)
        owner = Owner(plan.column("service"), plan.service, plan.labels)
        sheet = Sheet(plan, when, owner, Key(plan.key), SeriesBook(where), remarks)
        kind = KINDS[plan.holds](sheet)
        for column in _needed(sheet, kind, objects=objects):
            if column not in columns:
                raise _missing(column, columns, where)
        return cls(kind.parts, remarks)


def _needed(sheet: Sheet, kind: RowKind, *, objects: bool) -> Iterator[str]:
    """The columns that must be there: all that are named, and those the kind lives on."""
    # An object of JSON may leave out what it does not have; a row of a table cannot.
    may_lack = _OFTEN_ABSENT if objects else frozenset()
    plan = sheet.plan
    yield sheet.when.at
    yield from (column for _, column in plan.labels)
    yield from (column for role, column in plan.columns.items() if role not in may_lack)
    yield from kind.needs
    yield from plan.key


def _refuse_column_as_service(plan: Plan, columns: Collection[str], where: str) -> None:
    """One service for all rows that is called like a column was meant to be the column's."""
    if plan.service and plan.service in columns and "service" not in plan.columns:
        raise InputError(
            f"service = {plan.service!r} is one service for all rows, and also a column",
            where=where,
            mend=f'columns = {{ service = "{plan.service}" }} takes it from the column',
        )


def _missing(column: str, columns: Collection[str], where: str) -> InputError:
    shown = ", ".join(list(columns)[:_SHOWN_COLUMNS])
    return InputError(
        f"there is no column {column!r}{did_you_mean(column, columns)}",
        where=where,
        mend=f"map it under `columns`; the file has {shown}",
    )
