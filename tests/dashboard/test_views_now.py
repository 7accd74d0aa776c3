"""What the page *Now* says, on the drawn moment as a real store; figures by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import incident, minutes, series
from fleet_history import AS_OF, DATA_UNTIL, DEPLOYED, LINES, ONSET, Line, filled

from collectors.contract import Batch, Stream
from collectors.store.reader import Reader
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.alerts.burning_words import (
    before_words,
    caption,
    course_words,
    firing_words,
    over_words,
    rates_words,
    sentence,
    since_words,
    still_word,
)
from dashboard.views.counted.burning import Burning
from dashboard.views.pages.fleet import fleet
from dashboard.views.pages.now import NowPage, now_of
from dashboard.views.shares import bad_share_words
from dashboard.views.slos.row_words import now_note
from dashboard.views.upkeep.scene import Scene
from slo.indicator import Latency, Uptime
from slo.onset import Since
from slo.spans import Span

CHECKOUT = LINES[0]


def page_of(config: Path, as_of: int = AS_OF) -> NowPage:
    """The page of the folder's store."""
    loaded = load(config, {}, with_sources=False)
    with Reader.open(loaded.store_url) as reader:
        return now_of(Scene(loaded, reader, as_of))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> NowPage:
    """The page of the drawn moment."""
    return page_of(filled(tmp_path_factory.mktemp("fleet")))


def gravest(page: NowPage) -> Burning:
    assert page.gravest is not None
    return page.gravest


def alone(folder: Path, line: Line) -> Burning:
    """The burn of a fleet of one."""
    return gravest(page_of(filled(folder, line)))


def test_the_page_begins_with_what_pages_and_goes_on_with_the_fastest_ticket(
    whole: NowPage,
) -> None:
    assert gravest(whole).view.name == "checkout availability"
    assert [found.view.name for found in whole.others] == ["payments success", "login latency"]


def test_the_first_line_is_what_fails_for_how_long_and_when_the_budget_ends(
    whole: NowPage,
) -> None:
    assert sentence(gravest(whole)) == (
        "checkout availability: 3.1 % of requests failing for 22 min (allowed 0.05 %)."
        " Budget gone in 3 h 29 m at this rate."
    )


def test_the_onset_is_the_first_bad_minute_and_the_page_came_when_an_hour_had_burnt_enough(
    whole: NowPage,
) -> None:
    found = gravest(whole)

    # 60 minutes burn above 14.4 when n of them at 62 do: 62 n / 60 > 14.4 from n = 14 on.
    assert found.onset == Since(ONSET)
    assert found.fires == Since(ONSET + 14 * 60)
    assert since_words(found.fires, AS_OF) == "since 15:32 UTC"


def test_the_last_deployment_of_the_service_before_the_onset_is_named(whole: NowPage) -> None:
    found = gravest(whole)

    assert found.suspect is not None
    assert (found.suspect.key, found.suspect.at) == ("7f3c2a1", DEPLOYED)
    assert before_words(found, found.suspect) == "11 min before"
    assert [one.key for one in found.deploys] == ["3d90be7", "7f3c2a1"]


def test_the_course_holds_each_minute_of_three_hours(whole: NowPage) -> None:
    course = gravest(whole).course

    assert course.span == Span(DATA_UNTIL - 3 * 3_600, DATA_UNTIL)
    assert len(course.shares) == 180
    assert all(share is not None and share < 0.001 for share in course.shares[:158])
    assert all(share is not None and share > 0.02 for share in course.shares[158:])
    assert course.holes == ()
    assert caption(gravest(whole)) == "Failing by the minute, UTC"
    assert course_words(gravest(whole)).endswith("at most 3.5 %, burning since 15:18 UTC")


