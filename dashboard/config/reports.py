"""What the tables `[[report]]` define: about what, when, in which formats and where to."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Iterable, Iterator
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


def report_defs(
    tables: Iterable[Written],
    services: Collection[str],
    place: tuple[Path, ZoneInfo],
    problems: list[Problem],
) -> Iterator[ReportDef]:
    """The reports of these tables; `services` are those that have an SLO.

    `place` is the folder of the configuration, and its zone.
    """
    for written in tables:
        before = len(problems)
        table = checked(ReportTable, written, written.values, problems)
        sound = table or sound_part(ReportTable, written.values, {"name": "x"})[0]
        problems += _unknown(written, sound, services)
        if table is not None and len(problems) == before:
            yield _defined(table, written, *place)


def _unknown(written: Written, table: ReportTable, services: Collection[str]) -> Iterator[Problem]:
    """What a table names that is not there."""
    if table.service is not None and table.service not in services:
        near = did_you_mean(table.service, services)
        yield written.problem(f'no [[slo]] is of a service "{table.service}"{near}', "service")
    known = format_names()
    for number, name in enumerate(table.formats):
        if name not in known:
            said = (
                f'"{name}" is no format{did_you_mean(name, known)}; there are: {", ".join(known)}'
            )
            yield written.problem(said, "formats", number)
        if name in table.formats[:number]:
            yield written.problem(f'"{name}" stands there twice', "formats", number)


def _defined(table: ReportTable, written: Written, folder: Path, zone: ZoneInfo) -> ReportDef:
    return ReportDef(
        name=table.name,
        service=table.service,
        period=table.period,
        cron=Cron.parse(table.cron or _CRONS[table.period]),
        zone=table.timezone or zone,
        formats=tuple(table.formats),
        folder=(folder / table.folder).absolute(),
        where=written.where,
    )
