"""Git repositories made for a test: commits and tags at the moments that it names."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from builders import NOON
from file_builders import facts

from collectors import registry
from collectors.contract import Batch, Collector, Named
from collectors.plan import everything
from slo.facts import EventRow

NOW = NOON + 86_400
_WHO = "Ada <ada@shop.example>"


def git(folder: Path, *words: str, given: bytes | None = None) -> str:
    """What git prints."""
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@shop.example", *words]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, check=True)
    return done.stdout.decode()


class Writing:
    """The stream of a history for `git fast-import`."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._count = 0

    def commit(
        self, at: int, files: Mapping[str, str | None] | None = None, message: str = "x"
    ) -> str:
        """A commit at that second on the one before; None takes a file away. Its mark."""
        self._count += 1
        self._say("commit refs/heads/main", f"mark :{self._count}")
        self._say(f"author {_WHO} {at} +0000", f"committer {_WHO} {at} +0000")
        self._data(message)
        for path, text in (files or {}).items():
            if text is None:
                self._say(f"D {path}")
            else:
                self._say(f"M 100644 inline {path}")
                self._data(text)
        self._say("")
        return f":{self._count}"

    def tag(self, name: str, mark: str, at: int | None, zone: str = "+0000") -> None:
        """A tag of the commit, annotated at that second, or a mere name for it."""
        if at is None:
            self._say(f"reset refs/tags/{name}", f"from {mark}", "")
        else:
            self._say(f"tag {name}", f"from {mark}", f"tagger {_WHO} {at} {zone}")
            self._data("x")

    def into(self, folder: Path) -> Path:
        """A bare repository that holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "--bare", "-b", "main", ".")
        git(folder, "fast-import", "--quiet", "--force", given=b"\n".join(self._lines) + b"\n")
        return folder

    def _say(self, *lines: str) -> None:
        self._lines += [line.encode() for line in lines]

    def _data(self, text: str) -> None:
        body = text.encode()
        self._lines += [f"data {len(body)}".encode(), body]


def tagged(folder: Path, *tags: tuple[str, int | None]) -> Path:
    """A repository whose commits are a minute apart from noon on, each with one of the tags."""
    writing = Writing()
    for count, (name, at) in enumerate(tags):
        writing.tag(name, writing.commit(NOON + 60 * count), at)
    return writing.into(folder)


def reading(kind: str, folder: Path | str, **options: Any) -> Collector:
    """The collector of a source "code" on that repository."""
    found = registry.load(kind, where="test")
    values = {"path": str(folder), **options}
    return found.build(Named("code", "test"), found.options.model_validate(values))


def asked(collector: Collector, now: int = NOW) -> list[Batch]:
    """What one run brings."""
    (stream,) = collector.streams
    return list(collector.collect(stream, everything(now, None), now))


def read(kind: str, folder: Path | str, *, now: int = NOW, **options: Any) -> list[Batch]:
    """What a first run brings."""
    return asked(reading(kind, folder, **options), now)


def events(batches: Iterable[Batch]) -> list[EventRow]:
    """What happened, in its order."""
    return [fact for fact in facts(list(batches)) if isinstance(fact, EventRow)]
