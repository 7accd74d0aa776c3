"""What the pages show, made once for all visitors: config and store in, a view or a notice out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from collectors.store.ground import ground
from collectors.store.opening.engine import parsed, sqlite_path
from collectors.store.reader import Reader
from dashboard import serving
from dashboard.config import Config
from dashboard.views.upkeep.notice import (
    Notice,
    no_objectives,
    no_store,
    nothing_collected,
    notice_of,
)
from dashboard.views.upkeep.scene import Scene
from slo.errors import BurnlineError

V = TypeVar("V")

# Visitors who look within these seconds share one view.
_SHARED_S = 15
_KEPT = 64


@dataclass(slots=True)
class _Made:
    """One view that was made, or is just being made by whoever holds its turn."""

    turn: Lock = field(default_factory=Lock)
    found: object = None


@dataclass(slots=True)
class _Shelf:
    """The views that stand, the last asked for at the end; none is of before `since`."""

    made: OrderedDict[Hashable, _Made] = field(default_factory=OrderedDict)
    since: int = 0
    lock: Lock = field(default_factory=Lock)


_shelf = _Shelf()


def look(
    make: Callable[[Scene], V],
    *key: Hashable,
    even_empty: bool = False,
    shared_s: int = _SHARED_S,
) -> V | Notice:
    """What `make` makes of this moment; a notice where config or store cannot give it.

    `key` tells apart what the same function makes of different wishes. A config without
    objectives and a store without series are notices too, unless `even_empty`. Visitors who ask
    for the same at the same time wait for one of them; a notice is made anew for each. What is
    made stands for `shared_s`, and is as of their beginning.
    """
    served = serving.current()
    try:
        config = served.load()
        name = f"{make.__module__}.{make.__qualname__}"
        clock = max(_floored(served.clock(), shared_s), _shelf.since)
        moment = clock if served.as_of is None else served.as_of
        # A store goes on being filled where the moment is fixed, so the clock counts as well.
        made = _shelved((name, key, even_empty, config.digest, moment, clock, config.store_url))
        with made.turn:
            if made.found is None or isinstance(made.found, Notice):
                made.found = _read(make, config, moment, even_empty=even_empty)
            return made.found  # type: ignore[return-value]  # the key holds the maker's name
    except BurnlineError as error:
        return notice_of(error)


def forget(since: int = 0) -> None:
    """Have everything made anew, and nothing as of before `since`: something was done then."""
    with _shelf.lock:
        _shelf.made.clear()
        _shelf.since = since


def _shelved(key: Hashable) -> _Made:
    """The place of one view; the one that was asked for longest ago makes room."""
    with _shelf.lock:
        made = _shelf.made.setdefault(key, _Made())
        _shelf.made.move_to_end(key)
        while len(_shelf.made) > _KEPT:
            _shelf.made.popitem(last=False)
        return made


def _read(
    make: Callable[[Scene], V], config: Config, moment: int, *, even_empty: bool
) -> V | Notice:
    """The view, read through one reader, which is let go of at the end."""
    served = serving.current()
    if not (config.slos or even_empty):
        return no_objectives(config.path)
    path = sqlite_path(parsed(config.store_url))
    if path is not None and not path.exists():
        return no_store(str(path), served.collect_command)
    with Reader.open(config.store_url) as reader:
        if not (even_empty or reader.series()):
            return _empty(reader, _place(config.store_url), moment)
        fixed = served.as_of is not None
        return make(Scene(config, reader, moment, fixed, ground(config.store_url)))


def _empty(reader: Reader, place: str, moment: int) -> Notice:
    """Why the store has no series."""
    seen = reader.collector()
    works = seen is not None and seen.works_at(moment)
    command = serving.current().collect_command
    return nothing_collected(place, command, reader.last_runs(), moment, works=works)


def _place(store_url: str) -> str:
    """Where the store is, without a password."""
    url = parsed(store_url)
    return str(sqlite_path(url) or url.render_as_string(hide_password=True))


def _floored(moment: int, step_s: int) -> int:
    return moment - moment % step_s
