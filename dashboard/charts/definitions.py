"""How the definitions look: each SLO in words and as it is written, and the services they are of."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.markup import Markup, element, join, text
from dashboard.charts.objective import alert_table, pairs_list, title
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.addresses import objective_address
from dashboard.views.pages.definitions import DefinitionView, Owned, Promises
from dashboard.views.words import NOTHING


def definitions_page(found: Promises) -> Markup:
    """All of them by name, under links that lead to each."""
    count = len(found.definitions)
    said = f"{count} objective{'' if count == 1 else 's'}, {_services(found.services)}"
    digest = element(
        "p",
        element("span", f"config {found.digest}", class_="g"),
        element("span", found.path, class_="g"),
        class_="fresh",
    )
    head = element("div", element("h1", said), digest, class_="bl head")
    jumps = (
        element("a", one.name, href=f"#{one.anchor}", target="_self") for one in found.definitions
    )
    index = element("p", *jumps, class_="links jumps")
    return join(
        element("div", head, index, class_="bl leaf"),
        *(_definition(one) for one in found.definitions),
        _owned(found.services),
    )


def _services(services: Sequence[Owned]) -> str:
    return f"{len(services)} service{'' if len(services) == 1 else 's'}"


def _definition(one: DefinitionView) -> Markup:
    link = element("a", one.name, href=objective_address(one.name), target="_self")
    digest = f" · definition {one.digest}" if one.digest else ""
    note = element("p", f"{one.version}{digest}", class_="s")
    body = join(pairs_list(one.words), _folded(one))
    return element("div", element("h2", link), note, body, class_="bl leaf defined", id=one.anchor)


def _folded(one: DefinitionView) -> Markup:
    """What a machine reads of it, for who asks."""
    return element(
        "details",
        element("summary", "Query, alert rows and configuration"),
        _queries(one),
        alert_table(one.rows, is_standing=False),
        element("div", _written(one.written), class_="bl leaf"),
        class_="fold",
    )


def _queries(one: DefinitionView) -> Markup:
    asked = [("query", query) for query in one.query.splitlines()]
    return pairs_list(asked, code=frozenset({"query"}))


def definition_body(one: DefinitionView) -> Markup:
    """The words, and the configuration that promises the same."""
    return join(
        pairs_list(one.words),
        _queries(one),
        element("div", _written(one.written), class_="bl leaf"),
    )


def _written(lines: Sequence[str]) -> Markup:
    return element("pre", join(*(join(text(line), Markup("\n")) for line in lines)))


def _owned(services: Sequence[Owned]) -> Markup:
    """Who answers for which service, and which objectives it has."""
    if not services:
        return join()
    columns = [Column(head) for head in ("Service", "Team", "Owner", "Objectives", "Links")]
    made = table("Services", columns, (_service(one) for one in services), "tight owned")
    return join(title("Services"), element("div", made, class_="bl leaf"))


def _service(one: Owned) -> Markup:
    links = "; ".join(f"{name} {template}" for name, template in one.links)
    cells = (
        cell(words or NOTHING, label=label)
        for label, words in (
            ("Team", one.team),
            ("Owner", one.owner),
            ("Objectives", ", ".join(one.slos)),
            ("Links", links),
        )
    )
    return row(name_cell(one.name), *cells)
