"""What a backtest replays and what it does not, in words: corrections made later, members."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.backtest.making import Side, Tried
from dashboard.views.words import duration_words
from slo.backtest import Recorded
from slo.splits import value_words


def beside_words(made: Tried) -> Iterator[str]:
    """A sentence each; nothing where all that could have paged was replayed as it was measured."""
    if made.corrected_s:
        yield (
            f"{duration_words(made.corrected_s)} of it is under corrections and replayed as they "
            "leave it; a page went out as it was measured, before they were made: "
            f"{', '.join(_as_measured(one) for one in made.sides)}."
        )
    if made.slo.member:
        group = made.slo.name.removesuffix(f"/{value_words(made.slo.member)}")
        yield (
            f"Replayed by itself; while {group} as a whole has a page, none of this member begins."
        )
    elif made.slo.group_by:
        yield from _grouped(made)
    elif made.slo.composed:
        yield (
            "Replayed as its alerts are judged: while a member is not measured that may be what fired,"
            " they freeze, so that none ends."
        )
        if made.left_out:
            yield f"{made.left_out:,} more members of its groups were not replayed."


def _grouped(made: Tried) -> Iterator[str]:
    """Which members were replayed beside the sum, and how the others can be."""
    replayed = len(made.sides[0].members) if made.sides else 0
    if not replayed:
        yield f"No member by {' and '.join(made.slo.group_by)} had anything bad."
        return
    members = "The one member" if replayed == 1 else f"The {replayed} members"
    most = "the most bad events" if made.left_out else "bad events"
    yield (
        f"{members} by {' and '.join(made.slo.group_by)} with {most} "
        f"{'is' if replayed == 1 else 'are'} replayed beside the sum; none begins a page while the "
        f"sum has one. burnline backtest {made.slo.name}/MEMBER replays one by itself."
    )
    if made.left_out:
        yield f"{made.left_out:,} more members were not replayed."


def uncounted_words(side: Side, one: Recorded) -> str:
    """Why something recorded counts for nothing."""
    if one not in under_corrections(side):
        return "not measured"
    return excused_words(side, one) or "under a correction"


def excused_words(side: Side, missed: Recorded) -> str:
    """Why something recorded had no page, where a correction is why; else empty."""
    paged = () if side.as_measured is None else side.as_measured.met
    keys = {one.recorded.key for one in paged if one.page is not None}
    return "under a correction; as measured it paged" if missed.key in keys else ""


def under_corrections(side: Side) -> tuple[Recorded, ...]:
    """What counts for nothing since it was corrected: as measured it did."""
    met = () if side.as_measured is None else side.as_measured.met
    keys = {one.recorded.key for one in met}
    return tuple(one for one in side.found.unmeasured if one.key in keys)


def left_out_words(side: Side) -> str:
    """How many of what was recorded count for nothing, and why; empty where all count.

    A clause that goes on after what was recorded.
    """
    corrected = len(under_corrections(side))
    unmeasured = len(side.found.unmeasured) - corrected
    why = (
        f"{corrected:,} under {'a correction' if corrected == 1 else 'corrections'}",
        f"{unmeasured:,} not measured",
    )
    said = ", ".join(one for one, n in zip(why, (corrected, unmeasured), strict=True) if n)
    return f"; left out: {said}" if said else ""


def _as_measured(side: Side) -> str:
    count = 0 if side.as_measured is None else len(side.as_measured.pages)
    return f"{side.candidate.name} {count:,} {'page' if count == 1 else 'pages'}"
