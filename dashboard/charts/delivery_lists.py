"""How the lists look: recent deployments with how each went, incidents and outages."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from dashboard.charts.markup import Markup, element, join, marked
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.delivery.model import DeploymentLine, IncidentLine
from dashboard.views.words import NOTHING

# The sign of a state by the word it begins with: what fails now asks for someone.
_MARKS = MappingProxyType({"failing": "page", "failed": "spent red"})
_FINE = "quiet"


def deployments_table(lines: Sequence[DeploymentLine]) -> Markup:
    """Deployments, the latest first: what it was, how long it waited, and how it went."""
    columns = (
        Column("When", "wn"),
        Column("Service, version", "sv"),
        Column("What", "wh"),
        Column("Lead time", "n lt"),
        Column("Result", "rs"),
        Column("Budget cost", "n bc"),
        Column("Of", "of"),
    )
    rows = map(_deployment, lines)
    return element("div", table("Recent deployments", columns, rows, "rd"), class_="bl")


def _is_known(words: str) -> bool:
    return words not in ("", NOTHING)


def _deployment(one: DeploymentLine) -> Markup:
    version = element("code", one.version) if one.version else None
    mark = _MARKS.get(one.state.partition(" ")[0].rstrip(","), _FINE)
    return row(
        name_cell(one.when, kind="wn"),
        cell(one.service, " " if version else None, version, kind="sv"),
        _known(one.title, "g wh"),
        _known(one.lead, "n lt"),
        cell(marked(one.state, mark), kind="rs"),
        _cost(one),
        _known(one.cost_of, "g of"),
    )


def _cost(one: DeploymentLine) -> Markup:
    """What it cost of a budget, strong where that is much."""
    if not one.cost_tone:
        return _known(one.cost, "n bc", "budget")
    return cell(element("b", one.cost, class_=one.cost_tone), kind="n bc", label="budget")


def incidents_table(lines: Sequence[IncidentLine]) -> Markup:
    """Declared incidents, and outages that a probe saw: how long, noticed when, felt by whom."""
    columns = (
        Column("When", "wn"),
        Column("Service", "sv"),
        Column("What", "wh"),
        Column("Severity", "se"),
        Column("Impact", "n im"),
        Column("Detected", "n de"),
        Column("Restored", "n re"),
        Column("Users", "n us"),
    )
    made = table("Incidents and outages", columns, (_incident(one) for one in lines), "inc")
    return element("div", made, class_="bl")


def _incident(one: IncidentLine) -> Markup:
    seen = element("span", "outage seen by a probe", class_="s") if one.is_outage else None
    still = join(" ", marked("open", "page")) if one.is_open else None
    return row(
        name_cell(one.when, kind="wn"),
        cell(one.service or NOTHING, kind="sv"),
        cell(one.title or (None if seen else NOTHING), " " if seen else None, seen, kind="wh"),
        _known(one.severity, "se", "severity"),
        cell(one.impact or NOTHING, still, kind="n im"),
        _known(one.detected, "n g de", "detected"),
        _known(one.restored, "n g re void" if one.is_open else "n g re", "restored"),
        _known(one.users, "n g us", "users:"),
    )


def _known(words: str, kind: str, label: str | None = None) -> Markup:
    """A cell; a phone has no room for one that says nothing."""
    if not _is_known(words):
        return cell(NOTHING, kind=f"{kind} void", label=label)
    return cell(words, kind=kind, label=label)
