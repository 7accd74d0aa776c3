"""Everything the page *Migration* shows: the report in values and words, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.config.migration_def import MigrationDef
from dashboard.documents import ReadDocument
from dashboard.views.claims.documented import documented
from dashboard.views.claims.model import ClaimCheck
from dashboard.views.migration.model import MigrationReport
from dashboard.views.migration.told import Told
from dashboard.views.pages.migration_course import MeasureCourse, course_of
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines
from dashboard.views.words import moment_words

_FIRST = """[[migration]]
name = "monolith-to-cloud"
before = [2025-01-01, 2025-07-01]
after = [2025-10-01, 2026-04-01]

[[migration.metric]]
id = "api-p95"
title = "API latency, p95"
kind = "latency_quantile"
quantile = 95
samples = 'request_seconds{service="api-gateway"}'
goal = "< 500ms\""""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPage:
    """One migration; `names` are all that are configured, name and title.

    `claimed` is the check of the document that it names, None where it names none.
    """

    report: MigrationReport
    told: Told
    names: tuple[tuple[str, str], ...]
    sources: tuple[SourceLine, ...] = ()
    digest: str = ""
    claimed: ClaimCheck | None = None

    @property
    def fresh(self) -> tuple[str, ...]:
        """Up to when the figures know anything, and which look this is."""
        return (f"figures to {moment_words(self.report.as_of)}", self.told.look)

    @property
    def data_words(self) -> str:
        """Of when the figures are, for the foot of the page."""
        return f"Figures to {moment_words(self.report.as_of)}"

    @property
    def courses(self) -> dict[str, MeasureCourse]:
        """The measures that can be drawn, by their ids."""
        pairs = zip(self.report.rows, self.told.rows, strict=True)
        made = ((row.metric.id, course_of(row, told, self.report.migration)) for row, told in pairs)
        return {name: course for name, course in made if course is not None}

    @property
    def choices(self) -> dict[str, str]:
        """The titles of all measures by their ids: those that can be drawn, then the others."""
        titles = {row.metric.id: row.metric.title for row in self.report.rows}
        drawn = self.courses
        return dict(sorted(titles.items(), key=lambda one: one[0] not in drawn))


def migration_page(scene: Scene, name: str, read_document: ReadDocument) -> MigrationPage | Notice:
    """The migration of that name, else the first; a notice where none is configured.

    `read_document` is how the document that it names is read.
    """
    known = scene.config.migrations
    if not known:
        return no_migration(str(scene.config.path))
    chosen = next((one for one in known if one.name == name), known[0])
    report, told = _made(scene, chosen)
    return MigrationPage(
        report=report,
        told=told,
        names=tuple((one.name, one.title) for one in known),
        sources=source_lines(scene),
        digest=scene.config.digest,
        claimed=documented(report, read_document),
    )


def _made(scene: Scene, chosen: MigrationDef) -> tuple[MigrationReport, Told]:
    """The report and its words."""
    # What makes them loads scipy, so it is asked for here alone.
    from dashboard.views.migration.making import migration_report  # noqa: PLC0415
    from dashboard.views.migration.telling import told  # noqa: PLC0415

    report = migration_report(scene, chosen)
    return report, told(report)


def no_migration(config: str) -> Notice:
    """Nothing is compared, and what would begin it."""
    return Notice(
        "No migration yet",
        "The configuration names no [[migration]], so there is nothing to compare.",
        config,
        "Add one, for example:",
        lines=tuple(_FIRST.splitlines()),
        is_paste=True,
    )
