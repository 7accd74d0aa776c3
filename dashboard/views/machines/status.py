"""What `burnline status` shows: one line for each SLO, those that need a person first."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.counted.families import members_in_need, members_of, part_words
from dashboard.views.headline import headline
from dashboard.views.machines.check import entry
from dashboard.views.slos.marks import Mark, now_mark
from dashboard.views.slos.overview import by_need, generated_words
from dashboard.views.slos.row_words import (
    burn_cell,
    left_words,
    now_words,
    runs_out,
    silence_words,
    sli_words,
)
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.words import cut_words, freshness_words, moment_words
from slo.judgement import State
from slo.spans import rfc3339

SCHEMA = "burnline.status/1"
_HEAD = ("NOW", "OBJECTIVE", "LEFT", "SLI", "BURN 1H", "BURN 6H", "RUNS OUT")
_RIGHT = {2, 3, 4, 5}
_LONGEST = 40


def document(
    views: Sequence[SloView], sources: Sequence[SourceLine], as_of: int
) -> dict[str, object]:
    """The table for machines, in its order: each SLO as `check` has it, and each source."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "headline": headline(views),
        "slos": [entry(view) for view in by_need(views)],
        "sources": [_source(one) for one in sources],
    }


def lines(views: Sequence[SloView], sources: Sequence[SourceLine], as_of: int) -> tuple[str, ...]:
    """The verdict in a sentence, the table, and a line for each doubt and each source."""
    notes = [moment_words(as_of), generated_words(views)]
    verdict = f"{headline(views)} ({', '.join(filter(None, notes))})"
    ordered = by_need(views)
    rows = [row for view in ordered for row in (_row(view), *_member_rows(view))]
    table = _aligned([_HEAD, *rows])
    told = [
        f"{now_mark(view).sign} {view.name}: {_doubt(view)}" for view in ordered if _doubt(view)
    ]
    health = [
        f"{(Mark.LATE if one.is_late else Mark.QUIET).sign} {one.name}: {one.words}"
        for one in sources
    ]
    parts = (part for part in (table, told, health) if part)
    return (verdict, *(line for part in parts for line in ("", *part)))


def _source(one: SourceLine) -> dict[str, object]:
    return {
        "name": one.name,
        "late": one.is_late,
        "generated": one.is_generated,
        "words": one.words,
    }


def _row(view: SloView) -> tuple[str, ...]:
    return (
        f"{now_mark(view).sign} {now_words(view)}",
        view.name,
        left_words(view),
        sli_words(view),
        burn_cell(view, "1h"),
        burn_cell(view, "6h"),
        runs_out(view)[0],
    )


def _member_rows(view: SloView) -> list[tuple[str, ...]]:
    """The members that need someone, below the objective; how many others there are."""
    troubled = members_in_need(view)
    rows = [_under(_row(one), part_words(one)) for one in troubled]
    calm = len(members_of(view)) - len(troubled)
    blank = ("",) * (len(_HEAD) - 2)
    more = f"{calm}{' more' if troubled else ''} member{'' if calm == 1 else 's'}"
    return [*rows, ("", f"  {more}", *blank)] if calm else rows


def _under(row: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (row[0], f"  {cut_words(name, _LONGEST)}", *row[2:])


def _doubt(view: SloView) -> str:
    """The doubt about the figures, and how old they are where it matters; empty without any."""
    state = view.judgement.state
    words = "" if state is State.OK else silence_words(view) or state.words
    words = "" if words == now_words(view) else words
    late = freshness_words(view.data_until, view.as_of) if view.stale else ""
    return ", ".join(part for part in (words, late) if part)


def _aligned(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return tuple("  ".join(_cells(row, widths)).rstrip() for row in rows)


def _cells(row: tuple[str, ...], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if column in _RIGHT else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
