"""How much of each budget is left: every SLO at both ends of the last complete period."""

from __future__ import annotations

from dashboard.config import Config
from dashboard.config.report_def import ReportDef
from dashboard.reports.budgets.document import document
from dashboard.reports.budgets.letter import letter
from dashboard.reports.budgets.rows import sheet
from dashboard.reports.contract import Edition, Subject
from dashboard.views.report.making import Store, report_of
from dashboard.views.report.model import Heading, Report

KEYS = {"service": "promised service"}


def made(config: Config, reader: Store, report: ReportDef, as_of: int) -> Report:
    """The report of the last period that had ended at `as_of`."""
    slos = [slo for slo in config.slos if report.covers(slo)]
    sources = {source.name: source for source in config.sources}
    heading = Heading(report.name, report.service, report.period_at(as_of))
    return report_of(heading, slos, reader, sources, config.delivery)


def edition_of(report: Report) -> Edition:
    """The report as every format needs it."""
    stem = f"{report.heading.name}-{report.heading.period.label}"
    return Edition(stem=stem, letter=letter(report), sheet=sheet(report), document=document(report))


def _edition(config: Config, reader: Store, report: ReportDef, as_of: int) -> Edition:
    return edition_of(made(config, reader, report, as_of))


SUBJECT = Subject(edition=_edition)
