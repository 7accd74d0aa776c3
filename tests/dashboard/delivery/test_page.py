"""The page of delivery and incidents out of a real store: what it says, and what it must not."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from delivery_builders import at, deployment, incident, row, run
from delivery_store import AS_OF, CONFIG, SOURCE, kept, probe, scene_of, states

from dashboard.views.delivery.days import last_days
from dashboard.views.delivery.making import whole
from dashboard.views.delivery.model import Choice, DeliveryPage, FigureLine
from slo.facts import EventKind, EventRow, Fact, Status
from slo.spans import Span

UTC = ZoneInfo("UTC")
DAYS_28 = last_days(AS_OF, 28, UTC)


def page(
    folder: Path, *facts: Fact, choice: Choice | None = None, config: str = CONFIG
) -> DeliveryPage:
    with scene_of(kept(folder, *facts, config=config)) as scene:
        return whole(scene, choice or Choice(DAYS_28)).at(1, 1)


def figure(found: DeliveryPage, name: str) -> FigureLine:
    return next(one for one in (*found.figures, *found.incident_figures) if one.id == name)


def month(service: str = "checkout", first: int = 1, last: int = 20) -> list[EventRow]:
    """A deployment at ten of each of the days of November, merged at eight."""
    return [
        deployment(
            f"{service}-{day}",
            f"2026-11-{day:02}T10:00",
            service=service,
            merged_at=f"2026-11-{day:02}T08:00:00Z",
        )
        for day in range(first, last + 1)
    ]


def test_a_store_without_any_event_says_not_collected_and_never_zero(tmp_path: Path) -> None:
    found = page(tmp_path, config=SOURCE)

    assert found.headline == "Deployments are not collected; incidents are not collected"
    assert {one.value for one in (*found.figures, *found.incident_figures)} == {"not collected"}
    assert (found.strips.rows, found.deployments, found.incidents) == ((), (), ())
    assert "0" not in "".join(one.before for one in found.figures)


def test_each_kind_that_was_never_collected_says_so_beside_those_that_were(tmp_path: Path) -> None:
    found = page(tmp_path, *month(), config=SOURCE)

    assert found.headline == "20 deployments in 28 days, none failed; incidents are not collected"
    assert figure(found, "incidents").value == "not collected"
    assert figure(found, "releases").value == "not collected"
    assert figure(found, "rework-rate").value == "not collected"
    assert figure(found, "uptime:incidents").value == "not collected"
    assert "no incidents collected" in figure(found, "change-fail-rate").says
    assert found.strips.rows[0].impact == "–"


def test_the_headline_counts_what_failed_what_fails_now_and_what_is_grave(tmp_path: Path) -> None:
    rows = [
        *month(),
        incident("INC-1", "2026-11-05T10:30", "2026-11-05T12:00", severity="SEV-1"),
        incident("INC-2", "2026-11-20T10:30", severity="2"),
    ]
    found = page(tmp_path, *rows)

    assert found.headline == (
        "20 deployments in 28 days, 2 failed and 1 of them is failing now;"
        " 2 incidents, 1 of severity 1, 1 still open"
    )
    assert found.scope == (
        "26 Oct to 22 Nov 2026, UTC · production · all services ·"
        " rollbacks are not counted as deployments"
    )


def test_a_figure_stands_with_its_range_its_count_and_the_span_before(tmp_path: Path) -> None:
    before = [deployment(f"o{n}", f"2026-10-{n:02}T10:00") for n in range(1, 9)]
    broken = [
        incident(f"i{day}", f"2026-11-{day:02}T10:30", f"2026-11-{day:02}T10:50")
        for day in (3, 6, 9, 12)
    ]
    found = page(tmp_path, *before, *month(), *broken)
    fails = figure(found, "change-fail-rate")

    # Wilson's limits of 4 of 20 are the oracle's formula: 8.07 and 41.6 %.
    assert (fails.value, fails.interval, fails.n) == ("20.0 %", "8.1 to 41.6 %", "4 of 20")
    assert fails.before == "0.0 %, 0 of 8"
    assert figure(found, "lead-time").value == "2 h"
    assert figure(found, "lead-time").before == "none, n = 0"
    assert figure(found, "failed-deployment-recovery").value == "50 m"


def test_no_evidence_of_change_is_said_in_those_words(tmp_path: Path) -> None:
    before = [deployment(f"o{n}", f"2026-10-{n:02}T10:00") for n in range(4, 25)]
    found = page(tmp_path, *before, *month())

    assert figure(found, "deployment-frequency").says.endswith("no evidence of change")


def test_many_more_deployments_are_told_as_a_factor(tmp_path: Path) -> None:
    rows = [
        deployment(f"{service}{day}", f"2026-11-{day:02}T10:00", service=service)
        for day in range(1, 21)
        for service in ("checkout", "auth", "ledger")
    ]
    before = [deployment(f"o{n}", f"2026-10-{n:02}T10:00") for n in range(4, 16)]
    says = figure(page(tmp_path, *before, *rows), "deployment-frequency").says

    # 60 in 27 d 15 h 42 min against 12 in 28 d: 5.06 times as often.
    assert says.endswith("improved: 5.1x as often")


def test_what_lay_before_the_first_word_of_a_source_is_not_compared_with(tmp_path: Path) -> None:
    watched = Span(at("2026-10-26"), AS_OF)
    with scene_of(kept(tmp_path, *month(), config=SOURCE, watched=watched)) as scene:
        found = whole(scene, Choice(DAYS_28)).at(1, 1)

    assert figure(found, "deployment-frequency").before == "not collected"
    assert "nothing collected before" in figure(found, "deployment-frequency").says
    assert any("shop tells of nothing before 26 Oct 2026" in note for note in found.notes)


def test_a_service_and_a_team_leave_the_others_out(tmp_path: Path) -> None:
    rows = [*month(), *month("auth", 1, 5), *month("ledger", 1, 3)]
    kept(tmp_path, *rows)
    counts = {}
    with scene_of(tmp_path) as scene:
        for service, team in [
            ("auth", ""),
            ("", "payments"),
            ("ledger", "payments"),
            ("auth", "payments"),
        ]:
            found = whole(scene, Choice(DAYS_28, service, team)).at(1, 1)
            counts[service, team] = figure(found, "deployment-frequency").n
            assert found.services == ("auth", "checkout", "ledger")

    assert counts == {
        ("auth", ""): "5",
        ("", "payments"): "23",
        ("ledger", "payments"): "3",
        ("auth", "payments"): "0",
    }


def test_an_incident_elsewhere_that_names_a_deployment_fails_it_in_its_services_own_view(
    tmp_path: Path,
) -> None:
    rows = [*month(), incident("i", "2026-11-20T11:00", service="auth", caused_by="checkout-3")]
    with scene_of(kept(tmp_path, *rows)) as scene:
        here = whole(scene, Choice(DAYS_28, "checkout")).at(1, 1)
        there = whole(scene, Choice(DAYS_28, "auth")).at(1, 1)

    assert figure(here, "change-fail-rate").n == "1 of 20"
    assert (figure(here, "incidents").n, figure(there, "incidents").n) == ("0", "1")
    assert figure(there, "change-fail-rate").n == "0 of 0"


def test_a_span_that_was_hardly_watched_is_not_compared(tmp_path: Path) -> None:
    watched = Span(at("2026-10-19"), AS_OF)
    before = [deployment(f"o{n}", f"2026-10-{n:02}T10:00") for n in range(19, 26)]
    with scene_of(kept(tmp_path, *before, *month(), watched=watched)) as scene:
        says = figure(whole(scene, Choice(DAYS_28)).at(1, 1), "deployment-frequency").says

    assert says.endswith("25 % of the span before watched: not compared")


def test_the_days_are_those_of_the_zone_chosen(tmp_path: Path) -> None:
    rows = [deployment("d", "2026-11-20T23:30"), deployment("e", "2026-11-21T10:00")]
    berlin = Choice(last_days(AS_OF, 7, ZoneInfo("Europe/Berlin")), zone="Europe/Berlin")
    with scene_of(kept(tmp_path, *rows)) as scene:
        here, there = (
            whole(scene, Choice(last_days(AS_OF, 7, UTC))).at(1, 1),
            whole(scene, berlin).at(1, 1),
        )

    assert here.strips.rows[0].deployments == (0, 0, 0, 0, 1, 1, 0)
    assert there.strips.rows[0].deployments == (0, 0, 0, 0, 0, 2, 0)
    assert there.deployments[1].when == "21 Nov 00:30 CET"
    assert "Europe/Berlin" in there.scope


@pytest.mark.parametrize(
    ("days", "bins", "label"), [(45, 45, "9"), (46, 7, "8 Oct"), (182, 26, "25 May")]
)
def test_more_than_45_days_are_shown_by_week(
    tmp_path: Path, days: int, bins: int, label: str
) -> None:
    found = page(tmp_path, *month(), choice=Choice(last_days(AS_OF, days, UTC)))

    assert (len(found.strips.bins), found.strips.bins[0]) == (bins, label)
    assert sum(found.strips.rows[0].deployments) == 20
    assert bool(found.strips.weekends) is (days <= 45)


def test_a_mark_tells_the_time_of_impact_on_the_day_it_began_overlaps_once(tmp_path: Path) -> None:
    rows = [
        incident("a", "2026-11-05T10:00", "2026-11-05T11:00", severity="2", title="Cards"),
        incident("b", "2026-11-05T10:30", "2026-11-05T11:48", severity="2"),
        incident("c", "2026-10-20T00:00", "2026-10-26T02:00"),
    ]
    strips = page(tmp_path, *rows).strips
    (strip,) = strips.rows
    (mark,) = strip.marks

    assert (mark.words, mark.title, mark.is_grave) == ("1.8 h", "a Cards, b", False)
    assert strips.bins[mark.place] == "5"
    assert strip.impact == "3 h 48 m"
    assert strip.deployed == "–"


def test_deployments_say_how_they_went_the_latest_first(tmp_path: Path) -> None:
    rows = [
        deployment("v1", "2026-11-10T10:00", title="Cards\nmore"),
        deployment("v2", "2026-11-11T10:00"),
        deployment("back", "2026-11-11T10:40", version="v1"),
        deployment("v3", "2026-11-13T10:00", sha="7f3c2a1d5514ce3f2a1b0c9d8e7f6a5b4c3d2e1f"),
        incident("i", "2026-11-13T10:20", "2026-11-13T11:00"),
        deployment("v4", "2026-11-22T15:00", merged_at="2026-11-22T13:48:00Z"),
    ]
    lines = page(tmp_path, *rows).deployments

    assert [(one.version, one.state, one.lead) for one in lines] == [
        ("v4", "fine so far", "1 h 12 m"),
        ("7f3c2a1", "failed, restored", "–"),
        ("v1", "rollback, fine", "–"),
        ("v2", "failed, rolled back", "–"),
        ("v1", "fine", "–"),
    ]
    assert lines[-1].title == "Cards"


def test_incidents_and_outages_stand_in_one_list(tmp_path: Path) -> None:
    rows = [
        incident(
            "INC-1", "2026-11-05T10:30", "2026-11-05T12:00", severity="1", users=4_000,
            detected_at="2026-11-05T10:34:00Z",
        ),
        incident("WORK", "2026-11-10T01:00", "2026-11-10T02:00", planned=True),
        incident("INC-2", "2026-11-22T15:00"),
    ]  # fmt: skip
    seen = probe([("2026-11-05T10:31", "2026-11-05T11:00")], "2026-08-01")
    lines = page(tmp_path, *rows, seen).incidents

    assert [(one.title, one.impact, one.is_open, one.is_outage) for one in lines] == [
        ("INC-2", "42 m so far", True, False),
        ("WORK", "1 h", False, False),
        ("seen down by checkout uptime", "29 m", False, True),
        ("INC-1", "1 h 30 m", False, False),
    ]
    assert (lines[3].detected, lines[3].users, lines[1].severity) == (
        "after 4 m", "4,000", "planned work",
    )  # fmt: skip


def test_an_outage_still_going_on_when_last_seen_is_open(tmp_path: Path) -> None:
    seen = states({at("2026-11-22T14:00"): Status.UP, at("2026-11-22T15:00"): Status.DOWN})
    (line,) = page(tmp_path, seen).incidents

    assert (line.is_open, line.restored) == (True, "still down when last seen")


def test_nothing_after_the_look_is_shown(tmp_path: Path) -> None:
    rows = [*month(), incident("i", "2026-11-05T10:30", "2026-11-07T00:00")]
    look = at("2026-11-06T00:00")
    with scene_of(kept(tmp_path, *rows), as_of=look, is_fixed=True) as scene:
        found = whole(scene, Choice(last_days(look, 7, UTC))).at(1, 1)

    assert found.headline.startswith("5 deployments in 7 days, 1 failed and is failing now")
    assert found.incidents[0].is_open
    assert found.freshness == "as of 6 Nov 2026 00:00 UTC"


def test_hostile_and_odd_events_are_told_in_full_and_break_nothing(tmp_path: Path) -> None:
    name = '<img src=x onerror=alert(1)>"=cmd|\u202e'
    rows = [
        deployment(name, "2026-11-20T10:00", service=name, title=name * 40, status="success"),
        deployment("elsewhere", "2026-11-20T10:00", environment="staging"),
        incident("i", "2026-11-20T10:00", users="∞", detected_at="never", caused_by=name),
        run("r", "2026-11-20T10:00", status="purple"),
        row(EventKind.RELEASE, "v", "2026-11-20T10:00", draft="yes"),
    ]
    found = page(tmp_path, *rows)

    assert figure(found, "deployment-frequency").dropped == (
        "1 not counted: deployed to another environment",
    )
    assert len(figure(found, "incidents").dropped) == 2
    assert len(found.deployments[0].title) <= 90
    assert figure(found, "releases").value == "0.0 a month"
