"""What a table of some kind holds beside the keys of every kind: its own options, secrets put in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from collectors.addresses import STANDS_IN
from dashboard.config.concealed import Place, Vault, revealed, sealed, tables
from dashboard.config.problems import Problem, Written, checked

_Options = TypeVar("_Options", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class World:
    """What lies around the tables: secrets and files, looked up only for what is asked or told."""

    vault: Vault
    is_asked: bool


def kind_options(
    model: type[_Options],
    common: type[BaseModel] | None,
    written: Written,
    world: World,
    problems: list[Problem],
) -> _Options | None:
    """The options of a kind, whose other keys are those of `common`; None when they do not fit.

    A key that has a problem already is not told twice.
    """
    values = _from_folder(_own(written.values, model, common), model, world.vault.folder)
    found: list[Problem] = []
    reveal = world.vault.reveal if world.is_asked else sealed
    for place, secret in revealed(model, values, reveal):
        if isinstance(secret, ValueError):
            found.append(written.problem(str(secret), *place))
        _put(values, place, STANDS_IN if isinstance(secret, ValueError) else secret)
    if world.is_asked:
        found += _missing_files(model, values, written)
    options = checked(model, written, values, found)
    told = {(problem.line, problem.key) for problem in problems if problem.file == written.file}
    problems += [problem for problem in found if (problem.line, problem.key) not in told]
    return None if found else options


def _missing_files(
    model: type[BaseModel], values: Mapping[str, Any], written: Written
) -> Iterator[Problem]:
    """The files that whoever asks needs, and that are none."""
    for place, table, inside in tables(model, values):
        for key, path in inside.items():
            named = isinstance(path, str) and key.endswith("_file") and key in table.model_fields
            if named and not os.path.isfile(str(path)):  # noqa: PTH113 - never raises, as where folders are closed
                yield written.problem(f'no file "{path}"; correct the path', *place, key)


def _own(
    values: Mapping[str, Any], model: type[BaseModel], common: type[BaseModel] | None
) -> dict[str, Any]:
    """The keys that belong to the kind, numbers as floats; common ones only where it asks."""
    shared = set() if common is None else common.model_fields.keys() - model.model_fields.keys()
    return {key: _plain(value) for key, value in values.items() if key not in shared}


def _from_folder(values: dict[str, Any], model: type[BaseModel], folder: Path) -> dict[str, Any]:
    """The values with their paths, `root` and all `…_file`, starting where the file stands."""
    if "root" in model.model_fields:
        values.setdefault("root", ".")
    relative = [
        ((*place, key), value)
        for place, _, inside in tables(model, values)
        for key, value in inside.items()
        if (key == "root" or key.endswith("_file")) and isinstance(value, str)
    ]
    for place, path in relative:
        _put(values, place, str(folder / path))
    return values


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _put(values: Any, place: Place, value: object) -> None:
    for key in place[:-1]:
        values = values[key]
    values[place[-1]] = value
