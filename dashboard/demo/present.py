"""The present of the demo: each minute that passes is appended while the demo runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from dashboard.demo.folder import Folder
from dashboard.demo.story import Story
from slo.errors import InputError
from slo.lengths import MINUTE_S

_LATE_S = 1


@contextmanager
def passing(
    folder: Folder, story: Story, *, clock: Callable[[], int], tell: Callable[[str], None]
) -> Iterator[None]:
    """For the block, minutes are appended soon after they have passed.

    A folder that cannot be written is told once, and tried again each minute.
    """
    over = Event()
    appender = Thread(target=_append, args=(folder, story, clock, tell, over), daemon=True)
    appender.start()
    try:
        yield
    finally:
        over.set()
        appender.join()


def _append(
    folder: Folder,
    story: Story,
    clock: Callable[[], int],
    tell: Callable[[str], None],
    over: Event,
) -> None:
    is_told = False
    while not over.wait(MINUTE_S - clock() % MINUTE_S + _LATE_S):
        try:
            folder.catch_up(story, clock())
        except (OSError, InputError) as error:
            if not is_told:
                tell(f"burnline: the demo stands still: {error}")
            is_told = True
        else:
            is_told = False
