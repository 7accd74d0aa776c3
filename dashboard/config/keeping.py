"""For how long single minutes are kept, and whether the promises of a file can live with it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.config.objectives import Promise
from dashboard.config.problems import Problem, Written
from slo.lengths import DAY_S
from slo.objective import Slo
from slo.spans import RollingWindow, length_label


def minutes_kept_s(
    root: Written, kept_s: int, promised: Sequence[Promise], problems: list[Problem]
) -> int:
    """How long single minutes are kept: what is written, where nothing is at least the default.

    A rolling window moves by the minute, so its length and a day more is the least.
    """
    longest = max((_looks_back_s(slo) for slo, _ in promised), default=0)
    least_s = longest + DAY_S
    if "keep_minutes" not in root.values:
        return max(kept_s, least_s)
    if kept_s < least_s:
        said = f"{length_label(kept_s)} is too short: {_why(longest, promised)}"
        problems.append(root.problem(f'{said}; write "{length_label(least_s)}"', "keep_minutes"))
    return kept_s


def _why(longest: int, promised: Sequence[Promise]) -> str:
    for slo, written in promised:
        if longest and _looks_back_s(slo) == longest:
            looks = f'slo "{slo.name}" ({written.where}) looks back {length_label(longest)}'
            return f"{looks}, and a day more is needed"
    return "a day is the least"


def _looks_back_s(slo: Slo) -> int:
    """How far before its moment the promise looks at single minutes."""
    windows = (slo.window, *slo.further)
    rolling = (window.length_s for window in windows if isinstance(window, RollingWindow))
    return max([0, *rolling, *(row.long_s for row in slo.policy or ())])
