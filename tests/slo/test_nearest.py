"""A wrong word is told the right one it is most like, in the same words everywhere."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from slo.nearest import did_you_mean, nearest

ROOT = Path(__file__).resolve().parents[2]
WORDS = st.lists(st.text(alphabet="abcdefgh-", min_size=1, max_size=12), unique=True)


@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_known_words_changes_no_hint(known: list[str], chance: Random) -> None:
    assume(known)
    wrong, mixed = known[0][:-1] + "x", list(known)
    chance.shuffle(mixed)

    assert did_you_mean(wrong, known) == did_you_mean(wrong, mixed)


def test_a_word_that_is_like_nothing_has_no_hint() -> None:
    assert did_you_mean("zzz", ["objective", "window"]) == ""
    assert nearest("zzz", ["objective", "window"]) == ()
    assert nearest("", ["objective"]) == ()


def test_a_word_in_another_case_is_the_nearest_of_all() -> None:
    assert nearest("Api", ["apis", "API", "apo"])[0] == "API"


def test_whoever_looks_for_likeness_asks_one_owner() -> None:
    looking = [
        path.relative_to(ROOT).as_posix()
        for package in ("slo", "collectors", "dashboard")
        for path in (ROOT / package).rglob("*.py")
        if "difflib" in path.read_text()
    ]

    assert looking == ["slo/nearest.py"]
