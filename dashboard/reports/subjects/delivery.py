"""Deployments and incidents of the last complete period, beside the time before it."""

from __future__ import annotations

from collectors.store.reader import Reader
from dashboard.config import Config
from dashboard.config.report_def import ReportDef
from dashboard.reports.contract import Edition, Subject
from dashboard.reports.delivery.letter import letter
from dashboard.reports.delivery.rows import sheet
from dashboard.views.delivery.making import whole
from dashboard.views.delivery.model import Choice
from dashboard.views.machines.delivery import document, incident_document
from dashboard.views.upkeep.scene import Scene

KEYS = {"service": "service"}
SCHEMA = "burnline.delivery-report/1"


def _edition(config: Config, reader: Reader, report: ReportDef, as_of: int) -> Edition:
    period = report.period_at(as_of)
    scene = Scene(config, reader, period.span.until, is_fixed=True)
    choice = Choice(period.span, report.service or "", zone=report.zone.key)
    made = whole(scene, choice)
    return Edition(
        stem=f"{report.name}-{period.label}",
        letter=letter(report.name, made.page),
        sheet=sheet(made),
        document={
            "schema": SCHEMA,
            "name": report.name,
            "period": period.label,
            "delivery": document(made),
            "incidents": incident_document(made),
        },
    )


SUBJECT = Subject(edition=_edition)
