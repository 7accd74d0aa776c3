"""Whether the store is whole, as findings: its file, and the chain of its audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.findings import Finding, well, wrong, wrong_by
from collectors.store.history import AuditEntry, first_broken
from collectors.store.integrity import damaged
from slo.spans import rfc3339


def file_findings(said: str | None, where: str) -> Iterator[Finding]:
    """Whether every page of the file holds what it must; `said` is what SQLite has against it."""
    if said is None:
        yield well("every page of its file is sound")
    else:
        yield wrong_by(damaged(said, where))


def chain_findings(entries: Sequence[AuditEntry]) -> Iterator[Finding]:
    """Whether each entry of the audit log follows from the one before it."""
    broken = first_broken(tuple(entries))
    if broken is None:
        yield well("no entry of the audit log was changed")
        return
    yield wrong(
        f"the audit log was changed: what {broken.actor} did ({broken.action} {broken.subject},"
        f" {rfc3339(broken.at)}) does not follow from the entry before it",
        "compare it with the last backup, and ask who else than burnline writes to the store",
    )
