"""The report of delivery and incidents as a letter: the figures, what happened, how it is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from dashboard.reports.letter import Cell, CellTone, Column, Grid, Letter, Section
from dashboard.views.delivery.model import (
    DeliveryPage,
    DeploymentLine,
    FigureLine,
    IncidentLine,
    Slice,
)
from dashboard.views.delivery.words import NOT_COLLECTED
from dashboard.views.slos.marks import Tone

_FIGURES = (
    Column("Measure"),
    Column("Period", True),
    Column("Range, 95 %", True),
    Column("n", True),
    Column("Period before", True),
    Column("What it says"),
)
_INCIDENTS = (
    Column("Incident"),
    Column("When"),
    Column("Service"),
    Column("Impact", True),
    Column("Restored", True),
)
_DEPLOYMENTS = (
    Column("Deployment"),
    Column("When"),
    Column("Service"),
    Column("Lead time", True),
    Column("Result"),
)


_SOME = frozenset("123456789")
_TONES: MappingProxyType[Tone, tuple[CellTone, str]] = MappingProxyType(
    {Tone.RED: ("bad", "■"), Tone.AMBER: ("warn", "×"), Tone.PLAIN: ("", "")}
)


def letter(name: str, page: DeliveryPage) -> Letter:
    """The letter; `name` is what the report is called."""
    figures = (*page.figures, *page.incident_figures)
    return Letter(
        subject=page.headline,
        byline=" · ".join(said for said in (name, page.scope, page.generated) if said),
        sections=(
            Section(
                title="Figures",
                grid=_grid(_FIGURES, map(_figure, filter(_is_told, figures))),
                remark=_quiet([line for line in figures if not _is_told(line)]),
            ),
            Section(
                title="Incidents and outages",
                grid=_grid(_INCIDENTS, map(_incident, page.incidents)),
                remark=_rest(page.incident_slice, len(page.incidents)),
            ),
            Section(
                title="Deployments",
                grid=_grid(_DEPLOYMENTS, map(_deployment, page.deployments)),
                remark=_rest(page.deployment_slice, len(page.deployments)),
            ),
            Section(title="How it is counted", items=tuple(_definitions(figures))),
            Section(title="Remarks", items=page.notes),
        ),
        closing=f"{page.freshness[:1].upper()}{page.freshness[1:]}.",
        is_wide=True,
    )


def _grid(columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]]) -> Grid | None:
    found = tuple(rows)
    return Grid(columns, found) if found else None


def _is_told(line: FigureLine) -> bool:
    """Whether there is a value that is not nothing, or something that it stands on."""
    return any(letter in _SOME for letter in f"{line.value}{line.n}")


def _quiet(lines: Sequence[FigureLine]) -> str:
    """The figures of which there is nothing to tell, in one line."""
    missing = ", ".join(one.title for one in lines if one.value == NOT_COLLECTED)
    none = ", ".join(one.title for one in lines if one.value != NOT_COLLECTED)
    said = (f"None in this period: {none}." if none else "", f"Not collected: {missing}.")
    return " ".join(filter(None, said if missing else said[:1]))


def _figure(line: FigureLine) -> tuple[Cell, ...]:
    return (
        Cell(text=line.title),
        Cell(text=line.value, is_strong=True),
        Cell(text=line.interval),
        Cell(text=line.n),
        Cell(text=line.before, tone="grey"),
        Cell(text=line.says, tone="grey"),
    )


def _incident(line: IncidentLine) -> tuple[Cell, ...]:
    return (
        Cell(text=line.title, small=line.severity),
        Cell(text=line.when),
        Cell(text=line.service),
        Cell(text=line.impact, is_strong=True),
        _toned(line.restored, Tone.RED if line.is_open else Tone.PLAIN),
    )


def _deployment(line: DeploymentLine) -> tuple[Cell, ...]:
    return (
        Cell(text=line.version, small=line.title),
        Cell(text=line.when),
        Cell(text=line.service),
        Cell(text=line.lead),
        _toned(line.state, line.tone),
    )


def _toned(said: str, state: Tone) -> Cell:
    """Words in the tone of their state, with a sign that says it without colour."""
    tone, mark = _TONES[state]
    return Cell(text=said, tone=tone, mark=mark)


def _rest(slice_: Slice, shown: int) -> str:
    more = slice_.count - shown
    return f"{more:,} more on the page and in the CSV." if more > 0 else ""


def _definitions(figures: Iterable[FigureLine]) -> Iterable[str]:
    for line in figures:
        said = "; ".join(line.counted)
        if said:
            yield f"{line.title}: {said}"
