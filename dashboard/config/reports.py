"""What the tables `[[report]]` define: about what, when, in which formats and where to."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.config.problems import Problem, Written, checked, sound_part
from dashboard.config.report_def import ReportDef
from dashboard.config.report_table import ReportTable
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
        problems += _unknown_service(written, sound, subjects)
        problems += _unknown_migration(written, sound, subjects.migrations)
        problems += _unknown_formats(written, sound)
        if table is not None and len(problems) == before:
            yield _defined(table, written, subjects, place)


def _unknown_service(written: Written, table: ReportTable, subjects: Subjects) -> Iterator[Problem]:
    """A service that is not there, or that the report is not of."""
    name = table.service
    if name is None:
        return
    if table.about == "migration":
        said = "does not go with a migration, which is told of all its services; take it out"
        yield written.problem(said, "service")
    elif table.about == "budgets" and name not in subjects.promised:
        near = did_you_mean(name, subjects.promised)
        yield written.problem(f'no [[slo]] is of a service "{name}"{near}', "service")
    elif table.about == "delivery" and subjects.services and name not in subjects.services:
        near = did_you_mean(name, subjects.services)
        yield written.problem(f'no service is called "{name}"{near}', "service")


def _unknown_migration(
    written: Written, table: ReportTable, known: Collection[str]
) -> Iterator[Problem]:
    """A migration that is not there, or not named where there are several."""
    name = table.migration
    if table.about != "migration":
        if name is not None:
            said = f'does not go with about = "{table.about}"; write about = "migration"'
            yield written.problem(said, "migration")
    elif not known:
        yield written.problem("there is no [[migration]] to tell of", "about")
    elif name is None and len(known) > 1:
        said = f"missing; there are several: {', '.join(sorted(known))}"
        yield written.problem(said, "migration")
    elif name is not None and name not in known:
        yield written.problem(
            f'no [[migration]] is called "{name}"{did_you_mean(name, known)}', "migration"
        )


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


def _defined(
    table: ReportTable, written: Written, subjects: Subjects, place: tuple[Path, ZoneInfo]
) -> ReportDef:
    folder, zone = place
    only = next(iter(subjects.migrations)) if table.about == "migration" else None
    return ReportDef(
        name=table.name,
        service=table.service,
        period=table.period,
        cron=Cron.parse(table.cron or _CRONS[table.period]),
        zone=table.timezone or zone,
        formats=tuple(table.formats),
        folder=(folder / table.folder).absolute(),
        where=written.where,
        subject=table.about,
        migration=table.migration or only,
    )
