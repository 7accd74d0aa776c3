"""Every table of every page tells a screen reader the same: its name, its headings, its cells."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import drawn_delivery
import drawn_migration
import pytest
from fleet_history import AS_OF, LINES, filled

from collectors.store.reader import Reader
from dashboard.charts.definitions import definitions_page
from dashboard.charts.delivery import figures_table
from dashboard.charts.delivery_lists import deployments_table, incidents_table
from dashboard.charts.delivery_strips import strips_table
from dashboard.charts.health import below, sources_table
from dashboard.charts.markup import Markup, join
from dashboard.charts.migration import besides, evidence_table
from dashboard.charts.migration_progress import progress_table
from dashboard.charts.now import lower, others_rows
from dashboard.charts.objective import alert_table, falls_table
from dashboard.charts.objectives import objectives_table
from dashboard.config import load
from dashboard.views.counted.zoom import Zoom
from dashboard.views.pages.definitions import promises
from dashboard.views.pages.fleet import judged
from dashboard.views.pages.health import health_of
from dashboard.views.pages.now import now_of
from dashboard.views.pages.objective import ObjectivePage, Wish, objective_page
from dashboard.views.upkeep.scene import Scene

ROLES = {
    ("table", None): "table",
    ("thead", None): "rowgroup",
    ("tbody", None): "rowgroup",
    ("tr", None): "row",
    ("th", "col"): "columnheader",
    ("th", "row"): "rowheader",
    ("td", None): "cell",
}


class Tables(HTMLParser):
    """The tables of a page: by name, how many cells each row has; and every tag with its role."""

    def __init__(self, page: Markup) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: dict[str, list[int]] = {}
        self.told: set[tuple[tuple[str, str | None], str | None]] = set()
        self._name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        part = (tag, given.get("scope"))
        if part in ROLES or tag in {"th", "td"}:
            self.told.add((part, given.get("role")))
        if tag == "table":
            self._name = given.get("aria-label") or ""
            self.rows[self._name] = []
        elif tag == "tr":
            self.rows[self._name].append(0)
        elif tag in {"th", "td"}:
            self.rows[self._name][-1] += 1


def one_objective(scene: Scene) -> Markup:
    page = objective_page(scene, Wish(LINES[0].name, Zoom.WINDOW))
    assert isinstance(page, ObjectivePage)
    return join(alert_table(page.rows), falls_table(page.view, page.causes))


def one_migration() -> Markup:
    page = drawn_migration.the_mock_up()
    assert page.report.progress is not None
    return join(
        evidence_table(page.told),
        besides(page.told.besides),
        progress_table(page.report.progress, "UTC"),
    )


def deliveries() -> Markup:
    page = drawn_delivery.page()
    return join(
        figures_table("Delivery", page.figures, "28 days"),
        strips_table(page.strips, is_weekly=False),
        deployments_table(page.deployments),
        incidents_table(page.incidents),
    )


PAGES = {
    "objectives": lambda scene: objectives_table(judged(scene)),
    "objective": one_objective,
    "now": lambda scene: join(others_rows(now_of(scene).others), lower(now_of(scene))),
    "health": lambda scene: join(sources_table(health_of(scene)), below(health_of(scene))),
    "definitions": lambda scene: definitions_page(promises(scene)),
    "migration": lambda _scene: one_migration(),
    "delivery": lambda _scene: deliveries(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the drawn fleet, its store filled."""
    return filled(tmp_path_factory.mktemp("fleet"))


@pytest.mark.parametrize("page", PAGES)
def test_every_table_has_a_name_and_every_part_of_it_the_role_that_a_phones_style_takes(
    folder: Path, page: str
) -> None:
    config = load(folder, {}, with_sources=False)
    with Reader.open(config.store_url) as reader:
        tables = Tables(PAGES[page](Scene(config, reader, AS_OF)))

    assert tables.told <= set(ROLES.items())
    assert tables.rows
    assert all(tables.rows)
    assert all(len(set(counts)) == 1 for counts in tables.rows.values())
