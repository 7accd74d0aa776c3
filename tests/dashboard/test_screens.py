"""The page as Streamlit runs it: on a real store, and on everything that is not one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, minutes
from streamlit.testing.v1 import AppTest
from verdict_builders import stored

from collectors.contract import Batch, Stream
from collectors.store.leases import Standing
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard import serving, session
from dashboard.config import load
from dashboard.serving import Serving

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
CONFIG = """
[[source]]
kind = "files"
name = "shop"
every = "1m"
[[source.file]]
path = "requests.csv"
holds = "requests"

[[service]]
name = "checkout"
[[service]]
name = "search"

[[slo]]
name = "checkout success"
service = "checkout"
objective = 99.9
total = "requests"

[[slo]]
name = "search success"
service = "search"
objective = 99
window = "7d"
total = "searches"
"""


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


def opened(
    folder: Path, config: str = CONFIG, *, as_of: int | None = NOON, **query: str
) -> AppTest:
    """The page on the folder's store."""
    path = folder / "config.toml"
    path.write_text(config)
    serving.begin(
        Serving(load=lambda: load(path, {}, with_sources=False), clock=lambda: NOON, as_of=as_of)
    )
    app = AppTest.from_file(str(APP), default_timeout=100)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def html_of(app: AppTest) -> str:
    """All markup of the page but its style."""
    assert not app.exception
    bodies = [str(element.proto.body) for element in app.get("html")]
    shown = "".join(body for body in bodies if not body.startswith("<style>"))
    return shown.replace("\N{NO-BREAK SPACE}", " ")


def filled(folder: Path) -> None:
    """An hour of traffic with one bad event in each ten thousand."""
    stored(folder, minutes([9_999] * 60, [10_000] * 60, since=NOON - 3_600))


def test_the_verdict_and_every_objective_stand_on_the_page(tmp_path: Path) -> None:
    filled(tmp_path)

    page = html_of(opened(tmp_path))

    assert "<h1>1 of 2 budgets not measured</h1>" in page
    assert "checkout success" in page
    assert "search success" in page
    assert "99.99 %" in page
    assert "as of 1 Jan 2026 12:00 UTC" in page


def test_the_choice_in_the_address_chooses_the_rows(tmp_path: Path) -> None:
    filled(tmp_path)

    attention = html_of(opened(tmp_path, show="attention"))
    healthy = html_of(opened(tmp_path, show="healthy"))
    one_service = html_of(opened(tmp_path, service="checkout"))
    one_window = html_of(opened(tmp_path, window="7d"))

    assert ("search success" in attention, "checkout success" in attention) == (True, False)
    assert ("search success" in healthy, "checkout success" in healthy) == (False, True)
    assert ("search success" in one_service, "checkout success" in one_service) == (False, True)
    assert ("search success" in one_window, "checkout success" in one_window) == (True, False)


def test_a_choice_that_does_not_exist_is_no_choice(tmp_path: Path) -> None:
    filled(tmp_path)

    page = html_of(opened(tmp_path, service="nobody", show="<script>", window="1000y"))

    assert "checkout success" in page
    assert "search success" in page


def test_choosing_writes_the_address_so_that_it_can_be_sent(tmp_path: Path) -> None:
    filled(tmp_path)
    app = opened(tmp_path)

    app.segmented_control(key="show").set_value("healthy").run()

    assert app.query_params["show"] in ("healthy", ["healthy"])
    assert "search success" not in html_of(app)


def test_an_empty_choice_says_so_in_place_of_a_table(tmp_path: Path) -> None:
    filled(tmp_path)

    page = html_of(opened(tmp_path, show="attention", service="checkout"))

    assert "Nothing here needs attention." in page
    assert "<table" not in page


def test_one_service_and_one_window_leave_nothing_to_choose(tmp_path: Path) -> None:
    filled(tmp_path)

    app = opened(tmp_path, CONFIG[: CONFIG.rindex("[[slo]]")])

    assert not app.selectbox
    assert "checkout success" in html_of(app)


def test_without_a_store_the_page_says_which_command_makes_one(tmp_path: Path) -> None:
    page = html_of(opened(tmp_path))

    assert "Nothing collected yet" in page
    assert "There is no store yet" in page
    assert str(tmp_path / "burnline.db") in page
    assert "<code>burnline collect --once</code>" in page
    assert not (tmp_path / "burnline.db").exists()


