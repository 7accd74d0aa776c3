"""Alerts of a replayed policy, and what they make of incidents that were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st

from slo.alerting import Alert, AlertKind, Seen, stepped
from slo.backtest import Backtest, Recorded, backtest
from slo.bins import Bins, downtime
from slo.episodes import Episode, episodes
from slo.objective import Objective
from slo.policy import BurnRow, Severity
from slo.replay import Replay, replay
from slo.spans import Span
from slo.tally import Tally

TARGET = Objective.from_percent(99)
# Factors 0.1 x 86400 / 600 = 14.4 and 0.1 x 86400 / 1800 = 4.8.
PAGING = BurnRow(Severity.PAGE, Fraction(1, 10), 600, 120)
POLICY = (PAGING, BurnRow(Severity.TICKET, Fraction(1, 10), 1_800, 300))
GOOD, BAD, HOLE = Tally(100, 100, 60), Tally(0, 100, 60), None
DOUBTFUL, SOME = Tally(0, 100, 60, estimated_s=60), Tally(93, 100, 60)


def replayed(*parts: Sequence[Tally | None]) -> Replay:
    bins = Bins.of(0, 60, [one for part in parts for one in part])
    return replay(bins, POLICY, TARGET, DAY_S)


def incident(since: float, until: float, key: str = "INC-1") -> Recorded:
    """Something recorded, in minutes."""
    return Recorded(key, "", Span(int(since * 60), int(until * 60)))


def pages(found: Backtest) -> list[tuple[float, float]]:
    """From when to when each page went, in minutes."""
    return [(one.span.since / 60, one.span.until / 60) for one in found.pages]


def test_a_history_of_nothing_has_no_alert_and_no_figure() -> None:
    found = backtest(replayed(), [incident(0, 10)])

    assert (found.pages, found.tickets, found.met, found.unmeasured) == ((), (), (), ())
    assert found.precision is found.recall is found.delay_s is found.reset_s is None
    assert found.measured_s == 0


def test_without_any_record_no_page_is_called_right_or_wrong() -> None:
    found = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60), [])

    assert len(found.pages) == 1
    assert found.precision is None
    assert found.recall is None


def test_a_quiet_policy_misses_every_incident_and_has_no_precision() -> None:
    found = backtest(replayed([GOOD] * 60), [incident(5, 10), incident(20, 25, "INC-2")])

    assert found.recall == 0
    assert found.precision is None
    assert [one.delay_s for one in found.met] == [None, None]


def test_an_incident_that_nothing_measured_is_named_and_not_counted_as_missed() -> None:
    found = backtest(
        replayed([GOOD] * 60, [HOLE] * 60, [GOOD] * 60),
        [incident(70, 80), incident(30, 35, "INC-2")],
    )

    assert [one.key for one in found.unmeasured] == ["INC-1"]
    assert [one.recorded.key for one in found.met] == ["INC-2"]
    assert found.recall == 0


def test_what_lies_outside_the_history_is_left_out() -> None:
    outside = [Recorded("before", "", Span(-600, -60)), incident(60, 70, "after")]

    assert backtest(replayed([GOOD] * 60), outside).met == ()


def test_a_page_is_timed_from_the_incident_and_its_end_likewise() -> None:
    # Two bad minutes of ten burn 20, above 14.4: it fires at the end of the second. The last
    # bad minute leaves the short window two minutes after it, and two more it is recovering.
    found = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60), [incident(60, 69)])

    assert pages(found) == [(62, 73)]
    assert found.firing_s == {Severity.PAGE: 9 * 60, Severity.TICKET: len(range(62, 74)) * 60}
    assert (found.precision, found.recall) == (1, 1)
    assert (found.delay_s, found.reset_s) == (120, 240)
    assert found.pages[0].row == PAGING


def test_a_page_before_the_recorded_beginning_comes_earlier_than_nothing() -> None:
    found = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60), [incident(65, 69)])

    assert found.met[0].delay_s == -180
    assert found.delay_s == 0


def test_the_median_of_two_is_their_mean_and_of_three_the_one_in_the_middle() -> None:
    # The page goes from 62 to 73 minutes: two minutes and a half, one and a quarter, and one
    # minute after a beginning; the two ends are 4 and 5 minutes before its own.
    history = replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60)
    late, later, soon = incident(59.5, 69, "a"), incident(60.75, 68, "b"), incident(61, 67, "c")

    two, three = backtest(history, [late, later]), backtest(history, [late, later, soon])

    # (150 + 75) / 2 = 112.5 s, told as 113; (240 + 300) / 2 = 270.
    assert (two.delay_s, two.reset_s) == (113, 270)
    # Of 60, 75 and 150 s, and of 240, 300 and 360.
    assert (three.delay_s, three.reset_s) == (75, 300)


def test_an_incident_shorter_than_the_delay_of_its_page_is_found() -> None:
    found = backtest(replayed([GOOD] * 60, [BAD] * 2, [GOOD] * 60), [incident(60, 61.5)])

    assert found.recall == 1
    assert found.precision == 1


def test_an_incident_that_was_over_before_the_short_window_has_no_part_in_the_page() -> None:
    found = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60), [incident(40, 59)])

    assert (found.precision, found.recall) == (0, 0)


def test_an_incident_that_touches_what_a_page_stands_on_has_its_part_in_it() -> None:
    # The page goes from 62 to 73 and looks two minutes back.
    history = replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60)
    for touching in (incident(40, 60), incident(73, 80)):
        assert backtest(history, [touching]).recall == 1
    for apart in (incident(40, 59.9), incident(73.1, 80)):
        assert backtest(history, [apart]).recall == 0


def test_a_moment_on_the_edge_belongs_to_what_begins_there_and_not_to_what_ends() -> None:
    moments = [incident(0, 0, "first"), incident(60, 60, "after")]

    assert [one.recorded.key for one in backtest(replayed([GOOD] * 60), moments).met] == ["first"]


def test_a_page_of_bins_wider_than_its_short_window_stands_on_the_whole_bin() -> None:
    good, bad = Tally(100, 100, 900), Tally(0, 100, 900)
    wide = replay(Bins.of(0, 900, [good] * 4 + [bad] + [good] * 4), POLICY, TARGET, DAY_S)
    (page,) = backtest(wide, []).pages

    assert (page.span.since, page.stands_on.since) == (4_500, 3_600)
    assert backtest(wide, [incident(60, 61)]).recall == 1


def test_two_incidents_share_a_page_and_two_pages_an_incident() -> None:
    history = replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60, [BAD] * 9, [GOOD] * 60)
    shared = backtest(history, [incident(60, 64), incident(65, 69, "INC-2")])
    whole = backtest(history, [incident(60, 140)])

    assert shared.recall == 1
    assert shared.precision == Fraction(1, 2)
    assert (whole.precision, whole.recall) == (1, 1)
    assert whole.met[0].delay_s == 120
    assert whole.reset_s == (142 - 140) * 60


def test_no_ticket_begins_while_a_page_is_live_and_one_does_once_it_is_over() -> None:
    # The ticket's rows fire from 62 to 73 too; the page is over at 73, at which they fire yet.
    found = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 60), [])
    # 7 % bad go on after it, which is no page.
    longer = backtest(replayed([GOOD] * 60, [BAD] * 9, [SOME] * 60, [GOOD] * 60), [])
    ongoing = backtest(replayed([GOOD] * 60, [BAD] * 9), [])

    assert [(one.span.since // 60, one.firing_s) for one in found.tickets] == [(73, 60)]
    assert [one.span.since for one in longer.tickets] == [longer.pages[0].span.until]
    assert (len(ongoing.pages), ongoing.tickets) == (1, ())


def test_what_only_a_ticket_saw_is_no_page_and_is_told() -> None:
    # 7 % bad burn 7: above 4.8, below 14.4.
    found = backtest(replayed([GOOD] * 60, [SOME] * 60, [GOOD] * 60), [incident(60, 120)])

    assert found.recall == 0
    assert found.met[0].ticket is not None
    assert found.met[0].ticket.severity is Severity.TICKET


def test_an_alert_that_is_not_over_when_the_history_ends_is_open() -> None:
    firing = backtest(replayed([GOOD] * 60, [BAD] * 9), [incident(60, 69)])
    recovering = backtest(replayed([GOOD] * 60, [BAD] * 9, [GOOD] * 3), [incident(60, 69)])

    assert [one.is_open for one in firing.pages] == [True]
    assert firing.pages[0].span.until == 69 * 60
    assert [one.is_open for one in recovering.pages] == [True]
    assert firing.reset_s is recovering.reset_s is None


def test_a_pause_shorter_than_the_short_window_is_the_same_alert() -> None:
    # After four bad minutes and a good one the short window holds half of bad.
    once = episodes(
        replayed([GOOD] * 60, [BAD] * 4, [GOOD] * 3, [BAD] * 4, [GOOD] * 60), Severity.PAGE
    )
    twice = episodes(
        replayed([GOOD] * 60, [BAD] * 4, [GOOD] * 6, [BAD] * 4, [GOOD] * 60), Severity.PAGE
    )

    assert len(once) == 1
    assert len(twice) == 2


def test_doubtful_counts_keep_a_page_alive_and_begin_none() -> None:
    doubted = episodes(replayed([GOOD] * 60, [DOUBTFUL] * 9, [GOOD] * 60), Severity.PAGE)
    begun = episodes(replayed([GOOD] * 60, [BAD] * 3, [DOUBTFUL] * 9, [GOOD] * 60), Severity.PAGE)

    assert doubted == ()
    assert [(one.span.since // 60, one.span.until // 60) for one in begun] == [(62, 76)]


def test_the_bins_of_a_downtime_hold_its_seconds_once_whatever_overlaps() -> None:
    none, whole = downtime([], Span(0, 120)), downtime([Span(-60, 600)], Span(0, 120))
    cut = downtime([Span(50, 70), Span(60, 65), Span(119, 119)], Span(1, 185))

    assert none.bad.tolist() == [0, 0]
    assert whole.bad.tolist() == [60, 60]
    assert (cut.since, cut.bad.tolist(), cut.total.tolist()) == (60, [10, 0], [60, 60])
    assert len(downtime([Span(0, 60)], Span(70, 80)).table) == 0


minutes = st.sampled_from([GOOD, GOOD, BAD, HOLE, DOUBTFUL, SOME, Tally(observed_s=60)])


@given(st.lists(st.tuples(minutes, st.integers(1, 12)), max_size=14), st.sampled_from(Severity))
def test_its_alerts_are_those_that_live_evaluations_would_have_stepped_through(
    parts: list[tuple[Tally | None, int]], severity: Severity
) -> None:
    found = replayed(*([one] * count for one, count in parts))

    assert [_told(one) for one in episodes(found, severity)] == _stepped(found, severity)


def _told(one: Episode) -> tuple[int, int | None]:
    return one.span.since, None if one.is_open else one.span.until


def _stepped(found: Replay, severity: Severity) -> list[tuple[int, int | None]]:
    """The episodes that `slo.alerting` makes of the same moments, one after the other."""
    kind, alert = AlertKind(severity.value), None
    made: dict[int, Alert] = {}
    for number in np.flatnonzero(found.measured):
        seen = _seen(found, kind, int(number))
        alert = stepped("shop", kind, alert, seen) or alert
        if alert is not None:
            made[alert.began_at] = alert
    return [(one.began_at, one.ended_at) for one in made.values()]


def _seen(found: Replay, kind: AlertKind, number: int) -> Seen:
    fired = [
        (row, Severity.TICKET if demoted else row.severity)
        for row, fires, demoted in zip(
            found.policy, found.fires[:, number], found.demoted[:, number], strict=True
        )
        if fires
    ]
    mine = [(row, to) for row, to in fired if kind.severity in (row.severity, to)]
    return Seen(
        at=found.moment(number),
        begins=any(to is kind.severity for _, to in mine),
        holds=bool(mine),
        reset_s=max((row.short_s for row, _ in mine), default=0),
    )


def test_an_incident_is_measured_where_the_last_minute_that_it_reached_into_was() -> None:
    """It lasts from minute 10.5 to 20.5, of which the 20th alone was measured; of the other none."""
    history = replayed([GOOD] * 10, [HOLE] * 10, [GOOD] * 10)

    found = backtest(history, [incident(10.5, 20.5), incident(10.5, 20, "INC-2")])

    assert [one.recorded.key for one in found.met] == ["INC-1"]
    assert [one.key for one in found.unmeasured] == ["INC-2"]
