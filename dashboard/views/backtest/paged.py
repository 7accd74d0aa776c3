"""Pages that would have gone out, a row each: what for, how late, how long, by which windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.views.addresses import backtest_address
from dashboard.views.backtest.making import Side, Tried
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.slos.marks import Tone
from dashboard.views.words import NOTHING, cut_words, duration_words, moment_words
from slo.backtest import Backtest, Met
from slo.episodes import Episode
from slo.objective import Slo
from slo.onset import Since
from slo.policy import BurnRow
from slo.spans import length_label
from slo.splits import value_words

SHOWN, TITLE = 12, 60
_HEADS = ("Paged", "For", "Came", "Lasted", "Row")


@dataclass(frozen=True, slots=True)
class _Paged:
    """A page, what was going on while it stood, and since when it burnt; of a member which."""

    page: Episode
    during: Sequence[Met]
    onset: Since | None
    member: Slo | None = None


def pages_block(made: Tried, side: Side, name: str) -> Block:
    """The pages of the SLO, the latest first."""
    found = [*_paged(side.found, side.onsets)]
    rows = [_cells(made, one) for one in _latest(found)]
    return _block(f"Pages{name}", _HEADS, rows, len(found))


def member_pages_block(made: Tried, side: Side, name: str) -> Block:
    """The pages of the members of a group, the latest first, each with its member."""
    found = [paged for one in side.members for paged in _paged(one.found, one.onsets, one.slo)]
    rows = [
        (first, _member(one), *rest)
        for one in _latest(found)
        for first, *rest in (_cells(made, one),)
    ]
    heads = (_HEADS[0], "Member", *_HEADS[1:])
    return _block(f"Pages of members{name}", heads, rows, len(found))


def row_words(row: BurnRow) -> str:
    """A row of a policy by its windows.

    >>> from fractions import Fraction
    >>> from slo.burn import Severity
    >>> row_words(BurnRow(Severity.PAGE, Fraction(1, 50), 3_600, 300))
    '1h and 5m'
    """
    if row.long_s == row.short_s:
        return length_label(row.long_s)
    return f"{length_label(row.long_s)} and {length_label(row.short_s)}"


def delay_words(delay_s: int | None) -> str:
    """How long after something began its page came.

    >>> delay_words(240), delay_words(0), delay_words(-60), delay_words(None)
    ('4 m after it began', 'as it began', '1 m before it began', '–')
    """
    if delay_s is None:
        return NOTHING
    if not delay_s:
        return "as it began"
    lasted = duration_words(abs(delay_s))
    return f"{lasted} after it began" if delay_s > 0 else f"{lasted} before it began"


def _paged(
    found: Backtest, onsets: Sequence[Since | None], member: Slo | None = None
) -> Iterator[_Paged]:
    during = _by_page(found.met)
    for page, onset in zip(found.pages, onsets, strict=True):
        yield _Paged(page, during.get(page.span.since, ()), onset, member)


def _by_page(met: Sequence[Met]) -> dict[int, list[Met]]:
    found: dict[int, list[Met]] = {}
    for one in met:
        if one.page is not None:
            found.setdefault(one.page.span.since, []).append(one)
    return found


def _latest(found: Sequence[_Paged]) -> list[_Paged]:
    return sorted(found, key=lambda one: -one.page.span.since)[:SHOWN]


def _member(one: _Paged) -> Cell:
    """The values of its labels; they lead to the backtest of that member by itself."""
    if one.member is None:
        return Cell(NOTHING)
    name = cut_words(value_words(one.member.member), TITLE)
    return Cell(name, address=backtest_address(one.member.name))


def _block(title: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]], count: int) -> Block:
    more = count - len(rows)
    return Block(
        title=title,
        note="the latest first; each lasts until no row has fired for its short window",
        headings=tuple(Heading(one) for one in heads),
        rows=tuple(rows),
        below=(f"and {more:,} more; burnline backtest --json lists all",) if more > 0 else (),
    )


def _cells(made: Tried, one: _Paged) -> tuple[Cell, ...]:
    page, during = one.page, one.during
    lasted = "goes on" if page.is_open else duration_words(page.span.length_s)
    return (
        Cell(moment_words(page.span.since)),
        _for(made, during),
        Cell(_came(page, during, one.onset)),
        Cell(lasted, note=f"{duration_words(page.firing_s)} of it firing"),
        Cell(row_words(page.row)),
    )


def _for(made: Tried, during: Sequence[Met]) -> Cell:
    if not during:
        tone = Tone.AMBER if made.records.found else Tone.PLAIN
        return Cell("nothing recorded", tone=tone)
    one = during[0].recorded
    more = f"and {len(during) - 1:,} more" if len(during) > 1 else ""
    return Cell(cut_words(f"{one.key} {one.title}".strip(), TITLE), note=more)


def _came(page: Episode, during: Sequence[Met], onset: Since | None) -> str:
    """Against what was recorded; else against when the budget began to burn as fast as it asks."""
    if during:
        return delay_words(during[0].delay_s)
    if onset is None:
        return NOTHING
    burnt_s = page.span.since - onset.at
    return f"{duration_words(burnt_s)} after the burning began"
