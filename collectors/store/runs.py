"""What each run of a source did: kept to say how fresh and how healthy its figures are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from collectors.contract import Counts
from collectors.store.outcome import Ingested
from collectors.store.tables import runs
from slo.spans import Span

_KEPT = 200


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of one source; `error` is the whole sentence, None when all went well.

    `failures` says of each stream that failed why, `silences` of each that gave nothing yet;
    `streams` counts all that there are. `rest_s` is how long the source asked to be left alone.
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
    rest_s: float = 0

    @property
    def is_fruitless(self) -> bool:
        """Whether it failed and brought nothing at all."""
        brought = self.span is not None or self.stored != Ingested()
        return self.error is not None and not self.is_in_part and not brought

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
    """Store the record, and let go of the source's old ones."""
    named = ("source", "started_at", "ended_at", "error")
    rest = {name: value for name, value in asdict(run).items() if name not in named}
    values = {name: getattr(run, name) for name in named}
    connection.execute(insert(runs).values(**values, record=orjson.dumps(rest).decode()))
    _forget(connection, run.source)


def _forget(connection: Connection, source: str) -> None:
    """Keep the newest runs of the source, and the last that went well, however long ago."""
    mine = select(runs.c.id).where(runs.c.source == source)
    oldest = mine.order_by(runs.c.id.desc()).offset(_KEPT).limit(1)
    gone = connection.execute(oldest).scalar()
    if gone is not None:
        good = mine.where(runs.c.error.is_(None)).order_by(runs.c.id.desc()).limit(1)
        kept = connection.execute(good).scalar()
        too_old = (runs.c.source == source, runs.c.id <= gone, runs.c.id != (kept or 0))
        connection.execute(delete(runs).where(*too_old))


def read_last_run(connection: Connection, source: str) -> RunRecord | None:
    """The last run of the source; None before its first."""
    newest = select(func.max(runs.c.id)).where(runs.c.source == source).scalar_subquery()
    row = connection.execute(select(runs).where(runs.c.id == newest)).first()
    return None if row is None else _record(row)


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
        rest_s=rest.get("rest_s", 0),
    )


def _known(amounts: Mapping[str, int]) -> dict[str, int]:
    """What is counted still, of what was when the run was recorded."""
    return {one.name: amounts[one.name] for one in fields(Ingested) if one.name in amounts}
