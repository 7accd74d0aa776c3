"""Delivery and migration as Streamlit runs them on a real store: what the address and the controls do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_history import AS_OF, DAY_S, LINES, filled
from streamlit.testing.v1 import AppTest

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from dashboard import serving, session
from dashboard.config import load
from dashboard.serving import Serving
from slo.facts import EventKind, EventRow

COUNT = 60
MIGRATIONS = """
[[migration]]
name = "first"
title = "First move"
before = [2026-09-01, 2026-10-01]
after = [2026-10-10, 2026-11-10]
[[migration.metric]]
id = "incidents"
title = "Incidents"
kind = "event_rate"
events = "incident"
[[migration.metric]]
id = "payments"
title = "Payments"
kind = "event_rate"
events = "incident"
service = "payments"

[[migration]]
name = "second"
title = "Second move"
before = [2026-09-01, 2026-10-01]
after = [2026-10-10, 2026-11-10]
[[migration.metric]]
id = "incidents"
title = "Incidents"
kind = "event_rate"
events = "incident"
"""


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with many incidents of one service, and two migrations."""
    folder = tmp_path_factory.mktemp("happened")
    made = filled(folder, LINES[0])
    many = tuple(incident(i) for i in range(COUNT))
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=AS_OF) as store:
        store.ingest("github", Stream("events"), Batch(many), (), now=AS_OF)
    made.write_text(made.read_text() + MIGRATIONS)
    return made


def incident(place: int) -> EventRow:
    at = AS_OF - 27 * DAY_S + place * 30_000
    return EventRow(
        EventKind.INCIDENT, f"many-{place}", at, at, "payments", at + 600, {"title": f"No {place}."}
    )


def _delivery() -> None:
    from dashboard.screens import delivery  # noqa: PLC0415 - runs as a script of its own

    delivery.page()


def _migration() -> None:
    from dashboard.screens import migration  # noqa: PLC0415 - runs as a script of its own

    migration.page()


def opened(config: Path, script: object = _delivery, **query: str) -> AppTest:
    """A page at an address."""
    serving.begin(Serving(load=lambda: load(config, {}, with_sources=False), clock=lambda: AS_OF))
    app = AppTest.from_function(script, default_timeout=60)  # type: ignore[arg-type]
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def html_of(app: AppTest) -> str:
    """All markup of the page."""
    assert not app.exception
    bodies = "".join(str(element.proto.body) for element in app.get("html"))
    return bodies.replace("\N{NO-BREAK SPACE}", " ")


def listed(app: AppTest) -> list[int]:
    """Which of the many incidents are on the page."""
    _, _, table = html_of(app).partition('aria-label="Incidents and outages"')
    return [int(place) for place in re.findall(r"No (\d+)\.", table)]


def address(app: AppTest, key: str) -> str | None:
    """What the address says of a key."""
    found = app.query_params.get(key)
    return found[0] if isinstance(found, list) else found


def test_the_lists_begin_with_the_latest_and_a_page_in_the_address_goes_on_from_there(
    config: Path,
) -> None:
    first, second = opened(config), opened(config, page="2")

    assert listed(first)[0] == COUNT - 1
    assert listed(second)[0] == COUNT - 1 - len(listed(first))
    assert "1 to 25 of 60 incidents and outages" in html_of(first)
    assert "26 to 50 of 60" in html_of(second)


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1e9", "²", "<b>", ""])
def test_a_page_that_is_no_number_is_the_first(config: Path, page: str) -> None:
    assert listed(opened(config, page=page))[0] == COUNT - 1


def test_a_page_beyond_the_end_is_the_last(config: Path) -> None:
    made = opened(config, page="999999")

    assert listed(made)[-1] == 0
    assert "51 to 60 of 60" in html_of(made)


def test_a_choice_that_does_not_exist_is_answered_in_words(config: Path) -> None:
    made = html_of(opened(config, span="5", service="<script>", team="nobody"))

    assert "No deployment in this span." in made
    assert "<script" not in made


def test_the_span_in_the_address_is_the_span_of_the_figures(config: Path) -> None:
    week = html_of(opened(config, span="7"))

    assert "7 days before" in week
    assert "28 days before" in html_of(opened(config, span="5"))


def test_choosing_a_span_writes_the_address_and_begins_the_lists_anew(config: Path) -> None:
    app = opened(config, page="2")

    app.segmented_control(key="span").set_value("90").run()

    assert address(app, "span") == "90"
    assert address(app, "page") is None
    assert listed(app)[0] == COUNT - 1


def test_choosing_a_service_leaves_what_is_of_it(config: Path) -> None:
    app = opened(config)
    app.selectbox(key="service").set_value("checkout").run()

    assert address(app, "service") == "checkout"
    assert listed(app) == []


def test_of_several_migrations_the_first_is_shown_and_the_address_names_another(
    config: Path,
) -> None:
    first, second = opened(config, _migration), opened(config, _migration, name="second")

    assert "<h1>First move:" in html_of(first)
    assert "<h1>Second move:" in html_of(second)
    assert "<h1>First move:" in html_of(opened(config, _migration, name="nobody"))


def test_choosing_a_migration_writes_the_address(config: Path) -> None:
    app = opened(config, _migration)

    app.selectbox(key="name").set_value("second").run()

    assert address(app, "name") == "second"
    assert "<h1>Second move:" in html_of(app)


def test_the_measure_in_the_address_is_the_one_that_is_drawn(config: Path) -> None:
    usual = html_of(opened(config, _migration))
    chosen = html_of(opened(config, _migration, metric="payments"))
    unknown = html_of(opened(config, _migration, metric="<script>"))

    assert "<h2>Incidents, " in usual
    assert "<h2>Payments, " in chosen
    assert "<h2>Incidents, " in unknown


def test_of_a_choice_of_another_migration_nothing_stays_behind(config: Path) -> None:
    app = opened(config, _migration, metric="payments")

    app.selectbox(key="name").set_value("second").run()

    assert "<h2>Incidents, " in html_of(app)
