"""What the tables `[[source]]` define: each kind's own options, secrets put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from collectors import registry
from dashboard.config.concealed import Vault, revealed
from dashboard.config.problems import Problem, Written, checked, did_you_mean
from dashboard.config.tables import SourceTable
from slo.errors import ConfigError
from slo.indicator import Indicator


@dataclass(frozen=True, slots=True)
class SourceDef:
    """One source to collect from; `options` is None where a command reads the store alone."""

    name: str
    kind: str
    options: BaseModel | None = field(repr=False)
    every_s: int
    backfill_s: int
    indicators: tuple[Indicator, ...]
    where: str
    is_generated: bool = False


def source_names(tables: Sequence[Written], problems: list[Problem]) -> dict[str, Written]:
    """The tables by the names that SLOs call them; a name used twice is a problem."""
    found: dict[str, Written] = {}
    for written in tables:
        name = written.values.get("name", written.values.get("kind", ""))
        if not isinstance(name, str):
            continue
        if name in found:
            said = f'is also the name of the source at {found[name].where}; add name = "…" here'
            problems.append(written.problem(f'"{name}" {said}', "name"))
        found.setdefault(name, written)
    return found


def source_def(
    name: str,
    written: Written,
    indicators: Sequence[Indicator],
    vault: Vault | None,
    problems: list[Problem],
) -> SourceDef | None:
    """The source that a table defines; without a vault its own options are left unread."""
    common = checked(SourceTable, written, written.values, problems)
    if common is None:
        return None
    if not registry.knows(common.kind):
        near = did_you_mean(common.kind, registry.kinds())
        kinds = ", ".join(registry.kinds())
        said = f'unknown kind "{common.kind}"{near}; there are: {kinds}'
        problems.append(written.problem(said, "kind"))
        return None
    options = None
    if vault is not None:
        options = _options(common.kind, written, vault, problems)
        if options is None:
            return None
    return SourceDef(
        name=name,
        kind=common.kind,
        options=options,
        every_s=common.every,
        backfill_s=common.backfill,
        indicators=tuple(dict.fromkeys(indicators)),
        where=f'{written.where}, source "{name}"',
        is_generated=common.generated,
    )


def _options(
    kind: str, written: Written, vault: Vault, problems: list[Problem]
) -> BaseModel | None:
    try:
        model = registry.load(kind, where=written.where).options
    except ConfigError as error:
        problems.append(written.problem(f"{error.what}; {error.mend}", "kind"))
        return None
    values = _from_folder(_own(written.values, model), model, vault.folder)
    failed = False
    for place, secret in revealed(model, values, vault):
        if isinstance(secret, ValueError):
            problems.append(written.problem(str(secret), *place))
            failed = True
        else:
            _put(values, place, secret)
    return checked(model, written, values, problems) if not failed else None


def _own(values: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The keys that belong to the kind, numbers as floats; common ones only where it asks."""
    common = SourceTable.model_fields.keys() - model.model_fields.keys()
    return {key: _plain(value) for key, value in values.items() if key not in common}


def _from_folder(values: dict[str, Any], model: type[BaseModel], folder: Path) -> dict[str, Any]:
    """The values with their paths, `root` and all `…_file`, starting where the file stands."""
    if "root" in model.model_fields:
        values.setdefault("root", ".")
    return {
        key: str(folder / value)
        if (key == "root" or key.endswith("_file")) and isinstance(value, str)
        else value
        for key, value in values.items()
    }


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


def _put(values: dict[str, Any], place: tuple[str, ...], value: object) -> None:
    for key in place[:-1]:
        values = values[key]
    values[place[-1]] = value
