"""Which files make up a configuration, and the tables that stand in them."""

from __future__ import annotations

import glob
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard.config.lines import Lines
from dashboard.config.problems import Problem, Written

LISTS = ("service", "source", "slo", "report", "migration", "channel", "policy")
_TOO_LARGE_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Document:
    """One file that could be read: the name to show, its path, content and lines."""

    shown: str
    path: Path
    content: bytes
    lines: Lines
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where relative paths start from."""
        return self.path.parent

    @property
    def resolved(self) -> Path:
        """The path by which two names of one file are the same."""
        return self.path.resolve()

    @property
    def root(self) -> Written:
        """The keys outside of every list of tables."""
        outside = {key: value for key, value in self.values.items() if key not in LISTS}
        return Written(self.shown, self.lines, (), "", outside)

    def shape_problems(self, kind: str) -> Iterator[Problem]:
        """That what stands under a kind is no list of tables."""
        found = self.values.get(kind, [])
        if isinstance(found, dict):
            said = f"is a list of tables; write [[{kind}]] with two brackets"
            yield self.root.problem(said, kind)
        elif not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            yield self.root.problem(f"must be tables; write [[{kind}]]", kind)

    def tables(self, kind: str) -> Iterator[Written]:
        """The tables `[[kind]]`, named as people would name them."""
        found = self.values.get(kind, [])
        if not isinstance(found, list):
            return
        for index, values in enumerate(found):
            if isinstance(values, dict):
                name = values.get("name", index + 1)
                title = f'{kind} "{name}"' if isinstance(name, str) else f"{kind} {index + 1}"
                yield Written(self.shown, self.lines, (kind, index), title, values)


def read(path: Path, problems: list[Problem]) -> list[Document]:
    """The file and those it includes, each once; what cannot be read is a problem."""
    main = read_document(path, str(path), problems)
    if main is None:
        return []
    found = {main.resolved: main}
    for place, name in _includes(main, problems):
        for included in _matching(main, name, place, problems):
            shown = str(Path(main.shown).parent / os.path.relpath(included, main.folder))
            document = read_document(included, shown, problems)
            if document is not None:
                found.setdefault(included.resolve(), document)
    return list(found.values())


def included(main: Document) -> tuple[str, ...]:
    """The patterns of the files that it includes, put beside it."""
    return tuple(str(main.folder / name) for _, name in _includes(main, []))


def included_by(path: Path) -> tuple[str, ...]:
    """The patterns of the files that the file at `path` includes, be it otherwise sound or not."""
    main = read_document(path, str(path), [])
    return () if main is None else included(main)


def _includes(main: Document, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    names = main.values.get("include", [])
    if isinstance(names, list):
        for index, name in enumerate(names):
            if isinstance(name, str) and "://" not in name:
                yield index, name
            else:
                problems.append(main.root.problem("must be the path of a file", "include", index))


def _matching(main: Document, name: str, place: int, problems: list[Problem]) -> list[Path]:
    """The files that are meant; a pattern may match none, a plain name must exist."""
    if glob.has_magic(name):
        matching = glob.glob(name, root_dir=main.folder, recursive=True)  # noqa: PTH207 (a pattern may be absolute)
        return sorted(path for path in (main.folder / each for each in matching) if path.is_file())
    path = main.folder / name
    reason = _unfit(path, main)
    if reason is None:
        return [path]
    problems.append(main.root.problem(f'"{name}": {reason}', "include", place))
    return []


def _unfit(path: Path, main: Document) -> str | None:
    """Why a file cannot be included, told where it is asked for; None when nothing is seen."""
    try:
        status = path.stat()
    except (FileNotFoundError, ValueError):  # a path with a NUL is no path
        return "no such file"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if not stat.S_ISREG(status.st_mode):
        return "is not a plain file"
    if path.resolve() == main.resolved:
        return "is this file itself; take it out"
    return None


def read_document(path: Path, shown: str, problems: list[Problem]) -> Document | None:
    """One TOML file under the name that is shown; None, and why, where it cannot be read."""
    try:
        content = _content(path)
        text = content.decode("utf-8-sig")
        values = tomllib.loads(text, parse_float=Decimal)
        return Document(shown, path, content, Lines.of(text), values)
    except OSError as error:
        problems.append(_of_file(shown, _why(path, error)))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(shown, line, "", "", "is not UTF-8 text; save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(shown, str(error), text))
    except ValueError:  # a whole number of more digits than Python reads
        problems.append(_of_file(shown, "not valid TOML: holds a number beyond all measure"))
    except RecursionError:
        problems.append(_of_file(shown, "nests its tables too deeply"))
    return None


def _content(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise IsADirectoryError
    with path.open("rb") as file:
        content = file.read(_TOO_LARGE_BYTES + 1)
    if len(content) > _TOO_LARGE_BYTES:
        raise OSError(f"larger than {_TOO_LARGE_BYTES // 2**20} MiB")
    return content


def _why(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file"
        case IsADirectoryError():
            return "is not a plain file"
        case PermissionError():
            return f"cannot be read by this user{_mode(path)}"
        case _:
            return f"cannot be read: {error.strerror or error}"


def _mode(path: Path) -> str:
    try:
        return f" (mode {path.stat().st_mode & 0o777:o})"
    except OSError:
        return f": the folder {path.parent} is closed to it"


def _of_file(shown: str, what: str) -> Problem:
    return Problem(shown, 0, "", "", what)


def _syntax(shown: str, said: str, text: str) -> Problem:
    """The problem of a text that is no TOML; a key defined twice is said without a line."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    reason = said[: place.start()] if place else said
    return Problem(shown, line, "", "", f"not valid TOML: {reason[:1].lower()}{reason[1:]}")
