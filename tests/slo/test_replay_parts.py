"""Replays of parts as one, and alerts that freeze while a part cannot be seen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from builders import DAY_S

from slo.backtest import backtest
from slo.bins import Bins
from slo.episodes import episodes
from slo.objective import Objective
from slo.policy import BurnRow, Severity
from slo.replay import Flags, Replay, joined, replay
from slo.replay_parts import any_of, late, unseen
from slo.tally import Tally

# A factor of 14.4: at 99 % more than 14.4 % of ten minutes and of two.
POLICY = (BurnRow(Severity.PAGE, Fraction(1, 10), 600, 120),)
TARGET, SINCE = Objective.from_percent(99), 60_000
GOOD, BAD, DOUBTFUL = Tally(100, 100, 60), Tally(0, 100, 60), Tally(0, 100, 60, estimated_s=60)


def made(*parts: list[Tally | None]) -> Replay:
    return replay(
        Bins.of(SINCE, 60, [one for part in parts for one in part]), POLICY, TARGET, DAY_S
    )


def blind(found: Replay, minutes: range) -> Flags:
    return np.isin(np.arange(len(found)), minutes)


def test_a_page_of_one_part_is_no_ticket_because_that_of_another_is() -> None:
    clean, doubtful = made([GOOD] * 20, [BAD] * 5), made([GOOD] * 20, [DOUBTFUL] * 5)

    both, alone = any_of([doubtful, clean]), any_of([doubtful])

    assert both.asks(Severity.PAGE).tolist() == clean.asks(Severity.PAGE).tolist()
    assert alone.asks(Severity.TICKET).tolist() == clean.asks(Severity.PAGE).tolist()
    assert not alone.asks(Severity.PAGE).any()


def test_parts_of_other_moments_are_not_put_together() -> None:
    with pytest.raises(ValueError, match="moments"):
        any_of([made([GOOD] * 3), made([GOOD] * 4)])
    with pytest.raises(ValueError, match="no parts"):
        any_of([])


def test_what_was_never_measured_is_late_and_else_what_was_measured_too_long_ago() -> None:
    found = made([None] * 2, [GOOD] * 2, [None] * 4)

    assert np.flatnonzero(late(found, 120)).tolist() == [0, 1, 6, 7]


def test_while_a_part_is_not_seen_a_page_ends_no_more_and_can_begin() -> None:
    found = made([GOOD] * 20, [BAD] * 5, [GOOD] * 30)
    (seen,) = episodes(found, Severity.PAGE)
    fires = np.flatnonzero(found.fires[0])

    # Blind from its last minute of burning on until the 50th, and from the beginning.
    (held,) = episodes(found, Severity.PAGE, blind=blind(found, range(fires[-1] + 1, 50)))
    (begun,) = episodes(found, Severity.PAGE, blind=blind(found, range(fires[0] + 1)))

    assert seen.span.until == found.moment(int(fires[-1]) + 1) + 120
    assert held.span.until == found.moment(50) + 120
    assert begun.span == seen.span


def test_a_page_is_held_while_blind_in_a_history_of_two_widths_too() -> None:
    """Nine bad minutes in bins of 180 s, then ten good ones by the minute, six of them blind.

    The page holds while its two minutes have a bad one, then while it is blind, and two more.
    """
    wide = replay(Bins.of(SINCE, 180, [Tally(0, 300, 180)] * 3), POLICY, TARGET, DAY_S)
    fine = replay(Bins.of(wide.span.until, 60, [GOOD] * 10), POLICY, TARGET, DAY_S)
    whole = joined([wide.refined(60), fine])

    found = backtest(whole, [], blind=blind(whole, range(9, 15)))

    (page,) = found.pages
    assert (page.span.since, page.span.until) == (SINCE + 180, whole.moment(15) + 120)
    assert found.measured_s == (19 - 6) * 60
    assert backtest(whole, []).pages[0].span.until < page.span.until


def test_before_anything_fired_the_worst_freezes_while_one_part_is_blind() -> None:
    seen, gone = made([GOOD] * 6), made([None] * 6)
    parts = [(seen, blind(seen, range(0))), (gone, blind(gone, range(2, 5)))]

    assert np.flatnonzero(unseen(any_of([seen, gone]), parts)).tolist() == [2, 3, 4]


def test_the_worst_freezes_while_all_are_blind_and_by_one_until_it_was_seen_to_be_calm() -> None:
    """The first fires in minutes 1 to 4, twelve calm ones follow; the other is calm throughout."""
    fired, calm = made([GOOD] * 2, [BAD] * 2, [GOOD] * 12), made([GOOD] * 16)
    ended = int(np.flatnonzero(fired.fires[0])[-1])
    one, both = blind(fired, range(ended + 1, ended + 3)), blind(fired, range(14, 16))
    none = blind(fired, range(0))
    never = made([GOOD] * 2, [BAD] * 2, [None] * 12)
    whole = any_of([fired, calm])

    def frozen(*parts: tuple[Replay, Flags]) -> list[int]:
        return np.flatnonzero(unseen(whole, parts)).tolist()

    assert frozen((fired, one), (calm, none)) == [ended + 1, ended + 2]
    # What was never seen after it fired holds no other up, unless nobody sees anything.
    assert frozen((never, one), (calm, none)) == []
    assert frozen((never, both), (never, both)) == [14, 15]
