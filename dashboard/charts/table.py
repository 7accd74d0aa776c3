"""A table and its heading: the one owner of its roles, which a phone's CSS would unmake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.charts.markup import Child, Markup, element


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column, and its class."""

    head: Child
    kind: str | None = None


def table(
    name: str, columns: Sequence[Column], rows: Iterable[Markup], kind: str | None = None
) -> Markup:
    """The rows under their headings; without columns there is no heading at all."""
    body = element("tbody", *rows, role="rowgroup")
    head = _head(columns) if columns else None
    return element("table", head, body, role="table", aria_label=name, class_=kind)


def _head(columns: Iterable[Column]) -> Markup:
    cells = (
        element("th", one.head, class_=one.kind, scope="col", role="columnheader")
        for one in columns
    )
    return element("thead", element("tr", *cells, role="row"), role="rowgroup")


def titled(words: str, note: str = "", kind: str = "titled") -> Markup:
    """A heading with a note beside it, which is no part of the heading."""
    small = element("small", note) if note else None
    return element("div", element("h2", words), " " if note else None, small, class_=kind)


def row(name: Markup, *cells: Markup | None, kind: str | None = None) -> Markup:
    """A row: its name first, then its cells; None is no cell."""
    return element("tr", name, *cells, class_=kind, role="row")


def name_cell(*children: Child, kind: str | None = None) -> Markup:
    """The name of a row."""
    return element("th", *children, class_=kind, scope="row", role="rowheader")


def cell(
    *children: Child, kind: str | None = None, label: str | None = None, title: str | None = None
) -> Markup:
    """A cell; `label` is its heading where a phone unmakes the table, `title` what a pointer asks."""
    return element("td", *children, class_=kind, data_l=label, title=title, role="cell")
