"""Tables for a terminal: nothing is wider than it, nothing is lost, what fits stays aligned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.machines.aligned import aligned
from dashboard.views.machines.fitted import fitted

HEADS = ("A", "STANDS", "TOLD")
cells = st.lists(st.text("abc-", min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)
rows = st.lists(st.tuples(st.just("name"), cells, cells), min_size=1, max_size=4)


def words(said: object) -> list[str]:
    return sorted(str(said).replace(":", " ").lower().split())


@given(rows, st.integers(24, 200))
def test_no_line_is_wider_unless_its_first_column_is(
    found: list[tuple[str, str, str]], width: int
) -> None:
    said = fitted([HEADS, *found], width=width)

    assert max(map(len, said)) <= width


@given(rows, st.integers(24, 200))
def test_no_word_is_lost(found: list[tuple[str, str, str]], width: int) -> None:
    said = words(" ".join(fitted([HEADS, *found], width=width)))

    assert not [one for one in words(" ".join(map(" ".join, found))) if one not in said]


def test_what_fits_is_aligned_and_nothing_else() -> None:
    made = [HEADS, ("name", "fires", "mail")]

    assert fitted(made, width=40) == aligned(made)


def test_what_does_not_fit_beside_a_row_is_told_below_it_under_its_head() -> None:
    made = [HEADS, ("name", "fires", "mail"), ("other", "fires since noon", "")]

    assert fitted(made, width=24) == (
        "A      STANDS",
        "name   fires",
        "    told: mail",
        "other  fires since noon",
    )
