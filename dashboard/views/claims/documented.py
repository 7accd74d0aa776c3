"""The document that a migration names, held against its report; missing, it is said to be."""

from __future__ import annotations

from dashboard.documents import ReadDocument
from dashboard.views.claims.model import ClaimCheck
from dashboard.views.migration.model import MigrationReport
from dashboard.views.sentence import sentence
from slo.errors import InputError


def documented(report: MigrationReport, read_document: ReadDocument) -> ClaimCheck | None:
    """The check of the migration's document; None where it names none.

    One that cannot be read is a check without claims that says why: the report stands without it.
    """
    path = report.migration.claims
    if path is None:
        return None
    # Only who names a document pays for reading Markdown.
    from dashboard.views.claims.making import claims_of  # noqa: PLC0415
    from dashboard.views.claims.reading import MOST_BYTES, read  # noqa: PLC0415

    try:
        document = read(read_document(path, MOST_BYTES), where=str(path))
    except InputError as error:
        return ClaimCheck(
            name=path.name,
            claims=(),
            contradictions=(),
            remarks=(sentence(error.what), sentence(error.mend)),
            migration=report.migration.title,
            is_read=False,
        )
    return claims_of(document, report, name=path.name)
