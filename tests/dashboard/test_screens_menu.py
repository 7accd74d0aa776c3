"""Where a visit begins, what the menu offers, and what visitors share, as Streamlit runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
from fleet_history import AS_OF, LINES, filled
from streamlit.testing.v1 import AppTest

from dashboard import serving, session
from dashboard.config import load
from dashboard.serving import Serving
from dashboard.session import look
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from slo.errors import ConfigError, StoreError

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
CALM = replace(LINES[0], since=None)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No view of another test."""
    session.forget()
    yield
    session.forget()


def serve(config: Path, clock: Callable[[], int] = lambda: AS_OF) -> None:
    """Make the config the subject of this process."""
    serving.begin(Serving(load=lambda: load(config, {}, with_sources=False), clock=clock))


def visited(config: Path) -> str:
    """The markup of the address without a page."""
    serve(config)
    app = AppTest.from_file(str(APP), default_timeout=100).run()
    assert not app.exception
    return "".join(str(element.proto.body) for element in app.get("html"))


def test_a_visit_begins_with_now_while_anything_fires(tmp_path: Path) -> None:
    page = visited(filled(tmp_path, LINES[0]))

    assert "for 22\N{NO-BREAK SPACE}min" in page
    assert 'aria-label="Objectives"' not in page


def test_a_visit_begins_with_the_objectives_when_nothing_fires(tmp_path: Path) -> None:
    page = visited(filled(tmp_path, CALM))

    assert 'aria-label="Objectives"' in page


def test_a_ticket_is_enough_to_begin_with_now(tmp_path: Path) -> None:
    page = visited(filled(tmp_path, LINES[1]))

    assert "ticket" in page
    assert 'aria-label="Objectives"' not in page


def test_visitors_who_look_at_the_same_time_share_one_reading(tmp_path: Path) -> None:
    serve(filled(tmp_path, CALM))
    read: list[int] = []
    together = Barrier(8)

    def make(scene: Scene) -> int:
        read.append(scene.as_of)
        return scene.as_of

    def visit() -> None:
        together.wait(timeout=120)
        look(make)

    visitors = [Thread(target=visit) for _ in range(8)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join(timeout=120)

    assert len(read) == 1


def test_another_wish_or_a_later_moment_is_made_anew(tmp_path: Path) -> None:
    times = [AS_OF, AS_OF, AS_OF + 14 - AS_OF % 15, AS_OF + 15]
    serve(filled(tmp_path, CALM), clock=lambda: times[0])
    read: list[int] = []

    def make(scene: Scene) -> int:
        read.append(scene.as_of)
        return scene.as_of

    look(make, "3h")
    look(make, "24h")
    while len(times) > 1:
        times.pop(0)
        look(make, "3h")

    assert len(read) == 3


def test_what_cannot_be_made_is_a_notice_and_is_tried_again(tmp_path: Path) -> None:
    serve(filled(tmp_path, CALM))
    troubles = [StoreError("the store is damaged", where="s.db", mend="restore it")]

    def make(scene: Scene) -> int:
        if troubles:
            raise troubles.pop()
        return scene.as_of

    first, second = look(make), look(make)

    assert isinstance(first, Notice)
    assert first.what == "The store is damaged."
    assert second == AS_OF - AS_OF % 15


def test_only_so_many_views_are_kept(tmp_path: Path) -> None:
    serve(filled(tmp_path, CALM))
    read: list[int] = []

    def make(_scene: Scene) -> int:
        read.append(1)
        return len(read)

    for wish in range(65):
        look(make, wish)
    look(make, 64)
    look(make, 0)

    assert len(read) == 66


def test_no_two_visitors_look_again_at_the_same_pace() -> None:
    def paces() -> None:
        import streamlit as st  # noqa: PLC0415 - runs as a script of its own

        from dashboard.screens.frame import _every_s  # noqa: PLC0415

        st.text(str(_every_s(60)))

    found = [
        float(AppTest.from_function(paces, default_timeout=100).run().text[0].value)
        for _ in range(4)
    ]

    assert len(set(found)) == 4
    assert all(54 <= pace <= 66 for pace in found)


def test_a_configuration_that_is_not_in_force_is_told_above_the_page(tmp_path: Path) -> None:
    config = filled(tmp_path, CALM)
    broken = ConfigError("config.toml:12: latency: must be greater than 0", where="c", mend="mend")
    serving.begin(
        Serving(
            load=lambda: load(config, {}, with_sources=False),
            clock=lambda: AS_OF,
            trouble=lambda: broken,
        )
    )

    app = AppTest.from_file(str(APP), default_timeout=100).run()

    page = "".join(str(element.proto.body) for element in app.get("html"))
    assert "Line 12 of config.toml: latency: must be greater than 0; pages keep the" in page
    assert 'aria-label="Objectives"' in page