def test_a_ticket_is_a_line_with_its_share_and_both_burns(whole: NowPage) -> None:
    payments, login = whole.others

    # 3 days may hold 12,960 bad of 6,000 a minute: 2 are usual, 10.1 since 15:40 the day before,
    # so that the 3-day row fires with the 533rd of these minutes: 2 x 3,787 + 10.1 x 533 > 12,960.
    assert (
        over_words(payments)
        == "0.17 % of requests failing over 1 d (allowed 0.05 %), since 00:33 UTC"
    )
    assert rates_words(payments) == "last 2 h 3.4×, last 1 d 3.4×"
    assert over_words(login).startswith(
        "1.3 % of values slow over 3 d (allowed 1 %), since before 15 Nov"
    )


def test_past_incidents_of_the_service_tell_how_long_they_took(whole: NowPage) -> None:
    assert whole.past is not None
    assert whole.past.summary == "median 51 m to restore, n = 3"
    assert [row.key for row in whole.past.rows] == ["INC-401", "INC-377", "INC-349"]
    assert [row.took for row in whole.past.rows] == ["34 m", "51 m", "1 h 12 m"]


def test_what_is_quiet_but_spent_low_or_frozen_is_listed_and_the_healthy_is_not(
    whole: NowPage,
) -> None:
    said = [(one.name, f"{one.words} {one.figure}".strip()) for one in whole.quiet]

    assert said == [
        ("mobile-bff availability", "low 22 %"),
        ("notifications delivery", "frozen since 14:05 UTC"),
        ("mobile app start", "frozen since 18 Nov 2026 04:12 UTC"),
    ]


def test_those_that_freeze_together_are_counted_in_one_line_and_the_spent_and_low_kept(
    tmp_path: Path,
) -> None:
    page = page_of(filled(tmp_path), AS_OF + 3_600)

    said = [(one.name, f"{one.words} {one.figure}".strip()) for one in page.quiet]

    assert said == [
        ("mobile-bff availability", "low 22 %"),
        ("notifications delivery", "frozen since 14:05 UTC"),
        ("mobile app start", "frozen since 18 Nov 2026 04:12 UTC"),
    ]
    # Of eight lines three fired and three stand above.
    assert page.folded == "2 others frozen since 15:40 UTC"


def test_the_table_says_since_when_each_objective_fires(tmp_path: Path) -> None:
    loaded = load(filled(tmp_path), {}, with_sources=False)
    with Reader.open(loaded.store_url) as reader:
        board = fleet(Scene(loaded, reader, AS_OF))

    noted = {view.name: now_note(view) for view in board.views[:3]}

    assert noted == {
        "checkout availability": "since 15:32 UTC",
        "payments success": "since 00:33 UTC",
        "login latency": "since before 15 Nov 2026",
    }


def test_the_links_of_the_service_carry_the_time_of_the_burn(whole: NowPage) -> None:
    assert [link.name for link in whole.links] == ["Runbook", "Dashboard", "Logs"]
    assert "from=2026-11-22T14%3A48%3A00Z" in whole.links[1].address


def test_it_still_burns_eases_or_recovers_by_five_minutes_against_the_hour(
    whole: NowPage,
) -> None:
    found = gravest(whole)

    def after(rate: int | None) -> str:
        burn = replace(found.short, rate=None if rate is None else Fraction(rate))
        return still_word(replace(found, short=burn))

    # The hour burns at 23: half of it is 11.5.
    assert [after(62), after(12), after(11), after(1), after(0), after(None)] == [
        "Still burning.",
        "Still burning.",
        "Easing.",
        "Recovering.",
        "Recovering.",
        "Not measured in the last minutes.",
    ]


