"""What is said of a claim: the exact change, how it is better told, and never "+5x"."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.claims.making import claims_of
from dashboard.views.claims.marked import lines
from dashboard.views.claims.model import Claim
from dashboard.views.claims.reading import read
from dashboard.views.claims.words import arithmetic_words, better_words

AMBIGUOUS = "ambiguous, so many times or so many more"
DOWNTIME = "the downtime −85 %, 86.4 to 13.0 min per 30 d"
HEAD = "| Metric | Before | After | Change |\n|---|---|---|---|\n"


def claimed(row: str) -> Claim:
    return claims_of(read(f"{HEAD}| {row} |\n".encode(), where="a.md")).claims[0]


@pytest.mark.parametrize(
    ("row", "arithmetic", "better"),
    [
        ("p95 | 820 ms | 490 ms | -40 %", "ok: exactly −40.2 %", ""),
        (
            "Deployments | monthly | weekly | +5x",
            'wrong: exactly 4.35x as often, +334.8 %; "+5x" as an increase is 6x',
            'say "4.3x as often"',
        ),
        (
            "Uptime | 99.80 % | 99.97 % | +0.17 pp",
            f"ok: exactly +0.17 pp; {DOWNTIME}",
            "",
        ),
        (
            "Uptime | 99.80 % | 99.97 % | +0.17 %",
            f"wrong unit, of a percentage say points: exactly +0.17 pp; {DOWNTIME}",
            'say "+0.17 pp"',
        ),
        ("Rating | 3.9 | 4.7 | +0.8", "ok: exactly +0.8, +20.5 %", ""),
        ("Releases | 4 | 12 | +200 %", "ok: exactly +200 %", ""),
        (
            "Releases | 4 | 12 | +3x",
            f'{AMBIGUOUS}: exactly 3x as much, +200 %; "+3x" as an increase is 4x',
            'say "3x as much (+200 %)"',
        ),
        ("Pipeline | 72 h | 8 h | -80 %", "wrong: exactly −88.9 %", 'say "9x faster (−89 %)"'),
        ("p95 | 820 ms | 490 ms | 40 %", "ok: exactly −40.2 %", 'say "−40 %"'),
        (
            "Incidents | 0 | 5 | +100 %",
            "wrong: exactly no percentage, for there was nothing before",
            'say "0 to 5"',
        ),
        (
            "p95 | 1.234 ms | 617 ms | −50 %",
            "ambiguous, 1.234 ms may be 1,234 ms: exactly +49,900 %, or −50 %",
            'write "1234 ms" if that is meant',
        ),
        ("p95 | 820 ms | 490 ms | ↓ 40 %", "ok: exactly −40.2 %", ""),
        ("p95 | 820 ms | 490 ms | ▲40%", "wrong: exactly −40.2 %", 'say "−40 %"'),
        ("p95 | 820 ms | 490 ms | ⬇️ 40 %", "ok: exactly −40.2 %", ""),
        ("Incidents | 0 | 0 | 0 %", "ok: exactly no percentage, for there was nothing before", ""),
        (
            "Balance | -5 | 5 | +200 %",
            "wrong: exactly no percentage, for before is below zero",
            'say "−5 to 5"',
        ),
        ("Cost | 100 EUR | 115 EUR | +15 EUR", "ok: exactly +15 EUR, +15 %", ""),
        (
            "Load | 100 % | 150 % | +50 %",
            "ambiguous, points or percent of a percentage: exactly +50.00 pp",
            'say "+50 pp"',
        ),
        ("Weather | sunny | rain | better", 'not one value: before "sunny" and after "rain"', ""),
        ("Cost | | | +15 %", "not one value: no before and no after", ""),
        ("Cost | 5 EUR | 6 USD | +20 %", "5 EUR and 6 USD cannot be compared", ""),
        ("Cost | 5 | 6 | much more", '"much more" names no figure', ""),
        ("Cost | 5 | 6 |", "–", ""),
    ],
)
def test_every_claim_is_answered_in_a_few_words(row: str, arithmetic: str, better: str) -> None:
    claim = claimed(row)

    assert (arithmetic_words(claim), better_words(claim)) == (arithmetic, better)


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(["", " ms", " %", " a month", " EUR"]),
    st.sampled_from(["-40 %", "+5x", "3x", "+0.17 pp", "-5", "9x faster", "doubled"]),
)
def test_what_is_to_be_said_is_itself_right(before: int, after: int, unit: str, told: str) -> None:
    claim = claimed(f"a | {before}{unit} | {after}{unit} | {told}")
    better = re.search(r'"(.*?)(?: \(.*\))?"', better_words(claim))
    if better is None or " to " in better[1] or better[1] == "no change":
        return
    again = claimed(f"a | {before}{unit} | {after}{unit} | {better[1]}")

    assert not better[1].startswith("+") or "x" not in better[1]
    assert again.mark == "arithmetic ok", (better[1], arithmetic_words(again))


def test_the_table_says_first_how_many_claims_got_which_mark() -> None:
    rows = "| p95 | 820 ms | 490 ms | -40 % |\n| Pipeline | 72 h | 8 h | -80 % |\n"
    said = lines(claims_of(read(f"{HEAD}{rows}".encode(), where="a.md"), name="a_b.md"))

    assert said[0] == "# Claims of a\\_b.md"
    assert said[2].startswith("1 arithmetic ok, 1 wrong. Arithmetic and the document itself alone")
