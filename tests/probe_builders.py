"""Probes of servers that run in the test, and what they saw."""

from __future__ import annotations

from typing import Any

from builders import NOON
from file_builders import rows

from collectors import registry
from collectors.contract import Batch, Collector, Named
from collectors.plan import present
from slo.indicator import Indicator


def probing(*targets: dict[str, Any], every: str = "1m", **options: Any) -> Collector:
    """The collector of a source "web" with these targets, as the configuration makes it."""
    kind = registry.load("probe", where="test")
    values = {"every": every, "target": list(targets), **options}
    return kind.build(Named("web", "test"), kind.options.model_validate(values))


def refused_by(indicator: Indicator, kind: str = "probe") -> str | None:
    """Why the kind cannot answer it."""
    return registry.load(kind, where="test").refuses(indicator)


def looked(*targets: dict[str, Any], now: int = NOON, **options: Any) -> list[Batch]:
    """What one run of these targets brings."""
    collector = probing(*targets, **options)
    (stream,) = collector.streams
    return list(collector.collect(stream, present(now), now))


def state(batches: list[Batch]) -> str:
    """The state of the only target."""
    (found,) = [row for row in rows(batches) if row[0] == "probe"]
    return str(found[2])


def said(batches: list[Batch]) -> str:
    """The only thing that people are told of the only target, without its name."""
    (line,) = batches[0].warnings
    return line.partition(": ")[2]


def named(batches: list[Batch]) -> list[str]:
    """The names of all rows that there are."""
    return [row[0] for row in rows(batches)]
