"""What the tables `[[service]]` define: what users depend on, and where its people look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.config.problems import Problem, Written, checked
from dashboard.config.tables import ServiceTable


@dataclass(frozen=True, slots=True)
class Service:
    """What users depend on; links hold `{service}`, `{from}` and `{to}` to be filled in."""

    name: str
    team: str = ""
    owner: str = ""
    runbook: str = ""
    dashboard: str = ""
    logs: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    notify: tuple[str, ...] = ()


def services_of(tables: Iterable[Written], problems: list[Problem]) -> Iterator[Service]:
    """The services of these tables; what is wrong with one is a problem."""
    for written in tables:
        table = checked(ServiceTable, written, written.values, problems)
        if table is not None:
            labels = tuple(sorted(table.labels.items()))
            known = {"labels": labels, "notify": tuple(table.notify)}
            yield Service(**{**table.model_dump(), **known})
