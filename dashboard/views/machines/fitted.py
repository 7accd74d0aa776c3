"""Tables of text that fit a terminal: what is too wide for its row goes on below it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from textwrap import wrap

from dashboard.views.machines.aligned import WIDTH, aligned, folded

_GAP, _LEAST = 2, 16


def fitted(
    rows: Sequence[Sequence[str]], right: Collection[int] = (), width: int = WIDTH
) -> tuple[str, ...]:
    """The rows as lines, the first being their heads; aligned where they fit the width.

    Where they do not, the widest column of words is folded within itself; where that leaves too
    little, the columns that do not fit are told below each row under their heads.

    >>> for line in fitted([("A", "TOLD"), ("one", "mail at noon and hook at one")], width=21):
    ...     print(line)
    A    TOLD
    one  mail at noon and
         hook at one
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + _GAP * (len(widths) - 1) <= width:
        return aligned(rows, right)
    texts = [place for place in range(len(widths)) if place not in right] or [0]
    widest = max(texts, key=lambda place: widths[place])
    left = width - sum(widths) + widths[widest] - _GAP * (len(widths) - 1)
    if left >= _LEAST:
        return aligned([one for row in rows for one in _wrapped(row, widest, left)], right)
    return tuple(_told_below(rows, right, _fitting(widths, width), width))


def _wrapped(row: Sequence[str], place: int, width: int) -> Iterator[tuple[str, ...]]:
    """The row, and below it what its cell at the place has no room for."""
    first, *rest = wrap(row[place], width, break_on_hyphens=False) or [""]
    before, after = row[:place], row[place + 1 :]
    yield (*before, first, *after)
    yield from ((*[""] * len(before), one, *[""] * len(after)) for one in rest)


def _fitting(widths: Sequence[int], width: int) -> int:
    """How many columns fit, one at least."""
    ends = [sum(widths[: count + 1]) + _GAP * count for count in range(len(widths))]
    return max(1, sum(end <= width for end in ends))


def _told_below(
    rows: Sequence[Sequence[str]], right: Collection[int], kept: int, width: int
) -> Iterator[str]:
    heads = [one.lower() for one in rows[0][kept:]]
    drawn = aligned([row[:kept] for row in rows], [place for place in right if place < kept])
    yield drawn[0]
    for line, row in zip(drawn[1:], rows[1:], strict=True):
        yield line
        for head, words in zip(heads, row[kept:], strict=True):
            yield from folded(f"{head}: {words}", width) if words else ()
