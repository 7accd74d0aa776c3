"""What the tables `[[report]]` define: about what, when, in which formats and where to."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.config.problems import Problem, Written, checked, sound_part
from dashboard.config.report_def import ReportDef
from dashboard.config.report_table import KEYS, ReportTable
from dashboard.config.subjects import MIGRATION, PROMISED, keys_of, subject_names
from slo.cron import Cron
from slo.nearest import did_you_mean
from slo.periods import ReportPeriod

_FORMATS = Path(__file__).resolve().parent.parent / "reports" / "formats"
_CRONS = {
    ReportPeriod.DAY: "0 7 * * *",
    ReportPeriod.WEEK: "0 7 * * mon",
    ReportPeriod.MONTH: "0 7 1 * *",
    ReportPeriod.QUARTER: "0 7 1 1,4,7,10 *",
}


def format_names() -> tuple[str, ...]:
    """The formats there are, by their files; none of them is imported, as they need this package."""
    found = (module.name for module in pkgutil.iter_modules([str(_FORMATS)]))
    return tuple(sorted(name.rstrip("_") for name in found))


@dataclass(frozen=True, slots=True)
class Subjects:
    """What reports can be about: services that have an SLO, all services, and migrations.

    No service at all means that nobody has named any, so that delivery may be of any.
    """

    promised: Collection[str]
    services: Collection[str]
    migrations: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The names that a key may have: the only one needs no writing down where one is needed."""

    said: str
    names: Collection[str]
    is_needed: bool = False
    is_any: bool = False


def report_defs(
    tables: Iterable[Written],
    subjects: Subjects,
    place: tuple[Path, ZoneInfo],
    problems: list[Problem],
) -> Iterator[ReportDef]:
    """The reports of these tables; `place` is the folder of the configuration, and its zone."""
    for written in tables:
        before = len(problems)
        table = checked(ReportTable, written, written.values, problems)
        sound = table or sound_part(ReportTable, written.values, {"name": "x"})[0]
        problems += _unknown_names(written, sound, subjects)
        problems += _unknown_formats(written, sound)
        if table is not None and len(problems) == before:
            yield _defined(table, subjects, place)


def _unknown_names(written: Written, table: ReportTable, subjects: Subjects) -> Iterator[Problem]:
    """Keys that the report's subject does not take, and names of what is not there."""
    taken = keys_of(table.about)
    for key in KEYS:
        name = getattr(table, key)
        if key in taken:
            yield from _unknown(written, key, name, _known(taken[key], subjects))
        elif name is not None:
            takers = " or ".join(f'"{one}"' for one in subject_names() if key in keys_of(one))
            said = f'does not go with about = "{table.about}"; it is for about = {takers}'
            yield written.problem(said, key)


def _known(named: str, subjects: Subjects) -> _Known:
    if named == MIGRATION:
        return _Known(
            said='no [[migration]] is called "{}"', names=subjects.migrations, is_needed=True
        )
    if named == PROMISED:
        return _Known(said='no [[slo]] is of a service "{}"', names=subjects.promised)
    return _Known(
        said='no service is called "{}"',
        names=subjects.services,
        is_any=not subjects.services,
    )


def _unknown(written: Written, key: str, name: str | None, known: _Known) -> Iterator[Problem]:
    """A name that is not there, or none where there are several and one is needed."""
    if known.is_needed and not known.names:
        yield written.problem(f"there is no [[{key}]] to tell of", "about")
    elif name is None and known.is_needed and len(known.names) > 1:
        said = f"missing; there are several: {', '.join(sorted(known.names))}"
        yield written.problem(said, key)
    elif name is not None and name not in known.names and not known.is_any:
        yield written.problem(f"{known.said.format(name)}{did_you_mean(name, known.names)}", key)


def _unknown_formats(written: Written, table: ReportTable) -> Iterator[Problem]:
    known = format_names()
    for number, name in enumerate(table.formats):
        if name not in known:
            said = (
                f'"{name}" is no format{did_you_mean(name, known)}; there are: {", ".join(known)}'
            )
            yield written.problem(said, "formats", number)
        if name in table.formats[:number]:
            yield written.problem(f'"{name}" stands there twice', "formats", number)


def _defined(table: ReportTable, subjects: Subjects, place: tuple[Path, ZoneInfo]) -> ReportDef:
    folder, zone = place
    tells_of_one = MIGRATION in keys_of(table.about).values()
    only = next(iter(subjects.migrations)) if tells_of_one else None
    return ReportDef(
        name=table.name,
        service=table.service,
        period=table.period,
        cron=Cron.parse(table.cron or _CRONS[table.period]),
        zone=table.timezone or zone,
        formats=tuple(table.formats),
        folder=(folder / table.folder).absolute(),
        about=table.about,
        migration=table.migration or only,
    )
