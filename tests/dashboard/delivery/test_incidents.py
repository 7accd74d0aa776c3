"""Figures of incidents and uptime on the page, long lists, and what is read only once."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from delivery_builders import at, deployment, incident
from delivery_store import AS_OF, HISTORY, kept, scene_of, states

from collectors.store.store import Store
from dashboard.config import load
from dashboard.shell.correcting.aims import Aims
from dashboard.views.delivery.days import dates, days_before, last_days, length_of
from dashboard.views.delivery.making import whole
from dashboard.views.delivery.model import Choice, DeliveryPage, FigureLine
from slo.corrections import Correction, CorrectionKind, Scope
from slo.facts import Fact, Status
from slo.spans import Span

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
DAYS_28 = Choice(last_days(AS_OF, 28, UTC))


def page(folder: Path, *facts: Fact, choice: Choice = DAYS_28) -> DeliveryPage:
    with scene_of(kept(folder, *facts)) as scene:
        return whole(scene, choice).at(1, 1)


def figure(found: DeliveryPage, name: str) -> FigureLine:
    return next(one for one in (*found.figures, *found.incident_figures) if one.id == name)


def test_an_open_incident_stays_in_the_time_to_restore(tmp_path: Path) -> None:
    rows = [
        incident("a", "2026-11-10T10:00", "2026-11-10T10:12"),
        incident("b", "2026-11-11T10:00", "2026-11-11T10:30"),
        incident("c", "2026-11-12T10:00", "2026-11-12T10:54"),
        incident("d", "2026-11-21T09:42"),
    ]
    restore = figure(page(tmp_path, *rows), "time-to-restore")

    # 0.2, 0.5, 0.9 h and one open for 30 h: the oracle's Kaplan-Meier median, not 0.5 h.
    assert (restore.value, restore.n) == ("54 m", "4")
    assert "1 still open" in restore.says


def test_times_that_only_some_noted_say_how_many_did_not(tmp_path: Path) -> None:
    rows = [
        incident(
            "a", "2026-11-10T10:00", "2026-11-10T11:00", detected_at="2026-11-10T10:04:00Z",
            created_at="2026-11-10T10:05:00Z", acknowledged_at="2026-11-10T10:08:00Z",
        ),
        incident("b", "2026-11-11T10:00", "2026-11-11T11:00"),
    ]  # fmt: skip
    found = page(tmp_path, *rows)

    assert figure(found, "time-to-detect").value == "4 m"
    assert figure(found, "time-to-acknowledge").value == "3 m"
    assert "1 did not note it" in figure(found, "time-to-detect").says


def test_incidents_are_counted_by_severity_with_the_users_that_some_tell(tmp_path: Path) -> None:
    rows = [
        incident("a", "2026-11-10T10:00", "2026-11-10T10:30", severity="1", users=40_000),
        incident("b", "2026-11-11T10:00", "2026-11-11T11:00", severity="2"),
        incident("c", "2026-11-11T10:00", "2026-11-11T11:00", severity="2"),
    ]
    says = figure(page(tmp_path, *rows), "incidents").says

    assert says.startswith("1 of severity 1, 2 of severity 2; 1,200,000 user-minutes (1 of 3 say)")


def test_uptime_by_incidents_names_one_that_was_never_closed(tmp_path: Path) -> None:
    found = page(tmp_path, incident("FORGOTTEN", "2025-12-01T00:00"))

    assert figure(found, "uptime:incidents").value == "0.000 %"
    assert "open all the time: FORGOTTEN" in figure(found, "uptime:incidents").says


def test_uptime_never_reads_as_whole_while_a_second_was_down(tmp_path: Path) -> None:
    found = page(tmp_path, incident("a", "2026-11-10T10:00:00", "2026-11-10T10:00:01"))

    assert figure(found, "uptime:incidents").value == "99.999 %"


def test_time_that_probes_did_not_know_is_neither_up_nor_down(tmp_path: Path) -> None:
    looks = {at("2026-11-20T00:00"): Status.UP, at("2026-11-20T12:00"): Status.DOWN}
    looks |= {at("2026-11-20T18:00"): Status.UP, at("2026-11-21T00:00"): Status.UP}
    found = page(tmp_path, states(looks))

    # 6 of the 24 hours that were known.
    assert figure(found, "uptime:checkout uptime").value == "75.000 %"
    assert found.headline.endswith("probes saw 1 outage in 28 days")


@pytest.mark.parametrize(
    ("until", "value", "what", "said"),
    [
        ("2026-11-20T15:00", "85.714 %", "", "1 outage"),  # 3 of 21 hours
        ("2026-11-20T18:00", "100.000 %", ", corrected: maintenance", "0 outages"),
        ("2026-11-20T17:59:30", "100.000 %", ", corrected: maintenance", "0 outages"),  # its minute
    ],
)
def test_corrected_time_is_neither_up_nor_down_and_an_outage_within_it_says_so(
    tmp_path: Path, until: str, value: str, what: str, said: str
) -> None:
    looks = {at("2026-11-20T00:00"): Status.UP, at("2026-11-20T12:00"): Status.DOWN}
    looks |= {at("2026-11-20T18:00"): Status.UP, at("2026-11-21T00:00"): Status.UP}
    folder = kept(tmp_path, states(looks))
    config = load(folder / "config.toml", {}, with_sources=False)
    drill = Correction(
        key="drill",
        kind=CorrectionKind.MAINTENANCE,
        scope=Scope(services=("checkout",)),
        when=Span(at("2026-11-20T12:00"), at(until)),
        reason="a drill",
        author="Ada",
    )
    with Store.open(config.store_url, now=AS_OF) as store:
        store.corrections.put(drill, Aims(config).targets(drill.scope), actor="Ada", now=AS_OF)
    with scene_of(folder) as scene:
        found = whole(scene, DAYS_28).at(1, 1)

    assert figure(found, "uptime:checkout uptime").value == value
    assert [one.title for one in found.incidents] == [f"seen down by checkout uptime{what}"]
    assert found.headline.endswith(f"probes saw {said} in 28 days")


def test_an_slo_whose_probe_was_never_seen_says_not_collected(tmp_path: Path) -> None:
    found = page(tmp_path, deployment("d", "2026-11-20T10:00"))

    assert figure(found, "uptime:checkout uptime").value == "not collected"


def test_a_probe_that_was_seen_but_tells_of_no_second_is_unknown_and_not_uncollected(
    tmp_path: Path,
) -> None:
    found = page(tmp_path, states({AS_OF - 60: Status.DOWN}))

    assert figure(found, "uptime:checkout uptime").value == "–"
    assert found.incidents[0].is_open


def test_seven_thousand_outages_are_turned_page_by_page_without_asking_the_store(
    tmp_path: Path,
) -> None:
    begun = AS_OF - 180 * 86_400
    looks = {}
    for number in range(7_000):
        since = begun + number * 2_200
        looks |= {since: Status.UP, since + 600: Status.DOWN, since + 720: Status.UP}
    folder = kept(tmp_path, states(looks))
    with scene_of(folder) as scene:
        made = whole(scene, Choice(last_days(AS_OF, 182, UTC)))
    for stored in folder.glob("burnline.db*"):
        stored.unlink()

    last = made.at(1, 280)

    assert last.incident_slice.count == 7_000
    assert (last.incident_slice.page, last.incident_slice.pages) == (280, 280)
    assert len({line.when for n in (1, 2, 280) for line in made.at(1, n).incidents}) == 75


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (1, 1), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_beyond_the_ends_is_the_nearest_there_is(
    tmp_path: Path, asked: int, given: int
) -> None:
    rows = [deployment(f"d{n}", f"2026-11-{1 + n % 20:02}T10:{n:02}") for n in range(26)]
    with scene_of(kept(tmp_path, *rows)) as scene:
        found = whole(scene, DAYS_28).at(asked, asked)

    assert (found.deployment_slice.page, found.deployment_slice.pages) == (given, 2)
    assert len(found.deployments) == (25 if given == 1 else 1)
    assert (found.incident_slice.page, found.incident_slice.count) == (1, 0)


@pytest.mark.parametrize(
    ("as_of", "days", "hours"),
    [
        ("2026-03-30T00:00+02:00", 1, 23),
        ("2026-10-26T00:00+01:00", 1, 25),
        ("2026-10-26T00:00+01:00", 7, 169),
        ("2026-11-22T00:00:01+01:00", 1, 1 / 3_600),
    ],
)
def test_the_last_days_are_whole_local_days(as_of: str, days: int, hours: float) -> None:
    span = last_days(at(as_of), days, BERLIN)

    assert span.length_s == round(hours * 3_600)
    assert length_of(span, BERLIN) == ("1 day" if days == 1 else f"{days} days")


def test_the_days_before_are_as_many_local_days_when_the_clocks_change() -> None:
    week = Span(at("2026-10-26T00:00+01:00"), at("2026-11-02T00:00+01:00"))

    assert days_before(week, BERLIN) == Span(at("2026-10-19T00:00+02:00"), week.since)
    assert days_before(Span(10_000, 13_600), UTC) == Span(6_400, 10_000)


def test_the_dates_name_the_first_year_only_where_it_is_another() -> None:
    turn = Span(at("2025-12-30"), at("2026-01-03"))

    assert dates(turn, UTC) == "30 Dec 2025 to 2 Jan 2026, UTC"
    assert dates(HISTORY, UTC) == "1 Jun 2025 to 22 Nov 2026, UTC"
    assert dates(Span(turn.since, turn.since), UTC) == "no time at all, UTC"
