"""Which sign and which tone a state has: never surer than the figures, never two for one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from page_builders import AS_OF, a_view, the_mock_up

from dashboard.views.counted.burning import BadShares, Burning
from dashboard.views.counted.measured import Day, day_of
from dashboard.views.slos.marks import (
    Mark,
    Tone,
    burn_mark,
    held_mark,
    level_mark,
    level_tone,
    now_mark,
    severity_mark,
)
from dashboard.views.slos.overview import Room, room_of
from dashboard.views.slos.row_words import burn_cell, left_figure, level_brief
from dashboard.views.slos.slo_view import Burn, SloView
from slo.judgement import Level, Now
from slo.policy import Severity
from slo.spans import Span

HOT = {"5m": "25", "1h": "23", "30m": "4", "6h": "4"}


def test_every_state_that_a_view_can_have_has_a_mark_of_its_own() -> None:
    views = the_mock_up()

    assert {view.judgement.now: now_mark(view) for view in views} == {
        Now.PAGING: "page",
        Now.TICKET: "ticket",
        Now.QUIET: "quiet",
        Now.FROZEN: "frozen",
    }
    assert {view.judgement.level: level_mark(view) for view in views} == {
        Level.HEALTHY: None,
        Level.LOW: "low",
        Level.SPENT: "spent",
        Level.UNKNOWN: None,
    }
    assert all(mark.sign for mark in Mark)


def test_what_asks_for_someone_is_coloured_and_what_does_not_is_not() -> None:
    assert {mark for mark in Mark if mark.tone is Tone.RED} == {"page", "spent"}
    assert {mark for mark in Mark if mark.tone is Tone.PLAIN} == {"quiet", "frozen"}


def test_a_spent_budget_is_red_and_one_that_is_only_estimated_to_be_spent_is_not() -> None:
    sure = a_view(left="-0.1")
    doubted = a_view(left="-0.1", lesser={"estimated_s": 60})

    assert (level_tone(sure), level_brief(sure), left_figure(sure)) == (Tone.RED, "spent", "−10 %")
    assert (level_tone(doubted), level_brief(doubted)) == (Tone.AMBER, "spent?")
    assert left_figure(doubted) == "≈ −10 %"
    assert level_tone(a_view(left="0.5", lesser={"estimated_s": 60})) is Tone.PLAIN


def test_only_the_length_that_fires_is_marked_and_no_burn_of_late_data_is() -> None:
    firing = a_view(burns=HOT)
    late = a_view(burns=HOT, stale=True, data_until=AS_OF - 6_000)

    assert (burn_mark(firing, 3_600), burn_mark(firing, 21_600)) == (Mark.PAGE, None)
    assert burn_mark(late, 3_600) is None
    assert (burn_cell(firing, "1h"), burn_cell(late, "1h")) == ("23.0×", "–")
    assert (held_mark(firing), held_mark(late)) == (None, Mark.PAGE)
    assert severity_mark(Severity.TICKET) is Mark.TICKET


def test_a_row_has_as_much_room_as_it_needs() -> None:
    rooms = [
        room_of(a_view(left="0.5")),
        room_of(a_view(left="-0.1")),
        room_of(a_view(left="-0.1", stale=True)),
        room_of(a_view(left="0.5", stale=True)),
        room_of(a_view(left="0.5", burns=HOT, stale=True)),
        room_of(a_view(left=None, data_until=None)),
    ]

    assert rooms == [Room.CALM, Room.LOUD, Room.STILL, Room.HELD, Room.STILL, Room.DARK]


def test_a_day_that_misses_up_to_seven_minutes_is_whole() -> None:
    shares = [Fraction(1_433, 1_440), Fraction(1_432, 1_440), Fraction(1, 1_440), Fraction(0), None]

    assert [day_of(share) for share in shares] == [Day.WHOLE, Day.PART, Day.PART, Day.NONE, None]


def burning(view: SloView, short: Burn) -> Burning:
    span = Span(AS_OF - 10_800, AS_OF)
    return Burning(
        view=view,
        whole=view,
        onset=None,
        fires=None,
        share=None,
        share_s=3_600,
        short=short,
        long=short,
        gone_in_s=None,
        course=BadShares(span, 60, (), ()),
    )


@pytest.mark.parametrize(("observed_s", "is_hot"), [(300, True), (174, True), (172, False)])
def test_a_burn_is_hot_when_the_policy_finds_it_over_the_factor_diluted_by_what_was_observed(
    observed_s: int, is_hot: bool
) -> None:
    """The row pages over 14.4: 25 x 174/300 is 14.5, 25 x 172/300 is 14.33."""
    view = a_view(burns=HOT)
    whole = view.burns[0]
    assert whole.tally is not None
    thin = replace(whole, tally=replace(whole.tally, observed_s=observed_s))

    found = burning(view, thin)

    assert found.worst.factor == Fraction(72, 5)
    assert found.is_hot(thin) is is_hot
    assert not found.is_hot(replace(thin, tally=None))
