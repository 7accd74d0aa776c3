"""What the tables `[[source]]` define: each kind's own options, secrets put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from collectors import registry
from collectors.contract import SourceKind
from dashboard.config.kind_options import World, kind_options
from dashboard.config.problems import Problem, Written, checked
from dashboard.config.tables import SourceTable
from slo.errors import ConfigError
from slo.indicator import Indicator, Split, Wanted
from slo.nearest import did_you_mean


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
    splits: tuple[Split, ...] = ()

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """All that its counts are kept for."""
        return (*self.indicators, *self.splits)


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
    options = None
    if kind is not None:
        options = kind_options(kind.options, SourceTable, written, world, problems)
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
