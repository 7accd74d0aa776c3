"""The tags of a repository: what each is called, what it points at, and its two times."""

from __future__ import annotations

from collections.abc import Iterator
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
_PREFIX = b"refs/tags/"


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


def read(answer: bytes) -> Iterator[Tag | UnusableTag]:
    """Every tag of git's answer to `QUESTION`, in its order.

    A name holds neither a line's end nor a zero byte: git refuses to make one.
    """
    for line in answer.split(b"\n")[:-1]:
        yield _tag(line.split(b"\x00"))


def _tag(fields: list[bytes]) -> Tag | UnusableTag:
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
    return UnusableTag(text, "it does not point at a commit")


def _second(text: bytes) -> int | None:
    return int(text) if text else None