def test_a_burn_that_ended_minutes_ago_is_recovering_and_has_no_end_of_the_budget(
    tmp_path: Path,
) -> None:
    burnt = replace(CHECKOUT, since=DATA_UNTIL - 40 * 60, until=DATA_UNTIL - 10 * 60)
    before = page_of(filled(tmp_path, burnt), AS_OF - 600)
    config = load(tmp_path / "config.toml", {}, with_sources=False)
    calm = minutes(
        [6_000] * 10,
        [6_000] * 10,
        since=DATA_UNTIL - 600,
        key=series("checkout_availability", source="prometheus"),
    )
    with Store.open(config.store_url, now=AS_OF) as store:
        store.ingest("prometheus", Stream("facts"), Batch((calm,)), (), now=AS_OF)
    ended = page_of(tmp_path / "config.toml")

    assert "for 30 min" in sentence(gravest(before))
    # The row of 6 h and 30 min still fires; what fails is told of the past.
    assert still_word(gravest(ended)) == "Recovering."
    assert "Budget gone" not in sentence(gravest(ended))


def test_a_latency_is_slow_and_an_outage_is_down(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "down").mkdir()
    slow = Line("login latency", "login", "99", 0.001, since=ONSET, burning=0.62)
    down = Line("ledger uptime", "ledger", "99.9", 0.0, since=ONSET, burning=1.0)

    login = alone(tmp_path / "slow", replace(slow, indicator=Latency(0.3, samples="login_seconds")))
    ledger = alone(tmp_path / "down", replace(down, indicator=Uptime(probe="ledger_up")))

    assert sentence(login).startswith("login latency: 62 % of values slow for 22 min (over 300 ms;")
    assert "(over 300 ms; allowed 1 %)" in sentence(login)
    assert sentence(ledger).startswith("ledger uptime: down")
    assert "for 22 min (allowed 0.1 %)" in sentence(ledger)


def test_a_spent_budget_does_not_end_again(tmp_path: Path) -> None:
    found = alone(tmp_path, replace(CHECKOUT, usual=0.0006))

    assert sentence(found).endswith("The budget is spent.")


def test_minutes_that_were_not_measured_are_holes_and_not_good(tmp_path: Path) -> None:
    config = filled(tmp_path, replace(CHECKOUT, holes=(DATA_UNTIL - 7_200, DATA_UNTIL - 5_400)))
    course = gravest(page_of(config)).course

    assert course.holes == (Span(DATA_UNTIL - 7_200, DATA_UNTIL - 5_400),)
    assert course.shares[60:90] == (None,) * 30


def test_an_incident_without_an_end_is_going_on_and_counts_in_no_median(tmp_path: Path) -> None:
    config = filled(tmp_path)
    with Store.open(load(config, {}, with_sources=False).store_url, now=AS_OF) as store:
        begun = incident("INC-410", at=AS_OF - 300, lasted_s=None)
        store.ingest("github", Stream("events"), Batch((begun,)), (), now=AS_OF)
    past = page_of(config).past

    assert past is not None
    assert (past.rows[0].key, past.rows[0].took) == ("INC-410", "going on")
    assert past.summary == "median 51 m to restore, n = 3"


def test_when_nothing_fires_the_page_says_so_and_what_was_last(tmp_path: Path) -> None:
    page = page_of(filled(tmp_path, replace(CHECKOUT, since=None)))

    assert page.gravest is None
    assert page.last == (
        "The last incident: INC-401 (checkout, errors after a deploy; rolled back),"
        " 2 Oct 2026, 34 m."
    )


def test_an_alert_that_froze_is_shown_as_it_stood_and_never_as_calm(tmp_path: Path) -> None:
    found = gravest(page_of(filled(tmp_path, CHECKOUT), AS_OF + 3_600))

    assert firing_words(found) == "was paging since 15:32 UTC"
    assert still_word(found) == "No data since 15:40 UTC, as it stood then:"
    assert sentence(found) == (
        "checkout availability: 3.1 % of requests were failing for 22 min at 15:40 UTC (allowed 0.05 %)."
        " At that rate the budget had 3 h 29 m left."
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.031", "3.1 %"), ("0.0301", "3.1 %"), ("0.3333", "34 %"), ("0.000004", "0.0004 %")],
)
def test_a_share_of_what_fails_is_rounded_to_look_no_better(share: str, words: str) -> None:
    assert bad_share_words(Fraction(share)) == words
