"""The story as it is kept in the folder, so that a later start goes on with the same one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson

from dashboard.demo.story import MINUTE_S, Start, Story
from slo.errors import InputError


def kept(story: Story, until: int) -> str:
    """The story as JSON, with how far it is written."""
    starts = [{"at": start.at, "free_since": start.free_since} for start in story.starts]
    told = {"seed": story.seed, "days": story.days, "starts": starts, "until": until}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def read(path: Path) -> tuple[Story, int]:
    """The story of the folder, and how far it is written.

    Raises:
        InputError: it cannot be read as one.
    """
    try:
        told = orjson.loads(path.read_bytes())
        starts = tuple(Start(int(one["at"]), int(one["free_since"])) for one in told["starts"])
        story = Story(int(told["seed"]), starts, int(told["days"]))
        return story, max(int(told["until"]), story.recent.until)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            "this is no story of a demo",
            where=str(path),
            mend=f"remove the folder {path.parent} and start the demo again",
        ) from error


def begun(known: tuple[Story, int], now: int) -> Story:
    """The story with a start at this minute, where there is room for one that revises nothing."""
    story, until = known
    start = Start(now - now % MINUTE_S, until)
    return story if start.onset is None else replace(story, starts=(*story.starts, start))
