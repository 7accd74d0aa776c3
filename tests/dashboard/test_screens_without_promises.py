"""A shop that moved and promised nothing: its pages are whole, and visitors share what is slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import moved_shop
import pytest
from streamlit.testing.v1 import AppTest
from told_builders import DAY_S, day
from verdict_builders import burnline

from dashboard import serving, session
from dashboard.config import load
from dashboard.documents import read_document
from dashboard.serving import Serving
from dashboard.session import look
from dashboard.views.pages.migration import MigrationPage, migration_page
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from slo.spans import Span

AS_OF = day("2026-06-09")  # a whole number of tens of minutes
SHARED_S = 600
APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("promised-nothing")
    moved_shop.write(folder)
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder / "config.toml"


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


def serve(config: Path, clock: Callable[[], int] = lambda: AS_OF, as_of: int | None = None) -> None:
    """Make the config the subject of this process."""
    loaded = load(config, {}, with_sources=False)
    serving.begin(Serving(load=lambda: loaded, clock=clock, as_of=as_of))


def _migration() -> None:
    from dashboard.screens import migration  # noqa: PLC0415 - runs as a script of its own

    migration.page()


def _delivery() -> None:
    from dashboard.screens import delivery  # noqa: PLC0415

    delivery.page()


@pytest.mark.parametrize(
    ("page", "words"),
    [(_migration, "To the cloud: 4 improved"), (_delivery, "5 deployments in 28 days")],
)
def test_a_page_that_needs_no_promise_is_whole_without_any(
    shop: Path, page: Callable[[], None], words: str
) -> None:
    serve(shop)

    app = AppTest.from_function(page, default_timeout=100).run()

    assert not app.exception
    html = "".join(str(element.proto.body) for element in app.get("html"))
    assert words in html
    assert "No objectives" not in html


def test_a_visit_begins_with_the_migration_where_nothing_was_promised(shop: Path) -> None:
    serve(shop)

    app = AppTest.from_file(str(APP), default_timeout=100).run()

    assert not app.exception
    html = "".join(str(element.proto.body) for element in app.get("html"))
    assert "To the cloud: 4 improved" in html


def test_with_neither_promise_nor_migration_it_begins_with_what_was_delivered(shop: Path) -> None:
    alone = shop.with_name("alone.toml")
    alone.write_text(shop.read_text().partition("[[migration]]")[0])
    serve(alone)

    app = AppTest.from_file(str(APP), default_timeout=100).run()

    assert not app.exception
    html = "".join(str(element.proto.body) for element in app.get("html"))
    assert "5 deployments in 28 days" in html


def read_at(shop: Path, *times: int, shared_s: int = SHARED_S) -> list[int]:
    """The moments that were really read when visitors came at these times."""
    now = [AS_OF]
    serve(shop, clock=lambda: now[0])
    read: list[int] = []

    def make(scene: Scene) -> int:
        read.append(scene.as_of)
        return scene.as_of

    for time in times:
        now[0] = time
        assert look(make, even_empty=True, shared_s=shared_s) == time - time % shared_s
    return read


def test_visitors_share_a_view_for_as_long_as_its_page_says_and_not_a_second_longer(
    shop: Path,
) -> None:
    assert read_at(shop, AS_OF, AS_OF + SHARED_S - 1) == [AS_OF]
    assert read_at(shop, AS_OF + SHARED_S - 1, AS_OF + SHARED_S) == [AS_OF + SHARED_S]


def test_what_is_shared_is_as_of_its_beginning_whoever_comes_first(shop: Path) -> None:
    assert read_at(shop, AS_OF + 599, AS_OF) == [AS_OF]


def test_a_page_that_shares_for_longer_holds_up_none_that_shares_for_shorter(shop: Path) -> None:
    assert read_at(shop, AS_OF + 16, shared_s=SHARED_S) == [AS_OF]
    assert read_at(shop, AS_OF + 16, shared_s=15) == [AS_OF + 15]


def test_a_moment_that_was_asked_for_is_never_an_earlier_one(shop: Path) -> None:
    serve(shop, as_of=AS_OF - 1)

    found = look(lambda scene: scene.as_of, even_empty=True, shared_s=SHARED_S)

    assert found == AS_OF - 1


def drawn(shop: Path) -> MigrationPage:
    serve(shop)

    def make(scene: Scene) -> MigrationPage | Notice:
        return migration_page(scene, "cloud", read_document)

    found = look(make, even_empty=True, shared_s=SHARED_S)
    assert isinstance(found, MigrationPage)
    return found


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
def test_the_bars_of_a_rate_count_a_week_whatever_its_unit_and_their_mean_is_the_level(
    shop: Path, unit: str
) -> None:
    """Both periods are ten whole weeks, observed all the time but for the very ends."""
    by_unit = shop.with_name(f"by-{unit}.toml")
    events = 'events = "deployment"\n'
    by_unit.write_text(shop.read_text().replace(events, f'{events}unit = "{unit}"\n'))

    course = drawn(by_unit).courses["deployments"]

    for level, count in ((course.before, 2), (course.after, 14)):
        assert level is not None
        bars = [value for at, value in course.points if at in _of(level.span) and value is not None]
        assert len(bars) == 10
        assert sum(bars) / len(bars) == pytest.approx(level.value, rel=0.02)
        assert level.value == pytest.approx(count / 10, rel=0.02)


def _of(span: Span) -> range:
    return range(span.since, span.until, DAY_S // 2)
