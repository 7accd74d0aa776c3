"""Which share of the bad events each value of a label has: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.counted.breakdown import Share, breakdowns
from dashboard.views.counted.burning import burning
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import span_words


def apart_steps(scene: Scene, view: SloView) -> Iterator[Step]:
    """Each value of each label of the breakdown, as a share of all bad events."""
    if not view.slo.breakdown:
        return
    for found in breakdowns(scene.reader, view, onset(scene, view)):
        yield (
            "breakdown",
            f"by {found.label}, {span_words(found.span)}: {digits(found.bad)} bad in all",
        )
        for one in found.shares:
            yield "breakdown", f"{found.label} {one.value or 'none'}: {_share(one, found.bad)}"


def onset(scene: Scene, view: SloView) -> int | None:
    """Since when it burns; None where it does not."""
    if not view.firing:
        return None
    found = burning(view, scene.reader)
    since = found.onset or found.fires
    return None if since is None else since.at


def _share(one: Share, whole: float) -> str:
    filled = filled_words(f"{digits(one.bad)} / {digits(whole)}", one.bad, whole)
    text = f"bad / all bad {filled} {equals_words(one.share)}"
    if one.normal is None:
        return f"{text}; normally unknown, nothing was bad in the week before"
    return f"{text}; in the week before {digits_words(one.normal)} of its bad events"
