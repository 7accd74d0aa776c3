"""What needs a hand is told first: what is still open, what is late, what steers nobody's screen."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from delivery_builders import at, deployment, incident
from delivery_store import AS_OF, CONFIG, SOURCE, kept, probe, scene_of
from verdict_builders import burnline

from collectors.contract import Batch, Stream
from collectors.store.store import Store
from dashboard.views.delivery.days import last_days
from dashboard.views.delivery.making import whole
from dashboard.views.delivery.model import Choice, DeliveryPage
from slo.facts import Fact
from slo.spans import Span

DAYS_28 = Choice(last_days(AS_OF, 28, ZoneInfo("UTC")))
LOOK = ("--as-of", "2026-11-22T15:42:00Z")


def page(folder: Path, *facts: Fact, config: str = CONFIG) -> DeliveryPage:
    with scene_of(kept(folder, *facts, config=config)) as scene:
        return whole(scene, DAYS_28).at(1, 1)


def test_incidents_open_since_before_the_span_are_in_the_headline_and_the_strip(
    tmp_path: Path,
) -> None:
    rows = [
        incident("OLD", "2026-10-01T00:00", service="ledger"),
        incident("NEW", "2026-11-21T15:42", severity="1"),
    ]
    found = page(tmp_path, *rows)

    assert found.headline.endswith(
        "1 incident in 28 days, severity 1, still open; 1 opened earlier is still open"
    )
    assert [one.service for one in found.strips.rows] == ["checkout", "ledger"]
    (mark,) = found.strips.rows[1].marks
    assert (mark.place, mark.title, mark.is_grave) == (0, "OLD", True)


def test_services_of_which_nothing_happened_are_counted_and_have_no_row(tmp_path: Path) -> None:
    rows = [
        deployment("d", "2026-11-20T10:00"),
        deployment("e", "2026-01-20T10:00", service="auth"),
        incident("i", "2026-02-20T10:00", "2026-02-20T11:00", service="ledger"),
    ]
    strips = page(tmp_path, *rows).strips

    assert [one.service for one in strips.rows] == ["checkout"]
    assert strips.quiet == "2 others: nothing in this span"


def test_open_incidents_stand_before_later_ones_that_ended(tmp_path: Path) -> None:
    rows = [
        incident("open", "2026-11-02T10:00"),
        *(incident(f"i{n}", f"2026-11-{n}T10:00", f"2026-11-{n}T11:00") for n in range(10, 20)),
    ]
    lines = page(tmp_path, *rows).incidents

    assert [one.title for one in lines[:2]] == ["open", "i19"]


def test_what_was_over_before_the_span_is_not_listed(tmp_path: Path) -> None:
    hours = [("2026-10-10T10:00", "2026-10-10T11:00"), ("2026-10-25T23:00", "2026-10-26T00:00")]
    seen = probe(hours, "2026-08-01")
    over = incident("i", "2026-10-20T10:00", "2026-10-26T00:00")

    assert page(tmp_path, seen, over).incidents == ()


def test_the_page_is_as_fresh_as_its_oldest_source(tmp_path: Path) -> None:
    other = SOURCE.replace('name = "shop"', 'name = "pager"').replace("events.csv", "pages.csv")
    kept(tmp_path, deployment("d", "2026-11-20T10:00"), config=CONFIG + other)
    pages = Batch((incident("i", "2026-05-20T10:00"),), Span(at("2026-05-01"), at("2026-06-01")))
    with Store.open(f"sqlite:///{tmp_path / 'burnline.db'}", now=AS_OF) as store:
        store.ingest("pager", Stream("facts"), pages, (), now=AS_OF)
    with scene_of(tmp_path) as scene:
        found = whole(scene, DAYS_28).page

    assert "1 Jun" in found.freshness
    assert "pager is late" in found.freshness


def test_a_source_that_is_late_is_named_and_stands_in_no_note(tmp_path: Path) -> None:
    watched = Span(AS_OF - 200 * 86_400, AS_OF - 10 * 86_400)
    rows = [deployment("d", "2026-11-01T10:00")]
    with scene_of(kept(tmp_path, *rows, watched=watched)) as scene:
        found = whole(scene, DAYS_28).page

    assert "12 Nov" in found.freshness
    assert "shop is late" in found.freshness
    assert found.is_late
    assert not any("late" in note for note in found.notes)


@pytest.mark.parametrize("command", ["delivery", "incidents", "uptime"])
def test_a_severity_a_key_or_a_service_steers_no_terminal_and_breaks_no_line(
    tmp_path: Path, command: str
) -> None:
    bad = "\x1b[31mred\x07" + "long " * 60
    rows = [
        incident(f"I{bad}", "2026-11-20T10:00", severity=bad, service=bad, title=bad, users=1e308),
        incident("j", "2026-11-19T10:00", "2026-11-19T11:00", severity=bad, users=10**12),
        deployment("d", "2026-11-20T09:00", service=bad, title=bad, version=bad),
    ]
    told = burnline(command, *LOOK, folder=kept(tmp_path, *rows))

    assert told.code == 0
    assert "\x1b" not in told.out
    assert "\x07" not in told.out


def test_lines_of_a_table_fit_a_terminal_and_what_a_figure_says_stands_below_it(
    tmp_path: Path,
) -> None:
    rows = [
        *(deployment(f"d{n}", f"2026-11-{n:02}T10:00", merged_at=f"2026-11-{n:02}T08:00:00Z")
          for n in range(1, 21)),
        incident("i", "2026-11-05T10:30", "2026-11-05T12:30", severity="1", title="x" * 80),
    ]  # fmt: skip
    folder = kept(tmp_path, *rows, probe([], "2026-08-01"))
    for command in ("delivery", "incidents", "uptime"):
        head, scope, *lines = burnline(command, *LOOK, folder=folder).out.splitlines()
        assert max(map(len, lines)) <= 110, command
        assert head
        assert scope
    assert any(line.startswith("    deployed on 20 of 28 days") for line in burnline(
        "delivery", *LOOK, folder=folder).out.splitlines())  # fmt: skip
    assert burnline("uptime", *LOOK, folder=folder).out.startswith(
        "The least uptime is that by incidents: "
    )
