"""YAML and JSON as pieces that know where they stand; nothing in them is run, nothing expands.

Scalars stay the text that was written, so that 99.95 is exact and `on` is no truth value. An
alias is the piece it names, and counts as often as it is used: a bomb is refused, not unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from slo.errors import InputError

MOST_BYTES = 2_000_000
MOST_PIECES = 200_000
MOST_LEVELS = 60
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Piece:
    """A mapping, a list, a text or nothing (None), and the line and path at which it stands."""

    file: str
    line: int
    path: str
    content: Content
    weight: int = field(default=1, repr=False, compare=False)
    """How many pieces it is, each as often as it is named."""

    @property
    def where(self) -> str:
        """File and line, as compilers say it."""
        return f"{self.file}:{self.line}"

    @property
    def shown(self) -> str:
        """What it is, in few words, for a sentence about it."""
        match self.content:
            case None:
                return "nothing"
            case str(text):
                line = " ".join(text.split())
                return f'"{_cut(line)}"'
            case tuple():
                return "a list"
            case _:
                return "a mapping"

    def at(self, *keys: str) -> Piece | None:
        """The piece below, key by key; None where there is none."""
        found: Piece | None = self
        for key in keys:
            inside = None if found is None else found.content
            found = inside.get(key) if isinstance(inside, Mapping) else None
        return found

    def said(self, *keys: str) -> str | None:
        """The text below, key by key; None where there is none."""
        found = self.at(*keys)
        return found.content if found is not None and isinstance(found.content, str) else None


Content = Mapping[str, Piece] | tuple[Piece, ...] | str | None
_LONGEST_SHOWN = 60


def pieces(text: str, file: str) -> tuple[Piece, ...]:
    r"""The documents of a text, those in a list at the top one by one; empty ones are left out.

    >>> [piece.said("kind") for piece in pieces("- kind: SLO\n- {kind: SLI}\n---\n", "a.yaml")]
    ['SLO', 'SLI']

    Raises:
        InputError: it is no YAML, or of a kind that no SLO file is: tags that would make
            objects, a key twice, too much, too deep.
    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        said = f"is larger than {MOST_BYTES:,} bytes, which no SLO file is"
        raise InputError(said, where=file, mend="split it into several files")
    try:
        return tuple(_Composer(text, file).documents())
    except yaml.YAMLError as error:
        raise _no_yaml(error, file) from None


def _no_yaml(error: yaml.YAMLError, file: str) -> InputError:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}:{mark.line + 1}" if mark else file
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return InputError(f"is no YAML: {said}", where=where, mend="correct the text at that line")


class _Composer:
    """One reading of the events of a text, into pieces."""

    def __init__(self, text: str, file: str) -> None:
        """Begin before the first event."""
        self._events = yaml.parse(text, Loader=_LOADER)
        self._file = file
        self._anchors: dict[str, Piece] = {}
        self._weight = 0

    def documents(self) -> Iterator[Piece]:
        """Each document, or each element of one that is a list."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors.clear()
                whole = self._piece(next(self._events), "", 0)
                listed = whole.content if isinstance(whole.content, tuple) else (whole,)
                yield from (one for one in listed if one.content is not None)

    def _piece(self, event: yaml.Event, path: str, level: int) -> Piece:
        line = _line(event)
        if level > MOST_LEVELS:
            raise self._refused(line, f"is nested deeper than {MOST_LEVELS} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._weighed(self._anchored(event, line), line)
        tag = getattr(event, "tag", None) or "!"
        if tag not in {"!", *_PLAIN_TAGS}:
            raise self._refused(
                line, f"carries the tag {tag[:_LONGEST_SHOWN]!r}, which is not read"
            )
        content = self._content(event, path, level)
        made = self._weighed(Piece(self._file, line, path, content, _weight(content)), line)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _content(self, event: yaml.Event, path: str, level: int) -> Content:
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(path, level, _line(event))
            case yaml.SequenceStartEvent():
                return self._list(path, level)
            case _:
                assert isinstance(event, yaml.ScalarEvent), "a node is one of four events"
                return _scalar(event)

    def _list(self, path: str, level: int) -> tuple[Piece, ...]:
        found: list[Piece] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._piece(event, f"{path}[{len(found)}]", level + 1))
        return tuple(found)

    def _mapping(self, path: str, level: int, line: int) -> Mapping[str, Piece]:
        found: dict[str, Piece] = {}
        merged: list[Piece] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(_line(event), "has a key that is no text")
            key = event.value
            value = self._piece(next(self._events), _below(path, key), level + 1)
            if key == "<<":
                merged += value.content if isinstance(value.content, tuple) else (value,)
            elif key in found:
                said = f"has {_cut(key)!r} twice, first on line {found[key].line}"
                raise self._refused(_line(event), said)
            else:
                found[key] = value
        for one in merged:
            if not isinstance(one.content, Mapping):
                raise self._refused(line, "merges (<<) what is no mapping")
            found = {**one.content, **found}
        return found

    def _anchored(self, event: yaml.AliasEvent, line: int) -> Piece:
        if event.anchor not in self._anchors:
            raise self._refused(
                line, f"names *{_cut(str(event.anchor))}, which nothing before it is"
            )
        return self._anchors[event.anchor]

    def _weighed(self, piece: Piece, line: int) -> Piece:
        """The piece, unless the text says more than any SLO file does."""
        if piece.weight > MOST_PIECES:
            raise self._refused(line, f"unfolds to more than {MOST_PIECES:,} pieces")
        return piece

    def _refused(self, line: int, what: str) -> InputError:
        return InputError(
            what, where=f"{self._file}:{line}", mend="write the file out plainly, as people do"
        )


def _below(path: str, key: str) -> str:
    """The path of what stands under a key; of a key as long as no key is its beginning."""
    return f"{path}.{_cut(key)}".removeprefix(".")


def _cut(text: str) -> str:
    return f"{text[:_LONGEST_SHOWN]}…" if len(text) > _LONGEST_SHOWN else text


def _scalar(event: yaml.ScalarEvent) -> str | None:
    """The text; None where nothing stands, or a null without quotes."""
    is_null = event.implicit[0] and event.value in _NULLS
    return None if is_null else event.value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _weight(content: Content) -> int:
    if content is None or isinstance(content, str):
        return 1
    inside = content.values() if isinstance(content, Mapping) else content
    return 1 + sum(piece.weight for piece in inside)
