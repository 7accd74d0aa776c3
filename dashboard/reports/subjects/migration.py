"""Whether a migration worked: its report as it stood at the end of the last complete period."""

from __future__ import annotations

from collectors.store.reader import Reader
from dashboard.config import Config
from dashboard.config.migration_def import MigrationDef
from dashboard.config.report_def import ReportDef
from dashboard.documents import read_document
from dashboard.reports.contract import Edition, Subject
from dashboard.reports.migration.letter import letter
from dashboard.reports.migration.rows import sheet
from dashboard.views.claims.documented import documented
from dashboard.views.machines.migration import document
from dashboard.views.migration.making import migration_report
from dashboard.views.migration.telling import told
from dashboard.views.upkeep.scene import Scene

KEYS = {"migration": "migration"}
SCHEMA = "burnline.migration-report/1"


def _edition(config: Config, reader: Reader, report: ReportDef, as_of: int) -> Edition:
    period = report.period_at(as_of)
    scene = Scene(config, reader, period.span.until, is_fixed=True)
    found = migration_report(scene, _definition(config, report))
    claimed = documented(found, read_document)
    return Edition(
        stem=f"{report.name}-{period.label}",
        letter=letter(report.name, told(found), claimed),
        sheet=sheet(found),
        document={
            "schema": SCHEMA,
            "name": report.name,
            "period": period.label,
            "migration": document(found, claimed),
        },
    )


def _definition(config: Config, report: ReportDef) -> MigrationDef:
    """The migration that is meant; the configuration has checked that it is there."""
    return next(one for one in config.migrations if one.name == report.migration)


SUBJECT = Subject(edition=_edition)
