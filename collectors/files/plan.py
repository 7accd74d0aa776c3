"""What a file holds and which of its columns say so: the configuration of one file, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from slo.facts import EventKind
from slo.lengths import QUARTER_S

MEGABYTE = 1_000_000
MAX_EXPANDED_BYTES = 64 * MEGABYTE
MAX_MALFORMED_PERCENT = 5.0
VALID_S = 300

UP = frozenset({"up", "ok", "true", "yes", "1", "success", "passed", "operational"})
DOWN = frozenset({"down", "false", "no", "0", "fail", "failed", "failure", "error", "outage"})


class Holds(StrEnum):
    """What the rows of a file are."""

    PROBES = "probes"
    REQUESTS = "requests"
    EVENTS = "events"
    INCIDENTS = "incidents"
    GAUGES = "gauges"


class Format(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    OPENMETRICS = "openmetrics"


SUFFIXES: Mapping[str, Format] = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
    ".openmetrics": Format.OPENMETRICS,
    ".om": Format.OPENMETRICS,
}

ROLES: Mapping[Holds, tuple[str, ...]] = {
    Holds.PROBES: ("at", "status", "latency", "service", "observed_at"),
    Holds.REQUESTS: (
        *("at", "good", "bad", "total", "latency", "status"),
        *("service", "observed_at"),
    ),
    Holds.EVENTS: ("at", "ended_at", "service", "observed_at"),
    Holds.INCIDENTS: ("at", "ended_at", "service", "observed_at"),
    Holds.GAUGES: ("at", "value", "service", "observed_at"),
}
"""What a column can be for; a role that is not mapped is looked for under its own name."""

TIME_COLUMNS = ("at", "ts", "ts_utc", "time", "timestamp")
"""The names under which the time is looked for when `columns.at` does not name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read one file: every option resolved, lengths in seconds, sizes in bytes.

    `columns` maps a role of `ROLES` to a column, `labels` pairs a label with its column.
    `second` is how many units of a numeric time make a second, `latency_unit` how many of a
    latency. `key` names the columns that tell rows apart: the natural key of an event, the id
    of a request, what separates several values of one second.
    """

    source: str
    holds: Holds
    format: Format | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    name: str = ""
    service: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    valid_s: int = VALID_S
    up: frozenset[str] = UP
    down: frozenset[str] = DOWN
    latency_unit: float = 1.0
    every_s: int = 60
    kind: EventKind = EventKind.INCIDENT
    key: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    second: int = 1
    delimiter: str = ","
    max_expanded_bytes: int = MAX_EXPANDED_BYTES
    max_malformed_percent: float = MAX_MALFORMED_PERCENT

    def column(self, role: str) -> str:
        """The column of a role: the mapped one, else the one that is named as the role."""
        return self.columns.get(role, role)

    @property
    def counted(self) -> bool:
        """Whether rows of requests carry counts; otherwise each row is one request."""
        return not self.columns.keys().isdisjoint({"good", "bad", "total"}) or not self.key

    @property
    def told_apart_by(self) -> str:
        """The option that makes two rows of one time two things: a state and a count have no key."""
        keyless = self.holds is Holds.PROBES or (self.holds is Holds.REQUESTS and self.counted)
        return "labels" if keyless else "key"

    @property
    def status_bin_s(self) -> int:
        """The finest bin of what a row says: long-lived observations have no minutes."""
        return QUARTER_S if self.valid_s > QUARTER_S else 60

    @property
    def count_bin_s(self) -> int:
        """The finest bin of counts: quarters of an hour where every row covers whole ones."""
        return QUARTER_S if self.every_s % QUARTER_S == 0 else 60
