"""What a backtest replays and what it does not, in words: corrections made later, members."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.backtest.making import Side, Tried
from dashboard.views.words import duration_words
from slo.backtest import Recorded


def beside_words(made: Tried) -> Iterator[str]:
    """A sentence each; nothing where all that could have paged was replayed as it was measured."""
    if made.corrected_s:
        yield (
            f"{duration_words(made.corrected_s)} of it is under corrections and replayed as they "
            "leave it; a page went out as it was measured, before they were made: "
            f"{', '.join(_as_measured(one) for one in made.sides)}."
        )
    if made.slo.group_by:
        yield (
            f"A member by {' and '.join(made.slo.group_by)} that burns by its own counts pages "
            "too; those pages are not replayed, only what all members together would have sent."
        )


def excused_words(side: Side, missed: Recorded) -> str:
    """Why something recorded had no page, where a correction is why; else empty."""
    paged = () if side.as_measured is None else side.as_measured.met
    keys = {one.recorded.key for one in paged if one.page is not None}
    return "under a correction; as measured it paged" if missed.key in keys else ""


def _as_measured(side: Side) -> str:
    count = 0 if side.as_measured is None else len(side.as_measured.pages)
    return f"{side.candidate.name} {count:,} {'page' if count == 1 else 'pages'}"
