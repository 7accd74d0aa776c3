"""The story as it is kept in the folder, so that a later start goes on with the same one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson

from dashboard.demo.story import Start, Story
from slo.errors import InputError
from slo.lengths import MINUTE_S

_SHAPE = 2
"""Of what a folder's files tell: 2 tells routes and schemes apart."""


def kept(story: Story, until: int) -> str:
    """The story as JSON, with how far it is written."""
    starts = [{"at": start.at, "free_since": start.free_since} for start in story.starts]
    told = {
        "shape": _SHAPE,
        "seed": story.seed,
        "days": story.days,
        "starts": starts,
        "until": until,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def read(path: Path) -> tuple[Story, int]:
    """The story of the folder, and how far it is written.

    Raises:
        InputError: it cannot be read as one, or its files are not those of this burnline.
    """
    try:
        told = orjson.loads(path.read_bytes())
        is_known = told.get("shape") == _SHAPE
        starts = tuple(Start(int(one["at"]), int(one["free_since"])) for one in told["starts"])
        story = Story(int(told["seed"]), starts, int(told["days"]))
        until = max(int(told["until"]), story.recent.until)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _refused("this is no story of a demo", path) from error
    if not is_known:
        raise _refused("this demo was begun by another burnline, whose files tell less", path)
    return story, until


def _refused(what: str, path: Path) -> InputError:
    mend = f"remove the folder {path.parent} and start the demo again"
    return InputError(what, where=str(path), mend=mend)


def begun(known: tuple[Story, int], now: int) -> Story:
    """The story with a start at this minute, where there is room for one that revises nothing."""
    story, until = known
    start = Start(now - now % MINUTE_S, until)
    return story if start.onset is None else replace(story, starts=(*story.starts, start))
