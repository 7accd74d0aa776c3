"""What a pasted document claims, held against the report that a page shows."""

from __future__ import annotations

from dashboard.views.claims.model import ClaimCheck
from dashboard.views.migration.model import MigrationReport

MOST_LETTERS = 100_000
_NAME = "the pasted document"


def claims_in(text: str, report: MigrationReport) -> ClaimCheck:
    """The check of what was pasted.

    Raises:
        InputError: it cannot be read as a document.
    """
    from dashboard.views.claims.making import claims_of  # noqa: PLC0415 - as seldom as it is asked
    from dashboard.views.claims.reading import read  # noqa: PLC0415

    return claims_of(read(text.encode(), where=_NAME), report, name=_NAME)
