"""What the page of one objective says: each sentence and figure held to arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from builders import NOON
from page_builders import AS_OF, a_view, under, up

from dashboard.views.attribution.falls import Cause, fall_causes
from dashboard.views.pages.objective_words import (
    fresh_words,
    mark_words,
    owner_words,
    promise_words,
    share_of,
    verdict_words,
)
from dashboard.views.pages.unfound import unfound
from dashboard.views.slos.alert_rows import alert_rows
from dashboard.views.slos.dates import brief_span, dated_span
from dashboard.views.slos.slo_view import SloView
from slo.cliffs import Cliff
from slo.judgement import Now
from slo.policy import BurnRow, Severity
from slo.spans import Span
from slo.tally import Tally

HOT = {"5m": "25", "1h": "23", "30m": "4.2", "6h": "4.2"}
SLOW = {"1h": "2.9", "2h": "3.4", "6h": "3.4", "1d": "3.2"}


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (a_view("a", left="0.32"), "a is inside its budget: 32 % left"),
        (a_view("a", left="0.12"), "a is inside its budget with little of it: 12 % left"),
        (a_view("a", left="-0.22"), "a has overspent its budget: −22 % left"),
        (a_view("a", left="0"), "a has spent its budget: 0 % left"),
        (
            a_view("a", left="0.38", burns=HOT),
            "a is paging: burning 23.0× over 1 h, 38 % of its budget left",
        ),
        (
            a_view("a", left="0.12", burns=SLOW),
            "a has a ticket: burning 3.2× over 1 d, 12 % of its budget left",
        ),
        (a_view("a", left=None), "a is not measured"),
        (
            a_view("a", left="0.61", stale=True, data_until=AS_OF - 7_200),
            "a is frozen: no data since 22 Nov 2026 13:42 UTC; 61 % of its budget was left",
        ),
        (
            a_view("a", left="0.4", burns=HOT, stale=True, data_until=AS_OF - 60),
            "a is frozen while it fired: no data since 22 Nov 2026 15:41 UTC; 40 % of its budget was left",
        ),
        (
            a_view("a", "99", left="0.48", lesser={"partial_s": 600}),
            "a is inside its budget: 48 % left (partly measured)",
        ),
        (
            a_view("a", "99", left="0.48", lesser={"conflict_s": 600}),
            "a is inside its budget: 48 % left (sources disagree)",
        ),
        (
            a_view("a", "99", left="0.48", lesser={"estimated_s": 600}),
            "a is inside its budget: ≈ 48 % left (estimated)",
        ),
    ],
)
def test_the_verdict_says_both_facts_and_every_doubt(view: SloView, said: str) -> None:
    assert verdict_words(view) == said


def test_the_promise_names_its_dates_its_zone_and_who_answers_for_it() -> None:
    view = a_view("a", "95", indicator=under(0.5))

    assert promise_words(view, owner_words("ann", "payments", "checkout")) == (
        "95 % of requests under 500 ms (p95 < 500 ms) · rolling 30 d, "
        "23 Oct 15:42 to 22 Nov 2026 15:42 UTC · owner ann"
    )
    assert owner_words("", "payments", "checkout") == "team payments"
    assert owner_words("", "", "checkout") == "service checkout"


def test_minutes_of_a_window_prove_no_budget() -> None:
    # 0.00012 of 30 days are 311.04 s.
    view = a_view("a", "99", left="1", coverage="0.00012", indicator=up())

    assert verdict_words(view) == "a lost nothing in the 5 m 11 s measured"
    assert fresh_words(view, is_fixed=False)[1] == "measured <1 % of the window"


def test_what_was_measured_of_late_data_ends_with_them() -> None:
    view = a_view(stale=True, data_until=AS_OF)

    assert fresh_words(view, is_fixed=False)[1] == "measured 100 % of the window to 22 Nov"


def test_freshness_stands_beside_the_measured_share() -> None:
    view = a_view(coverage="0.9834")

    assert fresh_words(view, is_fixed=False) == (
        "data to 15:40 UTC, 2 min ago",
        "measured 98.3 % of the window",
    )
    assert fresh_words(a_view(left=None, data_until=None), is_fixed=False)[1] == "nothing measured"


def test_the_rows_of_the_drawn_page_say_from_what_they_fire() -> None:
    view = a_view("checkout latency", "95", left="0.32", indicator=under(0.5))
    first = replace(view.first, tally=Tally(4_868_640, 5_040_000, 30 * 86_400))
    view = replace(view, first=first)

    rows = alert_rows(view)

    assert [(row.windows, row.factor, row.fires_from) for row in rows] == [
        ("1 h and 5 min", "10×", "50 % slow, 3,501 requests in 1 h"),
        ("6 h and 30 min", "6×", "30 % slow, 12,601 requests in 6 h"),
        ("1 d and 2 h", "3×", "15 % slow, 25,201 requests in 1 d"),
        ("3 d and 6 h", "1×", "5 % slow, 25,201 requests in 3 d"),
    ]
    assert rows[0].reach == "reachable; lowered from 14.4×, which needs 72 %"
    assert {row.reach for row in rows[1:]} == {"reachable"}


def test_a_row_that_needs_more_than_all_events_can_never_fire() -> None:
    # 24 x 5 % = 120 % of all requests.
    never = BurnRow(Severity.PAGE, Fraction(24 * 900, 30 * 86_400), 900, 60)
    view = replace(a_view("a", "95", indicator=under(0.5)), policy=(never,))

    (row,) = alert_rows(view)

    assert (row.factor, row.state, row.fires_from) == ("24×", "never fires", "120 % slow")
    assert (row.can_fire, row.reach) == (False, "at 95 % the largest burn is 20×")


def test_a_row_of_an_uptime_fires_from_a_length_of_time() -> None:
    rows = alert_rows(a_view("a", "99.9", indicator=up()))

    # 14.4 x 0.1 % of an hour is 51.84 s.
    assert rows[0].fires_from == "1.5 % down, 52 s in 1 h"
    # 14.4 x 0.05 % is 0.72 %.
    assert alert_rows(a_view("a", "99.95", indicator=up()))[0].fires_from.startswith("0.72 % down")


def test_a_row_shows_the_burns_that_its_factor_is_held_against() -> None:
    view = a_view("a", left="0.12", burns=SLOW)
    day = next(burn for burn in view.burns if burn.label == "1d")
    assert day.tally is not None
    holed = replace(day, tally=replace(day.tally, observed_s=43_200))

    burns = tuple(holed if burn is day else burn for burn in view.burns)
    before, after = (alert_rows(one)[2].burns for one in (view, replace(view, burns=burns)))

    # Half of the day was not observed, and burns nothing.
    assert (before.split()[0], after.split()[0]) == ("3.2×", "1.6×")
    assert before.split()[1:] == after.split()[1:]


def test_rows_of_frozen_data_are_frozen_and_not_quiet() -> None:
    firing = a_view(left="0.4", burns=HOT, stale=True)

    assert firing.judgement.now is Now.FROZEN
    assert {row.state for row in alert_rows(firing)} == {"was firing, frozen", "frozen"}
    assert {row.state for row in alert_rows(a_view())} == {"quiet"}


FALL = Cliff(NOON, NOON + 7_200, NOON + 3_600, 0.21)


def unexplained(share: float = FALL.share, drawn: float | None = None) -> Cause:
    (cause,) = fall_causes([replace(FALL, share=share, drawn=drawn)], None)
    return cause


def test_a_fall_is_written_as_the_table_of_who_spent_it_writes_it() -> None:
    assert share_of(unexplained(share=0.0648)) == "6.5 %"
    assert share_of(unexplained()) == "21 %"


def test_a_fall_that_the_line_shows_as_another_says_of_which_budget_it_is() -> None:
    assert mark_words(unexplained(drawn=0.84)) == "no known cause −21 % of today's"
    assert mark_words(unexplained()) == "no known cause −21 %"


def test_a_name_that_there_is_not_leads_to_the_nearest_ones() -> None:
    names = ["checkout latency", "checkout availability", "search latency", "ledger"]

    found = unfound("Checkout Latencyy", names, "config.toml")

    assert found.near[0] == "checkout latency"
    assert found.notice.what == 'No objective is called "Checkout Latencyy".'
    assert unfound("zzzz", names, "").near == tuple(sorted(names))
    assert unfound("zzzz", names, "").notice.mend == "These are all that there are:"
    assert unfound("", [f"o{i}" for i in range(15)], "").notice.mend == (
        "These are 8 of the 15 that there are:"
    )
    assert unfound("", names, "").notice.what == "The address names no objective."
    assert len(unfound("x" * 9_000, names, "").notice.what) < 200


def test_spans_name_a_day_once_and_a_year_where_it_changes() -> None:
    assert brief_span(Span(NOON, NOON + 86_400)) == "1 Jan 12:00 to 2 Jan 12:00"
    assert dated_span(Span(NOON - 86_400, NOON)) == "31 Dec 2025 12:00 to 1 Jan 2026 12:00 UTC"
