"""What the tables `[[source]]` define: each kind's own options, secrets put in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from collectors import registry
from collectors.contract import SourceKind
from dashboard.config.concealed import STANDS_IN, Place, Vault, revealed, sealed, tables
from dashboard.config.problems import Problem, Written, checked
from dashboard.config.tables import SourceTable
from slo.errors import ConfigError
from slo.indicator import Indicator
from slo.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class World:
    """What lies around the tables: secrets and files, looked up only for a source that is asked."""

    vault: Vault
    is_asked: bool


@dataclass(frozen=True, slots=True)
class SourceDef:
    """One source to collect from; `options` is None where a command reads the store alone.

    `fills_holes` says whether what was missed can still be collected. `address` is where people
    find it, known to every command; empty where it has none.
    """

    name: str
    kind: str
    options: BaseModel | None = field(repr=False)
    every_s: int
    backfill_s: int
    indicators: tuple[Indicator, ...]
    where: str
    fills_holes: str
    is_generated: bool = False
    address: str = ""


def source_names(tables: Sequence[Written], problems: list[Problem]) -> dict[str, Written]:
    """The tables by the names that SLOs call them; a name used twice is a problem.

    One whose name is no text stands by its number, so that this and the rest of it are told.
    """
    found: dict[str, Written] = {}
    for written in tables:
        name = written.values.get("name", written.values.get("kind", ""))
        if not isinstance(name, str):
            name = written.title
        if name in found:
            said = f'is also the name of the source at {found[name].where}; add name = "…" here'
            problems.append(written.problem(f'"{name}" {said}', "name"))
        found.setdefault(name, written)
    return found


def source_def(
    name: str,
    written: Written,
    kind: SourceKind | None,
    indicators: Sequence[Indicator],
    world: World,
    problems: list[Problem],
) -> SourceDef | None:
    """The source that a table defines, every key checked; its options only where it is asked."""
    common = checked(SourceTable, written, written.values, problems)
    options = None if kind is None else _options(kind, written, world, problems)
    if common is None or kind is None or options is None:
        return None
    return SourceDef(
        name=name,
        kind=common.kind,
        options=options if world.is_asked else None,
        every_s=common.every,
        backfill_s=common.backfill,
        indicators=tuple(dict.fromkeys(indicators)),
        where=f'{written.where}, source "{name}"',
        fills_holes=kind.fills_holes,
        is_generated=common.generated,
        address=_address(options),
    )


def _address(options: BaseModel) -> str:
    """The URL that the options hold, unless it is a secret."""
    url = getattr(options, "url", None)
    return url if isinstance(url, str) else ""


def source_kind(written: Written, problems: list[Problem]) -> SourceKind | None:
    """The kind of a source; None when it is unknown or cannot be loaded."""
    kind = written.values.get("kind")
    if not isinstance(kind, str):
        return None
    if not registry.knows(kind):
        near = did_you_mean(kind, registry.kinds())
        kinds = ", ".join(registry.kinds())
        problems.append(written.problem(f'unknown kind "{kind}"{near}; there are: {kinds}', "kind"))
        return None
    try:
        return registry.load(kind, where=written.where)
    except ConfigError as error:
        problems.append(written.problem(f"{error.what}; {error.mend}", "kind"))
        return None


def _options(
    kind: SourceKind, written: Written, world: World, problems: list[Problem]
) -> BaseModel | None:
    """The kind's own options; a key that has a problem already is not told twice."""
    values = _from_folder(_own(written.values, kind.options), kind.options, world.vault.folder)
    found: list[Problem] = []
    reveal = world.vault.reveal if world.is_asked else sealed
    for place, secret in revealed(kind.options, values, reveal):
        if isinstance(secret, ValueError):
            found.append(written.problem(str(secret), *place))
        _put(values, place, STANDS_IN if isinstance(secret, ValueError) else secret)
    if world.is_asked:
        found += _missing_files(kind.options, values, written)
    options = checked(kind.options, written, values, found)
    told = {(problem.line, problem.key) for problem in problems if problem.file == written.file}
    problems += [problem for problem in found if (problem.line, problem.key) not in told]
    return None if found else options


def _missing_files(
    model: type[BaseModel], values: Mapping[str, Any], written: Written
) -> Iterator[Problem]:
    """The files that whoever asks the source needs, and that are none."""
    for place, table, inside in tables(model, values):
        for key, path in inside.items():
            named = isinstance(path, str) and key.endswith("_file") and key in table.model_fields
            if named and not os.path.isfile(str(path)):  # noqa: PTH113 - never raises, as where folders are closed
                yield written.problem(f'no file "{path}"; correct the path', *place, key)


def _own(values: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The keys that belong to the kind, numbers as floats; common ones only where it asks."""
    common = SourceTable.model_fields.keys() - model.model_fields.keys()
    return {key: _plain(value) for key, value in values.items() if key not in common}


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