def test_an_empty_store_says_the_same(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON).close()

    page = html_of(opened(tmp_path))

    assert "Nothing collected yet" in page
    assert "The store holds no measurement" in page


def test_a_store_whose_source_failed_says_when_and_why_and_leads_to_data_health(
    tmp_path: Path,
) -> None:
    said = "a.csv: there is no such file\n  at:  a.csv\n  fix: check the path"
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as store:
        store.record(RunRecord("shop", NOON - 361, NOON - 360, said))

    page = html_of(opened(tmp_path))

    assert "<h1>Nothing collected</h1>" in page
    assert "shop failed at 11:54 UTC (a.csv: there is no such file)." in page
    assert '<a href="/health" target="_self">Data health</a>' in page


def test_an_empty_store_with_a_collector_at_work_asks_for_patience(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as store:
        store.take_lease("a", 7, "ops", Standing(""), now=NOON - 5)

    page = html_of(opened(tmp_path, as_of=None))

    assert "The collector is at work, but nothing has come in yet." in page
    assert "collect --once" not in page


def test_a_config_without_objectives_shows_how_to_write_one(tmp_path: Path) -> None:
    page = html_of(opened(tmp_path, CONFIG[: CONFIG.index("[[slo]]")]))

    assert "No objectives yet" in page
    assert "[[slo]]\nname = " in page


def test_a_broken_config_lists_every_problem_with_its_line(tmp_path: Path) -> None:
    broken = CONFIG.replace("objective = 99.9", "objectve = 99.9").replace('"7d"', '"7"')

    page = html_of(opened(tmp_path, broken))

    assert "The configuration cannot be used" in page
    assert "objectve" in page
    assert "config.toml:18" in page
    assert page.count("<li>") >= 2


def test_a_missing_config_is_named(tmp_path: Path) -> None:
    lost = tmp_path / "lost.toml"
    serving.begin(Serving(load=lambda: load(lost, {}, with_sources=False), clock=lambda: NOON))

    page = html_of(AppTest.from_file(str(APP), default_timeout=100).run())

    assert "The configuration cannot be used" in page
    assert "lost.toml" in page


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "burnline.db").write_bytes(b"<html>not a store</html>" * 10)

    page = html_of(opened(tmp_path))

    assert "The store cannot be read" in page
    assert "Not a burnline store (" in page
    assert (tmp_path / "burnline.db").read_bytes() == b"<html>not a store</html>" * 10


def test_a_store_of_a_later_release_says_which(tmp_path: Path) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "burnline.db")) as store:
        store.execute("UPDATE burnline_store SET schema_version = 99")
        store.commit()

    page = html_of(opened(tmp_path))

    assert "The store cannot be read" in page
    assert "version 99" in page


def test_a_failing_source_is_told_beside_the_verdict_and_in_the_footer(tmp_path: Path) -> None:
    filled(tmp_path)
    failed = RunRecord("shop", NOON - 120, NOON - 120, "the file <b>is gone</b>\nsecond line")
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOON) as store:
        store.record(failed)

    page = html_of(opened(tmp_path, as_of=None))

    assert "1 of 1 source late or failing" in page
    assert "the file &lt;b&gt;is gone&lt;/b&gt;" in page
    assert "never collected" in page


def test_a_source_that_was_never_asked_is_late(tmp_path: Path) -> None:
    filled(tmp_path)

    page = html_of(opened(tmp_path, as_of=None))

    assert "shop late, no run on record" in page


def test_the_page_reads_and_never_writes(tmp_path: Path) -> None:
    filled(tmp_path)
    before = (tmp_path / "burnline.db").read_bytes()

    html_of(opened(tmp_path))

    assert (tmp_path / "burnline.db").read_bytes() == before


@pytest.mark.postgres
def test_a_store_on_a_server_is_shown_as_well(tmp_path: Path, postgres_url: str) -> None:
    served = f'store = "{postgres_url}"\n{CONFIG}'
    Store.open(postgres_url, now=NOON).close()
    empty = html_of(opened(tmp_path, served))
    session.forget()

    with Store.open(postgres_url, now=NOON) as store:
        hour = minutes([9_999] * 60, [10_000] * 60, since=NOON - 3_600)
        store.ingest("shop", Stream("facts"), Batch((hour,)), (), now=NOON)
    full = html_of(opened(tmp_path, served))

    assert "Nothing collected yet" in empty
    assert "99.99 %" in full
