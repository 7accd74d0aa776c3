"""Which kind of measure a table names, the kind's own keys, and what its source must bring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collectors.contract import SourceKind
from dashboard.config.agreement import Reading
from dashboard.config.inner import own_keys
from dashboard.config.objectives import named_source
from dashboard.config.problems import Problem, Written, checked
from dashboard.measures import registry
from dashboard.measures.contract import MeasureKind, MeasureOptions
from slo.indicator import Indicator, base_of
from slo.nearest import did_you_mean
from slo.selector import Selector

SERIES = ("samples", "histogram", "uptime", "total", "gauge")
"""Keys of kinds that name the series they read."""
ONE_SIDED = (*SERIES, "good", "bad", "absent", "share", "events")
"""Keys of kinds that do not go with two series side by side."""


def reads_series(options: type[MeasureOptions]) -> bool:
    """Whether a kind with these keys can read a series."""
    return any(key in options.model_fields for key in SERIES)


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around the tables: each source's kind, None where unknown, services, their folder.

    No `services` means that nobody has listed any, so that any name will do.
    """

    sources: Mapping[str, SourceKind | None]
    services: Collection[str]
    folder: Path = Path()

    def unknown_service(self, written: Written, key: str = "service") -> Iterator[Problem]:
        """The problem of a service that is none of those listed."""
        name = written.values.get(key, "")
        if name and self.services and isinstance(name, str) and name not in self.services:
            said = f'no [[service]] is called "{name}"{did_you_mean(name, self.services)}'
            yield written.problem(said, key)


def measure_kind(written: Written, problems: list[Problem]) -> MeasureKind | None:
    """The kind of measure that a table names; None when there is no such kind."""
    kind = written.values.get("kind")
    if not isinstance(kind, str):
        return None
    known = registry.names()
    if kind not in known:
        said = f'unknown kind "{kind}"{did_you_mean(kind, known)}; there are: {", ".join(known)}'
        problems.append(written.problem(said, "kind"))
        return None
    return registry.load(kind)


def kind_options(
    kind: MeasureKind, written: Written, common: Collection[str], problems: list[Problem]
) -> MeasureOptions | None:
    """The kind's own keys; one that neither it nor every kind has names the nearest of both."""
    known = [*common, *kind.options.model_fields]
    values = own_keys(written, known, problems)
    return checked(kind.options, written, _without(values, common), problems)


def beside_options(
    kind: MeasureKind,
    written: Written,
    common: Collection[str],
    sides: tuple[str, str],
    problems: list[Problem],
) -> tuple[MeasureOptions, MeasureOptions] | None:
    """The kind's keys with the series of either side in the place of its own."""
    free = [key for key in kind.options.model_fields if key not in ONE_SIDED]
    shared = _without(own_keys(written, [*common, *free], problems), common)
    if not reads_series(kind.options):
        said = "reads no series, so no two can stand side by side; write another kind"
        problems.append(written.problem(said, "kind"))
        return None
    old, new = (
        checked(kind.options, written, shared | _series(kind, side), problems) for side in sides
    )
    return None if old is None or new is None else (old, new)


def read_source(
    written: Written, around: Around, options: MeasureOptions | None, problems: list[Problem]
) -> str | None:
    """The source of a measure; needed where it reads a series, for events it may be any."""
    reads = any(getattr(options, key, None) for key in SERIES)
    return named_source(written, around.sources, problems, is_needed=reads)


def readings(
    who: str, written: Written, source: str | None, indicators: Collection[Indicator]
) -> tuple[Reading, ...]:
    """What a table has its source collect."""
    if source is None:
        return ()
    return tuple(Reading(who, source, each, written) for each in indicators)


def refusals(
    written: Written,
    around: Around,
    source: str | None,
    indicators: Collection[Indicator],
) -> Iterator[Problem]:
    """Why the source cannot answer what the table reads."""
    kind = around.sources.get(source or "")
    key = next((key for key in (*SERIES, "old") if key in written.values), "kind")
    for indicator in indicators if kind is not None else ():
        assert kind is not None, "without a kind nothing is asked"
        base = base_of(indicator)
        reason = None if base is None else kind.refuses(base)
        if reason is not None:
            yield written.problem(reason, key)


def _series(kind: MeasureKind, selector: str) -> dict[str, object]:
    """A selector under the key of the kind that it stands for; buckets are a histogram's."""
    has = [key for key in SERIES if key in kind.options.model_fields]
    is_buckets = "histogram" in has and Selector.parse(selector).name.endswith("_bucket")
    return {"histogram" if is_buckets else has[0]: selector}


def _without(values: Mapping[str, Any], common: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in common}
