"""What a page says where nothing has the name that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.views.upkeep.notice import Notice
from dashboard.views.words import cut_words
from slo.nearest import nearest

_NAMED = 8
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Unfound:
    """No SLO has the name that was asked for; `near` are those that are alike, or all of them."""

    notice: Notice
    near: tuple[str, ...]


def unfound(asked: str, names: Sequence[str], where: str) -> Unfound:
    """What to say where no SLO has the name: the nearest ones, without any the first few of all."""
    close = nearest(asked, names)
    near = close or tuple(sorted(names)[:_NAMED])
    what = (
        f'No objective is called "{cut_words(asked, _LONGEST)}".'
        if asked
        else "The address names no objective."
    )
    few = f"These are {len(near)} of the {len(names)} that there are:"
    others = few if len(near) < len(names) else "These are all that there are:"
    mend = "Perhaps one of these was meant:" if close else others
    return Unfound(Notice("There is no such objective", what, where, mend), near)
