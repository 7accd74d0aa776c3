"""The tags of a repository: what each is called, what it points at, and its two times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.files.cells import MAX_TEXT_BYTES

FIELDS = (
    "refname",
    "objecttype",
    "objectname",
    "*objecttype",
    "*objectname",
    "taggerdate:unix",
    "committerdate:unix",
    "*committerdate:unix",
)
QUESTION = (
    "for-each-ref",
    f"--format={'%00'.join(f'%({field})' for field in FIELDS)}",
    "refs/tags",
)
PEELING = ("cat-file", "--batch")
_PREFIX = b"refs/tags/"
_COMMITTED = re.compile(rb"^committer .*> (-?[0-9]+) [+-][0-9]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; `tagged_at` is None where it is only a name for a commit."""

    name: str
    commit: str
    tagged_at: int | None
    committed_at: int | None


@dataclass(frozen=True, slots=True)
class UnusableTag:
    """One that cannot be passed on, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What a tag points at in the end."""

    name: str
    committed_at: int | None


Peeled = Mapping[bytes, Commit]
"""The commits of tags that point at tags, by the name of the tag's own object."""


def read(answer: bytes, peeled: Peeled) -> Iterator[Tag | UnusableTag]:
    """Every tag of git's answer to `QUESTION`, in its order.

    A name holds neither a line's end nor a zero byte: git refuses to make one.
    """
    for fields in _lines(answer):
        yield _tag(fields, peeled)


def nested(answer: bytes) -> tuple[bytes, ...]:
    """The objects of the tags that point at tags: git tells but the next one of each."""
    return tuple(fields[2] for fields in _lines(answer) if fields[3] == b"tag")


def question(objects: tuple[bytes, ...]) -> bytes:
    """What is given to `PEELING` to learn the commits of these objects."""
    return b"".join(each + b"^{commit}\n" for each in objects)


def commits(objects: tuple[bytes, ...], answer: bytes) -> Peeled:
    """The commits that git answers to `question`, in its order; what has none is missing."""
    found, at = {}, 0
    for each in objects:
        end = answer.index(b"\n", at)
        words, at = answer[at:end].split(), end + 1
        if words[1:2] == [b"commit"]:
            size = int(words[2])
            head = answer[at : at + size].partition(b"\n\n")[0]
            written = _COMMITTED.search(head)
            found[each] = Commit(words[0].decode(), _second(written[1] if written else b""))
            at += size + 1
    return found


def _lines(answer: bytes) -> Iterator[list[bytes]]:
    for line in answer.split(b"\n")[:-1]:
        yield line.split(b"\x00")


def _tag(fields: list[bytes], peeled: Peeled) -> Tag | UnusableTag:
    raw, kind, itself, inner_kind, inner, tagged, committed, inner_committed = fields
    name = raw.removeprefix(_PREFIX)
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return UnusableTag(name.decode(errors="replace"), "its name is no UTF-8 text")
    if len(name) > MAX_TEXT_BYTES:
        return UnusableTag(text[:40], "its name is longer than 1 kB")
    if kind == b"commit":
        return Tag(text, itself.decode(), None, _second(committed))
    if inner_kind == b"commit":
        return Tag(text, inner.decode(), _second(tagged), _second(inner_committed))
    if itself in peeled:
        commit = peeled[itself]
        return Tag(text, commit.name, _second(tagged), commit.committed_at)
    return UnusableTag(text, "it does not point at a commit")


def _second(text: bytes) -> int | None:
    return int(text) if text else None
