"""How one file is configured: what users write in `[[source.file]]`, and the plan it makes."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from collectors.described import Described
from collectors.files.plan import DOWN, MEGABYTE, ROLES, UP, Format, Holds, Plan
from slo.durations import seconds
from slo.errors import InputError
from slo.facts import EventKind
from slo.lengths import DAY_S
from slo.nearest import did_you_mean

_NAMES = {
    Holds.PROBES: "probe",
    Holds.REQUESTS: "requests",
    Holds.GAUGES: "gauge",
    Holds.EVENTS: "",
    Holds.INCIDENTS: "",
}
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_BYTES = {"kB": 1_000, "MB": MEGABYTE, "GB": 1_000 * MEGABYTE}
_SIZE = re.compile(r"([0-9]{1,6})(kB|MB|GB)")
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://|file:")
_LONGEST_ROW_S = 31 * DAY_S

Texts = Annotated[tuple[str, ...], Field(strict=False)]


class FileTable(Described):
    """One file, or all that match a pattern, and what stands in it."""

    path: str = Field(min_length=1, examples=['"probes/*.csv.gz"'])
    """The file; `*` and `?` match many. Relative to the folder of the configuration."""
    holds: Literal["probes", "requests", "events", "incidents", "gauges"]
    """What the rows are."""
    format: Literal["csv", "json", "ndjson", "openmetrics"] | None = None
    """How they are written; read from the name of the file when nothing is written."""
    columns: dict[str, str] = Field(default_factory=dict, examples=['{ at = "ts_utc" }'])
    """Which column is the `at`, `status`, `latency`, `service`, `good`, `bad`, `total`, `value`,
    `ended_at` or `observed_at`, where it is not named so itself."""
    zone: str | None = Field(default=None, examples=['"Europe/Berlin"'])
    """The IANA zone of times that name none."""
    name: str | None = None
    """What the series are called: `probe`, `requests` or `gauge` when nothing is written."""
    service: str = ""
    """The service of all rows, where no column names it."""
    labels: Texts | dict[str, str] = ()
    """Columns that are kept as labels, or a table of label and column."""
    valid_for: str = "5m"
    """How long a probe's state, or a gauge, holds when nothing follows it."""
    up: Texts | None = None
    """The words and codes that mean up (or success)."""
    down: Texts | None = None
    """The words and codes that mean down (or failure)."""
    unit: Literal["s", "ms"] | None = None
    """The unit of `latency`; needed with it."""
    every: str = "1m"
    """How long a row of counted requests lasts from its time on."""
    kind: Literal["deployment", "pipeline_run", "release", "incident", "annotation"] | None = None
    """What the events are; needed with them."""
    key: Texts = ()
    """The columns that make a row the same row: an event's id (its `id` when nothing is written),
    a request's id, or what tells apart values of one second. Requests with a key and no counts
    are `<name>_success` (1 or 0, by `status`) for `total` and `<name>_latency_seconds` for
    `samples`."""
    fields: Texts | None = None
    """The columns kept beside an event; all when nothing is written."""
    time_unit: Literal["s", "ms", "us", "ns"] = "s"
    """The unit of times that are numbers."""
    delimiter: str = ","
    """What separates the columns of CSV."""
    max_expanded: str = "64MB"
    """How large a packed file may become."""
    max_malformed: float = Field(default=5.0, ge=0, le=100)
    """The percentage of rows that may be unusable before the file is refused."""

    @field_validator("path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        if _URL.match(path):
            raise ValueError("is a URL; files are read from this machine alone, download it first")
        if "\x00" in path or "**" in path:
            raise ValueError('is no path or pattern such as "folder/*.csv"')
        return path

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        try:
            _ = zone and ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f'"{zone}" is no IANA zone such as "Europe/Berlin"') from error
        return zone

    @field_validator("name")
    @classmethod
    def _is_a_metric(cls, name: str | None) -> str | None:
        if name is not None and not _METRIC.fullmatch(name):
            raise ValueError(f'"{name}" must be letters, digits and _, no digit first')
        return name

    @field_validator("labels")
    @classmethod
    def _are_labels(cls, labels: Texts | dict[str, str]) -> Texts | dict[str, str]:
        for label in labels:
            if not _LABEL.fullmatch(label):
                raise ValueError(
                    f'"{label}" is no label name; write {{ name_of_label = "{label}" }}'
                )
            if label == "service":
                raise ValueError('"service" is a label already: columns = { service = … }')
        return labels

    @field_validator("valid_for", "every")
    @classmethod
    def _is_a_length(cls, text: str) -> str:
        if seconds(text) < 1:
            raise ValueError("must be at least 1s")
        return text

    @field_validator("delimiter")
    @classmethod
    def _is_a_delimiter(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or delimiter in '"\r\n ':
            raise ValueError(r'must be one character such as ";" or "\t"')
        return delimiter

    @field_validator("max_expanded")
    @classmethod
    def _is_a_size(cls, size: str) -> str:
        if not _SIZE.fullmatch(size):
            raise ValueError(f'"{size}" is no size such as "64MB" or "2GB"')
        return size

    @model_validator(mode="after")
    def _fits_together(self) -> FileTable:
        roles = ROLES[Holds(self.holds)]
        for role in self.columns.keys() - set(roles):
            guess = did_you_mean(role, roles)
            said = f'columns: {self.holds} have no "{role}"{guess}; there are: {", ".join(roles)}'
            raise ValueError(said)
        if "latency" in self.columns and self.unit is None:
            raise ValueError('unit is needed with columns.latency: unit = "ms" or "s"')
        if self.holds == "events" and self.kind is None:
            raise ValueError('kind is needed with holds = "events": kind = "deployment"')
        if seconds(self.every) % 60 or seconds(self.every) > _LONGEST_ROW_S:
            raise ValueError('every must be whole minutes, at most "31d"')
        return self

    def plan(self, source: str) -> Plan:
        """The table with every option resolved."""
        holds = Holds(self.holds)
        labels = self.labels if isinstance(self.labels, dict) else {x: x for x in self.labels}
        number, unit = _SIZE.fullmatch(self.max_expanded).groups()  # type: ignore[union-attr]
        events = holds in {Holds.EVENTS, Holds.INCIDENTS}
        return Plan(
            source=source,
            holds=holds,
            format=Format(self.format) if self.format else None,
            columns=self.columns,
            zone=ZoneInfo(self.zone) if self.zone else None,
            service=self.service,
            labels=tuple(sorted(labels.items())),
            valid_s=seconds(self.valid_for),
            up=_words(self.up, UP, but=self.down),
            down=_words(self.down, DOWN, but=self.up),
            latency_unit=float(_PER_SECOND[self.unit or "s"]),
            every_s=seconds(self.every),
            kind=EventKind(self.kind or "incident"),
            key=self.key or (("id",) if events else ()),
            fields=self.fields,
            second=_PER_SECOND[self.time_unit],
            delimiter=self.delimiter,
            max_expanded_bytes=int(number) * _BYTES[unit],
            max_malformed_percent=self.max_malformed,
            name=self.name or _NAMES[holds],
        )


def refuse_url(path: str) -> None:
    """Refuse what is no path on this machine.

    Raises:
        InputError: it is a URL.
    """
    if _URL.match(path):
        raise InputError(
            "this is a URL; files are read from this machine alone",
            where=path,
            mend="download it first, for example with curl -O",
        )


def _words(given: Texts | None, usual: frozenset[str], *, but: Texts | None) -> frozenset[str]:
    """The given words, else the usual ones without those that were given to the other side."""
    if given is not None:
        return frozenset(word.casefold() for word in given)
    return usual - frozenset(word.casefold() for word in but or ())
