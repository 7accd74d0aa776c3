"""What `burnline migration` prints: the verdict, a table of two-line rows, the notes; and `--explain`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from dashboard.config.migration_def import MigrationDef
from dashboard.views.migration.days import dated_day, period_words
from dashboard.views.migration.told import Told, ToldBeside, ToldRow
from dashboard.views.words import NOTHING, cut_words, moment_words

_WIDTH = 100
_GAP = "  "
_LONGEST_CELL = 26
_WHOLE = "100 % · 100 %"
_HEAD = ("MEASURE", "BEFORE", "AFTER", "CHANGE", "EVIDENCE", "GOAL")
_SMALL_HEAD = ("n before and after", "", "", "range", "", "")
_RIGHT = frozenset({1, 2, 3})
_Cells = tuple[str, ...]


def lines(told: Told, as_of: int) -> tuple[str, ...]:
    """The two lines of verdict, what is compared, the table, what is side by side, the notes."""
    look = f"{told.look}, figures to {moment_words(as_of)}"
    head = [*wrap(told.headline, _WIDTH), told.goals, *wrap(told.periods, _WIDTH), look]
    parts = [
        [line for line in (*head, told.generated) if line],
        [line for one in told.besides for line in _beside(one)],
        list(_table([_pair(row) for row in told.rows])),
        _coverage(told.rows),
        [line for note in told.notes for line in _note(note)],
        list(_reasons(told.rows)),
    ]
    kept = [part for part in parts if part]
    return (*kept[0], *(line for part in kept[1:] for line in ("", *part)))


def explained(told: Told, metric: str) -> tuple[str, ...]:
    """The arithmetic of one measure, or of all where none is named."""
    parts = [_explained(row) for row in told.rows if metric in {"", row.id}]
    return tuple(line for part in parts for line in ("", *part))[1:]


def listed(migrations: Sequence[MigrationDef], as_of: int) -> tuple[str, ...]:
    """Each migration and where it stands, for who named none of several."""
    width = max(len(one.name) for one in migrations)
    return tuple(line for one in migrations for line in _listed(one, as_of, width))


def state_words(one: MigrationDef, as_of: int) -> str:
    """Where a migration stands at a moment."""
    planned = dated_day(one.evaluate_at, one.zone)
    if as_of >= one.evaluate_at:
        return f"evaluated on {planned}"
    if as_of < one.after.since:
        return f"the period after has not begun; the planned look is on {planned}"
    return f"interim; the planned look is on {planned}"


def _listed(one: MigrationDef, as_of: int, width: int) -> tuple[str, str]:
    before, after = (period_words(span, one.zone) for span in (one.before, one.after))
    return (
        f"{one.name:<{width}}  {one.title}: {state_words(one, as_of)}",
        f"{'':<{width}}  before {before}, after {after}",
    )


def _pair(row: ToldRow) -> tuple[_Cells, _Cells]:
    """The main line and the small one of a row."""
    cells = (row.name, row.before, row.after, row.change, row.evidence, row.goal)
    return tuple(cell[0] for cell in cells), tuple(cell[1] for cell in cells)


def _table(pairs: Sequence[tuple[_Cells, _Cells]]) -> Iterator[str]:
    """Two lines a measure; where one name has no room all names stand on lines of their own."""
    if not pairs:
        return
    every = [_HEAD, _SMALL_HEAD, *(line for pair in pairs for line in pair)]
    widths = [max(len(line[column]) for line in every) for column in range(len(_HEAD))]
    is_above = sum(widths) + len(_GAP) * (len(_HEAD) - 1) > _WIDTH
    if is_above:
        widths[0] = 0
    put = _named_above if is_above else _row
    for main, small in ((_HEAD, _SMALL_HEAD), *pairs):
        yield from put(main, small, widths)


def _named_above(main: _Cells, small: _Cells, widths: Sequence[int]) -> Iterator[str]:
    name = f"{main[0]} · {small[0]}" if small[0] else main[0]
    yield cut_words(name, _WIDTH)
    yield from _row(("", *main[1:]), ("", *small[1:]), widths)


def _row(main: _Cells, small: _Cells, widths: Sequence[int]) -> Iterator[str]:
    lines = [_line(main, widths), _line(small, widths)]
    yield from (line for line in lines if line)


def _line(cells: _Cells, widths: Sequence[int]) -> str:
    aligned = (
        cell.rjust(width) if column in _RIGHT else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return _GAP.join(aligned).rstrip()


def _coverage(rows: Sequence[ToldRow]) -> list[str]:
    """Which measures were not observed the whole time, and how much of it before and after."""
    thin = [row for row in rows if row.coverage not in {_WHOLE, NOTHING}]
    if not thin:
        return []
    said = ", ".join(f"{row.name[0]} {row.coverage}" for row in thin)
    return wrap(f"Coverage before · after, where not whole: {said}.", _WIDTH)


def _beside(one: ToldBeside) -> Iterator[str]:
    yield from wrap(f"{one.title} ({one.note})", _WIDTH)
    told = [("", one.old_name, one.new_name, "Change", "range"), *one.rows]
    rows = [tuple(cut_words(cell, _LONGEST_CELL) for cell in row) for row in told]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()


def _note(note: str) -> list[str]:
    return wrap(note, _WIDTH - 2, initial_indent="- ", subsequent_indent="  ")


def _reasons(rows: Sequence[ToldRow]) -> Iterator[str]:
    """Each reason once, behind the measures that it is about."""
    about: dict[str, list[str]] = {}
    for row in rows:
        for reason in row.reasons:
            about.setdefault(reason, []).append(row.name[0])
    for reason, names in about.items():
        who = "All measures" if len(names) == len(rows) > 1 else ", ".join(names)
        yield from wrap(f"{who}: {reason}", _WIDTH, subsequent_indent="  ")


def _explained(row: ToldRow) -> tuple[str, ...]:
    width = max((len(name) for name, _ in row.steps), default=0)
    steps = (f"{name:<{width}}  {text}" for name, text in row.steps)
    return (f"{row.name[0]} ({row.id})", *steps, *(f"because: {one}" for one in row.reasons))
