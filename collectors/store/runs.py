"""What each run of a source did: kept to say how fresh and how healthy its figures are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select

from collectors.contract import Counts
from collectors.store.outcome import Ingested
from collectors.store.tables import runs
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of one source; `error` is the whole sentence, None when all went well.

    `failures` says of each stream that failed why, `silences` of each that gave nothing yet;
    `streams` counts all that there are.
    """

    source: str
    started_at: int
    ended_at: int
    error: str | None = None
    span: Span | None = None
    stored: Ingested = field(default_factory=Ingested)
    counts: Counts = field(default_factory=Counts)
    warnings: tuple[str, ...] = ()
    streams: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)
    silences: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_in_part(self) -> bool:
        """Whether some streams failed while others are up to date."""
        return 0 < len(self.failures) < self.streams


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The last run of a source, and when one last went well."""

    last: RunRecord
    last_good_at: int | None


def write_run(connection: Connection, run: RunRecord) -> None:
    """Store the record."""
    named = ("source", "started_at", "ended_at", "error")
    rest = {name: value for name, value in asdict(run).items() if name not in named}
    values = {name: getattr(run, name) for name in named}
    connection.execute(insert(runs).values(**values, record=orjson.dumps(rest).decode()))


def read_last_runs(connection: Connection) -> tuple[SourceHealth, ...]:
    """The health of every source that ever ran, by name."""
    last = select(func.max(runs.c.id)).group_by(runs.c.source)
    good = (
        select(runs.c.source, func.max(runs.c.ended_at))
        .where(runs.c.error.is_(None))
        .group_by(runs.c.source)
    )
    good_at = dict(connection.execute(good).all())
    rows = connection.execute(select(runs).where(runs.c.id.in_(last)).order_by(runs.c.source))
    return tuple(SourceHealth(_record(row), good_at.get(row.source)) for row in rows)


def _record(row: Any) -> RunRecord:
    rest = orjson.loads(row.record)
    return RunRecord(
        source=row.source,
        started_at=row.started_at,
        ended_at=row.ended_at,
        error=row.error,
        span=Span(**rest["span"]) if rest["span"] else None,
        stored=Ingested(**_known(rest["stored"])),
        counts=Counts(**rest["counts"]),
        warnings=tuple(rest["warnings"]),
        streams=rest.get("streams", 0),
        failures=rest.get("failures", {}),
        silences=rest.get("silences", {}),
    )


def _known(amounts: Mapping[str, int]) -> dict[str, int]:
    """What is counted still, of what was when the run was recorded."""
    return {one.name: amounts[one.name] for one in fields(Ingested) if one.name in amounts}
