"""The commits that changed `history/*.yml`, as git tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

QUESTION = (
    *("log", "-z", "--raw", "--no-abbrev", "--no-renames", "--full-history", "--no-merges"),
    *("--no-ext-diff", "--no-textconv", "--format=%x01%at", "HEAD", "--", ":(glob)history/*.yml"),
)
CONTENTS = ("cat-file", "--batch")
_MARK, _RAW = b"\x01", b":"


@dataclass(frozen=True, slots=True)
class Change:
    """One site's file as a commit left it; `content` is None where it took the file away."""

    at: int
    slug: str
    content: str | None


def changes(answer: bytes) -> Iterator[list[Change]]:
    """What each commit changed, newest first; a path may hold anything but a zero byte."""
    at, found = 0, list[Change]()
    fields = iter(answer.split(b"\x00"))
    for field in fields:
        written = field.lstrip(b"\n")
        if written.startswith(_MARK):
            yield from [found] if found else []
            at, found = int(written[1:]), []
        elif written.startswith(_RAW):
            _, _, _, after, _ = written.split()
            content = None if not after.strip(b"0") else after.decode()
            found.append(Change(at, slug_of(next(fields)), content))
    yield from [found] if found else []


def slug_of(path: bytes) -> str:
    """The site's own part of `history/SLUG.yml`; any characters, as Upptime allows them."""
    return PurePosixPath(path.decode(errors="replace")).stem


def contents(answer: bytes) -> Iterator[tuple[str, bytes]]:
    """The name and bytes of each file that `git cat-file --batch` answers; missing ones not."""
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        at = end + 1
        if len(words) == 3 and words[2].isdigit():  # noqa: PLR2004 - name, type, size
            size = int(words[2])
            yield words[0].decode(), answer[at : at + size]
            at += size + 1
