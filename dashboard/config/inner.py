"""The tables inside a `[[migration]]`, and the keys of one that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dashboard.config.problems import Problem, Written
from slo.nearest import did_you_mean

_NAMED_BY = {"metric": "id", "service": "name", "beside": "title"}


def inner_tables(written: Written, kind: str, problems: list[Problem]) -> Iterator[Written]:
    """The tables `[[migration.kind]]`, named as people would name them."""
    found = written.values.get(kind, [])
    if isinstance(found, Mapping):
        said = f"is a list of tables; write [[migration.{kind}]] with two brackets"
        problems.append(written.problem(said, kind))
    elif not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        problems.append(written.problem(f"must be tables; write [[migration.{kind}]]", kind))
    else:
        for index, values in enumerate(found):
            place = (*written.place, kind, index)
            title = f"{written.title}: {kind} {_called(kind, index, values)}"
            yield Written(written.file, written.lines, place, title, values)


def own_keys(written: Written, known: Collection[str], problems: list[Problem]) -> dict[str, Any]:
    """The values under known keys; each other key is a problem that names the nearest."""
    problems += [
        written.problem(f"unknown key{did_you_mean(key, known)}", key)
        for key in written.values
        if key not in known
    ]
    return {key: value for key, value in written.values.items() if key in known}


def repeated(tables: Collection[Written], key: str) -> Iterator[Problem]:
    """The tables whose name stands in an earlier one."""
    first: dict[str, Written] = {}
    for written in tables:
        name = written.values.get(key)
        if isinstance(name, str):
            if name in first:
                said = f'"{name}" is already defined at {first[name].where}'
                yield written.problem(said, key)
            first.setdefault(name, written)


def _called(kind: str, index: int, values: Mapping[str, Any]) -> str:
    name = values.get(_NAMED_BY.get(kind, ""))
    return f'"{name}"' if isinstance(name, str) and name.isprintable() else str(index + 1)
