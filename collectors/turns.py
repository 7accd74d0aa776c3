"""In which order the streams of a source are asked: one that hangs must not starve the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collectors.contract import Stream

NOT_ASKED = "not asked: the source is out of reach"


def in_turn(streams: Sequence[Stream], failures: Mapping[str, str]) -> tuple[Stream, ...]:
    """Those that went well last time, then those that were not asked, those that failed last.

    >>> streams = Stream("a"), Stream("b"), Stream("c")
    >>> [one.name for one in in_turn(streams, {"a": "no answer", "b": NOT_ASKED})]
    ['c', 'b', 'a']
    """
    turns = {name: turn for turn, name in enumerate(failures)}

    def turn(stream: Stream) -> tuple[bool, int]:
        said = failures.get(stream.name, NOT_ASKED)
        return said != NOT_ASKED, turns.get(stream.name, -1)

    return tuple(sorted(streams, key=turn))
