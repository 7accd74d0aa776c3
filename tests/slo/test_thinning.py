"""What is drawn of a long line uses the room there is, and never more."""

from __future__ import annotations

from slo.thinning import thinned

# No point of six tells two things: the least is 1, the greatest 2, the first unknown 3.
SIX = [1.0, 0.0, 2.0, None, 1.0, 1.0]


def test_each_third_of_the_room_that_both_ends_leave_is_a_stretch() -> None:
    # (11 - 2) / 3 = 3 stretches of 6: three points of each, and both ends.
    assert thinned(SIX * 3, most=11).tolist() == [0, 1, 2, 3, 7, 8, 9, 13, 14, 15, 17]


def test_room_that_is_no_third_stays_free() -> None:
    # (10 - 2) / 3 = 2 whole stretches of 9, the second of which begins with an unknown value.
    assert thinned(SIX * 3, most=10).tolist() == [0, 1, 2, 3, 9, 13, 14, 17]
