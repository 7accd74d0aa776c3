"""The stretch of time that is written into the form of a page: checked, in the words of the form."""

from __future__ import annotations

from dashboard.shell.correcting.said import LONGEST_S
from dashboard.shell.moments import epoch_as_shown
from slo.errors import InputError
from slo.lengths import DAY_S
from slo.spans import Span

SINCE, UNTIL = "From", "To"


def span_of(since: str, until: str, *, near: int) -> Span:
    """The span between two moments as pages write them, a time alone being of the day of `near`.

    Raises:
        InputError: it is none; every problem stands on a line of its own.
    """
    problems: list[str] = []
    ends = [_at(name, text, near, problems) for name, text in ((SINCE, since), (UNTIL, until))]
    if not problems and not ends[0] < ends[1] <= ends[0] + LONGEST_S:
        problems.append(
            f"{UNTIL} must be later than {SINCE}, by at most {LONGEST_S // DAY_S} days."
        )
    if problems:
        raise InputError("\n".join(problems), where="the form", mend="write it anew")
    return Span(ends[0], ends[1])


def _at(name: str, text: str, near: int, problems: list[str]) -> int:
    try:
        return epoch_as_shown(text, near=near)
    except ValueError as error:
        problems.append(f"{name}: {error}.")
        return 0
