"""What becomes of an alert: it begins, is kept alive, recovers, and ends; never twice, never lost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from builders import HOUR_S, MINUTE_S, NOON
from hypothesis import given
from hypothesis import strategies as st

from slo.alerting import Alert, AlertKind, Phase, Seen, removed, seen_of, stepped
from slo.burn import Firing
from slo.policy import BurnRow, Severity

PAGE, TICKET, STALE = AlertKind.PAGE, AlertKind.TICKET, AlertKind.STALE
ROW = BurnRow(Severity.PAGE, Fraction(2, 100), HOUR_S, 300)
SLOW = BurnRow(Severity.PAGE, Fraction(5, 100), 6 * HOUR_S, 1_800)
RESET_S = 300


def fired(row: BurnRow = ROW, severity: Severity | None = None) -> Firing:
    return Firing(row, severity or row.severity, Fraction(14), Fraction(20), Fraction(20))


def burns(at: int) -> Seen:
    return Seen(at=at, begins=True, holds=True, reset_s=RESET_S)


def calm(at: int) -> Seen:
    return Seen(at=at)


def blind(at: int, *, firing: bool = False) -> Seen:
    return Seen(at=at, begins=firing, holds=firing, reset_s=RESET_S, is_frozen=True)


def followed(*seen: Seen, last: Alert | None = None) -> Alert | None:
    """The last episode after these evaluations, as a store would keep it."""
    for one in seen:
        last = stepped("checkout", PAGE, last, one) or last
    return last


def alive(*seen: Seen) -> Alert:
    found = followed(*seen)
    assert found is not None
    return found


def test_an_alert_begins_with_the_first_moment_at_which_a_row_fires() -> None:
    assert followed(calm(NOON)) is None

    began = alive(calm(NOON), burns(NOON + 60))

    assert (began.began_at, began.phase, began.phase_at) == (NOON + 60, Phase.FIRING, NOON + 60)


def test_it_is_over_once_the_short_window_has_passed_without_firing_and_not_before() -> None:
    steps = [burns(NOON), calm(NOON + 60)]
    almost = alive(*steps, calm(NOON + 60 + RESET_S - 1))
    over = alive(*steps, calm(NOON + 60 + RESET_S))

    assert (almost.phase, almost.ended_at) == (Phase.RECOVERING, None)
    assert (over.phase, over.ended_at) == (Phase.RESOLVED, NOON + 360)


def test_what_fires_again_while_it_recovers_is_the_same_episode() -> None:
    again = alive(burns(NOON), calm(NOON + 60), burns(NOON + 120))

    assert (again.phase, again.phase_at, again.began_at) == (Phase.FIRING, NOON + 120, NOON)
    assert again.key == alive(burns(NOON)).key


def test_what_fires_after_the_end_is_a_new_episode_under_a_new_key() -> None:
    steps = [burns(NOON), calm(NOON + 60), calm(NOON + 360)]

    second = alive(*steps, burns(NOON + 420))

    assert second.began_at == NOON + 420
    assert second.key != alive(*steps).key


def test_the_key_of_an_episode_never_changes_and_the_acknowledgement_stays() -> None:
    began = replace(alive(burns(NOON)), acknowledged_by="ada", acknowledged_at=NOON + 30)

    later = followed(burns(NOON + 60), calm(NOON + 120), blind(NOON + 180), last=began)

    assert later is not None
    assert (later.key, later.acknowledged_by) == (began.key, "ada")


@pytest.mark.parametrize("before", [burns(NOON), calm(NOON + 60)])
def test_an_alert_that_cannot_be_judged_is_never_over_however_long_it_takes(before: Seen) -> None:
    held = alive(burns(NOON - 60), before)

    frozen = followed(*(blind(before.at + n * HOUR_S) for n in range(1, 100)), last=held)

    assert frozen is not None
    assert (frozen.phase, frozen.frozen_at) == (held.phase, before.at + HOUR_S)


def test_what_thaws_without_firing_recovers_by_the_time_of_its_data() -> None:
    frozen = alive(burns(NOON), blind(NOON), blind(NOON))

    thawed = followed(calm(NOON + HOUR_S), last=frozen)
    over = followed(calm(NOON + HOUR_S + RESET_S), last=thawed)

    assert thawed is not None
    assert (thawed.phase, thawed.phase_at, thawed.frozen_at) == (
        Phase.RECOVERING,
        NOON + HOUR_S,
        None,
    )
    assert over is not None
    assert over.phase is Phase.RESOLVED


def test_a_clock_set_back_neither_ends_an_alert_nor_begins_one_anew() -> None:
    recovering = alive(burns(NOON), calm(NOON + 60))
    over = alive(burns(NOON), calm(NOON + 60), calm(NOON + 360))

    for at in range(NOON - 2 * HOUR_S, NOON + 60, 600):
        assert followed(calm(at), burns(at), last=recovering) == recovering
        assert stepped("checkout", PAGE, over, burns(at)) is None


def test_a_clock_ahead_changes_nothing_because_only_the_data_tell_the_time() -> None:
    firing = alive(burns(NOON), blind(NOON, firing=True))

    assert followed(burns(NOON + 60), last=firing) == alive(burns(NOON), burns(NOON + 60))


def test_a_blind_source_goes_by_the_clock_and_goes_back_with_it() -> None:
    ahead = stepped("prometheus", STALE, None, burns(NOON + 9_000 * HOUR_S))
    assert ahead is not None

    back = stepped("prometheus", STALE, ahead, calm(NOON))
    assert back is not None
    over = stepped("prometheus", STALE, back, calm(NOON + RESET_S))
    assert over is not None
    again = stepped("prometheus", STALE, over, burns(NOON + HOUR_S))

    assert (back.key, back.phase) == (ahead.key, Phase.RECOVERING)
    assert over.phase is Phase.RESOLVED
    assert again is not None
    assert (again.phase, again.began_at) == (Phase.FIRING, NOON + HOUR_S)


def test_a_blind_source_that_recovered_ahead_of_the_clock_is_over_by_the_clock_as_it_is_now() -> (
    None
):
    ahead = NOON + 9_000 * HOUR_S
    last: Alert | None = None
    for seen in (burns(ahead), calm(ahead + 60), calm(NOON), calm(NOON + RESET_S)):
        last = stepped("prometheus", STALE, last, seen) or last

    assert last is not None
    assert (last.phase, last.ended_at) == (Phase.RESOLVED, NOON + RESET_S)


@pytest.mark.parametrize("first_s", [60, 300, 1_800])
def test_an_alert_ends_by_the_rows_that_fired_last_whichever_it_began_with(first_s: int) -> None:
    began = replace(burns(NOON), reset_s=first_s)
    steps = [began, burns(NOON + 60), calm(NOON + 120)]

    assert alive(*steps, calm(NOON + 120 + RESET_S - 1)).is_live
    assert not alive(*steps, calm(NOON + 120 + RESET_S)).is_live


def test_a_page_on_partly_measured_counts_does_not_begin_but_goes_on() -> None:
    demoted = seen_of(PAGE, [fired(severity=Severity.TICKET)], at=NOON, now=NOON, is_frozen=False)
    as_ticket = seen_of(
        TICKET, [fired(severity=Severity.TICKET)], at=NOON, now=NOON, is_frozen=False
    )

    assert followed(demoted) is None
    assert alive(burns(NOON - 60), demoted).phase is Phase.FIRING
    assert as_ticket.begins


def test_an_alert_ends_by_the_short_window_of_the_slowest_row_that_fired() -> None:
    seen = seen_of(PAGE, [fired(), fired(SLOW)], at=NOON, now=NOON, is_frozen=False)

    assert seen.reset_s == 1_800


@pytest.mark.parametrize(("age_s", "begins"), [(0, True), (HOUR_S, True), (HOUR_S + 1, False)])
def test_nothing_begins_on_data_that_ended_more_than_a_long_window_ago(
    age_s: int, begins: bool
) -> None:
    seen = seen_of(PAGE, [fired()], at=NOON - age_s, now=NOON, is_frozen=True)

    assert (seen.begins, seen.holds) == (begins, True)


def test_what_fired_when_the_data_ended_begins_frozen() -> None:
    began = alive(blind(NOON, firing=True))

    assert (began.phase, began.frozen_at) == (Phase.FIRING, NOON)


def test_what_is_no_longer_promised_is_over_and_says_so() -> None:
    gone = removed(alive(burns(NOON), blind(NOON)), NOON + 60)

    assert (gone.phase, gone.ended_at, gone.is_removed, gone.frozen_at) == (
        Phase.RESOLVED,
        NOON + 60,
        True,
        None,
    )
    assert removed(alive(burns(NOON)), NOON - HOUR_S).ended_at == NOON


def test_a_key_fits_what_others_take_and_tells_long_subjects_apart() -> None:
    one, other = (
        replace(alive(burns(NOON)), subject=f"{'x' * 400}{end}").key for end in ("a", "b")
    )

    assert one != other
    assert max(len(one), len(other)) <= 200


def test_only_a_page_wakes_someone() -> None:
    assert [kind.severity.value for kind in (PAGE, TICKET, STALE)] == ["page", "ticket", "ticket"]


MOMENTS = st.integers(0, 200).map(lambda n: NOON + n * MINUTE_S)
SEEN = st.builds(
    lambda at, what: {"burns": burns, "calm": calm, "blind": blind}[what](at),
    MOMENTS,
    st.sampled_from(["burns", "calm", "blind"]),
)


@given(st.lists(SEEN, max_size=60))
def test_however_evaluations_come_no_two_episodes_share_a_key_and_none_ends_unseen(
    seen: list[Seen],
) -> None:
    last: Alert | None = None
    keys: list[str] = []
    for one in seen:
        after = stepped("checkout", PAGE, last, one)
        if after is not None and (last is None or after.key != last.key):
            keys.append(after.key)
        if after is not None and not after.is_live:
            assert last is not None
            assert last.phase is Phase.RECOVERING
            assert after.ended_at == one.at >= last.phase_at + RESET_S
        last = after or last
    assert len(keys) == len(set(keys))


@given(st.lists(SEEN, max_size=40))
def test_an_evaluation_made_twice_changes_nothing(seen: list[Seen]) -> None:
    once = followed(*seen)
    twice = followed(*(one for each in seen for one in (each, each)))

    assert once == twice


def test_what_burns_since_the_moment_of_an_episode_that_ended_in_it_is_told_apart() -> None:
    over = removed(alive(burns(NOON)), NOON)
    again = followed(replace(burns(NOON + 60), since=NOON), last=over)

    assert again is not None
    assert (over.began_at, over.ended_at, again.began_at) == (NOON, NOON, NOON + 60)
